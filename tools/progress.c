// SPDX-License-Identifier: GPL-2.0-or-later
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "common.h"

#define PATIENCE_S  2.0
#define INTERVAL_MS 200

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool is_wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && term[0] && strcmp(term, "dumb") != 0;
}

/* A line that wraps can't be written over. */
static size_t columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20)
		return 79;
	return size.ws_col - 1;
}

/* One write, so that nothing comes between. Under the lock. */
static void draw(struct tool_progress *progress)
{
	double seconds = now_s() - progress->began;
	size_t room = columns();
	char line[400], time[32];
	size_t n, used;

	if (seconds < PATIENCE_S || !progress->text[0])
		return;
	used = (size_t)snprintf(time, sizeof(time), "  %.0f s", seconds);
	n = strlen(progress->text);
	if (n + used > room)
		n = room > used ? room - used : 0;
	snprintf(line, sizeof(line), "\r%.*s%s\033[K", (int)n, progress->text, time);
	fputs(line, stderr);
	fflush(stderr);
	progress->shown = true;
}

static void *tick(void *arg)
{
	struct tool_progress *progress = arg;

	pthread_mutex_lock(&progress->lock);
	while (!progress->stop) {
		struct timespec until;

		draw(progress);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += INTERVAL_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&progress->wake, &progress->lock, &until);
	}
	pthread_mutex_unlock(&progress->lock);
	return NULL;
}

/* Names come from the input: nothing of them may steer the terminal. */
static void take_text(char *to, size_t size, const char *text)
{
	size_t n = strnlen(text, size - 1);

	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i];
	to[n] = '\0';
}

void tool_progress_say(struct tool_progress *progress, const char *text)
{
	if (!progress->on)
		return;
	pthread_mutex_lock(&progress->lock);
	take_text(progress->text, sizeof(progress->text), text);
	pthread_mutex_unlock(&progress->lock);
}

static void take_log(void *ctx, enum klp_loglevel level, const char *text)
{
	if (level == KLP_LOG_PROGRESS)
		tool_progress_say(ctx, text);
}

struct klp_log tool_progress_start(struct tool_progress *progress)
{
	*progress = (struct tool_progress){ .began = now_s() };
	if (is_wanted()) {
		pthread_mutex_init(&progress->lock, NULL);
		pthread_cond_init(&progress->wake, NULL);
		progress->on = pthread_create(&progress->thread, NULL, tick, progress) == 0;
	}
	return (struct klp_log){ take_log, progress };
}

void tool_progress_erase(void)
{
	if (is_wanted())
		fputs("\r\033[K", stderr);
}

void tool_progress_stop(struct tool_progress *progress)
{
	if (!progress->on)
		return;
	pthread_mutex_lock(&progress->lock);
	progress->stop = true;
	pthread_cond_signal(&progress->wake);
	pthread_mutex_unlock(&progress->lock);
	pthread_join(progress->thread, NULL);
	progress->on = false;
	if (progress->shown)
		tool_progress_erase();
}
