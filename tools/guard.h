/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the work in a child process with a private directory for its temporary files, and
 * removes that directory however the child ends: interrupted by the user, or crashed (a
 * libclang that is fed a broken header may). The library can't do that for itself, it owns
 * no signal. What is left when this process itself is killed (SIGKILL, a power cut) is removed by the
 * next run of the same user: a lock tells that its owner is gone.
 */
#ifndef KLP_TOOLS_GUARD_H
#define KLP_TOOLS_GUARD_H

#include "common.h"

/*
 * The exit status of work(ctx), which runs in the child; TOOL_TROUBLE after a message when the
 * child crashed. An interrupt ends the whole program by the same signal, as a shell expects.
 */
int tool_guarded(const struct tool *tool, int (*work)(void *ctx), void *ctx);

#endif
