/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kbuild's .NAME.o.cmd files: the command that made an object, and what it read. Written by
 * scripts/basic/fixdep.c and scripts/Kbuild.include of the kernel. Untrusted input: the
 * shell quoting is undone here, no shell ever sees the text.
 *
 *	cmd_fs/namei.o := gcc -Wp,... -c -o fs/namei.o ../fs/namei.c ; ./tools/objtool/...
 *	source_fs/namei.o := ../fs/namei.c
 *	deps_fs/namei.o := \
 *	  ../include/linux/fs.h \
 *	    $(wildcard include/config/SMP) \
 */
#ifndef KLP_PARSERS_KBUILD_CMD_H
#define KLP_PARSERS_KBUILD_CMD_H

#include "base/error.h"
#include "base/vec.h"

struct klp_cmd {
	const char *target;          /* "fs/namei.o" */
	KLP_VEC(, struct klp_strs) commands; /* the list split at ';' and '&&'; argument vectors
						without a NULL; the compiler's is the first */
	const char *source;          /* of source_...; NULL when there is none (a lone object) */
	struct klp_strs deps;        /* of deps_..., $(wildcard ...) left out */
};

/*
 * Words are split as a POSIX shell would: single and double quotes, backslash; make's `$$`
 * is `$` and `\#` is `#`. Anything else that a shell would interpret (pipes, redirections,
 * `$(...)`, backquotes, globs in a word that matters) makes the command an error naming the
 * line: such a command can't be reproduced as an argument vector.
 */
int klp_cmd_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		  struct klp_cmd *ret, struct klp_error *err);

#endif
