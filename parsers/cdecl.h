/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preprocessed C split into its external declarations, by brackets and a few keywords: no
 * types are understood, which is what makes it quick and independent of the compiler. What
 * a declaration declares is cross-checked with libclang by whoever relies on it.
 */
#ifndef KLP_PARSERS_CDECL_H
#define KLP_PARSERS_CDECL_H

#include "parsers/ctoken.h"

enum klp_cdecl_kind {
	KLP_CDECL_FUNCTION, /* a definition */
	KLP_CDECL_TYPE,     /* struct, union or enum with its members, no declarator */
	KLP_CDECL_TYPEDEF,
	KLP_CDECL_ASM,
	KLP_CDECL_ASSERT,   /* _Static_assert */
	KLP_CDECL_PROTOTYPE,
	KLP_CDECL_VARIABLE, /* defined or declared; also a type together with a variable */
	KLP_CDECL_EMPTY,    /* `struct foo;` and the like */
};

struct klp_cdecl {
	enum klp_cdecl_kind kind;
	const char *name; /* function, variable, typedef; the tag of a type ("" when it has
			     none); "" for asm and assert */
	uint32_t first, n; /* tokens; pragmas that stand before it included */
	uint32_t at;       /* index of its first token that is no pragma */
	uint32_t body;     /* index of a function's '{'; 0 otherwise */
	uint64_t hash;     /* of the tokens */
	bool init;         /* a section attribute puts it into .init* or .exit* */
	bool section;      /* it has a section attribute */
	bool plain_data;   /* of a section among the ordinary ones: .data*, .bss*, .rodata* */
};
KLP_VEC(klp_cdecls, struct klp_cdecl);

/* name stands for the text in errors. Unbalanced brackets are an error with the place. */
int klp_cdecl_split(struct klp_arena *arena, const struct klp_ctoks *toks, struct klp_cdecls *ret,
		    struct klp_error *err);

#endif
