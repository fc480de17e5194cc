/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is being done, on one line of a terminal's stderr that is written over and over, for
 * work that takes longer than two seconds; gone when it ends. Where stderr is no terminal there
 * is nothing at all, so that logs have no trace of it.
 *
 *	struct tool_progress progress;
 *	opts.log = tool_progress_start(&progress);
 *	...
 *	tool_progress_stop(&progress);
 */
#ifndef KLP_TOOLS_PROGRESS_H
#define KLP_TOOLS_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>

#include "base/log.h"

struct tool_progress {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool on, stop, shown;
	double began; /* seconds of the monotonic clock */
	char text[256];
};

/* Gives a log that takes messages of KLP_LOG_PROGRESS, and nothing else. */
struct klp_log tool_progress_start(struct tool_progress *progress);
/* May be called by any thread. */
void tool_progress_say(struct tool_progress *progress, const char *text);
/* Before anything else is printed. A zeroed one, which was never started, is fine. */
void tool_progress_stop(struct tool_progress *progress);
/* For whoever outlives a process that can't call tool_progress_stop() any more. */
void tool_progress_erase(void);

#endif
