// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "progress.h"

/* SIGPIPE: who read the answer (head, a pager) has seen enough. */
static const int interrupts[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

static void interrupt_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		sigaddset(set, interrupts[i]);
	sigaddset(set, SIGCHLD);
}

/*
 * Waits for the child's end or for an interrupt, which is passed on. The signals
 * are blocked and taken one at a time, so that nothing has to happen in a handler.
 */
static int wait_for(pid_t child, const sigset_t *set, int *ret_interrupt)
{
	int status = 0, got;

	for (;;) {
		got = sigwaitinfo(set, NULL);
		if (got < 0)
			continue;
		if (got != SIGCHLD) {
			*ret_interrupt = got;
			kill(child, got);
		}
		if (got != SIGCHLD || waitpid(child, &status, WNOHANG) == child)
			break;
	}
	if (*ret_interrupt)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	return status;
}

static void kill_children(void)
{
	char path[64];
	FILE *list;
	int pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	list = fopen(path, "re");
	if (!list)
		return; /* they end by themselves, a compiler within seconds */
	while (fscanf(list, "%d", &pid) == 1) {
		/* base/proc.c gives each program that it runs a process group */
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
	}
	fclose(list);
}

/*
 * Compilers that the child was running have become our children (PR_SET_CHILD_SUBREAPER).
 * They would go on writing into the directory that is about to be removed.
 */
static void end_orphans(void)
{
	do
		kill_children();
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

static _Noreturn void be_child(int (*work)(void *ctx), void *ctx, const char *tmpdir,
			       const sigset_t *before)
{
	/* A parent that is killed can't clean up, but at least nothing goes on without it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, before, NULL);
	setenv("TMPDIR", tmpdir, 1);
	exit(work(ctx));
}

/* A terminal interrupts both processes: the child's end may be seen first. */
static int interrupt_of(int status)
{
	for (size_t i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == interrupts[i])
			return interrupts[i];
	return 0;
}

static int end_of(const struct tool *tool, int status, int interrupt)
{
	if (!interrupt)
		interrupt = interrupt_of(status);
	if (!WIFEXITED(status))
		tool_progress_erase();
	if (interrupt) {
		signal(interrupt, SIG_DFL);
		raise(interrupt);
		return TOOL_TROUBLE;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "%s: crashed (%s); nothing was written\n", tool->name,
		strsignal(WTERMSIG(status)));
	fprintf(stderr,
		"  hint: run with -v to see in which stage, and report it with the patch\n");
	return TOOL_TROUBLE;
}

int tool_guarded(const struct tool *tool, int (*work)(void *ctx), void *ctx)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_error err = {};
	int status, interrupt = 0;
	sigset_t set, before;
	char *tmpdir;
	pid_t child;

	signal(SIGCHLD, SIG_DFL); /* a caller that ignores it would hide the end of the child */
	interrupt_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	if (klp_tmpdir_new(arena, &tmpdir, &err) < 0) {
		tool_error(tool, &err);
		return TOOL_TROUBLE;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fflush(NULL);
	child = fork();
	if (child == 0)
		be_child(work, ctx, tmpdir, &before);
	if (child < 0) {
		fprintf(stderr, "%s: can't fork: %s\n", tool->name, strerror(errno));
		status = TOOL_TROUBLE << 8;
	} else {
		status = wait_for(child, &set, &interrupt);
	}
	end_orphans();
	klp_rmtree(tmpdir);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return end_of(tool, status, interrupt);
}
