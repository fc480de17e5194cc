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
 *
 * Newer kernels write savedcmd_ for cmd_.
 */
#ifndef KLP_PARSERS_KBUILD_CMD_H
#define KLP_PARSERS_KBUILD_CMD_H

#include "base/error.h"
#include "base/vec.h"

struct klp_cmd {
	const char *target;          /* "fs/namei.o" */
	KLP_VEC(, struct klp_strs) commands; /* the list split at ';', '&&' and '||'; argument
						vectors without a NULL; the compiler's is the
						first, never empty */
	const char *source;          /* of source_...; NULL when there is none (a lone object) */
	struct klp_strs deps;        /* of deps_..., $(wildcard ...) left out */
};

/*
 * Words are split as a POSIX shell would: single and double quotes, backslash; make's `$$`
 * is `$`, `\#` and `$(pound)` are `#`. Anything else that make or a shell would interpret
 * (pipes, redirections, variables, `$(...)`, backquotes, globs, assignments before the
 * command) makes the first command an error naming the line: it can't be reproduced as an
 * argument vector. The later commands are for information only: what they would expand or
 * redirect stays in their words as it stands.
 */
#define KLP_CMD_MAX_WORDS 100000 /* of one command, or of the deps_ list */
int klp_cmd_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		  struct klp_cmd *ret, struct klp_error *err);

#endif
