// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare.h"

#include "report/json.h"

static const char *symbol_of(const struct klp_difference *d)
{
	return d->a ? d->a : d->b;
}

static json_t *names(const struct klp_differences *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		klp__json_push(array, klp__json_str(symbol_of(&list->v[i])));
	return array;
}

static void add_reasons(json_t *array, const char *kind, const struct klp_differences *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_difference *d = &list->v[i];
		json_t *o = json_object();

		klp__json_set(o, "symbol", klp__json_str(symbol_of(d)));
		klp__json_set(o, "kind", klp__json_str(kind));
		klp__json_set(o, "name", klp__json_str(d->name));
		klp__json_set(o, "a", klp__json_str(d->a));
		klp__json_set(o, "b", klp__json_str(d->b));
		klp__json_set(o, "why", klp__json_str(d->why));
		klp__json_set(o, "shares", klp__json_str(d->shares));
		klp__json_set(o, "clone", json_boolean(d->clone));
		klp__json_set(o, "writable", json_boolean(d->writable));
		klp__json_push(array, o);
	}
}

static json_t *reasons(const struct klp_compare *c)
{
	json_t *array = json_array();

	add_reasons(array, "changed", &c->changed);
	add_reasons(array, "only_a", &c->only_a);
	add_reasons(array, "only_b", &c->only_b);
	add_reasons(array, "changed_data", &c->changed_data);
	add_reasons(array, "data_only_a", &c->data_only_a);
	add_reasons(array, "data_only_b", &c->data_only_b);
	return array;
}

static json_t *readers(const struct klp_readers *list, const char *what)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "function", klp__json_str(list->v[i].function));
		klp__json_set(o, what, klp__json_str(list->v[i].of));
		klp__json_set(o, "via", klp__json_str(list->v[i].via));
		klp__json_push(array, o);
	}
	return array;
}

char *klp_compare_json(struct klp_arena *arena, const struct klp_compare *c)
{
	KLP_CLEANUP_JSON json_t *o = json_object();

	klp__json_set(o, "changed", names(&c->changed));
	klp__json_set(o, "only_a", names(&c->only_a));
	klp__json_set(o, "only_b", names(&c->only_b));
	klp__json_set(o, "identical", json_integer((json_int_t)c->identical));
	klp__json_set(o, "changed_data", names(&c->changed_data));
	klp__json_set(o, "data_only_a", names(&c->data_only_a));
	klp__json_set(o, "data_only_b", names(&c->data_only_b));
	klp__json_set(o, "readers", readers(&c->readers, "data"));
	klp__json_set(o, "clone_callers", readers(&c->clone_callers, "clone"));
	klp__json_set(o, "function_sections", json_boolean(c->sectioned));
	klp__json_set(o, "reasons", reasons(c));
	return klp__json_text(arena, o);
}
