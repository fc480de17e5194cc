// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "model/externs.h"

const char klp_plan_externs_pre_patch[] = "pre_patch_externs";
const char klp_plan_externs_resolve[] = "resolve_externs";

struct klp_symref *klp_plan_ref(const struct klp_plan *plan, const char *link_name)
{
	for (size_t i = 0; i < plan->refs.n; i++)
		if (!strcmp(plan->refs.v[i].link_name, link_name))
			return &plan->refs.v[i];
	return NULL;
}

/* Nobody is to be kept from forging it, an edit is to be noticed. */
char *klp_plan_sum(struct klp_arena *arena, const char *data, size_t len)
{
	return klp_sprintf(arena, "%016" PRIx64, klp_fnv1a(data, len));
}

static struct klp_table_object *table_object(struct klp_arena *arena, struct klp_tables *tables,
					     const char *name)
{
	struct klp_table_object *o;

	for (size_t i = 0; i < tables->objects.n; i++)
		if (!strcmp(klp_table_object_name(&tables->objects.v[i]), name))
			return &tables->objects.v[i];
	o = klp_vec_add(arena, &tables->objects);
	*o = (struct klp_table_object){ .name = strcmp(name, "vmlinux") ? name : NULL };
	return o;
}

struct klp_tables klp_plan_tables(struct klp_arena *arena, const struct klp_plan *plan)
{
	struct klp_tables tables = { .replace = !plan->no_replace, .states = plan->states };

	for (size_t i = 0; i < plan->funcs.n; i++) {
		const struct klp_plan_func *f = &plan->funcs.v[i];

		klp_vec_push(arena, &table_object(arena, &tables, f->object)->funcs,
			     ((struct klp_table_func){ .old_name = f->old_name,
						       .sympos = f->sympos,
						       .new_name = f->new_name }));
	}
	for (size_t i = 0; i < plan->callbacks.n; i++)
		memcpy(table_object(arena, &tables, plan->callbacks.v[i].object)->callbacks,
		       plan->callbacks.v[i].functions, sizeof(plan->callbacks.v[i].functions));
	return tables;
}

struct klp_plan_callbacks *klp_plan_callbacks_of(struct klp_arena *arena, struct klp_plan *plan,
						 const char *object)
{
	for (size_t i = 0; i < plan->callbacks.n; i++)
		if (!strcmp(plan->callbacks.v[i].object, object))
			return &plan->callbacks.v[i];
	klp_vec_push(arena, &plan->callbacks, ((struct klp_plan_callbacks){ .object = object }));
	return &plan->callbacks.v[plan->callbacks.n - 1];
}

bool klp_plan_has_source(const struct klp_plan *plan, const char *file)
{
	for (size_t i = 0; i < plan->sources.n; i++)
		if (!strcmp(plan->sources.v[i].file, file))
			return true;
	return false;
}

struct klp_strs klp_plan_files(struct klp_arena *arena, const struct klp_plan *plan)
{
	struct klp_strs files = {};

	klp_vec_push(arena, &files, "Kbuild");
	klp_vec_push(arena, &files, "livepatch.c");
	if (klp_plan_has_source(plan, "callbacks.c"))
		klp_vec_push(arena, &files, "callbacks.h");
	if (klp_plan_has_source(plan, "externs.c"))
		klp_vec_push(arena, &files, "externs.h");
	for (size_t i = 0; i < plan->sources.n; i++)
		klp_vec_push(arena, &files, plan->sources.v[i].file);
	return files;
}

bool klp_plan_has(const struct klp_plan *plan, enum klp_symref_how how)
{
	for (size_t i = 0; i < plan->refs.n; i++)
		if (plan->refs.v[i].how == how)
			return true;
	return false;
}

const char *klp_symref_how_name(enum klp_symref_how how)
{
	static const char *const names[] = {
		[KLP_HOW_EXPORT] = "export",
		[KLP_HOW_RELOC] = "klp-reloc",
		[KLP_HOW_KALLSYMS] = "kallsyms",
	};

	return names[how];
}

static int compare_refs(const void *a, const void *b)
{
	const struct klp_symref *x = a, *y = b;
	int rc = strcmp(x->object, y->object);

	if (!rc)
		rc = strcmp(x->symbol, y->symbol);
	return rc ? rc : strcmp(x->link_name, y->link_name);
}

void klp_plan_sort_refs(struct klp_plan *plan)
{
	if (plan->refs.n)
		qsort(plan->refs.v, plan->refs.n, sizeof(*plan->refs.v), compare_refs);
}
