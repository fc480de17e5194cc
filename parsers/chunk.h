/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A header as a person wrote it, cut into what stands at file scope: directives and
 * declarations, whatever the configuration leaves out of them. No macro is expanded, so a
 * declaration is what looks like one; the recorded compiler says what became of it in a unit.
 * Both branches of a conditional count. Untrusted input.
 */
#ifndef KLP_PARSERS_CHUNK_H
#define KLP_PARSERS_CHUNK_H

#include "parsers/cdecl.h"
#include "parsers/cppline.h"
#include "parsers/ctoken.h"

enum klp_chunk_kind {
	KLP_CHUNK_DEFINE, /* #define, #undef */
	KLP_CHUNK_INCLUDE,
	KLP_CHUNK_CONDITION, /* #if ... #endif: each directive of it by itself */
	KLP_CHUNK_DIRECTIVE, /* any other */
	KLP_CHUNK_DECL,
};

#define KLP_CHUNK_NONE UINT32_MAX

struct klp_chunk {
	enum klp_chunk_kind kind;
	uint32_t from, to; /* offsets; `to` is behind the ';' or '}', before the newline */
	uint32_t line, last_line;
	uint32_t first, n;	  /* its tokens */
	uint64_t hash;		  /* of them: comments and white space don't matter */
	uint32_t parent;	  /* the innermost #if, #else or #elif that it stands in */
	const char *name;	  /* of a macro; operand of an include; of a declaration what
				     cdecl.h says; "" when there is none */
	bool undef;		  /* of KLP_CHUNK_DEFINE */
	enum klp_cdecl_kind decl; /* of KLP_CHUNK_DECL */
	uint32_t body;		  /* of a function: the token '{', else 0 */
	bool odd;		  /* its brackets don't match, or a macro seems to make it:
				     what it declares isn't known */
};
KLP_VEC(klp_chunk_vec, struct klp_chunk);

struct klp_chunks {
	const char *text;
	struct klp_ctoks toks;	   /* with those of directives */
	struct klp_cpplines lines; /* all directives, those inside declarations too */
	struct klp_chunk_vec v;
};

/* name stands for the text in errors. The text must outlive the result. */
int klp_chunks_split(struct klp_arena *arena, const char *name, const char *text, size_t len,
		     struct klp_chunks *ret, struct klp_error *err);

/* A chunk's tokens without those of the directives in it. */
void klp_chunk_tokens(struct klp_arena *arena, const struct klp_chunks *chunks,
		      const struct klp_chunk *chunk, struct klp_ctoks *ret);

/* The chunk that an offset lies in, or NULL. */
const struct klp_chunk *klp_chunk_at(const struct klp_chunks *chunks, uint32_t offset);

/*
 * For each chunk of a the index of its equal in b, KLP_CHUNK_NONE for what is only in a; the
 * order is that of both. What stands in a conditional that isn't in both has no equal. The
 * arrays are the arena's.
 */
void klp_chunks_match(struct klp_arena *arena, const struct klp_chunks *a,
		      const struct klp_chunks *b, uint32_t **ret_a, uint32_t **ret_b);

#endif
