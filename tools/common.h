/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command line programs share: the option table, errors and findings on the
 * terminal. One table feeds the parser, --help, the shells' completion, a batch's keys, and
 * (through --help) the test that the man page names every option. Only tools/ prints and exits;
 * nothing here is part of libklp.
 */
#ifndef KLP_TOOLS_COMMON_H
#define KLP_TOOLS_COMMON_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/log.h"
#include "model/finding.h"

/* The exit statuses of every command, as of diff(1). */
enum { TOOL_DONE = 0, TOOL_REFUSED = 1, TOOL_TROUBLE = 2 };

/* What an option's argument, or an operand, leads to. */
enum tool_takes {
	TOOL_TEXT,
	TOOL_FILE,
	TOOL_NEW_FILE, /* to be written */
	TOOL_DIR,
	TOOL_BUILD,	/* a kernel's build directory */
	TOOL_LIVEPATCH, /* the output directory of an earlier run */
};

/* Of struct tool_option: it may be given several times; with it, more than the last one counts. */
#define TOOL_MANY 1
/* It may be said of a job of klp-prep --batch; it may be given beside --batch. */
#define TOOL_OF_JOB   2
#define TOOL_OF_BATCH 4

struct tool_option {
	int key;	  /* the short option's letter, or a number of TOOL_LONG and up */
	const char *name; /* long name */
	const char *arg;  /* what it takes, "FILE"; "[=FILE]" when it may be left out; NULL for
			     a switch */
	const char *help; /* NULL: not in --help */
	enum tool_takes takes;
	const char *words; /* the values that it may have, between spaces; NULL: any */
	unsigned int flags;
};

/* Keys of options that have no short form start here. */
#define TOOL_LONG 256
/* Every tool's table ends with these two, and the terminator. */
#define TOOL_HELP    (TOOL_LONG + 1000)
#define TOOL_VERSION (TOOL_LONG + 1001)
/* For packages, and no use to anybody at a terminal: not in --help. */
#define TOOL_COMPLETION (TOOL_LONG + 1002)
/* clang-format off */
#define TOOL_COMMON_OPTIONS                             \
	{ TOOL_HELP, "help", NULL, "print this text" }, \
	{ TOOL_VERSION, "version", NULL, "print the version" }, \
	{ TOOL_COMPLETION, "completion", "SHELL", NULL, .words = "bash zsh" }, \
	{ 0, NULL, NULL, NULL }
/* clang-format on */

struct tool {
	const char *name;    /* "klp-prep" */
	const char *usage;   /* what stands behind the name in the usage line */
	const char *summary; /* one or two lines on what it does */
	const struct tool_option *options;
	const char *epilog;	  /* printed below the options, or NULL */
	enum tool_takes operands; /* TOOL_TEXT: none that a shell could complete */
};

/*
 * getopt_long() over the table: the next option's key, -1 at the end (optind is then the
 * first operand). --help and --version are answered here and end the program; a wrong
 * option ends it with TOOL_TROUBLE after a message.
 */
int tool_getopt(const struct tool *tool, int argc, char **argv);

/* The option of that key; NULL when there is none. */
const struct tool_option *tool_option_of(const struct tool *tool, int key);

/* "klp-prep: text", "  hint: hint"; ends the program with TOOL_TROUBLE. */
void tool_usage_error(const struct tool *tool, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), noreturn));
/* An unsigned decimal argument within bounds, or a usage error naming the option. */
unsigned int tool_number(const struct tool *tool, const char *option, const char *arg,
			 unsigned int min, unsigned int max);

/* "klp-prep: FILE:LINE: text" and "  hint: ..." on stderr. */
void tool_error(const struct tool *tool, const struct klp_error *err);

/* A log that prints to stderr; level is the most talkative one wanted. */
struct klp_log tool_log(enum klp_loglevel level);

/* Colour belongs on a terminal, unless NO_COLOR is set (no-color.org). */
bool tool_wants_colour(FILE *out);
enum tool_style { TOOL_PLAIN, TOOL_BOLD, TOOL_RED, TOOL_YELLOW, TOOL_GREEN, TOOL_DIM };
/* The escape sequence, "" without colour. */
const char *tool_style(enum tool_style style, bool colour);

/* "error: KLP-INIT fs/x.c:10: message" and its hint, wrapped below it. */
void tool_finding(FILE *out, const struct klp_finding *finding, bool colour);

/* Text as it is, but for control characters (names come from untrusted files): '?'. */
void tool_puts(FILE *out, const char *text);

/*
 * Writes text to a file, or to stdout for "-". False after a message on trouble.
 */
bool tool_write(const struct tool *tool, const char *path, const char *text);

#endif
