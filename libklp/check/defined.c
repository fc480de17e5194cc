// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a fix defines newly, for all to call, though the running kernel has one of that name: a
 * definition that takes the place of a weak one, or a function that moves to another file. When
 * the kernel is linked anew, everybody calls the new one; in a running kernel only the livepatch
 * does.
 */
#include "check/rules.h"

#include <string.h>

static const struct klp_sym *global(const struct klp_symtab *symtab, const char *name)
{
	const struct klp_sym *sym = klp_symtab_get(symtab, name);

	while (sym && (!klp_sym_defined(sym) || sym->bind == STB_LOCAL))
		sym = sym->same;
	return sym;
}

/* The function that the fix takes away from another file, to be found here again. */
static const struct klp_change *moved_from(const struct klp_changes *changes,
					   const struct klp_change *to)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct klp_change *c = &changes->v[i];

		if (c->kind == KLP_REMOVED && !c->is_static && c->unit != to->unit &&
		    !strcmp(c->function, to->function))
			return c;
	}
	return NULL;
}

bool klp_check__is_for_all(const struct klp_change *change)
{
	return !change->is_static && !change->is_inline && !change->init &&
	       (change->kind == KLP_ADDED || change->kind == KLP_MODIFIED ||
		change->kind == KLP_LINKAGE);
}

void klp_check__defined(struct klp_arena *arena, const struct klp_changes *changes,
			const struct klp_change *change, const struct klp_symtab *unit,
			const struct klp_symtab *whole, struct klp_findings *findings)
{
	const struct klp_change *from = moved_from(changes, change);
	const struct klp_sym *there = global(whole, change->function);
	struct klp_finding *f;
	bool weak;

	if ((unit && global(unit, change->function)) || (!there && !from))
		return;
	weak = !from && there->bind == STB_WEAK;
	f = klp_finding_add(
		arena, findings, KLP_ERROR, "KLP-DEFINED-ELSEWHERE",
		from   ? "the fix moves '%s' to '%s', from '%s'"
		: weak ? "the fix defines '%s' in '%s', and the running kernel has a weak one%s"
		       : "the fix defines '%s' in '%s', and the running kernel has one already%s",
		change->function, change->file, from ? from->file : "");
	f->symbol = change->function;
	f->file = change->file;
	f->line = change->line;
	f->hint = weak ? "what isn't patched goes on calling the weak one: change that one in the "
			 "fix, so that it does what the new one does"
		       : "what isn't patched goes on calling the one that the kernel has: change "
			 "it where it is, and leave it there";
}
