/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of each option of a recorded command when it is run again. Inside cc/ only.
 *
 * The .cmd file is untrusted: an option that isn't known to leave everything but the output alone
 * is refused. The rules are a table; they follow the lists of options in the manuals of GCC 15
 * ("Overall Options", "Developer Options", "Directory Options") and Clang 19.
 */
#ifndef KLP_CC_OPTIONS_H
#define KLP_CC_OPTIONS_H

#include <stdbool.h>

enum klp_cc_treatment {
	KLP_CC_KEEP,
	KLP_CC_DROP,	  /* an output or a mode that the new run sets itself */
	KLP_CC_DROP_NEXT, /* and its separate operand */
	KLP_CC_KEEP_NEXT, /* an option with a separate operand */
	KLP_CC_REFUSE,	  /* might run, load or write something that the command file chose */
};

/* next: the argument behind it, or NULL. */
enum klp_cc_treatment klp_cc__treatment(const char *arg, const char *next);

/* [prefix-]{gcc,clang,cc}[-version], by its last path component. */
bool klp_cc__is_compiler(const char *argv0);
/* Of these, one that is called GCC. */
bool klp_cc__is_gcc(const char *argv0);

#endif
