// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/finding.h"

#include <string.h>

struct klp_finding *klp_finding_add(struct klp_arena *arena, struct klp_findings *findings,
				    enum klp_severity severity, const char *code,
				    const char *fmt, ...)
{
	struct klp_finding *finding = klp_vec_add(arena, findings);
	va_list ap;

	va_start(ap, fmt);
	*finding = (struct klp_finding){
		.code = code,
		.severity = severity,
		.message = klp_vsprintf(arena, fmt, ap),
	};
	va_end(ap);
	return finding;
}

const struct klp_finding *klp_findings_about(const struct klp_findings *findings, const char *code,
					     const char *symbol)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct klp_finding *f = &findings->v[i];

		if (f->symbol && !strcmp(f->code, code) && !strcmp(f->symbol, symbol))
			return f;
	}
	return NULL;
}

bool klp_findings_refuse(const struct klp_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].severity == KLP_ERROR)
			return true;
	return false;
}

const char *klp_severity_name(enum klp_severity severity)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[severity];
}
