// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Symbols that a livepatch looks up for itself (KLP_HOW_KALLSYMS): its externs.c counts them as
 * kernel/livepatch/core.c does, so what holds for relocations holds for them. The module doesn't
 * tell which they are: its plan does.
 */
#include "verify/private.h"

static const char mixed[] = "give the build directory of the kernel that the livepatch is for";

static void check_pointer(struct klp_verify *v, const char *code, const struct klp_symref *ref)
{
	const struct klp_symtab *object = klp_map_get(&v->objects, ref->object);
	const char *hint = mixed, *why = klp_verify__too_long(v, ref->symbol, &hint);
	struct klp_unresolved unresolved;
	const struct klp_sym *sym;

	if (why || !object) {
		klp_verify__refuse(v, code, ref->symbol, hint,
				   "'%s' of '%s', which '%s' is to point to, can't be found: %s",
				   ref->symbol, ref->object, ref->link_name,
				   why ? why : "that isn't in the build");
		return;
	}
	if (!klp_verify__is_vmlinux(ref->object) &&
	    !klp_verify__is_there_with(v, ref->section_object, ref->object))
		klp_verify__refuse(v, code, ref->symbol, klp_verify__without,
				   "'%s' can't point to '%s' of '%s': %s", ref->link_name,
				   ref->symbol, ref->object,
				   klp_verify__is_not_there(v, ref->section_object, ref->object));
	sym = klp_verify__resolve(v, object, ref->object, ref->symbol, ref->sympos, &unresolved);
	if (!sym)
		klp_verify__refuse(v, code, ref->symbol, mixed,
				   "'%s' of '%s' (position %u), which '%s' is to point to, %s",
				   ref->symbol, ref->object, ref->sympos, ref->link_name,
				   unresolved.why);
	else if (klp_sym_is_init(sym))
		klp_verify__refuse(v, code, ref->symbol,
				   "keep init code out of the fix: it has run already",
				   "'%s' would point to '%s' of '%s', which lies in '%s', whose "
				   "memory was freed",
				   ref->link_name, ref->symbol, ref->object, sym->section);
}

void klp_verify__pointers(struct klp_verify *v, const char *code)
{
	const struct klp_plan *plan = v->opts->plan;

	for (size_t i = 0; plan && i < plan->refs.n; i++)
		if (plan->refs.v[i].how == KLP_HOW_KALLSYMS)
			check_pointer(v, code, &plan->refs.v[i]);
}
