/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan: what the livepatch module consists of and how each of its references is to be
 * resolved. Written by extract (NAME.plan.json beside the sources), obeyed by convert,
 * checked by verify.
 *
 * A reference that becomes a livepatch relocation has a link name: the undefined symbol's
 * name in the plain module; that of a pointer is the pointer's. It is unique in the module, because
 * `ld -r` merges equal undefined names: two units' different statics `foo` would become one.
 */
#ifndef KLP_MODEL_PLAN_H
#define KLP_MODEL_PLAN_H

#include "model/decision.h"
#include "model/tables.h"
#include "model/unit.h"

enum klp_symref_how {
	KLP_HOW_EXPORT,	  /* an export of vmlinux, resolved by the module loader */
	KLP_HOW_RELOC,	  /* a livepatch relocation */
	KLP_HOW_KALLSYMS, /* the module's own pointer of that link name, which it sets by looking
			     the symbol up when it is loaded */
};

struct klp_symref {
	const char *link_name; /* "klpe_foo", or the symbol's own name for a global of vmlinux; of a
				  reference from the author's own C the asm label that says it:
				  ".klp.sym.rela.PATCHED.OBJECT.NAME,POSITION" */
	const char *object;    /* the object that holds the symbol: "vmlinux", "ext4" */
	const char *symbol;    /* its name there: "foo", "count.3" */
	unsigned int sympos;   /* 0: the name is unique there; else 1-based */
	const char *section_object; /* the object whose loading resolves it: the OBJ of
				       .klp.rela.OBJ.*; "vmlinux" for symbols of vmlinux, else
				       the patched module */
	enum klp_symref_how how;
	const char *needed_by; /* a patched or copied function, a callback */
};
KLP_VEC(klp_symrefs, struct klp_symref);

struct klp_plan_func {
	const char *object;   /* "vmlinux" or the module's name */
	const char *old_name; /* symbol in the running kernel */
	unsigned int sympos;
	const char *new_name; /* "klpp_foo" in the livepatch */
};
KLP_VEC(klp_plan_funcs, struct klp_plan_func);

/* What a name of the text stands for: "klpe_foo_count", `count`, "count.3". */
struct klp_link {
	const char *link, *word, *symbol;
	bool pointer; /* the text says (*klpe_foo_count) */
};
KLP_VEC(klp_links, struct klp_link);

/* One C file of the livepatch. */
struct klp_plan_source {
	const char *file;	       /* "fs_proc_cmdline.c", in the output directory */
	const char *text;	       /* its content, NULL for that of the template of the same
					  name; not part of the JSON */
	struct klp_unit *unit;	       /* where it was extracted from; not part of the JSON */
	struct klp_strs stale;	       /* functions that the fix changes in headers: the kernel's
					  have the old ones; not part of the JSON */
	bool as_is;		       /* its functions are those of the kernel, without a fix */
	const char *path;	       /* where it lies during the run; not part of the JSON */
	const char *object;	       /* compiled from it by the original's command and with a
					  section for each function, or NULL; not part of the JSON */
	struct klp_links links;	       /* all link names of the text, used or not; not part of the
					  JSON */
	struct klp_strs rewritten;     /* functions whose code had to be written in another way;
					  not part of the JSON */
	struct klp_strs cflags;	       /* beyond what Kbuild gives every module, $(srctree) form */
	struct klp_strs cflags_remove; /* what Kbuild gives but the original was built without */
};
KLP_VEC(klp_plan_sources, struct klp_plan_source);

/* A file of the module's directory as klp-prep wrote it. */
struct klp_plan_file {
	const char *file;
	const char *sum; /* klp_plan_sum() of its content */
};
KLP_VEC(klp_plan_written, struct klp_plan_file);

/* What an object's klp_callbacks say: names of the livepatch's functions, NULL for none. */
struct klp_plan_callbacks {
	const char *object;
	const char *functions[KLP_NCALLBACKS];
	const char *then; /* the author's pre_patch, where the module's own comes first and
			     calls it; not part of the JSON */
};
KLP_VEC(klp_plan_callbacks_vec, struct klp_plan_callbacks);

struct klp_plan {
	const char *name;	     /* module name: [a-z0-9_]+ */
	struct klp_plan_funcs funcs; /* sorted by object, old_name */
	struct klp_symrefs refs;     /* sorted by object, symbol */
	struct klp_plan_sources sources;
	/* What stands around the functions: for the author to say, not for the fix. */
	bool no_replace; /* klp_patch.replace is false: it stands beside other livepatches */
	struct klp_table_states states;
	struct klp_plan_callbacks_vec callbacks; /* sorted by object; for objects of which no
						    function is patched, too */
	/* So that a later livepatch can hold this one, too: */
	struct klp_strs fixes;		 /* files in the output directory: diffs, in their order */
	struct klp_plan_written written; /* the rest of what was written there */
	struct klp_decisions decisions;	 /* for its README.md; not part of the JSON */
};

/* Tells an edited text from the one that was written: 16 hexadecimal digits. */
char *klp_plan_sum(struct klp_arena *arena, const char *data, size_t len);
/* Those files of the module's directory that Kbuild needs, Kbuild itself among them. */
struct klp_strs klp_plan_files(struct klp_arena *arena, const struct klp_plan *plan);

/* The tables that a module made by the plan has; strings are the plan's. */
struct klp_tables klp_plan_tables(struct klp_arena *arena, const struct klp_plan *plan);
/* What it says of an object's callbacks, added when there is nothing yet. */
struct klp_plan_callbacks *klp_plan_callbacks_of(struct klp_arena *arena, struct klp_plan *plan,
						 const char *object);
/* One of its C files is called so. */
bool klp_plan_has_source(const struct klp_plan *plan, const char *file);
/* The reference with that link name, or NULL. */
struct klp_symref *klp_plan_ref(const struct klp_plan *plan, const char *link_name);
/* Puts the references into their order, when some were added. */
void klp_plan_sort_refs(struct klp_plan *plan);
/* One of its references is resolved so. */
bool klp_plan_has(const struct klp_plan *plan, enum klp_symref_how how);
/* "export", "klp-reloc", "kallsyms" */
const char *klp_symref_how_name(enum klp_symref_how how);

#endif
