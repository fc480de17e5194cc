/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol tables of objects, modules and vmlinux: what exists in the running kernel, at which
 * position the kernel counts it, and whether it can be traced. Untrusted input.
 */
#ifndef KLP_ELF_SYMTAB_H
#define KLP_ELF_SYMTAB_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file.h"
#include "base/vec.h"

struct klp_sym {
	const char *name;
	uint64_t value, size;	  /* value: address in vmlinux, offset in its section elsewhere */
	uint64_t place;		  /* what orders symbols by address: value in an executable, a
				     section-major number in a relocatable file */
	const char *section;	  /* ".text"; NULL when undefined, "*ABS*", "*COMMON*" */
	const char *file;	  /* STT_FILE group of a local symbol: "namei.c"; NULL for others */
	uint32_t group;		  /* number of that group, from 1; 0 for globals */
	uint32_t index;		  /* in the symbol table */
	uint32_t shndx;		  /* index of the section, or SHN_UNDEF, SHN_ABS ... */
	unsigned char type, bind; /* STT_*, STB_* */
	bool traceable : 1;	  /* a function whose entry is in __mcount_loc or
				     __patchable_function_entries */
	bool init : 1;		  /* in memory that is freed after boot or load */
	bool kept : 1;		  /* kallsyms of the running kernel has it */
	bool early : 1;		  /* of a module: kallsyms has it only until its init is done */
	struct klp_sym *same;	  /* next symbol of this name, in table order */
};

struct klp_symtab {
	const char *path;
	bool relocatable;  /* ET_REL */
	bool module;	   /* a .ko: has .gnu.linkonce.this_module */
	uint16_t machine;  /* EM_* */
	struct klp_sym *v; /* in table order, the null symbol included */
	size_t n;
	struct klp_sym **by_place; /* defined functions and objects, sorted by place, index */
	size_t n_by_place;
	struct klp_symtab_slot *slots; /* by name: for klp_symtab_get() */
	uint32_t nslots;
	const char *vermagic, *depends; /* .modinfo of a module, NULL elsewhere */
};

/*
 * Reads the symbol table, the STT_FILE groups, and the traceable entries: __mcount_loc of an
 * object by its relocations, of vmlinux by the array between __start_mcount_loc and
 * __stop_mcount_loc; an entry up to 16 bytes behind the symbol counts (ENDBR, and the
 * patchable area before it). Rule: kernel/livepatch/patch.c klp_get_ftrace_location().
 */
int klp_symtab_load(struct klp_arena *arena, const char *path, struct klp_symtab *ret,
		    struct klp_error *err);

/*
 * Only the names of the functions that a file defines, in table order: quick enough to look
 * through all objects of a kernel; of an object for link-time optimisation those that
 * klp_lto_functions() gives. prefix: those that begin so, or NULL for all. reader: what the file is
 * read into.
 */
int klp_symtab_functions(struct klp_arena *arena, const char *path, const char *prefix,
			 struct klp_filebuf *reader, struct klp_strs *ret, struct klp_error *err);
/* Likewise: whether a file refers to a symbol that it doesn't define. */
int klp_symtab_uses(const char *path, const char *name, struct klp_filebuf *reader, bool *ret,
		    struct klp_error *err);

/*
 * The functions that an object compiled for link-time optimisation hands to the link: gcc keeps the
 * body of each in a section ".gnu.lto_NAME.ORDER.ID" (".gnu.lto_NAME.ID" before GCC 10). Clones
 * made by then ("foo.part.0") and variables with an initial value are among them. None for any
 * other object.
 */
int klp_lto_functions(struct klp_arena *arena, const char *path, struct klp_filebuf *reader,
		      struct klp_strs *ret, struct klp_error *err);

/*
 * The first symbol of that name, defined or not; follow ->same. No section and file symbols.
 * NULL when absent.
 */
struct klp_sym *klp_symtab_get(const struct klp_symtab *symtab, const char *name);
/* The first defined FUNC of that name, or NULL. */
struct klp_sym *klp_symtab_function(const struct klp_symtab *symtab, const char *name);

static inline bool klp_sym_defined(const struct klp_sym *sym)
{
	return sym->section != NULL;
}

/* Lies in a section that is freed after boot or load: .init*, .exit*, .meminit* ... */
static inline bool klp_sym_is_init(const struct klp_sym *sym)
{
	return sym->init;
}

/* The first of the by_place symbols that covers an offset of a section, or NULL. */
struct klp_sym *klp_symtab_covering(const struct klp_symtab *symtab, uint32_t shndx,
				    uint64_t value);
/*
 * The symbol that a section of a relocatable file is about: the first of its functions and
 * objects when all stand at one place, as with -ffunction-sections; else NULL.
 */
struct klp_sym *klp_symtab_only_in(const struct klp_symtab *symtab, uint32_t shndx);
/* Other functions at the same address: the next one behind *sym, or NULL. */
struct klp_sym *klp_symtab_alias(const struct klp_symtab *symtab, const struct klp_sym *sym,
				 const struct klp_sym *after);
/* The function that a .cold part belongs to; sym itself when it is none. */
struct klp_sym *klp_symtab_parent(const struct klp_symtab *symtab, struct klp_sym *sym);

/*
 * The symbol `name` that the unit with symbol table `unit` contributed to `whole` (vmlinux
 * or a module). Globals match by name. Locals by STT_FILE group: the group must carry the
 * unit's file name and all of its local functions and objects that survive linking. NULL
 * when there is none; *ret_ambiguous is set (and NULL returned) when several groups fit.
 * `whole` == `unit` is allowed (a lone object).
 */
const struct klp_sym *klp_symtab_locate(const struct klp_symtab *whole,
					const struct klp_symtab *unit, const char *name,
					bool *ret_ambiguous);

/*
 * The position by which kernel/livepatch/core.c klp_find_callback() counts equal names: 0
 * when the name is unique among all symbols that the kernel may look at, else 1-based.
 * vmlinux: by address. Modules: by symbol table order (kernel/module/kallsyms.c
 * module_kallsyms_on_each_symbol()). Functions and variables are counted together. Only for
 * a symbol that is ->kept.
 *
 * While a module is being loaded its init symbols (->early) are counted too. When one of
 * equal name stands before `sym`, no position is right both then and later:
 * klp_symtab_sympos_varies() is true, and the position is the one of the loaded module.
 */
unsigned int klp_symtab_sympos(const struct klp_symtab *whole, const struct klp_sym *sym);
bool klp_symtab_sympos_varies(const struct klp_symtab *whole, const struct klp_sym *sym);
/*
 * The symbol that klp_find_object_symbol() there takes for a name and a position, among those that
 * stay when a module is loaded; NULL when none is, or none alone.
 */
const struct klp_sym *klp_symtab_at(const struct klp_symtab *whole, const char *name,
				    uint64_t sympos);
/* How many symbols of that name the kernel counts. */
unsigned int klp_symtab_count(const struct klp_symtab *whole, const char *name);

#endif
