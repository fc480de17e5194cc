// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

int klp_error_set(struct klp_error *err, enum klp_errcode code, const char *fmt, ...)
{
	va_list ap;

	if (err->code)
		return err->code;
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}

int klp_error_at(struct klp_error *err, const char *file, unsigned int line, unsigned int column)
{
	if (!err->file[0] && file) {
		snprintf(err->file, sizeof(err->file), "%s", file);
		err->line = line;
		err->column = column;
	}
	return err->code;
}

int klp_error_hint(struct klp_error *err, const char *fmt, ...)
{
	va_list ap;

	if (!err->hint[0]) {
		va_start(ap, fmt);
		vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
		va_end(ap);
	}
	return err->code;
}
