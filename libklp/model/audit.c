// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/audit.h"

const char *klp_audit_trace_name(enum klp_audit_trace trace)
{
	static const char *const names[] = {
		[KLP_TRACE_DUMP] = "dump",
		[KLP_TRACE_SYMBOL] = "symbol",
		[KLP_TRACE_NONE] = "none",
	};

	return names[trace];
}
