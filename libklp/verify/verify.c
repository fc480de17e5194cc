// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/release.h"
#include "verify/verify.h"

#include <string.h>

#include "base/file.h"
#include "elf/livepatch.h"
#include "verify/private.h"

static int load_dependencies(struct klp_verify *v, const char *depends);

/* An object that isn't in the build stays out of the map; the checks that need it say so. */
static int load_object(struct klp_verify *v, const char *name)
{
	const char *path = klp_tree_running_file(v->tree, name);
	const struct klp_symtab *symtab;

	if (klp_map_get(&v->objects, name) || !path)
		return 0;
	symtab = klp_symtabs_get(v->opts->symtabs, path, v->err);
	if (!symtab)
		return v->err->code;
	klp_map_put(&v->objects, name, (void *)(uintptr_t)symtab);
	return symtab->depends ? load_dependencies(v, symtab->depends) : 0;
}

static int load_dependencies(struct klp_verify *v, const char *depends)
{
	char *names = klp_strdup(v->arena, depends), *save = NULL;

	for (char *p = strtok_r(names, ",", &save); p; p = strtok_r(NULL, ",", &save))
		if (load_object(v, p) < 0)
			return v->err->code;
	return 0;
}

/* Those of its references that the module itself doesn't tell. */
static int load_pointed_to(struct klp_verify *v)
{
	const struct klp_plan *plan = v->opts->plan;

	for (size_t i = 0; plan && i < plan->refs.n; i++)
		if (plan->refs.v[i].how == KLP_HOW_KALLSYMS &&
		    (load_object(v, plan->refs.v[i].object) < 0 ||
		     load_object(v, plan->refs.v[i].section_object) < 0))
			return v->err->code;
	return 0;
}

static int load_objects(struct klp_verify *v)
{
	const struct klp_image *image = &v->image;
	const struct klp_table_objects *objects = &v->module.tables.objects;
	struct klp_lp_name name;

	klp_map_init(&v->objects, v->arena);
	for (size_t i = 0; i < objects->n; i++)
		if (load_object(v, klp_table_object_name(&objects->v[i])) < 0)
			return v->err->code;
	for (size_t i = 1; i < image->syms.n; i++)
		if (image->syms.v[i].shndx == KLP_SHN_LIVEPATCH &&
		    klp_lp_parse_symbol(v->arena, image->syms.v[i].name, &name) &&
		    load_object(v, name.object) < 0)
			return v->err->code;
	return load_pointed_to(v);
}

/* What the loader will compare with is in every module of the build. */
static int load_peer(struct klp_verify *v)
{
	for (size_t i = 0; i < v->tree->modules.n; i++) {
		const char *path = klp_path_join(v->arena, v->tree->build, v->tree->modules.v[i]);
		const struct klp_symtab *symtab;

		if (!klp_file_exists(path))
			continue;
		symtab = klp_symtabs_get(v->opts->symtabs, path, v->err);
		if (!symtab)
			return v->err->code;
		v->peer_vermagic = symtab->vermagic;
		return 0;
	}
	return 0;
}

/* Without a .config the exports say it: they have sums, then. */
static bool wants_versions(const struct klp_tree *tree)
{
	if (tree->config.n)
		return klp_tree_config_is(tree, "CONFIG_MODVERSIONS");
	for (size_t i = 0; i < tree->exports.n; i++)
		if (((const struct klp_export *)tree->exports.entries[i].value)->crc)
			return true;
	return false;
}

int klp_verify(struct klp_arena *arena, const char *module, const struct klp_verify_opts *opts,
	       struct klp_livepatch *ret, struct klp_findings *findings, struct klp_error *err)
{
	struct klp_verify v = {
		.arena = arena,
		.opts = opts,
		.tree = opts->tree,
		.findings = findings,
		.release = klp_release_number(opts->tree->release),
		.err = err,
	};

	if (klp_image_load(arena, module, &v.image, err) < 0)
		return err->code;
	klp_verify__read(arena, &v.image, &v.module);
	/* of what is no livepatch at all, that it isn't marked as one says enough */
	for (size_t i = 0; klp_image_modinfo(&v.image, "livepatch", 0) && i < v.module.findings.n;
	     i++)
		klp_vec_push(arena, findings, v.module.findings.v[i]);
	v.versions = wants_versions(opts->tree);
	if (!opts->tree->config.n)
		klp_tree_say_no_config(arena, findings);
	if (load_objects(&v) < 0 || load_peer(&v) < 0)
		return err->code;
	for (const struct klp_verify__check *c = klp_verify__checks; c->rule.code && !err->code;
	     c++)
		if (c->check)
			c->check(&v, c->rule.code);
	if (ret) {
		klp_verify__references(arena, &v.image, &v.module.references);
		v.module.findings = (struct klp_findings){};
		*ret = v.module;
	}
	return err->code;
}
