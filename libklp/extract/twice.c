// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the compiled text defines and the kernel has already.
 */
#include "extract/private.h"

#include <elf.h>
#include <string.h>

/* "count" of "count.3" */
static size_t unnumbered(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot[1] && !dot[1 + strspn(dot + 1, "0123456789")] ? (size_t)(dot - name)
									: strlen(name);
}

/*
 * What says that something was done once is each one's own. include/linux/once.h and others,
 * ".data.once" before 6.12; with -fdata-sections that is the section of a variable "once", too.
 */
static bool is_once(const struct klp_sym *sym)
{
	return !strcmp(sym->section, ".data..once") ||
	       (!strcmp(sym->section, ".data.once") && unnumbered(sym->name) != strlen("once"));
}

static bool is_writable_data(const struct klp_sym *sym)
{
	return klp_sym_defined(sym) && sym->type == STT_OBJECT &&
	       (!strncmp(sym->section, ".data", 5) || !strncmp(sym->section, ".bss", 4)) &&
	       strncmp(sym->section, ".data.rel.ro", 12) && !is_once(sym);
}

/* Another name of a function that is replaced: of the same code, and replaced with it. */
static bool is_alias(const struct klp_symtab *symtab, const struct klp_sym *sym)
{
	for (size_t i = 1; i < symtab->n; i++)
		if (symtab->v[i].shndx == sym->shndx && symtab->v[i].value == sym->value &&
		    !strncmp(symtab->v[i].name, "klpp_", 5))
			return true;
	return false;
}

static bool is_referred_to(const struct klp_refs *refs, const struct klp_sym *sym, bool by_code)
{
	for (size_t i = 0; i < refs->n; i++)
		if (refs->v[i].to == sym && (refs->v[i].code || !by_code))
			return true;
	return false;
}

/* A global that the kernel has already, defined a second time by something we copied. */
static void stray(struct extraction *x, const struct klp_symtab *symtab,
		  const struct klp_refs *refs, const struct klp_sym *sym)
{
	bool state = is_writable_data(sym);
	struct klp_finding *f;
	const struct klp_copied *copied = klp_closure_copied(x->closure, x->unit, sym->name);

	if (sym->bind == STB_LOCAL || !strncmp(sym->name, "klpp_", 5) || copied ||
	    is_alias(symtab, sym))
		return;
	if (!klp_symtab_get(x->object, sym->name))
		return;
	/* what a macro makes beside a function that is patched, and nobody can call */
	if (sym->type == STT_FUNC && !is_referred_to(refs, sym, false))
		return;
	f = klp_finding_add(x->arena, x->findings, state ? KLP_ERROR : KLP_WARNING,
			    state ? "KLP-SECOND-STATE" : "KLP-SECOND-DEFINITION",
			    "the extracted text defines '%s', which the kernel has already",
			    sym->name);
	f->symbol = sym->name;
	f->file = x->unit->source;
	/* DEFINE_STATIC_CALL, for one: static_call_update() sets the kernel's key only */
	f->hint = state ? "the kernel goes on with its own, so the livepatch would see another "
			  "state: a macro defines it among the things that the patched functions "
			  "use; write the fix without what brings it along"
			: "the livepatch has a copy of its own: harmless for a function that "
			  "nothing of the livepatch calls, and for constants whose address nobody "
			  "compares: see what brings it into the generated file";
}

/* The unit that the kernel runs has a variable of that name. */
static bool kernel_has(const struct extraction *x, const struct klp_sym *sym)
{
	size_t n = unnumbered(sym->name);

	for (size_t i = 1; i < x->object->n; i++) {
		const struct klp_sym *other = &x->object->v[i];

		if (is_writable_data(other) && unnumbered(other->name) == n &&
		    !strncmp(other->name, sym->name, n))
			return true;
	}
	return false;
}

/*
 * State that exists twice: the kernel's functions go on with theirs, the livepatch begins
 * with an empty one. Whatever way it came along, the compiled text shows it.
 */
static void second_states(struct extraction *x, const struct klp_symtab *symtab,
			  const struct klp_refs *refs)
{
	for (size_t i = 1; i < symtab->n; i++) {
		const struct klp_sym *sym = &symtab->v[i];
		char *name = klp_strndup(x->arena, sym->name, unnumbered(sym->name));
		struct klp_finding *f;

		if (sym->bind != STB_LOCAL || !is_writable_data(sym) ||
		    klp_extract__is_private_state(x, symtab, name) || !kernel_has(x, sym) ||
		    !is_referred_to(refs, sym, true))
			continue;
		f = klp_finding_add(
			x->arena, x->findings, KLP_ERROR, "KLP-SECOND-STATE",
			"the livepatch would have a variable '%s' of its own beside the "
			"kernel's",
			name);
		f->symbol = name;
		f->file = x->unit->source;
		f->hint = "a header or a macro defines it, so that it can't be referred to by "
			  "editing "
			  "this file: write the fix without the function that uses it, or with the "
			  "macro written out";
	}
}

int klp_extract__check_twice(struct extraction *x, const struct klp_symtab *symtab)
{
	struct klp_refs refs = {};

	if (klp_refs_load(x->arena, symtab, &refs, x->err) < 0)
		return x->err->code;
	for (size_t i = 1; i < symtab->n; i++)
		if (klp_sym_defined(&symtab->v[i]))
			stray(x, symtab, &refs, &symtab->v[i]);
	second_states(x, symtab, &refs);
	return 0;
}
