/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol tables of objects, modules and vmlinux: what exists in the running kernel, at which
 * position the kernel counts it, and whether it can be traced. Untrusted input.
 */
#ifndef KLP_ELF_SYMTAB_H
#define KLP_ELF_SYMTAB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/map.h"

struct klp_sym {
	const char *name;
	uint64_t value, size;   /* value: address in vmlinux, offset in its section elsewhere */
	uint64_t place;         /* what orders symbols by address: value in an executable, a
				   section-major number in a relocatable file */
	const char *section;    /* ".text"; NULL when undefined, "*ABS*", "*COMMON*" */
	const char *file;       /* STT_FILE group of a local symbol: "namei.c"; NULL for others */
	uint32_t group;         /* number of that group, from 1; 0 for globals */
	uint32_t index;         /* in the symbol table */
	uint16_t shndx;         /* of the section; symbols of extended sections: 0xffff */
	unsigned char type, bind; /* STT_*, STB_* */
	bool traceable;         /* a function whose entry is in __mcount_loc or
				   __patchable_function_entries */
	struct klp_sym *same;   /* next symbol of this name, in table order */
};

struct klp_symtab {
	const char *path;
	bool relocatable;  /* ET_REL */
	uint16_t machine;  /* EM_* */
	struct klp_sym *v; /* in table order, the null symbol included */
	size_t n;
	struct klp_map by_name; /* -> first struct klp_sym of that name, undefined ones too */
	const char *vermagic; /* .modinfo of a module, NULL elsewhere */
};

/*
 * Reads the symbol table, the STT_FILE groups, and the traceable entries: __mcount_loc of an
 * object by its relocations, of vmlinux by the array between __start_mcount_loc and
 * __stop_mcount_loc; an entry up to 16 bytes behind the symbol counts (ENDBR, and the
 * patchable area before it). Rule: kernel/livepatch/patch.c klp_get_ftrace_location().
 */
int klp_symtab_load(struct klp_arena *arena, const char *path, struct klp_symtab *ret,
		    struct klp_error *err);

/* The first symbol of that name, defined or not; follow ->same. NULL when absent. */
struct klp_sym *klp_symtab_get(const struct klp_symtab *symtab, const char *name);
/* The first defined FUNC of that name, or NULL. */
struct klp_sym *klp_symtab_function(const struct klp_symtab *symtab, const char *name);

static inline bool klp_sym_defined(const struct klp_sym *sym)
{
	return sym->section != NULL;
}

/* Lies in a section that is freed after boot or load: .init*, .exit*, .meminit* ... */
bool klp_sym_is_init(const struct klp_sym *sym);

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
 * when the name is unique among all symbols that kallsyms keeps, else 1-based. vmlinux: by
 * address, ties as in scripts/kallsyms.c compare_symbols(). Modules: by symbol table order
 * (kernel/module/kallsyms.c module_kallsyms_on_each_symbol()). Functions and variables are
 * counted together.
 */
unsigned int klp_symtab_sympos(const struct klp_symtab *whole, const struct klp_sym *sym);
/* How many symbols of that name the kernel counts. */
unsigned int klp_symtab_count(const struct klp_symtab *whole, const char *name);

#endif
