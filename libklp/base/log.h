/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Progress and explanations, for whoever runs the library: it never prints by itself. A
 * NULL log swallows everything. The callback may be called from worker threads.
 */
#ifndef KLP_BASE_LOG_H
#define KLP_BASE_LOG_H

enum klp_loglevel {
	KLP_LOG_INFO,
	KLP_LOG_DEBUG,
	KLP_LOG_PROGRESS, /* what is being done now: "extract: fs/open.c"; the next one replaces it */
};

struct klp_log {
	void (*fn)(void *ctx, enum klp_loglevel level, const char *text);
	void *ctx;
};

void klp_log(const struct klp_log *log, enum klp_loglevel level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
