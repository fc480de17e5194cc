/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a livepatch module asks the kernel to do: its klp_patch, klp_object, klp_func and
 * klp_state (include/linux/livepatch.h), read out of the finished module, whichever tool made it.
 */
#ifndef KLP_MODEL_TABLES_H
#define KLP_MODEL_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

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

struct klp_table_object {
	const char *name; /* NULL: vmlinux */
	bool no_funcs;	  /* ->funcs is NULL, which klp_enable_patch() refuses */
	struct klp_table_funcs funcs;
	const char *callbacks[KLP_NCALLBACKS]; /* symbols, NULL for none */
};
KLP_VEC(klp_table_objects, struct klp_table_object);

struct klp_table_state {
	uint64_t id;
	uint32_t version;
};
KLP_VEC(klp_table_states, struct klp_table_state);

/* One klp_patch. */
struct klp_tables {
	const char *symbol; /* its name in the module, "" when it has none */
	bool replace;
	struct klp_table_objects objects;
	struct klp_table_states states;
};

/* "vmlinux" or the module's name */
static inline const char *klp_table_object_name(const struct klp_table_object *object)
{
	return object->name ? object->name : "vmlinux";
}

#endif
