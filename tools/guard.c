// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
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

/* In the private directory: what was being made elsewhere, see klp_newdir_noted_in(). */
#define UNFINISHED "unfinished"

/* Only of a directory that is ours: who can write into it, may say what is unfinished. */
static void remove_private(const char *tmpdir)
{
	int dir = open(tmpdir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (dir >= 0 && fstat(dir, &st) == 0 && st.st_uid == geteuid() &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		klp_newdir_remove_noted(dir, UNFINISHED);
	if (dir >= 0)
		close(dir);
	klp_rmtree(tmpdir);
}

static _Noreturn void be_child(int (*work)(void *ctx), void *ctx, const char *tmpdir,
			       const sigset_t *before)
{
	char note[4200];

	/* A parent that is killed can't clean up, but at least nothing goes on without it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, before, NULL);
	setenv("TMPDIR", tmpdir, 1);
	snprintf(note, sizeof(note), "%s/" UNFINISHED, tmpdir);
	klp_newdir_noted_in(note);
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
	/* the output appears by one rename: it may have been the last thing that happened */
	fprintf(stderr, "%s: crashed (%s); the output is as it was, or whole\n", tool->name,
		strsignal(WTERMSIG(status)));
	fprintf(stderr,
		"  hint: run with -v to see in which stage, and report it with the patch\n");
	return TOOL_TROUBLE;
}

/* ---- what a run that was killed left behind ---- */

#define LOCK "lock"
/* A directory is made before it is locked: one this young is left alone. */
#define YOUNG_S 60

/*
 * While its run lives, parent or child, the directory's lock is held. The descriptor is never
 * closed: that is what it's for.
 */
static void lock_directory(const char *tmpdir)
{
	char path[4200];
	int fd;

	snprintf(path, sizeof(path), "%s/" LOCK, tmpdir);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		flock(fd, LOCK_EX | LOCK_NB);
}

/* Ours, with a lock that nobody holds any more. */
static bool is_abandoned(int dir, const char *name)
{
	char path[300];
	struct stat st;
	bool free;
	int fd;

	if (strncmp(name, "klp-prep.", 9) || strlen(name) > 64 ||
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid() || time(NULL) - st.st_mtime < YOUNG_S)
		return false;
	snprintf(path, sizeof(path), "%s/" LOCK, name);
	fd = openat(dir, path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	free = flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return free;
}

/*
 * Nobody can clean up behind a SIGKILL but the next run. tmpdir: of this one, beside which
 * they lie.
 */
static void remove_abandoned(struct klp_arena *arena, const char *tmpdir)
{
	const char *base = klp_path_dir(arena, tmpdir);
	DIR *dir = opendir(base);

	for (struct dirent *de; dir && (de = readdir(dir));)
		if (is_abandoned(dirfd(dir), de->d_name))
			remove_private(klp_path_join(arena, base, de->d_name));
	if (dir)
		closedir(dir);
}

int tool_guarded(const struct tool *tool, int (*work)(void *ctx), void *ctx)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_error err = {};
	int status, interrupt = 0;
	sigset_t set, before;
	char *tmpdir;
	pid_t child;

	signal(SIGXFSZ, SIG_IGN); /* a limit of the file size is an error like a full disk */
	signal(SIGCHLD, SIG_DFL); /* a caller that ignores it would hide the end of the child */
	interrupt_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	if (klp_tmpdir_new(arena, &tmpdir, &err) < 0) {
		tool_error(tool, &err);
		return TOOL_TROUBLE;
	}
	lock_directory(tmpdir);
	remove_abandoned(arena, tmpdir);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fflush(NULL);
	child = fork();
	if (child == 0)
		be_child(work, ctx, tmpdir, &before);
	if (child < 0) {
		fprintf(stderr, "%s: can't fork: %s\n", tool->name, strerror(errno));
		fprintf(stderr, "  hint: too many processes, or no memory: see `ulimit -u`\n");
		status = TOOL_TROUBLE << 8;
	} else {
		status = wait_for(child, &set, &interrupt);
	}
	end_orphans();
	remove_private(tmpdir);
	if (klp_file_exists(tmpdir)) {
		fprintf(stderr, "%s: can't remove the temporary directory '", tool->name);
		tool_puts(stderr, tmpdir);
		fputs("'\n  hint: the next run removes it, or do it yourself\n", stderr);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return end_of(tool, status, interrupt);
}
