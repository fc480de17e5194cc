// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands behind a name in the running kernel: read from symbol tables and relocations,
 * never guessed.
 */
#include "extract/private.h"

#include <string.h>

#include "base/file.h"

int klp_extract__resolve_open(struct extraction *x)
{
	struct klp_symtabs *symtabs = x->opts->symtabs;
	const char *running = klp_tree_object_file(x->tree, x->unit);

	x->object = klp_symtabs_get(symtabs, x->unit->object_path, x->err);
	x->running = x->object ? klp_symtabs_get(symtabs, running, x->err) : NULL;
	if (!x->running)
		return x->err->code;
	x->vmlinux = x->running;
	if (x->unit->module && x->tree->vmlinux)
		x->vmlinux = klp_symtabs_get(symtabs, x->tree->vmlinux, x->err);
	return x->vmlinux ? 0 : x->err->code;
}

static struct klp_finding *about(struct extraction *x, enum klp_severity severity, const char *code,
				 const char *symbol, const char *message, const char *hint)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, severity, code, "%s", message);

	f->symbol = symbol;
	f->file = x->unit->source;
	f->hint = hint;
	return f;
}

int klp_extract__resolve_own(struct extraction *x, const char *name, struct klp_symref *ret)
{
	const char *object = klp_unit_object_name(x->unit);
	const struct klp_sym *sym;
	bool ambiguous = false;

	sym = klp_symtab_locate(x->running, x->object, name, &ambiguous);
	*ret = (struct klp_symref){
		.object = object,
		.symbol = name,
		.section_object = object,
		.how = klp_extract__how(x),
	};
	if (ambiguous) {
		about(x, KLP_ERROR, "KLP-AMBIGUOUS", name,
		      klp_sprintf(x->arena, "several symbols '%s' of '%s' could be the one of '%s'",
				  name, object, x->unit->source),
		      "the symbol table doesn't tell the units apart: copy what is needed into the "
		      "fix under a new name");
		return 1;
	}
	if (!sym)
		return 0;
	if (klp_sym_is_init(sym))
		about(x, KLP_ERROR, "KLP-INIT-REFERENCE", name,
		      klp_sprintf(x->arena, "'%s' lies in section '%s', which is freed after boot",
				  name, sym->section),
		      "a patched function must not refer to it: write the fix without it");
	ret->sympos = klp_symtab_sympos(x->running, sym);
	return 1;
}

static bool same_target(const struct klp_symref *a, const struct klp_symref *b)
{
	return !strcmp(a->object, b->object) && !strcmp(a->symbol, b->symbol) &&
	       a->sympos == b->sympos && !strcmp(a->section_object, b->section_object);
}

static const char *unique_name(struct extraction *x, const char *prefix, const char *name,
			       const struct klp_symref *ref)
{
	char *link = klp_sprintf(x->arena, "%s_%s", prefix, name);

	for (unsigned int n = 2;; n++) {
		struct klp_symref *taken = klp_map_get(x->links, link);

		if (!taken) {
			taken = klp_new(x->arena, struct klp_symref);
			*taken = *ref;
			klp_map_put(x->links, link, taken);
			return link;
		}
		if (same_target(taken, ref))
			return link;
		link = klp_sprintf(x->arena, "%s_%s_%u", prefix, name, n);
	}
}

const char *klp_extract__link_name(struct extraction *x, const char *name,
				   const struct klp_symref *ref)
{
	return unique_name(x, x->opts->link_prefix ? x->opts->link_prefix : "klpe", name, ref);
}

/* Which its author chose, unless something else has it already. */
static const char *wanted_name(struct extraction *x, const char *name, const struct klp_symref *ref)
{
	struct klp_symref *taken = klp_map_get(x->links, name);

	if (!taken) {
		taken = klp_new(x->arena, struct klp_symref);
		*taken = *ref;
		klp_map_put(x->links, name, taken);
	}
	if (same_target(taken, ref))
		return name;
	about(x, KLP_ERROR, "KLP-POLICY", ref->symbol,
	      klp_sprintf(x->arena, "'%s' can't be called '%s': '%s' is", ref->symbol, name,
			  taken->symbol),
	      "choose another name, with the file where several functions have one: `name "
	      "FUNCTION@file.c klpp_NAME`");
	return unique_name(x, "klpp", ref->symbol, ref);
}

const char *klp_extract__new_name(struct extraction *x, const char *name)
{
	const struct klp_symref where = {
		.object = x->unit->object,
		.symbol = name,
		.section_object = "",
	};

	const char *wanted = klp_extract__wanted_name(x, name);

	return wanted ? wanted_name(x, wanted, &where) : unique_name(x, "klpp", name, &where);
}

/* "fs/jbd2/jbd2" of Module.symvers as the kernel names the module. */
static const char *module_name(struct extraction *x, const char *path)
{
	char *name = klp_strdup(x->arena, klp_path_base(path));

	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

/* An export of another module: resolved when the patched module is loaded. */
static int other_module(struct extraction *x, const struct klp_export *export,
			struct klp_symref *ret)
{
	const char *module = module_name(x, export->module);
	const char *file = klp_tree_module_file(x->tree, module);
	const struct klp_symtab *symtab;

	*ret = (struct klp_symref){
		.object = module,
		.symbol = export->symbol,
		.section_object = klp_unit_object_name(x->unit),
		.how = klp_extract__how(x),
	};
	if (!file) {
		about(x, KLP_ERROR, "KLP-UNRESOLVED", export->symbol,
		      klp_sprintf(x->arena,
				  "'%s' is exported by '%s', whose .ko isn't in the build",
				  export->symbol, export->module),
		      "build all modules of the kernel, then try again");
		return 1;
	}
	symtab = klp_symtabs_get(x->opts->symtabs, file, x->err);
	if (!symtab)
		return x->err->code;
	for (const struct klp_sym *s = klp_symtab_get(symtab, export->symbol); s; s = s->same)
		if (klp_sym_defined(s))
			ret->sympos = klp_symtab_sympos(symtab, s);
	return 1;
}

static const struct klp_sym *defined_global(const struct klp_symtab *symtab, const char *name)
{
	const struct klp_sym *s = klp_symtab_get(symtab, name);

	while (s && (!klp_sym_defined(s) || s->bind == 0 /* STB_LOCAL */))
		s = s->same;
	return s;
}

static bool is_unseen(const struct extraction *x)
{
	return x->unit->module && !x->tree->vmlinux;
}

/* Without a vmlinux, whatever nothing else has is taken for its. */
static bool global_of_vmlinux(struct extraction *x, const char *name, struct klp_symref *ret)
{
	const struct klp_sym *sym = is_unseen(x) ? NULL : defined_global(x->vmlinux, name);

	if (!sym && x->tree->vmlinux)
		return false;
	*ret = (struct klp_symref){
		.link_name = name,
		.object = "vmlinux",
		.symbol = name,
		.sympos = sym ? klp_symtab_sympos(x->vmlinux, sym) : 0,
		.section_object = "vmlinux",
		.how = klp_extract__how(x),
	};
	if (!sym)
		klp_strs_add(x->arena, &x->unseen, name);
	return true;
}

int klp_extract__resolve_foreign(struct extraction *x, const char *name, struct klp_symref *ret)
{
	const struct klp_export *export = klp_tree_export(x->tree, name);
	const struct klp_sym *sym;

	if (export && !strcmp(export->module, "vmlinux"))
		return 0;
	if (!x->unit->module)
		return x->opts->pointers && !is_unseen(x) && global_of_vmlinux(x, name, ret);
	sym = defined_global(x->running, name);
	if (sym) {
		*ret = (struct klp_symref){
			.object = x->unit->module,
			.symbol = name,
			.sympos = klp_symtab_sympos(x->running, sym),
			.section_object = x->unit->module,
			.how = klp_extract__how(x),
		};
		return 1;
	}
	if (export)
		return other_module(x, export, ret);
	return x->opts->pointers && !is_unseen(x) && global_of_vmlinux(x, name, ret);
}

bool klp_extract__is_in_kernel(const struct extraction *x, const char *name)
{
	return klp_tree_export(x->tree, name) || defined_global(x->running, name) ||
	       defined_global(x->vmlinux, name);
}

enum undefined_is klp_extract__resolve_undefined(struct extraction *x, const char *name,
						 struct klp_symref *ret)
{
	const struct klp_export *export = klp_tree_export(x->tree, name);
	int rc;

	if (export && !strcmp(export->module, "vmlinux"))
		return UNDEFINED_EXPORT;
	rc = klp_extract__resolve_foreign(x, name, ret);
	if (rc)
		return rc < 0 ? UNDEFINED_UNKNOWN : UNDEFINED_FOREIGN;
	return global_of_vmlinux(x, name, ret) ? UNDEFINED_GLOBAL : UNDEFINED_UNKNOWN;
}
