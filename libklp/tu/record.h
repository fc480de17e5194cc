/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One struct of a unit as libclang sees it: its members, who uses them, and where its objects come
 * from and go. Asked for when a fix changes the struct; the unit is parsed once more for it.
 */
#ifndef KLP_TU_RECORD_H
#define KLP_TU_RECORD_H

#include "tu/tu.h"

struct klp_tu_field {
	const char *path;      /* "seen"; "in.seen" in a struct that is defined within; members
				  of an unnamed member are as the struct's own */
	const char *canonical; /* its type, typedefs resolved */
	const char
		*declaration; /* "u32 seen", "char text[64]": by its own name, the last of path */
	bool bits;	      /* a bit-field */
	bool unnamed;	      /* a type that can't be spelled elsewhere */
	bool sized;	      /* it has a size: no flexible array */
};
KLP_VEC(klp_tu_fields, struct klp_tu_field);

/* In the order of what has to be done about it, the strongest last. */
enum klp_tu_access {
	KLP_TU_NAMED, /* its size, its offset; in an initialiser */
	KLP_TU_READ,
	KLP_TU_ADDRESS, /* taken, or an array that is passed on */
	KLP_TU_WRITTEN,
};

/* What a function does with a member; of one place the strongest. */
struct klp_tu_use {
	const char *path;
	const char *function, *file; /* file: relative to the source root, where it lies below */
	uint32_t line, offset;
	enum klp_tu_access access;
};
KLP_VEC(klp_tu_uses, struct klp_tu_use);

/* An object of the struct; told by the names of the functions that are called. */
struct klp_tu_object {
	enum {
		KLP_TU_ALLOCATED,
		KLP_TU_FREED,
		KLP_TU_STATIC,
		KLP_TU_AUTOMATIC,
		KLP_TU_COPIED, /* assigned as a whole */
	} what;
	const char *by;	      /* the function called, or the variable; "=" */
	const char *function; /* NULL at file scope */
	const char *file;
	uint32_t line;
};
KLP_VEC(klp_tu_objects, struct klp_tu_object);

struct klp_tu_record {
	bool found;
	bool is_union;
	const char *type; /* "struct note"; a typedef's name */
	struct klp_tu_fields fields;
	struct klp_tu_uses uses;
	struct klp_tu_objects objects;
};

/*
 * name: a tag, or a typedef of a struct without one. tu: of klp_tu_parse() with that overlay, whose
 * arguments to libclang are used again.
 */
int klp_tu_record(struct klp_arena *arena, const struct klp_tu *tu,
		  const struct klp_overlay *overlay, const char *name, struct klp_tu_record *ret,
		  struct klp_error *err);

#endif
