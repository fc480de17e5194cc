// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times commands against each other: each one in turn, so many rounds, so that a machine that
 * slows down does it to all of them.
 *
 *	measure ROUNDS <COMMANDS
 *
 * A line of standard input is a name and a command, words separated by tabs; no shell is in
 * between. Prints for each name, in their order and separated by tabs: least wall time in ms,
 * least processor time of it and all that it ran in ms, most memory of one process of them in
 * MB. A name behind '=' is of a command that tells its own wall and processor time in ms, so
 * that what it does before and afterwards doesn't count.
 *
 * Exit status 2, with what the command said, when one fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_COMMANDS 64
#define MAX_WORDS    256

struct command {
	const char *name;
	char *words[MAX_WORDS + 1];
	bool tells;
	double wall, cpu, mb; /* the least, the least, the most */
};

static void die(const char *what, const char *which)
{
	fprintf(stderr, "measure: %s '%s': %s\n", what, which, strerror(errno));
	exit(2);
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t read_commands(struct command *list)
{
	char *line = NULL, *rest;
	size_t n = 0, cap = 0;

	for (ssize_t len; (len = getline(&line, &cap, stdin)) > 0;) {
		struct command *c = &list[n];
		size_t words = 0;

		line[len - (line[len - 1] == '\n')] = '\0';
		rest = line;
		c->tells = *rest == '=';
		c->name = strsep(&rest, "\t") + c->tells;
		for (char *word; (word = strsep(&rest, "\t")) && words < MAX_WORDS;)
			c->words[words++] = word;
		if (!words || ++n == MAX_COMMANDS) {
			fprintf(stderr, "measure: %s\n",
				words ? "too many commands" : "no command");
			exit(2);
		}
		line = NULL; /* the words point into it */
		cap = 0;
	}
	free(line);
	return n;
}

static void show_file(int fd)
{
	char buf[4096];

	lseek(fd, 0, SEEK_SET);
	for (ssize_t n; (n = read(fd, buf, sizeof(buf))) > 0;)
		fwrite(buf, 1, (size_t)n, stderr);
}

/* What it prints goes to files: a pipe would have it wait for a reader. */
static void run_once(struct command *c, int out, int err, bool first)
{
	double start, wall, cpu, mb;
	struct rusage usage;
	char text[100] = "";
	int status;
	pid_t pid;

	if (ftruncate(out, 0) < 0 || ftruncate(err, 0) < 0)
		die("can't write what is said by", c->name);
	lseek(out, 0, SEEK_SET);
	lseek(err, 0, SEEK_SET);
	start = now_ms();
	pid = vfork();
	if (pid == 0) {
		dup2(out, 1);
		dup2(err, 2);
		execvp(c->words[0], c->words);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		die("can't run", c->words[0]);
	wall = now_ms() - start;
	cpu = ms(usage.ru_utime) + ms(usage.ru_stime);
	mb = (double)usage.ru_maxrss / 1024;
	if (status) {
		fprintf(stderr, "measure: '%s' fails:\n", c->name);
		show_file(err);
		exit(2);
	}
	if (c->tells && (pread(out, text, sizeof(text) - 1, 0) <= 0 ||
			 sscanf(text, "%lf %lf", &wall, &cpu) != 2)) {
		fprintf(stderr, "measure: '%s' doesn't tell its time\n", c->name);
		exit(2);
	}
	if (first || wall < c->wall)
		c->wall = wall;
	if (first || cpu < c->cpu)
		c->cpu = cpu;
	if (first || mb > c->mb)
		c->mb = mb;
}

static int scratch(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		die("can't write to", "/tmp");
	return fd;
}

int main(int argc, char **argv)
{
	static struct command list[MAX_COMMANDS];
	int rounds = argc == 2 ? atoi(argv[1]) : 0;
	int out = scratch(), err = scratch();
	size_t n;

	if (rounds < 1) {
		fprintf(stderr, "usage: measure ROUNDS <COMMANDS\n");
		return 2;
	}
	n = read_commands(list);
	for (int i = 0; i < rounds; i++)
		for (size_t k = 0; k < n; k++)
			run_once(&list[k], out, err, i == 0);
	for (size_t k = 0; k < n; k++)
		printf("%s\t%.1f\t%.1f\t%.0f\n", list[k].name, list[k].wall, list[k].cpu,
		       list[k].mb);
	return 0;
}
