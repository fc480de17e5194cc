// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/verify.h"

#include <string.h>

#include "base/file.h"
#include "elf/livepatch.h"
#include "verify/rules.h"

/* An object that isn't in the build stays out of the map; the checks that need it say so. */
static int load_object(struct klp_verify *v, const char *name, struct klp_error *err)
{
	const char *path =
		!strcmp(name, "vmlinux") ? v->tree->vmlinux : klp_tree_module_file(v->tree, name);
	struct klp_symtab *symtab;

	if (klp_map_get(&v->objects, name) || !path || !klp_file_exists(path))
		return 0;
	symtab = klp_new(v->arena, struct klp_symtab);
	if (klp_symtab_load(v->arena, path, symtab, err) < 0)
		return err->code;
	klp_map_put(&v->objects, name, symtab);
	return 0;
}

static int load_objects(struct klp_verify *v, struct klp_error *err)
{
	struct klp_lp_name name;

	klp_map_init(&v->objects, v->arena);
	for (size_t i = 0; i < v->plan->funcs.n; i++)
		if (load_object(v, v->plan->funcs.v[i].object, err) < 0)
			return err->code;
	for (size_t i = 1; i < v->image.syms.n; i++)
		if (v->image.syms.v[i].shndx == KLP_SHN_LIVEPATCH &&
		    klp_lp_parse_symbol(v->arena, v->image.syms.v[i].name, &name) &&
		    load_object(v, name.object, err) < 0)
			return err->code;
	return 0;
}

/* What the loader will compare with is in every module of the build. */
static int load_peer(struct klp_verify *v, struct klp_error *err)
{
	for (size_t i = 0; i < v->tree->modules.n; i++) {
		const char *path = klp_path_join(v->arena, v->tree->build, v->tree->modules.v[i]);
		struct klp_symtab symtab;

		if (!klp_file_exists(path))
			continue;
		if (klp_symtab_load(v->arena, path, &symtab, err) < 0)
			return err->code;
		v->peer_vermagic = symtab.vermagic;
		return 0;
	}
	return 0;
}

int klp_verify(struct klp_arena *arena, const char *module, const struct klp_plan *plan,
	       struct klp_tree *tree, struct klp_findings *findings, struct klp_error *err)
{
	struct klp_verify v = { .arena = arena, .plan = plan, .tree = tree, .findings = findings };

	if (klp_image_load(arena, module, &v.image, err) < 0 || load_objects(&v, err) < 0 ||
	    load_peer(&v, err) < 0)
		return err->code;
	for (const struct klp_verify_rule *rule = klp_verify__rules; rule->code; rule++)
		rule->check(&v, rule->code);
	return 0;
}
