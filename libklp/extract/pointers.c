// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * References through pointers that the module sets when it is loaded, in place of livepatch
 * relocations: `(*klpe_foo)` for `foo`. C's declarators follow use, so the same words in place of
 * the name turn a declaration of foo into one of a pointer to it.
 *
 * A relocation can be anywhere; a pointer must be loaded. So some places can't have one: inline
 * functions of headers, operands that must be constants (static keys, static calls), initial
 * values of data.
 */
#include "extract/private.h"

#include <string.h>

#include "elf/refs.h"

enum klp_symref_how klp_extract__how(const struct extraction *x)
{
	return x->opts->pointers ? KLP_HOW_KALLSYMS : KLP_HOW_RELOC;
}

bool klp_extract__has_link(const struct extraction *x, const struct entity *e)
{
	const struct klp_export *export;

	if (e->decl->is_static || x->unit->module)
		return true;
	if (!x->opts->pointers)
		return false;
	export = klp_tree_export(x->tree, e->name);
	return !export || strcmp(export->module, "vmlinux") != 0;
}

char *klp_extract__without_parentheses(const struct extraction *x, char *declaration,
				       const char *link)
{
	size_t len = strlen(declaration), n = strlen(link);

	if (link[0] != '(' || len < n || strcmp(declaration + len - n, link))
		return declaration;
	return klp_sprintf(x->arena, "%.*s%.*s", (int)(len - n), declaration, (int)(n - 2),
			   link + 1);
}

const char *klp_extract__link_text(const struct extraction *x, const struct entity *e)
{
	return x->opts->pointers && strcmp(e->link, e->name)
		       ? klp_sprintf(x->arena, "(*%s)", e->link)
		       : e->link;
}

/* ---- words that macros say ------------------------------------------------------------------ */

/*
 * `#define foo (*klpe_foo)` reaches what a header's macro spells, and leaves alone what a macro
 * makes a string of. It would reach a variable, parameter or member of that name as well; what
 * libclang doesn't list as one (a tag, say) doesn't compile then.
 */
bool klp_extract__define_word(struct extraction *x, const struct use *u)
{
	const struct item *item = &x->items.v[u->item];

	if (klp_extract__is_defined_word(x, u))
		return true;
	if (u->entity->kind != ENTITY_EXTERN || u->entity->local || !item->function ||
	    klp_map_get(&x->macros, u->entity->name))
		return false;
	for (size_t i = 0; i < item->decls.n; i++)
		if (klp_strs_has(&item->decls.v[i]->names, u->entity->name))
			return false;
	klp_vec_push(x->arena, &x->defined, ((struct defined_word){ u->item, u->entity }));
	return true;
}

bool klp_extract__is_defined_word(const struct extraction *x, const struct use *u)
{
	for (size_t i = 0; i < x->defined.n; i++)
		if (x->defined.v[i].item == u->item && x->defined.v[i].entity == u->entity)
			return true;
	return false;
}

void klp_extract__write_defined(const struct extraction *x, size_t item, bool behind,
				struct klp_buf *out)
{
	bool first = true;

	for (size_t i = 0; i < x->defined.n; i++) {
		const struct entity *e = x->defined.v[i].entity;

		if (x->defined.v[i].item != item)
			continue;
		if (behind)
			klp_buf_addf(out, "#undef %s\n", e->name);
		else
			klp_buf_addf(out, "%s#define %s %s\n",
				     first ? "\n/* macros in the function below spell it */\n" : "",
				     e->name, klp_extract__link_text(x, e));
		first = false;
	}
}

/* ---- what can't be a pointer ---------------------------------------------------------------- */

static const char hint[] =
	"leave out --externs kallsyms: a livepatch relocation can be made there; or write the "
	"fix so that it does without the reference";

static struct klp_finding *refuse(struct extraction *x, const char *name, const char *where)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-NO-POINTER",
				"'%s' can't be referred to through a pointer: %s", name, where);

	f->symbol = name;
	f->file = x->unit->source;
	f->hint = hint;
	return f;
}

void klp_extract__no_pointer(struct extraction *x, const struct use *u, const char *where)
{
	struct klp_finding *f;

	if (klp_findings_about(x->findings, "KLP-NO-POINTER", u->entity->name))
		return;
	f = refuse(x, u->entity->name, where);
	if (u->offset == KLP_NOWHERE) {
		f->line = x->items.v[u->item].line;
	} else {
		f->file = x->view->tu.files.v[u->file].name;
		f->line = klp_extract__line_at(x, u->file, u->offset);
	}
}

/* A function of the text that refers to the symbol, by its name in the source. */
static const char *user_of(struct extraction *x, const struct klp_symtab *symtab,
			   const char *symbol)
{
	struct klp_refs refs = {};
	struct klp_error ignored = {};

	if (klp_refs_load(x->arena, symtab, &refs, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < refs.n; i++) {
		const struct klp_ref *r = &refs.v[i];

		if (!r->from || !r->to || strcmp(r->to->name, symbol))
			continue;
		for (size_t j = 0; j < x->order.n; j++)
			if (x->order.v[j]->new_name &&
			    !strcmp(x->order.v[j]->new_name, r->from->name))
				return x->order.v[j]->name;
		return klp_strndup(x->arena, r->from->name, strcspn(r->from->name, "."));
	}
	return NULL;
}

void klp_extract__not_spelled(struct extraction *x, const struct klp_symtab *symtab,
			      const char *symbol)
{
	const char *function = user_of(x, symtab, symbol);
	struct key_place place = klp_extract__key_place(x, function, symbol);
	struct klp_finding *f;

	f = refuse(x, symbol,
		   klp_sprintf(x->arena, "%s comes to it by way of %s, which keeps the name",
			       function ? function : "the text",
			       place.way ? place.way : "a macro, an inline function or assembly"));
	if (place.file)
		f->file = place.file;
	f->line = place.line;
}

static bool is_static_key(const struct extraction *x, const struct entity *e)
{
	static const char key[] = "struct static_key"; /* _true, _false; arrays of them */
	const char *type = e->decl ? e->decl->canonical : NULL;

	for (size_t i = 0; e->local && i < x->locals.n; i++)
		if (x->locals.v[i].entity == e)
			type = x->locals.v[i].local->canonical;
	return type && !strncmp(type, key, sizeof(key) - 1);
}

/* The use stands in the initial value of something, which must be a constant. */
static bool in_initialiser(const struct extraction *x, const struct use *u)
{
	const struct item *item = &x->items.v[u->item];

	for (size_t i = 0; i < item->decls.n; i++) {
		const struct klp_tu_decl *d = item->decls.v[i];

		if (d->file != u->file || u->offset < d->from || u->offset >= d->to)
			continue;
		if (d->kind == KLP_TU_VARIABLE)
			return true;
		for (size_t j = 0; j < d->locals.n; j++) {
			const struct klp_tu_local *l = &d->locals.v[j];

			/* where a macro defines it, anything may be an argument */
			if (!l->macro && l->file == u->file && u->offset >= l->from &&
			    u->offset < l->to)
				return true;
		}
	}
	return false;
}

bool klp_extract__blame_pointers(struct extraction *x)
{
	for (size_t i = 0; x->opts->pointers && i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];
		bool pointer = u->entity->kind == ENTITY_EXTERN ||
			       (u->entity->kind == ENTITY_PATCHED && !u->call);

		if (!pointer)
			continue;
		if (u->offset != KLP_NOWHERE && in_initialiser(x, u))
			klp_extract__no_pointer(x, u, "an initial value must be a constant");
		else if (is_static_key(x, u->entity))
			klp_extract__no_pointer(
				x, u, "the address of a static key is part of the machine code");
	}
	for (size_t i = 0; i < x->findings->n; i++)
		if (!strcmp(x->findings->v[i].code, "KLP-NO-POINTER"))
			return true;
	return false;
}

/* ---- kernels where it doesn't work ---------------------------------------------------------- */

/* What a kernel's configuration does to a call to an address that was looked up. */
static const struct {
	const char *config, *why;
} checks_calls[] = {
	{ "CONFIG_X86_KERNEL_IBT",
	  "an indirect call must land on an ENDBR instruction, and functions whose address the "
	  "kernel doesn't take have none" },
	{ "CONFIG_ARM64_BTI_KERNEL",
	  "an indirect call must land on a BTI instruction, and functions whose address the "
	  "kernel doesn't take have none" },
	{ "CONFIG_CFI_CLANG",
	  "an indirect call is checked against a hash, and functions whose address the kernel "
	  "doesn't take have none" },
	{ "CONFIG_CFI",
	  "an indirect call is checked against a hash, and functions whose address the kernel "
	  "doesn't take have none" },
	{ "CONFIG_PPC64_ELF_ABI_V1",
	  "a pointer to a function leads to a descriptor there, not to the address that the "
	  "symbol table has" },
};

void klp_extract__check_pointers(struct klp_arena *arena, const struct klp_tree *tree,
				 const struct klp_plan *plan, struct klp_findings *findings)
{
	struct klp_finding *note;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(checks_calls) / sizeof(*checks_calls); i++) {
		struct klp_finding *f;

		if (!klp_plan_has(plan, KLP_HOW_KALLSYMS) ||
		    !klp_tree_config_is(tree, checks_calls[i].config))
			continue;
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-NO-INDIRECT-CALL",
				    "this kernel has %s: %s", checks_calls[i].config,
				    checks_calls[i].why);
		f->hint = "leave out --externs kallsyms: livepatch relocations make direct calls";
	}
	for (size_t i = 0; i < plan->refs.n; i++)
		n += plan->refs.v[i].how == KLP_HOW_KALLSYMS;
	if (!n || klp_findings_refuse(findings))
		return;
	note = klp_finding_add(arena, findings, KLP_NOTE, "KLP-POINTERS",
			       "%zu symbol%s looked up by name when the livepatch is loaded, and "
			       "used through pointers",
			       n, n == 1 ? " is" : "s are");
	note->hint = "klp-prep(1) says what that costs; the proof compares the text as it is with "
		     "relocations in place of the pointers";
}
