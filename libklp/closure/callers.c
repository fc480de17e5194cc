// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who calls a symbol, by the relocations of the unit compiled with a section for each
 * function: only there calls inside the unit keep theirs.
 */
#include "closure/private.h"

#include <string.h>

/*
 * Sections that note positions in code rather than use a function: tables of places to
 * patch, to look up after a fault, or to leave alone; and what runs only before anything
 * could be patched.
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
		".init",
		".exit",
		".con_initcall",
		".kcfi_traps",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(section, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* The jump table of a switch: .rodata.FUNCTION points into FUNCTION. */
static bool is_own_table(const struct klp_ref *ref)
{
	static const char rodata[] = ".rodata.";

	return !ref->from && !strncmp(ref->section, rodata, sizeof(rodata) - 1) &&
	       !strcmp(ref->section + sizeof(rodata) - 1, ref->to->name);
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
		.evidence = klp_sprintf(work->arena, "%s+0x%llx calls %s (%s)", ref->section,
					(unsigned long long)ref->offset, symbol, detour->why),
	};

	if (!klp_symtab_function(&work->symtab, caller)) {
		klp_closure__finding(
			work, KLP_ERROR, "KLP-REBUILD", caller,
			klp_sprintf(work->arena,
				    "'%s' calls '%s' in '%s' compiled again, but the "
				    "kernel's object has no such function",
				    caller, symbol, work->unit->object),
			"the source, the compiler or the configuration is not what the kernel was "
			"built from; give those");
		return 0;
	}
	klp_closure__copy(work, klp_closure__source_name(work->arena, symbol), KLP_COPY_SPECIALISED,
			  caller);
	klp_closure__step(work, caller, &cause);
	return klp_closure__reach(work, caller, &cause);
}

/* The symbol in the object compiled again, fit to be asked for its callers; or a finding. */
static const struct klp_sym *find(struct klp_work *work, const char *symbol,
				  const struct klp_detour *detour)
{
	const struct klp_sym *sym = klp_symtab_function(&work->sectioned, symbol);

	if (!sym) {
		klp_closure__finding(
			work, KLP_ERROR, "KLP-REBUILD", symbol,
			klp_sprintf(work->arena,
				    "'%s' is not in '%s' compiled again, so its callers "
				    "can't be known",
				    symbol, work->unit->object),
			"the source, the compiler or the configuration is not what the kernel was "
			"built from; give those");
		return NULL;
	}
	/*
	 * The assembler settles calls within one section without a relocation. Only functions
	 * with a section attribute (__sched, noinstr) still share one.
	 */
	if (!klp_symtab_only_in(&work->sectioned, sym->shndx)) {
		refuse(work, symbol, detour,
		       klp_sprintf(work->arena,
				   "it shares the section '%s' with others, so that its "
				   "callers there can't be seen",
				   sym->section));
		return NULL;
	}
	return sym;
}

int klp_closure__callers(struct klp_work *work, const char *symbol, const struct klp_detour *detour)
{
	const struct klp_sym *sym;

	if (klp_map_get(&work->up, symbol))
		return 0;
	klp_map_put(&work->up, symbol, work);
	if (klp_closure__sectioned(work) < 0)
		return work->err->code;
	sym = find(work, symbol, detour);
	for (size_t i = 0; sym && i < work->refs.n; i++) {
		const struct klp_ref *ref = &work->refs.v[i];

		if (!same_function(ref->to, sym) || same_function(ref->from, sym) ||
		    (!ref->code && (notes_positions(ref->section) || is_own_table(ref))))
			continue;
		if (!ref->branch || !ref->from || ref->from->type != STT_FUNC) {
			refuse(work, symbol, detour,
			       klp_sprintf(work->arena, "its address is taken by '%s'",
					   ref->from ? ref->from->name : ref->section));
			return 0;
		}
		if (patch_caller(work, ref, symbol, detour) < 0)
			return work->err->code;
	}
	return 0;
}
