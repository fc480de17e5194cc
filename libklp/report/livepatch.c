// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/livepatch.h"

#include "report/json.h"

static json_t *functions(const struct klp_table_funcs *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "old_name", klp__json_str(list->v[i].old_name));
		klp__json_set(o, "sympos", json_integer((json_int_t)list->v[i].sympos));
		klp__json_set(o, "new_name", klp__json_str(list->v[i].new_name));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *callbacks(const struct klp_table_object *object)
{
	json_t *o = json_object();

	for (int i = 0; i < KLP_NCALLBACKS; i++)
		if (object->callbacks[i])
			klp__json_set(o, klp_callback_name((enum klp_callback)i),
				      klp__json_str(object->callbacks[i]));
	return o;
}

static json_t *objects(const struct klp_table_objects *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "name", klp__json_str(klp_table_object_name(&list->v[i])));
		klp__json_set(o, "functions",
			      list->v[i].no_funcs ? json_null() : functions(&list->v[i].funcs));
		klp__json_set(o, "callbacks", callbacks(&list->v[i]));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *states(const struct klp_table_states *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "id", json_integer((json_int_t)list->v[i].id));
		klp__json_set(o, "version", json_integer(list->v[i].version));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *references(const struct klp_table_references *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		const struct klp_table_reference *r = &list->v[i];
		json_t *o = json_object();

		klp__json_set(o, "function", klp__json_str(r->function));
		klp__json_set(o, "object", klp__json_str(r->object));
		klp__json_set(o, "symbol", klp__json_str(r->symbol));
		klp__json_set(o, "sympos", json_integer((json_int_t)r->sympos));
		klp__json_set(o, "section_object", klp__json_str(r->section_object));
		klp__json_set(o, "count", json_integer(r->count));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *module(const struct klp_livepatch *m)
{
	json_t *o = json_object();

	klp__json_set(o, "file", klp__json_str(m->path));
	klp__json_set(o, "name", klp__json_str(m->name));
	klp__json_set(o, "replace", m->readable ? json_boolean(m->tables.replace) : json_null());
	klp__json_set(o, "objects", m->readable ? objects(&m->tables.objects) : json_null());
	klp__json_set(o, "changed_by", klp__json_str(m->tables.changed_by));
	klp__json_set(o, "states", m->readable ? states(&m->tables.states) : json_null());
	klp__json_set(o, "references", references(&m->references));
	klp__json_set(o, "findings", klp__json_findings(&m->findings));
	return o;
}

json_t *klp__json_upgrade(const struct klp_upgrade *upgrade)
{
	json_t *array = json_array(), *root = json_object();

	for (size_t i = 0; i < upgrade->funcs.n; i++) {
		const struct klp_upgrade_func *f = &upgrade->funcs.v[i];
		json_t *o = json_object();

		klp__json_set(o, "object", klp__json_str(f->object));
		klp__json_set(o, "symbol", klp__json_str(f->old_name));
		klp__json_set(o, "sympos", json_integer((json_int_t)f->sympos));
		klp__json_set(o, "what", klp__json_str(klp_upgrade_what_name(f->what)));
		klp__json_push(array, o);
	}
	klp__json_set(root, "from", klp__json_str(upgrade->from));
	klp__json_set(root, "to", klp__json_str(upgrade->to));
	klp__json_set(root, "functions", array);
	klp__json_set(root, "copied", klp__json_strs(&upgrade->copied));
	return root;
}

char *klp_livepatches_json(struct klp_arena *arena, const struct klp_livepatches *modules,
			   const struct klp_findings *together, const struct klp_upgrades *upgrades)
{
	KLP_CLEANUP_JSON json_t *root = json_object();
	json_t *array = json_array(), *replaced = json_array();

	for (size_t i = 0; i < modules->n; i++)
		klp__json_push(array, module(&modules->v[i]));
	klp__json_set(root, "version", json_integer(1));
	klp__json_set(root, "modules", array);
	for (size_t i = 0; i < upgrades->n; i++)
		klp__json_push(replaced, klp__json_upgrade(&upgrades->v[i]));
	klp__json_set(root, "together", klp__json_findings(together));
	klp__json_set(root, "upgrades", replaced);
	return klp__json_text(arena, root);
}
