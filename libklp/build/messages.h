/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Kbuild, the compiler, modpost and objtool had to say, line by line. Private to stage
 * build. Results live in the arena.
 */
#ifndef KLP_BUILD_MESSAGES_H
#define KLP_BUILD_MESSAGES_H

#include "base/vec.h"

struct klp_message {
	enum { KLP_MESSAGE_WARNING, KLP_MESSAGE_ERROR } kind;
	const char *file;  /* as printed, without the prefixes; NULL when none is named */
	unsigned int line; /* 0 when unknown */
	const char *text;  /* behind "warning: "; the whole line when it has another form */
};
KLP_VEC(klp_messages, struct klp_message);

/*
 * All warnings and errors of a build's output. Left out: modpost's word on undefined
 * symbols, which is expected here (convert resolves them or says which it can't). Each
 * prefix is cut off wherever it occurs, so that no message tells where on this machine
 * the directories lie.
 */
void klp_messages_parse(struct klp_arena *arena, const char *output,
			const struct klp_strs *prefixes, struct klp_messages *ret);

#endif
