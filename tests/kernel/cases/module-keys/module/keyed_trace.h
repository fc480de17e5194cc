/* SPDX-License-Identifier: GPL-2.0-or-later */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM keyed

#if !defined(KEYED_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KEYED_TRACE_H

#include <linux/tracepoint.h>

/* Only odd ones. */
TRACE_EVENT_CONDITION(keyed_sum,
	TP_PROTO(int sum),
	TP_ARGS(sum),
	TP_CONDITION(sum & 1),
	TP_STRUCT__entry(__field(int, sum)),
	TP_fast_assign(__entry->sum = sum;),
	TP_printk("sum=%d", __entry->sum)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE keyed_trace
#include <trace/define_trace.h>
