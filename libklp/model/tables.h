/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a livepatch module asks the kernel to do: its klp_patch, klp_object, klp_func and
 * klp_state (include/linux/livepatch.h), read out of the finished module, whichever tool made it.
 */
#ifndef KLP_MODEL_TABLES_H
#define KLP_MODEL_TABLES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/vec.h"
#include "model/finding.h"

struct klp_table_func {
	const char *old_name; /* NULL when the entry has none */
	uint64_t sympos;      /* old_sympos */
	const char *new_name; /* symbol at new_func; NULL when the entry has no new_func, "" when
				 none is there */
	uint32_t shndx;	      /* where new_func leads to: section of the module and offset */
	uint64_t offset;
};
KLP_VEC(klp_table_funcs, struct klp_table_func);

enum klp_callback {
	KLP_PRE_PATCH,
	KLP_POST_PATCH,
	KLP_PRE_UNPATCH,
	KLP_POST_UNPATCH,
	KLP_NCALLBACKS,
};
/* "pre_patch" */
const char *klp_callback_name(enum klp_callback callback);

/* A place in the module: section and offset; {0, 0} for none. */
struct klp_table_place {
	uint32_t shndx;
	uint64_t offset;
};

struct klp_table_object {
	const char *name; /* NULL: vmlinux */
	bool no_funcs;	  /* ->funcs is NULL, which klp_enable_patch() refuses */
	struct klp_table_funcs funcs;
	const char *callbacks[KLP_NCALLBACKS]; /* symbols, NULL for none */
	struct klp_table_place callback_places[KLP_NCALLBACKS];
};
KLP_VEC(klp_table_objects, struct klp_table_object);

struct klp_table_state {
	uint64_t id;
	uint32_t version;
};
KLP_VEC(klp_table_states, struct klp_table_state);

/* The room of one table. */
struct klp_table_extent {
	uint32_t shndx;
	uint64_t offset, size;
};
KLP_VEC(klp_table_extents, struct klp_table_extent);

/* One klp_patch. */
struct klp_tables {
	const char *symbol;		  /* its name in the module, "" when it has none */
	struct klp_table_extents extents; /* of all its tables, sorted; names not among them */
	const char *changed_by;		  /* a function of the module that refers into a table, and
					     so may change it before the kernel reads it; NULL: none.
					     What is told of the tables is what the file has. */
	bool replace;
	struct klp_table_objects objects;
	struct klp_table_states states;
};

/* A livepatch symbol, and how often a function of the livepatch refers to it. */
struct klp_table_reference {
	const char *function; /* or the section that holds the reference */
	const char *object, *symbol;
	unsigned long sympos;
	const char *section_object; /* whose loading resolves it */
	unsigned int count;
};
KLP_VEC(klp_table_references, struct klp_table_reference);

/* A livepatch module as it was read. */
struct klp_livepatch {
	const char *path;
	const char *name; /* of the module: by its .modinfo, else by its file */
	bool readable;	  /* the tables are; else KLP-V-TABLES says why not */
	struct klp_tables tables;
	struct klp_table_references references; /* by function, object, symbol */
	struct klp_findings findings;		/* on it */
};
KLP_VEC(klp_livepatches, struct klp_livepatch);

/* The table that a place lies in, or NULL. */
const struct klp_table_extent *klp_table_at(const struct klp_tables *tables, uint32_t shndx,
					    uint64_t offset);

/* Both are the same name, or both none. */
static inline bool klp_table_same_name(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* "vmlinux" or the module's name */
static inline const char *klp_table_object_name(const struct klp_table_object *object)
{
	return object->name ? object->name : "vmlinux";
}

#endif
