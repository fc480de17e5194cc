// SPDX-License-Identifier: GPL-2.0-or-later
/* The module is what the plan says: klp-prep's own question, about its own output. */
#include <inttypes.h>
#include <string.h>

#include "elf/livepatch.h"
#include "verify/private.h"

static const char again[] = "build the module again from the rendered directory";

static bool is_planned(const struct klp_plan *plan, const struct klp_table_object *object,
		       const struct klp_table_func *func)
{
	for (size_t i = 0; i < plan->funcs.n; i++) {
		const struct klp_plan_func *p = &plan->funcs.v[i];

		if (func->old_name && func->new_name &&
		    !strcmp(p->object, klp_table_object_name(object)) &&
		    !strcmp(p->old_name, func->old_name) && p->sympos == func->sympos &&
		    !strcmp(p->new_name, func->new_name))
			return true;
	}
	return false;
}

static void check_planned(struct klp_verify *v, const char *code,
			  const struct klp_table_object *object, const struct klp_table_func *func)
{
	if (!is_planned(v->opts->plan, object, func))
		klp_verify__refuse(v, code, func->old_name, again,
				   "that '%s' of '%s' is replaced by '%s' is not in the plan",
				   func->old_name ? func->old_name : "?",
				   klp_table_object_name(object),
				   func->new_name ? func->new_name : "nothing");
}

static bool in_tables(const struct klp_tables *tables, const struct klp_plan_func *func)
{
	const struct klp_plan plan = { .funcs = { (struct klp_plan_func *)(uintptr_t)func, 1, 1 } };

	for (size_t i = 0; i < tables->objects.n; i++)
		for (size_t k = 0; k < tables->objects.v[i].funcs.n; k++)
			if (is_planned(&plan, &tables->objects.v[i],
				       &tables->objects.v[i].funcs.v[k]))
				return true;
	return false;
}

static bool is_planned_reference(struct klp_verify *v, const char *symbol)
{
	const struct klp_plan *plan = v->opts->plan;

	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];

		if (ref->how == KLP_HOW_RELOC &&
		    !strcmp(symbol,
			    klp_lp_symbol_name(v->arena, ref->object, ref->symbol, ref->sympos)))
			return true;
	}
	return false;
}

static void check_callbacks(struct klp_verify *v, const char *code,
			    const struct klp_table_object *object)
{
	const struct klp_plan_callbacks_vec *list = &v->opts->plan->callbacks;
	const char *name = klp_table_object_name(object);
	const struct klp_plan_callbacks *planned = NULL;

	for (size_t i = 0; i < list->n && !planned; i++)
		if (!strcmp(list->v[i].object, name))
			planned = &list->v[i];
	for (int i = 0; i < KLP_NCALLBACKS; i++) {
		const char *wanted = planned ? planned->functions[i] : NULL;

		if (!klp_table_same_name(wanted, object->callbacks[i]))
			klp_verify__refuse(v, code, NULL, again,
					   "%s of '%s' is '%s' in the module and '%s' in the plan",
					   klp_callback_name((enum klp_callback)i), name,
					   object->callbacks[i] ? object->callbacks[i] : "nothing",
					   wanted ? wanted : "nothing");
	}
}

static bool has_object(const struct klp_tables *tables, const char *name)
{
	for (size_t i = 0; i < tables->objects.n; i++)
		if (!strcmp(klp_table_object_name(&tables->objects.v[i]), name))
			return true;
	return false;
}

/* What stands around the functions (render/around.h). */
static void check_around(struct klp_verify *v, const char *code)
{
	const struct klp_tables *tables = &v->module.tables;
	const struct klp_plan *plan = v->opts->plan;
	bool same = tables->states.n == plan->states.n;

	if (tables->replace == plan->no_replace)
		klp_verify__refuse(v, code, NULL, again, "the module %s, which isn't planned",
				   tables->replace ? "replaces other livepatches"
						   : "doesn't replace other livepatches");
	for (size_t i = 0; same && i < plan->states.n; i++)
		same = tables->states.v[i].id == plan->states.v[i].id &&
		       tables->states.v[i].version == plan->states.v[i].version;
	if (!same)
		klp_verify__refuse(v, code, NULL, again,
				   "the module's states are others than the plan's");
	for (size_t i = 0; i < tables->objects.n; i++)
		check_callbacks(v, code, &tables->objects.v[i]);
	for (size_t i = 0; i < plan->callbacks.n; i++)
		if (!has_object(tables, plan->callbacks.v[i].object))
			klp_verify__refuse(v, code, NULL, again,
					   "the module has no object '%s', which has callbacks",
					   plan->callbacks.v[i].object);
}

/* The module patches and refers to what the plan says, under the positions that the plan says. */
void klp_verify__plan(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;
	const struct klp_plan *plan = v->opts->plan;
	const struct klp_table_objects *objects = &v->module.tables.objects;

	if (!plan)
		return;
	check_around(v, code);
	for (size_t i = 0; i < objects->n; i++)
		for (size_t k = 0; k < objects->v[i].funcs.n; k++)
			check_planned(v, code, &objects->v[i], &objects->v[i].funcs.v[k]);
	for (size_t i = 0; i < plan->funcs.n; i++)
		if (!in_tables(&v->module.tables, &plan->funcs.v[i]))
			klp_verify__refuse(
				v, code, plan->funcs.v[i].old_name, again,
				"the module doesn't replace '%s' of '%s' by '%s', as it is "
				"planned",
				plan->funcs.v[i].old_name, plan->funcs.v[i].object,
				plan->funcs.v[i].new_name);
	for (size_t i = 1; i < image->syms.n; i++)
		if (image->syms.v[i].shndx == KLP_SHN_LIVEPATCH &&
		    !is_planned_reference(v, image->syms.v[i].name))
			klp_verify__refuse(v, code, NULL,
					   "convert the plain module again with the plan that "
					   "belongs to it",
					   "'%s' is not in the plan", image->syms.v[i].name);
}
