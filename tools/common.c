// SPDX-License-Identifier: GPL-2.0-or-later
#include "common.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "completion.h"

#define MAX_OPTIONS 64

static void print_help(const struct tool *tool)
{
	printf("usage: %s %s\n\n%s\n\n", tool->name, tool->usage, tool->summary);
	for (const struct tool_option *o = tool->options; o->name; o++) {
		char left[64];

		if (!o->help)
			continue;
		if (o->key < TOOL_LONG)
			snprintf(left, sizeof(left), "-%c, --%s %s", o->key, o->name,
				 o->arg ? o->arg : "");
		else
			snprintf(left, sizeof(left), "    --%s%s%s", o->name,
				 o->arg && o->arg[0] != '[' ? " " : "", o->arg ? o->arg : "");
		printf("  %-26s ", left);
		/* a help text of several lines goes on below where it began */
		for (const char *p = o->help; *p; p++) {
			putchar(*p);
			if (*p == '\n')
				printf("%29s", "");
		}
		putchar('\n');
	}
	if (tool->epilog)
		printf("\n%s\n", tool->epilog);
}

static int takes(const struct tool_option *option)
{
	if (!option->arg)
		return no_argument;
	return option->arg[0] == '[' ? optional_argument : required_argument;
}

const struct tool_option *tool_option_of(const struct tool *tool, int key)
{
	for (const struct tool_option *o = tool->options; o->name; o++)
		if (o->key == key)
			return o;
	return NULL;
}

static void try_help(const struct tool *tool)
{
	fprintf(stderr, "  hint: `%s --help` lists the options\n", tool->name);
	exit(TOOL_TROUBLE);
}

int tool_getopt(const struct tool *tool, int argc, char **argv)
{
	struct option longs[MAX_OPTIONS] = {};
	char shorts[2 * MAX_OPTIONS + 2] = "";
	size_t n = 0, s = 0;
	int key;

	for (const struct tool_option *o = tool->options; o->name && n + 1 < MAX_OPTIONS; o++) {
		longs[n++] = (struct option){ o->name, takes(o), NULL, o->key };
		if (o->key >= TOOL_LONG)
			continue;
		shorts[s++] = (char)o->key;
		if (o->arg)
			shorts[s++] = ':';
	}
	key = getopt_long(argc, argv, shorts, longs, NULL);
	switch (key) {
	case TOOL_HELP:
		print_help(tool);
		exit(fflush(stdout) ? TOOL_TROUBLE : TOOL_DONE);
	case TOOL_VERSION:
		printf("%s %s\n", tool->name, KLP_VERSION);
		exit(fflush(stdout) ? TOOL_TROUBLE : TOOL_DONE);
	case TOOL_COMPLETION:
		if (!completion_print(tool, optarg))
			tool_usage_error(tool, "give bash or zsh",
					 "there is no completion for '%s'", optarg);
		exit(fflush(stdout) ? TOOL_TROUBLE : TOOL_DONE);
	case '?': /* getopt has said what is wrong */
		try_help(tool);
	}
	return key;
}

void tool_usage_error(const struct tool *tool, const char *hint, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", tool->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (!hint)
		try_help(tool);
	fprintf(stderr, "  hint: %s\n", hint);
	exit(TOOL_TROUBLE);
}

unsigned int tool_number(const struct tool *tool, const char *option, const char *arg,
			 unsigned int min, unsigned int max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(arg, &end, 10);
	if (arg[0] < '0' || arg[0] > '9' || *end || errno || value < min || value > max)
		tool_usage_error(tool, NULL, "%s takes a number from %u to %u, not '%s'", option,
				 min, max, arg);
	return (unsigned int)value;
}

void tool_puts(FILE *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		putc((*p < 0x20 && *p != '\n') || *p == 0x7f ? '?' : *p, out);
}

/* Where nobody could say anything better. */
static const char *next_step(enum klp_errcode code)
{
	switch (code) {
	case KLP_EUSAGE:
		return "--help lists the options";
	case KLP_EINPUT:
		return "is this file the right one, and whole?";
	default:
		return "see to that, and run it again";
	}
}

void tool_error(const struct tool *tool, const struct klp_error *err)
{
	fprintf(stderr, "%s: ", tool->name);
	if (err->file[0]) {
		tool_puts(stderr, err->file);
		if (err->line)
			fprintf(stderr, ":%u", err->line);
		if (err->line && err->column)
			fprintf(stderr, ":%u", err->column);
		fputs(": ", stderr);
	}
	tool_puts(stderr, err->text);
	fputc('\n', stderr);
	fputs("  hint: ", stderr);
	tool_puts(stderr, err->hint[0] ? err->hint : next_step(err->code));
	fputc('\n', stderr);
}

static void print_log(void *ctx, enum klp_loglevel level, const char *text)
{
	enum klp_loglevel wanted = ctx ? KLP_LOG_DEBUG : KLP_LOG_INFO;

	if (level > wanted || level == KLP_LOG_PROGRESS)
		return;
	/* one lock over the line: worker threads log, too */
	flockfile(stderr);
	tool_puts(stderr, text);
	putc_unlocked('\n', stderr);
	funlockfile(stderr);
}

struct klp_log tool_log(enum klp_loglevel level)
{
	static char debug; /* its address is the mark; nothing is stored */

	return (struct klp_log){ print_log, level == KLP_LOG_DEBUG ? &debug : NULL };
}

bool tool_wants_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(out)) && !(no && no[0]);
}

const char *tool_style(enum tool_style style, bool colour)
{
	static const char *const codes[] = { "\033[0m",	 "\033[1m",  "\033[1;31m",
					     "\033[33m", "\033[32m", "\033[2m" };

	return colour ? codes[style] : "";
}

void tool_finding(FILE *out, const struct klp_finding *finding, bool colour)
{
	static const enum tool_style styles[] = { TOOL_DIM, TOOL_YELLOW, TOOL_RED };

	fprintf(out, "  %s%s%s: %s ", tool_style(styles[finding->severity], colour),
		klp_severity_name(finding->severity), tool_style(TOOL_PLAIN, colour),
		finding->code);
	if (finding->file) {
		tool_puts(out, finding->file);
		if (finding->line)
			fprintf(out, ":%u", finding->line);
		fputs(": ", out);
	}
	tool_puts(out, finding->message);
	fputc('\n', out);
	if (finding->accepted) {
		fputs("    accepted: ", out);
		tool_puts(out, finding->accepted);
		fputc('\n', out);
	}
	if (finding->hint) {
		fputs("    hint: ", out);
		tool_puts(out, finding->hint);
		fputc('\n', out);
	}
	if (finding->kernel) {
		fputs("    kernel: ", out);
		tool_puts(out, finding->kernel);
		fputc('\n', out);
	}
}

bool tool_write(const struct tool *tool, const char *path, const char *text)
{
	struct klp_error err = {};

	if (!strcmp(path, "-")) {
		if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
			return true;
		fprintf(stderr, "%s: can't write to standard output: %s\n", tool->name,
			strerror(errno));
		return false;
	}
	if (klp_file_write(path, text, strlen(text), &err) == 0)
		return true;
	tool_error(tool, &err);
	return false;
}
