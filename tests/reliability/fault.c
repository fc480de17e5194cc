// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into a tool by tests/reliability/run: counts the calls to the C library by which it
 * meets the world, in all of its processes together (not in programs that it runs: those don't get
 * its environment), and lets one of them fail.
 *
 *	FAULT=CALL:N:WHAT	the Nth call fails; CALL is a name of `names` below, or `any`
 *				WHAT: an errno, KILL (the process ends by SIGKILL before it), ALL
 *(the parent too), SHORT (reads give little, every third one EINTR; N is 0) FAULT_COUNT=FILE
 *writes how many there were of each, when the first process ends
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum call { MEMORY, OPEN, READ, WRITE, CLOSE, RENAME, MKDIR, TEMP, SPAWN, FORK, PIPE, MAP, NCALLS };
static const char *const names[] = { "memory", "open", "read",	"write", "close", "rename",
				     "mkdir",  "temp", "spawn", "fork",	 "pipe",  "map" };

static struct shared {
	unsigned long n[NCALLS], any;
} * shared;
static int call = -1, what, kill_it, kill_all, is_short; /* call: NCALLS is any */
static unsigned long nth;
static pid_t first;
static const char *count_file;

#define NEXT(ret, f, ...) static ret (*real_##f)(__VA_ARGS__)
NEXT(void *, malloc, size_t);
NEXT(void *, calloc, size_t, size_t);
NEXT(void *, realloc, void *, size_t);
NEXT(int, open, const char *, int, ...);
NEXT(int, openat, int, const char *, int, ...);
NEXT(ssize_t, read, int, void *, size_t);
NEXT(ssize_t, write, int, const void *, size_t);
NEXT(int, close, int);
NEXT(int, rename, const char *, const char *);
NEXT(int, renameat2, int, const char *, int, const char *, unsigned int);
NEXT(int, mkdir, const char *, mode_t);
NEXT(char *, mkdtemp, char *);
NEXT(int, mkostemp, char *, int);
NEXT(int, posix_spawnp, pid_t *, const char *, const posix_spawn_file_actions_t *,
     const posix_spawnattr_t *, char *const *, char *const *);
NEXT(pid_t, fork, void);
NEXT(int, pipe2, int *, int);
NEXT(void *, mmap, void *, size_t, int, int, int, off_t);
#define LOAD(f)                                   \
	do {                                      \
		void *p = dlsym(RTLD_NEXT, #f);   \
		memcpy(&real_##f, &p, sizeof(p)); \
	} while (0)

/* dlsym() itself allocates before there is anything to ask. */
static char early[65536];
static size_t early_used;

static void *early_alloc(size_t n)
{
	void *p = early + early_used;

	early_used += (n + 15) & ~(size_t)15;
	return early_used <= sizeof(early) ? p : NULL;
}

__attribute__((constructor)) static void start(void)
{
	char *fault = getenv("FAULT"), *colon = fault ? strchr(fault, ':') : NULL;

	LOAD(mmap);
	LOAD(open);
	LOAD(openat);
	LOAD(read);
	LOAD(write);
	LOAD(close);
	LOAD(rename);
	LOAD(renameat2);
	LOAD(mkdir);
	LOAD(mkdtemp);
	LOAD(mkostemp);
	LOAD(posix_spawnp);
	LOAD(fork);
	LOAD(pipe2);
	LOAD(realloc);
	LOAD(calloc);
	LOAD(malloc);
	first = getpid();
	count_file = getenv("FAULT_COUNT");
	shared = real_mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!colon)
		return;
	for (int i = 0; i < NCALLS; i++)
		if ((size_t)(colon - fault) == strlen(names[i]) &&
		    !strncmp(fault, names[i], strlen(names[i])))
			call = i;
	if (!strncmp(fault, "any:", 4))
		call = NCALLS;
	nth = strtoul(colon + 1, &colon, 10);
	colon += *colon == ':';
	kill_all = !strcmp(colon, "ALL");
	kill_it = kill_all || !strcmp(colon, "KILL");
	is_short = !strcmp(colon, "SHORT");
	what = atoi(colon);
	unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void)
{
	FILE *f = count_file && getpid() == first ? fopen(count_file, "w") : NULL;

	for (int i = 0; f && i < NCALLS; i++)
		fprintf(f, "%s %lu\n", names[i], shared->n[i]);
	if (f)
		fprintf(f, "any %lu\n", shared->any);
	if (f)
		fclose(f);
}

static int fails(enum call which)
{
	unsigned long n, any;

	if (!shared)
		return 0;
	n = __atomic_add_fetch(&shared->n[which], 1, __ATOMIC_SEQ_CST);
	/* memory is asked for without end: it has a count of its own only */
	any = which == MEMORY ? 0 : __atomic_add_fetch(&shared->any, 1, __ATOMIC_SEQ_CST);
	if (is_short || !nth || (call == NCALLS ? any : which == (enum call)call ? n : 0) != nth)
		return 0;
	if (kill_all && getpid() != first)
		kill(first, SIGKILL);
	if (kill_it)
		kill(getpid(), SIGKILL);
	errno = what;
	return 1;
}

void *malloc(size_t n)
{
	if (!real_malloc)
		return early_alloc(n);
	return fails(MEMORY) ? NULL : real_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	if (!real_calloc)
		return early_alloc(n * size);
	return fails(MEMORY) ? NULL : real_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	if (!real_realloc)
		return NULL;
	return fails(MEMORY) ? NULL : real_realloc(p, n);
}

static int open_mode(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = open_mode(flags, ap);
	va_end(ap);
	return fails(OPEN) ? -1 : real_open(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = open_mode(flags, ap);
	va_end(ap);
	return fails(OPEN) ? -1 : real_openat(dir, path, flags, mode);
}

ssize_t read(int fd, void *buf, size_t n)
{
	if (fails(READ))
		return -1;
	if (is_short && shared->n[READ] % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	return real_read(fd, buf, is_short && n > 100 ? n / 16 + 1 : n);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	if (fd > 2 && fails(WRITE))
		return -1;
	return real_write(fd, buf, is_short && fd > 2 && n > 100 ? n / 16 + 1 : n);
}

int close(int fd)
{
	int failing = fd > 2 && fails(CLOSE), rc = real_close(fd);

	if (failing)
		errno = what;
	return failing ? -1 : rc;
}

int rename(const char *a, const char *b)
{
	return fails(RENAME) ? -1 : real_rename(a, b);
}

int renameat2(int adir, const char *a, int bdir, const char *b, unsigned int flags)
{
	return fails(RENAME) ? -1 : real_renameat2(adir, a, bdir, b, flags);
}

int mkdir(const char *path, mode_t mode)
{
	return fails(MKDIR) ? -1 : real_mkdir(path, mode);
}

char *mkdtemp(char *path)
{
	return fails(TEMP) ? NULL : real_mkdtemp(path);
}

int mkostemp(char *path, int flags)
{
	return fails(TEMP) ? -1 : real_mkostemp(path, flags);
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr, char *const *argv, char *const *env)
{
	return fails(SPAWN) ? what : real_posix_spawnp(pid, file, actions, attr, argv, env);
}

pid_t fork(void)
{
	return fails(FORK) ? -1 : real_fork();
}

int pipe2(int fds[2], int flags)
{
	return fails(PIPE) ? -1 : real_pipe2(fds, flags);
}

void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	if (!real_mmap || (fd >= 0 && fails(MAP)))
		return MAP_FAILED;
	return real_mmap(at, n, prot, flags, fd, off);
}
