/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside extract/ only: what a fix changes in headers. The livepatch is built with the headers
 * of the kernel that runs, so it brings along what the patched functions need of the fixed
 * ones: functions and constants of headers as copies under a new name, macros defined anew,
 * enumerators as enumerators of an enum without a name, and what is new as it stands.
 *
 *	fixed.c         which definitions of this unit's headers differ; which are needed
 *	fixed_macros.c  likewise, for macros
 *	fixed_paste.c   names that only a macro puts together
 *	fixed_text.c    the needed ones as text
 */
#ifndef KLP_EXTRACT_FIXED_H
#define KLP_EXTRACT_FIXED_H

#include "extract/private.h"
#include "parsers/chunk.h"

enum piece_kind {
	PIECE_INCLUDE, /* that a header has gained */
	PIECE_MACRO,   /* redefined, or undefined */
	PIECE_ENUM,    /* enumerators that are new or have another value */
	PIECE_DECL,    /* anything else */
};

struct piece {
	enum piece_kind kind;
	const char *name;
	const char *new_name;	       /* of a function or constant that the header has, too */
	const struct klp_cdecl *cdecl; /* in the fixed unit; NULL for macros and includes */
	const char *file;	       /* where it stands, NULL when unknown */
	uint32_t line;
	const char *text; /* of a macro: its definition, NULL when it goes; of an
			     include: the operand */
	bool named;	  /* it is as it was, and asked for by name */
	bool user;	  /* it is as it was, but uses what isn't */
	bool undefine;	  /* the kernel's headers define the macro */
	bool needed;
};
KLP_VEC(pieces, struct piece *);

struct fixed {
	struct pieces pieces;	 /* in the order in which they are written */
	struct klp_map renamed;	 /* functions and constants of headers -> struct piece */
	struct klp_map added;	 /* what is new in headers -> struct piece */
	struct klp_map values;	 /* enumerators with another value -> struct piece */
	struct klp_map macros;	 /* that differ, or mention something renamed -> struct piece */
	struct klp_map bodies;	 /* all macros of the fixed unit: "(a, b) text" */
	struct klp_map followed; /* macros whose words were looked at */
	struct klp_map texts;	 /* file -> struct klp_chunks, of the fixed version */
	size_t at;		 /* the item before which they are written */
};

/* The fix touches the header. */
bool klp_extract__is_touched(const struct extraction *x, const char *file);
/*
 * An #include of a header that comes with the fix: the kernel has none to be included, what is
 * needed of it comes along as what is new in any other header.
 */
bool klp_extract__is_created(const struct extraction *x, const struct item *include);
/*
 * Sets x->fixed when the fix touches headers that this unit reads, or a function of one was
 * asked for by name; call before reach.
 */
int klp_extract__fixed_open(struct extraction *x);
/* The entity of a renamed function or constant, NULL for any other name. */
struct entity *klp_extract__fixed_entity(struct extraction *x, const char *name, const char *by);
/* A word of a text that is written: whatever it stands for is needed. */
int klp_extract__fixed_word(struct extraction *x, const struct klp_ctok *tok, const char *by);
/*
 * For the proof: functions of headers that the kernel has in another version, and all words
 * that stand for one which is called klpp_... in the livepatch.
 */
void klp_extract__fixed_names(const struct extraction *x, struct klp_plan_source *source);

/* Whatever a piece says is needed in its turn. by: a function, or NULL. */
int klp_extract__fixed_need(struct extraction *x, struct piece *piece, const char *by);

/* fixed_paste.c */
/* When nothing else is wanted any more. */
int klp_extract__fixed_settle(struct extraction *x);
/* The finished text calls no function of a header that the fix changes: else a finding. */
int klp_extract__fixed_check(struct extraction *x, const struct klp_plan_source *source);

/* fixed_macros.c */
/* Fills in macros and bodies; renamed must be complete. */
int klp_extract__fixed_macros(struct extraction *x);

/* fixed_text.c */
/* The text of a header of the fixed unit, cut up. */
int klp_extract__fixed_chunks(struct extraction *x, const char *file,
			      const struct klp_chunks **ret);
/* Where a declaration's text stands in its header; NULL: a macro makes it. */
int klp_extract__fixed_chunk_of(struct extraction *x, const struct piece *piece,
				const struct klp_chunks **ret_chunks, const struct klp_chunk **ret);
/* Everything that is needed. */
int klp_extract__fixed_write(struct extraction *x, struct klp_buf *out);

#endif
