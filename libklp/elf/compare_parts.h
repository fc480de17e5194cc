/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the comparison share (elf/compare.h). Inside elf/ only.
 *
 * An object is cut into places: stretches of a section that are named or referred to. A
 * place has the symbols that stand at its start (several: aliases, folded functions), or
 * none: then it is compared by content, for whoever refers to it. Symbols of A and B are
 * matched; a reference is equal when it leads to matching symbols or to equal content.
 */
#ifndef KLP_ELF_COMPARE_PARTS_H
#define KLP_ELF_COMPARE_PARTS_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "elf/image.h"

struct klp_cmp_place;

struct klp_cmp_sym {
	const char *name, *norm;
	const char *file;	  /* STT_FILE before a local symbol, "" for others */
	uint32_t group;		  /* number of that STT_FILE, 0 for global symbols */
	uint64_t number;	  /* the last one in its name: the order among equal ones */
	uint32_t index;		  /* in the symbol table; behind it for a nameless remainder */
	unsigned char bind, type; /* STB_*, STT_* */
	struct klp_cmp_place *place;
	struct klp_cmp_sym *partner; /* in the other object */
	const char *why;	     /* differs from the partner; in A */
	unsigned int seen;	     /* a mark for whoever walks along users */
};
KLP_VEC(klp_cmp_syms, struct klp_cmp_sym *);

/* An entry of a site table, such as __bug_table. */
struct klp_cmp_site {
	uint32_t table; /* which */
	uint32_t shndx;
	uint64_t at, len;
};
KLP_VEC(klp_cmp_sites, struct klp_cmp_site);

KLP_VEC(klp_cmp_places, struct klp_cmp_place *);

struct klp_cmp_place {
	uint32_t shndx;
	uint64_t start, size;
	struct klp_cmp_syms syms; /* none: nameless */
	bool code;
	bool by_content;	      /* nameless, or the name says nothing: CSWTCH.N */
	struct klp_cmp_place *cold;   /* its .cold part, or NULL */
	struct klp_cmp_place *parent; /* of a .cold part, else NULL */
	struct klp_cmp_sites sites;   /* entries about this code, table by table */
	struct klp_cmp_places users;  /* who refers here; may repeat */
	unsigned int seen;	      /* likewise */
};

enum klp_cmp_target {
	KLP_CMP_NUMBER, /* `rest` itself */
	KLP_CMP_NAME,	/* an undefined symbol, or a section that isn't looked into */
	KLP_CMP_STRING, /* in a string section */
	KLP_CMP_PLACE,
};

/* A relocation, resolved. */
struct klp_cmp_ref {
	uint64_t offset; /* in its section */
	uint32_t type;
	enum klp_cmp_target target;
	const char *name;	       /* NAME; and a label without a place of its own */
	const struct klp_cmp_sym *sym; /* PLACE: the symbol that was named; NULL for any there */
	struct klp_cmp_place *place;
	uint32_t shndx; /* STRING */
	uint64_t at;	/* STRING, PLACE: the address meant, in the section */
	int64_t rest;	/* what is added to the number, name, string, or start of the place */
};
KLP_VEC(klp_cmp_refs, struct klp_cmp_ref);

enum klp_cmp_kind {
	KLP_CMP_IGNORED,
	KLP_CMP_CODE,
	KLP_CMP_DATA,
	KLP_CMP_STRINGS,
	KLP_CMP_CONSTANTS,
	KLP_CMP_SITES,
};

struct klp_cmp_section {
	enum klp_cmp_kind kind;
	uint32_t table;		      /* SITES: which */
	struct klp_cmp_places places; /* by start */
	struct klp_cmp_refs refs;     /* by offset */
	unsigned int functions;	      /* named places of code */
};

struct klp_cmp_object {
	struct klp_arena *arena;
	struct klp_image image;
	struct klp_cmp_section *sections; /* as many as image.sections */
	struct klp_cmp_syms syms;	  /* in table order, the nameless remainders last */
	struct klp_cmp_sym **of;	  /* by index in the symbol table; NULL: has no place */
	struct klp_map origins;		  /* source functions -> a struct klp_cmp_sym of one */
	bool sectioned;
};

/* compare_norm.c */
const char *klp_compare__norm(struct klp_arena *arena, const char *name);
const char *klp_compare__undefined(struct klp_arena *arena, const char *name);
uint64_t klp_compare__number(const char *name);
/* Length of what stands before ".cold"; 0 when the name is of no cold part. */
size_t klp_compare__cold(const char *name);
bool klp_compare__is_clone(const char *name);
/* Length of the source function's name: 3 of foo.part.0.isra.0. */
size_t klp_compare__origin(const char *name);
/* A copy of what one function's source says, numbered by the way: a switch's table. */
bool klp_compare__by_content(const char *name);
/* Debugging, unwinding, and what the linker throws away. */
bool klp_compare__ignored(const char *section);
/* The number of a site table, from 1; 0 when the section is none. */
uint32_t klp_compare__table(const char *section);
const char *klp_compare__table_name(uint32_t table);
/* Operands of relocations in an entry; 0: up to the next operand that means code. */
unsigned int klp_compare__table_operands(uint32_t table);

/* compare_load.c */
/* names: what symbols of this object are called in the other one; NULL: the same. */
int klp_compare__load(struct klp_arena *arena, const char *path, const struct klp_map *names,
		      struct klp_cmp_object *ret, struct klp_error *err);
/* The place that has an address, or NULL. */
struct klp_cmp_place *klp_compare__place_at(const struct klp_cmp_object *o, uint32_t shndx,
					    uint64_t at);
struct klp_cmp_place *klp_compare__new_place(struct klp_cmp_object *o, uint32_t shndx,
					     uint64_t start, uint64_t size);
/* After places were added. */
void klp_compare__sort_places(struct klp_cmp_section *section);
/* The first reference at `at` or behind. */
size_t klp_compare__first_ref(const struct klp_cmp_section *section, uint64_t at);

/* compare_refs.c: relocations. The places of symbols are there. */
void klp_compare__resolve(struct klp_cmp_object *o);

/* compare_cut.c: places without a symbol, sites, users. */
void klp_compare__cut(struct klp_cmp_object *o);

/* compare_match.c: sets ->partner in both. */
void klp_compare__match(struct klp_arena *arena, struct klp_cmp_object *a,
			struct klp_cmp_object *b);

/* compare_show.c: what a reference leads to, for people; all names where it could be any. */
const char *klp_compare__show(struct klp_arena *arena, const struct klp_cmp_object *o,
			      const struct klp_cmp_ref *ref);

/* compare_body.c */
/* An equality that holds if another one does. */
struct klp_cmp_condition {
	struct klp_cmp_sym *of; /* differs with this reason ... */
	const char *why;
	const struct klp_cmp_sym *on; /* ... if this one differs */
};
KLP_VEC(klp_cmp_conditions, struct klp_cmp_condition);

struct klp_cmp {
	struct klp_arena *arena;
	const struct klp_cmp_object *a, *b;
	bool excerpt;	     /* B defines only part of what A does, and names the rest */
	bool exact;	     /* ... by the symbol's name itself, numbers included */
	struct klp_map memo; /* pairs of nameless places -> verdict */
	struct klp_cmp_conditions conditions;
	struct klp_cmp_sym *owner;		       /* in A: what is being compared */
	unsigned int depth;			       /* nameless places within each other ... */
	const struct klp_cmp_place *inner_a, *inner_b; /* ... the innermost */
};
/* The first difference of two places and their sites, NULL when there is none. */
const char *klp_compare__places(struct klp_cmp *cmp, struct klp_cmp_place *pa,
				struct klp_cmp_place *pb);

/* compare_target.c */
/* Both lead to a place, and to the same. What that hangs on is added to cmp->conditions. */
bool klp_compare__same_place(struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
			     const struct klp_cmp_ref *rb);
/* Likewise for references of any kind. */
bool klp_compare__same_target(struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
			      const struct klp_cmp_ref *rb);
/* The reason for people: the i-th reference, at an offset. One may be missing. */
const char *klp_compare__reference_differs(struct klp_cmp *cmp, size_t i, uint64_t offset,
					   const struct klp_cmp_object *oa,
					   const struct klp_cmp_ref *ra,
					   const struct klp_cmp_object *ob,
					   const struct klp_cmp_ref *rb);

#endif
