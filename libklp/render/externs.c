// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pointers through which a livepatch refers to the kernel when it has no relocations
 * (KLP_HOW_KALLSYMS): externs.c sets them, for vmlinux before the livepatch is enabled, for a
 * module from the pre_patch callback of its object.
 */
#include <string.h>

#include "base/map.h"
#include "model/externs.h"
#include "render/private.h"

void klp_render__externs(struct klp_arena *arena, struct klp_plan *plan)
{
	const struct klp_plan_source source = { .file = "externs.c" };

	if (!klp_plan_has(plan, KLP_HOW_KALLSYMS))
		return;
	klp_vec_push(arena, &plan->sources, source);
	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];
		struct klp_plan_callbacks *c;

		if (ref->how != KLP_HOW_KALLSYMS || !strcmp(ref->section_object, "vmlinux"))
			continue;
		c = klp_plan_callbacks_of(arena, plan, ref->section_object);
		if (c->functions[KLP_PRE_PATCH] == klp_plan_externs_pre_patch)
			continue;
		c->then = c->functions[KLP_PRE_PATCH];
		c->functions[KLP_PRE_PATCH] = klp_plan_externs_pre_patch;
	}
	klp_render__sort_callbacks(plan);
}

static void add_object(struct klp_scope *scope, const char *list, const char *object)
{
	klp_scope_list(scope, list);
	if (strcmp(object, "vmlinux") != 0)
		klp_scope_set(klp_scope_add(scope, list), "OBJECT", object);
}

static void add_extern(struct klp_arena *arena, struct klp_scope *list,
		       const struct klp_symref *ref)
{
	struct klp_scope *scope = klp_scope_add(list, "EXTERNS");

	klp_scope_set(scope, "POINTER", ref->link_name);
	klp_scope_set(scope, "SYMBOL", ref->symbol);
	klp_scope_set(scope, "SYMPOS", klp_sprintf(arena, "%u", ref->sympos));
	add_object(scope, "OF_MODULE", ref->object);
	add_object(scope, "FOR_MODULE", ref->section_object);
	klp_scope_condition(scope, "FOR_VMLINUX", !strcmp(ref->section_object, "vmlinux"));
}

/* Those for vmlinux, and those for each patched module. */
static void add_by_object(struct klp_arena *arena, struct klp_scope *root,
			  const struct klp_plan *plan)
{
	struct klp_map objects;

	klp_map_init(&objects, arena);
	klp_scope_list(root, "VMLINUX_EXTERNS");
	klp_scope_list(root, "MODULES_EXTERNS");
	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];
		const char *object = ref->section_object;
		struct klp_scope *of = klp_map_get(&objects, object);

		if (ref->how != KLP_HOW_KALLSYMS)
			continue;
		if (!of) {
			of = klp_scope_add(root, strcmp(object, "vmlinux") ? "MODULES_EXTERNS"
									   : "VMLINUX_EXTERNS");
			klp_scope_set(of, "OBJECT", object);
			klp_map_put(&objects, object, of);
		}
		add_extern(arena, of, ref);
	}
}

void klp_render__add_externs(struct klp_arena *arena, struct klp_scope *root,
			     const struct klp_plan *plan)
{
	bool has = klp_plan_has(plan, KLP_HOW_KALLSYMS), of_modules = false;

	klp_scope_condition(root, "HAS_EXTERNS", has);
	klp_scope_condition(root, "CONVERTED", !has);
	klp_scope_list(root, "EXTERNS");
	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];

		if (ref->how != KLP_HOW_KALLSYMS)
			continue;
		add_extern(arena, root, ref);
		of_modules = of_modules || strcmp(ref->section_object, "vmlinux") != 0;
	}
	add_by_object(arena, root, plan);
	klp_scope_condition(root, "HAS_MODULE_EXTERNS", of_modules);
	klp_scope_condition(root, "NO_MODULE_EXTERNS", !of_modules);
	klp_scope_list(root, "THEN");
	for (size_t i = 0; i < plan->callbacks.n; i++) {
		const struct klp_plan_callbacks *c = &plan->callbacks.v[i];
		struct klp_scope *then;

		if (!c->then)
			continue;
		then = klp_scope_add(root, "THEN");
		klp_scope_set(then, "OBJECT", c->object);
		klp_scope_set(then, "FUNCTION", c->then);
	}
}
