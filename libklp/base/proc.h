/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child processes: an argument vector, never a shell; a small fixed environment, never the
 * caller's (MAKEFLAGS, CPATH and the like would change what a compiler or Kbuild does);
 * bounded output; a time limit.
 */
#ifndef KLP_BASE_PROC_H
#define KLP_BASE_PROC_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct klp_proc_opts {
	const char *const *argv;    /* ends in NULL; argv[0] is looked up in PATH */
	const char *cwd;            /* NULL: the caller's */
	const char *const *env;     /* additions "NAME=value", ends in NULL; or NULL */
	const char *stdout_path;    /* write stdout to this file; NULL: capture it */
	size_t max_output;          /* bytes captured of each stream; 0: 64 MiB */
	unsigned int timeout_s;     /* 0: 600 s */
	bool ends_with_caller;      /* gets SIGTERM when the calling thread has gone, however */
};

struct klp_proc_result {
	int status;     /* exit status; 128 + signal when killed by one */
	char *out;      /* NUL-terminated, in the arena; "" with stdout_path */
	size_t out_len;
	char *err;      /* standard error */
	size_t err_len;
};

/*
 * Runs and waits. A child that exits with non-zero is no error of this function; one that
 * can't be started, exceeds the limits or the time is.
 */
int klp_proc_run(struct klp_arena *arena, const struct klp_proc_opts *opts,
		 struct klp_proc_result *ret, struct klp_error *err);

/*
 * Calls fn(ctx, i) for i in 0..n-1 on up to `jobs` threads and waits for all. The calls
 * share nothing but ctx: an arena belongs to one call.
 */
void klp_parallel(size_t n, unsigned int jobs, void (*fn)(void *ctx, size_t i), void *ctx);

#endif
