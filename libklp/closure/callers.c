// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who calls a symbol, by the object that the kernel was made of: its relocations, and the
 * branches that the assembler settled within one section (.text, or .sched.text).
 */
#include "closure/private.h"

#include <string.h>

#include "elf/compare.h"

/*
 * Sections that note positions in code rather than use a function: tables of places to
 * patch, to look up after a fault, or to leave alone; and lists of what runs only before
 * anything could be patched (include/linux/init.h). Other data of .init counts: tables of
 * functions are copied from there to where they stay (in 6.1, kvm's vmx_x86_ops).
 */
static bool notes_positions(const char *section)
{
	static const char *const prefixes[] = {
		"__jump_table",
		"__bug_table",
		"__ex_table",
		".altinstructions",
		".smp_locks",
		".parainstructions",
		".static_call_sites",
		"_kprobe_blacklist",
		"___kcrctab",
		"___ksymtab",
		".initcall",
		".init.setup",
		".exitcall",
		".con_initcall",
		".kcfi_traps",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(section, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static bool same_function(const struct klp_sym *a, const struct klp_sym *b)
{
	return a && b && a->shndx == b->shndx && a->value == b->value;
}

static void refuse(struct klp_work *work, const char *symbol, const struct klp_detour *detour,
		   const char *what)
{
	klp_closure__finding(work, KLP_ERROR, detour->refusal_code, symbol,
			     klp_sprintf(work->arena, "'%s' can't be redirected (%s), and %s",
					 symbol, detour->why, what),
			     detour->refusal_hint);
}

static int patch_caller(struct klp_work *work, const struct klp_ref *ref, const char *symbol,
			const struct klp_detour *detour)
{
	const char *caller = ref->from->name;
	struct klp_cause cause = {
		.kind = detour->kind,
		.of = symbol,
		.of_unit = work->lto ? klp_closure__unit_of(work, symbol) : NULL,
		.evidence =
			klp_sprintf(work->arena, "%s: %s+0x%llx calls %s (%s)",
				    work->lto ? work->dump_name : work->unit->object, ref->section,
				    (unsigned long long)ref->offset, symbol, detour->why),
	};

	if (!klp_closure__is_left_out(work, ref->from))
		klp_closure__copy(work, klp_closure__source_name(work->arena, symbol),
				  KLP_COPY_SPECIALISED, caller);
	klp_closure__step_to(work, caller, klp_closure__unit_of(work, caller), &cause);
	return klp_closure__reach(work, caller, &cause);
}

/*
 * A reference to a place inside the function (the jump table of a switch, an alternative that
 * jumps back) doesn't enter it.
 */
static bool enters(const struct klp_ref *ref, const struct klp_sym *sym)
{
	return same_function(ref->to, sym) && !ref->to_offset && !same_function(ref->from, sym) &&
	       (ref->code || !notes_positions(ref->section));
}

/* Two functions are one in the kernel: this caller, or this pointer, means the other one. */
static bool means_the_other(const struct klp_work *work, const struct klp_ref *ref,
			    const struct klp_detour *detour)
{
	const struct klp_compare *c = &work->compare;

	return detour->only_changed && work->compared && ref->from &&
	       !klp_difference_find(ref->from->type == STT_FUNC ? &c->changed : &c->changed_data,
				    ref->from->name);
}

static int each_caller(struct klp_work *work, const struct klp_sym *sym,
		       const struct klp_refs *refs, const struct klp_detour *detour)
{
	for (size_t i = 0; i < refs->n; i++) {
		const struct klp_ref *ref = &refs->v[i];

		if (!enters(ref, sym) || means_the_other(work, ref, detour))
			continue;
		if (!ref->branch || !ref->from || ref->from->type != STT_FUNC)
			refuse(work, sym->name, detour,
			       klp_sprintf(work->arena, "its address is taken by '%s'",
					   ref->from ? ref->from->name : ref->section));
		else if (patch_caller(work, ref, sym->name, detour) < 0)
			return work->err->code;
	}
	return 0;
}

static int load_refs(struct klp_work *work)
{
	if (work->refs_loaded)
		return 0;
	if (klp_refs_load(work->arena, &work->symtab, &work->refs, work->err) < 0)
		return work->err->code;
	work->refs_loaded = true;
	return 0;
}

int klp_closure__callers(struct klp_work *work, const struct klp_sym *sym,
			 const struct klp_detour *detour)
{
	struct klp_refs settled = {};

	if (klp_map_get(&work->up, sym->name))
		return 0;
	klp_map_put(&work->up, sym->name, work);
	/* Of a program that was linked to the end. */
	if (!work->symtab.relocatable) {
		refuse(work, sym->name, detour,
		       klp_sprintf(work->arena, "who calls it isn't known: '%s' has no relocations",
				   work->dump_name));
		return 0;
	}
	if (load_refs(work) < 0 ||
	    klp_refs_settled(work->arena, &work->symtab, sym, &settled, work->err) < 0)
		return work->err->code;
	if (each_caller(work, sym, &work->refs, detour) < 0)
		return work->err->code;
	return each_caller(work, sym, &settled, detour);
}
