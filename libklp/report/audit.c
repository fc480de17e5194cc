// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.h"
#include "report/report.h"

static json_t *number(unsigned int value)
{
	return json_integer((json_int_t)value);
}

static json_t *config(const struct klp_audit_options *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "option", klp__json_str(list->v[i].name));
		klp__json_set(o, "value", klp__json_str(list->v[i].value));
		klp__json_set(o, "good", json_boolean(list->v[i].good));
		klp__json_set(o, "why", klp__json_str(list->v[i].why));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *passes(const struct klp_audit_passes *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "name", klp__json_str(list->v[i].name));
		klp__json_set(o, "effect", klp__json_str(list->v[i].effect));
		klp__json_set(o, "trace", klp__json_str(klp_audit_trace_name(list->v[i].trace)));
		klp__json_set(o, "units", number(list->v[i].live));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *counts(const struct klp_audit *a)
{
	const struct {
		const char *key;
		unsigned int value;
	} list[] = {
		{ "units", a->units },
		{ "units_of_modules", a->modules },
		{ "units_without_dump", a->without_dump },
		{ "units_traced", a->traced },
		{ "units_live_patching", a->live_patching },
		{ "units_lto", a->lto },
		{ "units_clang", a->clang },
		{ "functions", a->functions },
		{ "inlined_away", a->inlined_away },
		{ "inlined_and_emitted", a->inlined_emitted },
		{ "cloned", a->cloned },
		{ "symbols", a->symbols },
		{ "traceable", a->traceable },
		{ "folded", a->folded },
		{ "name_not_unique", a->duplicates },
	};
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		klp__json_set(o, list[i].key, number(list[i].value));
	return o;
}

char *klp_audit_json(struct klp_arena *arena, const struct klp_audit *audit)
{
	KLP_CLEANUP_JSON json_t *o = json_object();

	klp__json_set(o, "version", json_integer(1));
	klp__json_set(o, "release", klp__json_str(audit->release));
	klp__json_set(o, "compilers", klp__json_strs(&audit->compilers));
	klp__json_set(o, "compiler_version", klp__json_str(audit->version));
	klp__json_set(o, "config", config(&audit->config));
	klp__json_set(o, "counts", counts(audit));
	klp__json_set(o, "optimizations", passes(&audit->passes));
	klp__json_set(o, "findings", klp__json_findings(&audit->findings));
	return klp__json_text(arena, o);
}
