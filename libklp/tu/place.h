/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside tu/ only: where something stands in the unit's own files, for a location of libclang's.
 * Much of it comes of macros, and then there are several answers.
 */
#ifndef KLP_TU_PLACE_H
#define KLP_TU_PLACE_H

#include "tu/clang.h"
#include "tu/tu.h"

/* A use of a macro in an own file: NAME( ... ) from end to end. */
struct klp_tu__expansion {
	uint32_t file, from, to;
};

struct klp_tu__places {
	struct klp_arena *arena;
	const struct klp_tu *tu;
	const struct klp_map *files;
	CXFile last_file; /* the answer for the file asked last: nearly always the same */
	uint32_t last_index;
	KLP_VEC(, struct klp_tu__expansion) expansions; /* sorted */
};

struct klp_tu__place {
	uint32_t file; /* an index of an own one in tu->files, or KLP_NOWHERE */
	uint32_t offset, line;
};

/* files as klp_tu__visit() has it. */
void klp_tu__places_init(struct klp_tu__places *places, struct klp_arena *arena,
			 CXTranslationUnit cx, const struct klp_tu *tu,
			 const struct klp_map *files);

/*
 * Where a person would point at: for a macro's argument the argument itself, for a macro's
 * body the place where the macro is used.
 */
struct klp_tu__place klp_tu__place_of(struct klp_tu__places *places, CXSourceLocation location);
/* Where the outermost macro is used that the location comes of. */
struct klp_tu__place klp_tu__expansion_of(struct klp_tu__places *places, CXSourceLocation location);
/* Where an extent ends in the file: behind the macro's use when a macro's text ends it. */
struct klp_tu__place klp_tu__end_of(struct klp_tu__places *places, CXSourceLocation end);
/* The name's offset when the file really spells it there, else KLP_NOWHERE. */
uint32_t klp_tu__spelled_at(const struct klp_tu__places *places, struct klp_tu__place p,
			    const char *name);

#endif
