/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside tu/ only: from libclang's cursors to struct klp_tu_decl.
 */
#ifndef KLP_TU_VISIT_H
#define KLP_TU_VISIT_H

#include "tu/clang.h"
#include "tu/tu.h"

/* A parse of libclang's, for as long as its cursors are looked at. */
struct klp_tu__handles {
	CXIndex index;
	CXTranslationUnit unit;
};

/* tu.c; args as in klp_tu.clang_args */
int klp_tu__open(struct klp_arena *arena, const struct klp_unit *unit,
		 const struct klp_overlay *overlay, const struct klp_strs *args,
		 struct klp_tu__handles *h, struct klp_error *err);
void klp_tu__close(struct klp_tu__handles *h);

/*
 * Marks as own the headers below the source's directory that define functions which aren't
 * inline: text of the unit under another name.
 */
void klp_tu__private_files(struct klp_arena *arena, CXTranslationUnit cx, struct klp_tu *tu,
			   const struct klp_map *files);

/* Fills tu->decls. files maps a cleaned path to its index + 1 in tu->files. */
void klp_tu__visit(struct klp_arena *arena, CXTranslationUnit cx, struct klp_tu *tu,
		   const struct klp_map *files);

/* The string's content in the arena; the CXString is disposed of. */
char *klp_tu__take(struct klp_arena *arena, CXString string);

/* An expression, and what it stands in. */
struct klp_tu__path {
	CXCursor cursor;
	const struct klp_tu__path *up;
};

/* local.c: a type, typedefs resolved; of an unnamed one without its place */
char *klp_tu__type_name(struct klp_arena *arena, CXType type);

/* The fields of a static local that its type and initialiser say. */
void klp_tu__describe_local(struct klp_arena *arena, CXCursor var, struct klp_tu_local *ret);
/* The address of the variable that is named there goes somewhere as a value. */
bool klp_tu__escapes(const struct klp_tu__path *path);

#endif
