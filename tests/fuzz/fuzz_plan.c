// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: NAME.plan.json and report.json (report/report.h) as arbitrary bytes. Seeds:
 * tests/fuzz/corpus/plan.
 */
#include <string.h>

#include "base/file.h"
#include "fuzz.h"
#include "model/plan_check.h"
#include "report/report.h"

/* What was taken is written in a form that is taken again, and is the same. */
static void check_round(struct klp_arena *arena, const struct klp_plan *plan)
{
	const char *path = fuzz_path(arena, "again.json");
	const char *text = klp_plan_json(arena, plan);
	struct klp_error err = {};
	struct klp_plan again = {};

	fuzz_put(path, (const uint8_t *)text, strlen(text));
	fuzz_expect(klp_plan_read(arena, path, &again, &err) == 0);
	fuzz_expect(!strcmp(klp_plan_json(arena, &again), text));
}

/* What render/, convert/ and run/base.c go by: no name leads anywhere else. */
static void check_names(struct klp_arena *arena, const struct klp_plan *plan)
{
	const struct klp_strs files = klp_plan_files(arena, plan);

	fuzz_expect(klp_is_module_name(plan->name));
	for (size_t i = 0; i < files.n; i++)
		fuzz_expect(!strchr(files.v[i], '/') && klp_path_is_safe(files.v[i]));
	for (size_t i = 0; i < plan->fixes.n; i++)
		fuzz_expect(klp_is_fix_name(plan->fixes.v[i]));
	for (size_t i = 0; i < plan->funcs.n; i++)
		fuzz_expect(klp_is_object(plan->funcs.v[i].object) &&
			    klp_is_symbol(plan->funcs.v[i].old_name) &&
			    klp_is_identifier(plan->funcs.v[i].new_name));
	for (size_t i = 0; i < plan->refs.n; i++)
		fuzz_expect(klp_is_object(plan->refs.v[i].object) &&
			    klp_is_symbol(plan->refs.v[i].symbol) &&
			    klp_plan_ref(plan, plan->refs.v[i].link_name) == &plan->refs.v[i]);
	klp_plan_tables(arena, plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *path = fuzz_path(arena, "in.json");
	struct klp_changes changes = {};
	struct klp_plan plan = {};
	struct klp_error err = {};
	int rc;

	fuzz_put(path, data, size);
	rc = klp_plan_read(arena, path, &plan, &err);
	fuzz_check_code(rc, &err);
	if (rc == 0) {
		check_names(arena, &plan);
		check_round(arena, &plan);
	}
	err = (struct klp_error){};
	fuzz_check_code(klp_report_read_changed(arena, path, &changes, &err), &err);
	klp_report_is_ours(path);
	return 0;
}
