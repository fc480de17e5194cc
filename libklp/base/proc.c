// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"

#define DEFAULT_OUTPUT	((size_t)64 << 20)
#define DEFAULT_TIMEOUT 600

static const char *const kept_env[] = { "PATH", "HOME", "TMPDIR" };

static char **environment(struct klp_arena *arena, const char *const *more)
{
	struct klp_strs env = {};

	for (size_t i = 0; i < sizeof(kept_env) / sizeof(*kept_env); i++)
		if (getenv(kept_env[i]))
			klp_vec_push(arena, &env,
				     klp_sprintf(arena, "%s=%s", kept_env[i], getenv(kept_env[i])));
	klp_vec_push(arena, &env, "LC_ALL=C");
	for (; more && *more; more++)
		klp_vec_push(arena, &env, *more);
	klp_vec_push(arena, &env, NULL);
	return (char **)(void *)env.v;
}

/*
 * Starts the program with its streams; 0 or an errno. The parent may be large: posix_spawn()
 * copies none of its page tables, and none of its pages afterwards.
 */
static int start(const struct klp_proc_opts *opts, char **env, int out, int err, pid_t *ret)
{
	char *const *argv = (char *const *)(uintptr_t)opts->argv;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int e = posix_spawnattr_init(&attr);

	if (e)
		return e;
	e = posix_spawn_file_actions_init(&actions);
	if (e) {
		posix_spawnattr_destroy(&attr);
		return e;
	}
	e = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP); /* a group of its own */
	if (!e)
		e = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (!e && opts->stdout_path)
		e = posix_spawn_file_actions_addopen(&actions, 1, opts->stdout_path,
						     O_WRONLY | O_CREAT | O_TRUNC, 0666);
	else if (!e)
		e = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (!e)
		e = posix_spawn_file_actions_adddup2(&actions, err, 2);
	if (!e && opts->cwd)
		e = posix_spawn_file_actions_addchdir_np(&actions, opts->cwd);
	if (!e)
		e = posix_spawnp(ret, opts->argv[0], &actions, &attr, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return e;
}

/*
 * Nothing but system calls, other threads may hold locks. Tells what failed, if anything, by
 * an errno written to `report`, which a program that was started has closed.
 */
static _Noreturn void be_child(const struct klp_proc_opts *opts, char **env, const int fds[3],
			       pid_t caller)
{
	char *const *argv = (char *const *)(uintptr_t)opts->argv;
	int in = open("/dev/null", O_RDONLY | O_CLOEXEC), out = fds[0], e;

	if (opts->stdout_path)
		out = open(opts->stdout_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(fds[1], 2) == 2 &&
	    setpgid(0, 0) == 0 && (!opts->cwd || chdir(opts->cwd) == 0) &&
	    prctl(PR_SET_PDEATHSIG, SIGTERM) == 0) {
		/* who went before the call sends nothing any more */
		if (getppid() != caller)
			_exit(0);
		environ = env;
		execvp(argv[0], argv);
	}
	e = errno;
	while (write(fds[2], &e, sizeof(e)) < 0 && errno == EINTR)
		;
	_exit(1);
}

/* As start(); posix_spawn() can't ask for a signal at the caller's end. */
static int start_tied(const struct klp_proc_opts *opts, char **env, int out, int err, pid_t *ret)
{
	pid_t caller = getpid();
	int report[2], e = 0;

	if (pipe2(report, O_CLOEXEC) < 0)
		return errno;
	*ret = fork();
	if (*ret == 0)
		be_child(opts, env, (int[3]){ out, err, report[1] }, caller);
	if (*ret < 0)
		e = errno;
	close(report[1]);
	while (*ret > 0 && read(report[0], &e, sizeof(e)) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (e && *ret > 0)
		waitpid(*ret, NULL, 0);
	return e;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Collects both streams until they are closed. Returns NULL or what went wrong. */
static const char *collect(int fds[2], struct klp_buf bufs[2], size_t max, int64_t deadline)
{
	static const char *const too_much = "wrote more than the limit";
	struct pollfd p[2] = { { fds[0], POLLIN, 0 }, { fds[1], POLLIN, 0 } };
	char chunk[65536];

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		int64_t left = deadline - now_ms();

		if (left <= 0)
			return "took too long";
		if (poll(p, 2, (int)left) < 0 && errno != EINTR)
			return "can't be waited for";
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (p[i].fd < 0 || !p[i].revents)
				continue;
			n = read(p[i].fd, chunk, sizeof(chunk));
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0) {
				p[i].fd = -1;
				continue;
			}
			if (bufs[i].len + (size_t)n > max)
				return too_much;
			klp_buf_addn(&bufs[i], chunk, (size_t)n);
		}
	}
	return NULL;
}

int klp_proc_run(struct klp_arena *arena, const struct klp_proc_opts *opts,
		 struct klp_proc_result *ret, struct klp_error *err)
{
	char **env = environment(arena, opts->env);
	int64_t deadline = now_ms() + 1000 * (opts->timeout_s ? opts->timeout_s : DEFAULT_TIMEOUT);
	struct klp_buf bufs[2];
	int out[2], errs[2], wstatus = 0, e;
	const char *wrong;
	pid_t pid, waited;

	if (pipe2(out, O_CLOEXEC) < 0)
		return klp_error_set(err, KLP_ETROUBLE, "can't make a pipe: %s", strerror(errno));
	if (pipe2(errs, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return klp_error_set(err, KLP_ETROUBLE, "can't make a pipe: %s", strerror(errno));
	}
	e = (opts->ends_with_caller ? start_tied : start)(opts, env, out[1], errs[1], &pid);
	close(out[1]);
	close(errs[1]);
	if (e) {
		close(out[0]);
		close(errs[0]);
		klp_error_set(err, KLP_ETROUBLE, "can't run '%s': %s", opts->argv[0], strerror(e));
		return klp_error_hint(err, "install it, or put it into PATH");
	}
	klp_buf_init(&bufs[0], arena);
	klp_buf_init(&bufs[1], arena);
	wrong = collect((int[2]){ out[0], errs[0] }, bufs,
			opts->max_output ? opts->max_output : DEFAULT_OUTPUT, deadline);
	if (wrong)
		kill(-pid, SIGKILL);
	while ((waited = waitpid(pid, &wstatus, 0)) < 0 && errno == EINTR)
		;
	close(out[0]);
	close(errs[0]);
	if (wrong)
		return klp_error_set(err, KLP_ETROUBLE, "'%s' %s", opts->argv[0], wrong);
	if (waited != pid) {
		klp_error_set(err, KLP_ETROUBLE, "how '%s' ended can't be known: %s", opts->argv[0],
			      strerror(errno));
		return klp_error_hint(err, "SIGCHLD must not be ignored, and nobody else wait for "
					   "the process's children");
	}
	*ret = (struct klp_proc_result){
		.status = WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 128 + WTERMSIG(wstatus),
		.out = bufs[0].p,
		.out_len = bufs[0].len,
		.err = bufs[1].p,
		.err_len = bufs[1].len,
	};
	return 0;
}

struct pool {
	atomic_size_t next;
	size_t n;
	void (*fn)(void *ctx, size_t i);
	void *ctx;
};

static void *worker(void *arg)
{
	struct pool *pool = arg;

	for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n;)
		pool->fn(pool->ctx, i);
	return NULL;
}

void klp_parallel(size_t n, unsigned int jobs, void (*fn)(void *ctx, size_t i), void *ctx)
{
	struct pool pool = { .n = n, .fn = fn, .ctx = ctx };
	pthread_t threads[64];
	pthread_attr_t attr;
	unsigned int started = 0;

	if (jobs > 64)
		jobs = 64;
	/* libclang recurses over the AST of whatever it is given: room for deep expressions. */
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)64 << 20);
	for (; started + 1 < jobs && started + 1 < n; started++)
		if (pthread_create(&threads[started], &attr, worker, &pool))
			break;
	pthread_attr_destroy(&attr);
	worker(&pool);
	while (started)
		pthread_join(threads[--started], NULL);
}
