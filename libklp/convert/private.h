/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One conversion, and its parts. The sources of what symbols stand for (plan.c, annotations.c,
 * lookup.c) fill ->refs; everything behind them works on that alone. Inside convert/ only.
 */
#ifndef KLP_CONVERT_PRIVATE_H
#define KLP_CONVERT_PRIVATE_H

#include "convert/convert.h"
#include "elf/image.h"
#include "elf/symtab.h"
#include "elf/symtabs.h"

struct klp_conversion {
	struct klp_arena *arena;
	struct klp_image image;
	const struct klp_convert_opts *opts;
	const struct klp_symref **refs; /* by symbol index; NULL: not converted. A section_object of
					   NULL: that of the function with the reference */
	struct klp_symtabs symtabs;
	struct klp_map objects;	   /* name -> struct object of objects.c, of those asked for */
	struct klp_owners *owners; /* owners.c; made when it is first asked */
	struct klp_convert_units *units; /* units.c; likewise */
	struct klp_convert_stats stats;
	struct klp_error *err;
};

/* The error gets the module's path. */
int klp_convert__fail(struct klp_conversion *c);

/* ---- sources ---- */

int klp_convert__plan(struct klp_conversion *c);
/* Annotations that aren't there leave everything as it is. */
int klp_convert__annotations(struct klp_conversion *c);
int klp_convert__lookup(struct klp_conversion *c);

/* A global symbol of the module that isn't defined in it, and that has a name. */
bool klp_convert__is_open(const struct klp_image_sym *sym);
/* The module loader resolves it, or doesn't mind: a weak one, an export of vmlinux. */
bool klp_convert__loader_resolves(const struct klp_conversion *c, const struct klp_image_sym *sym);
/*
 * units.c: refuses the one candidate for a symbol that the functions with the references can't
 * name: a static of another unit than that of the patched functions that lead to them; what is
 * called and no function. Others of that name may have been inlined.
 */
int klp_convert__check_unit(struct klp_conversion *c, uint32_t symbol,
			    const struct klp_candidates *found);
/* "klpe_foo" -> "foo"; any other name as it is. */
const char *klp_convert__without_prefix(const char *name);
/* Up to three functions that refer to a symbol, for a message: "'f', 'g' and 2 more". */
const char *klp_convert__referrers(struct klp_conversion *c, uint32_t symbol);

/* ---- objects.c: the symbol tables of the kernel that is patched ---- */

/* *ret is NULL when the build doesn't hold the object. */
int klp_convert__object(struct klp_conversion *c, const char *name, const struct klp_symtab **ret);
/* All symbols of a name that the kernel counts in an object, by position. */
void klp_convert__candidates(struct klp_conversion *c, const char *object,
			     const struct klp_symtab *symtab, const char *name,
			     struct klp_candidates *ret);
/*
 * Refuses a reference that kernel/livepatch/core.c klp_find_object_symbol() would not resolve to
 * exactly one symbol that stays. what: the symbol of the module, as in the error.
 */
int klp_convert__check_symbol(struct klp_conversion *c, const struct klp_symref *ref,
			      const char *what);
/* Whether an object of the build has a symbol of that name, wherever it is. */
bool klp_convert__has_symbol(struct klp_conversion *c, const char *object, const char *name);
/* The kernel's name of the module that a path of Module.symvers means. */
const char *klp_convert__module_name(struct klp_conversion *c, const char *path);

/* ---- checks of a finished choice ---- */

/* limits.c: names and positions that the kernel can read back. */
int klp_convert__limits(struct klp_conversion *c);
/* undefined.c: each symbol that stays undefined must be one that the loader resolves. */
int klp_convert__undefined(struct klp_conversion *c);
/* early.c: are there references that may not stand in that section? */
bool klp_convert__may_refuse(const struct klp_conversion *c, uint32_t target);
/* Refuses a reference in the initial value of a per-CPU variable. */
int klp_convert__percpu(struct klp_conversion *c, uint32_t target,
			const struct klp_image_rela *rela, const struct klp_symref *ref);
/* May that reference stand in that section? */
int klp_convert__early(struct klp_conversion *c, uint32_t target, const struct klp_image_rela *rela,
		       const struct klp_symref *ref, const char *section_object);

/*
 * place.c: " (f.c:10: macro checks, inlined a() at f.h:3)", for a place that refers to a symbol of
 * the kernel: the line that stands in the function comes first. "" without debug information.
 */
const char *klp_convert__place(struct klp_conversion *c, uint32_t target, uint64_t offset,
			       const char *symbol);
/* "trace_ext4_sync()", "static_call(key)": the use of a key, spelt; NULL for any other symbol. */
const char *klp_convert__way_to(struct klp_conversion *c, const char *section, const char *symbol);
/* The symbol is a tracepoint's, or its static call's. */
bool klp_convert__is_event(const char *symbol);

/*
 * macros.c: the #defines of the files that a unit's line table has, and of those that they include,
 * where they can be read. For explanations only.
 */
struct klp_macros;
struct klp_macros *klp_convert__macros(struct klp_conversion *c, const struct klp_strs *files);
/*
 * Whether a line says one of the wanted words, or macros lead from it to one: these, the
 * outermost first, none when the word itself is there.
 */
bool klp_convert__macros_between(struct klp_macros *macros, const char *file, unsigned int line,
				 const struct klp_strs *wanted, struct klp_strs *ret);

/* ---- the work ---- */

/*
 * owners.c: the object whose loading resolves a reference at a place of the module: "vmlinux",
 * the plan's or the annotation's word, or the object whose patched functions lead to that place.
 */
int klp_convert__owner(struct klp_conversion *c, const struct klp_symref *ref, uint32_t target,
		       uint64_t offset, const char **ret);
/* The objects that the livepatch patches, by its tables, without vmlinux; and theirs. */
int klp_convert__patched(struct klp_conversion *c, const struct klp_strs **ret);
struct klp_patched_func {
	const char *object, *old_name; /* "vmlinux" or a module; old_name may be NULL */
	uint64_t sympos;
};
KLP_VEC(klp_patched_funcs, struct klp_patched_func);
/* The functions that the livepatch patches, by its tables, in their order. */
int klp_convert__funcs(struct klp_conversion *c, const struct klp_patched_funcs **ret);
/* In a set of patched functions the one of an index; those from 63 on are one. */
static inline uint64_t klp_convert__func_bit(size_t i)
{
	return (uint64_t)1 << (i < 63 ? i : 63);
}
/* Those that lead to a place of the module; 0 when none is known. Behind klp_convert__funcs(). */
uint64_t klp_convert__leads(struct klp_conversion *c, uint32_t target, uint64_t offset);

/* depends.c: takes out of .modinfo the modules that are referred to by relocations only. */
void klp_convert__depends(struct klp_conversion *c);

#endif
