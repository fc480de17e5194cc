// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words name too many units; their preprocessed tokens are the answer. Both versions of one take
 * a second and seventy megabytes, so they are forgotten again at once.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "detect/compare.h"
#include "detect/headers.h"
#include "model/report.h"

/* So many are looked at in full without asking whether they need be. */
#define FEW 6

struct filter {
	const struct klp_detect_result *versions;
	const struct klp_touched_vec *touched;
	struct klp_units units;
	bool *differs;
	struct klp_error *errs; /* of each unit */
	const struct klp_log *log;
	atomic_size_t begun;
};

/* What can't be preprocessed is looked at again in full, which says why. */
static void look(void *ctx, size_t i)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct filter *f = ctx;
	struct klp_view before = { .unit = f->units.v[i], .overlay = &f->versions->before };
	struct klp_view after = { .unit = f->units.v[i], .overlay = &f->versions->after };
	struct klp_comparison found = {};
	struct klp_findings findings = {};
	const char *failed_before, *failed_after;
	char what[64];

	snprintf(what, sizeof(what), "unit %zu of %zu that read a header of the fix",
		 atomic_fetch_add(&f->begun, 1) + 1, f->units.n);
	klp_stage_progress(f->log, KLP_STAGE_DETECT, what);
	if (klp_view_tokens(scratch, &before, &failed_before, &f->errs[i]) < 0 ||
	    klp_view_tokens(scratch, &after, &failed_after, &f->errs[i]) < 0)
		return;
	f->differs[i] = failed_before || failed_after;
	if (!f->differs[i] && klp_detect__compare(scratch, &before, &after, f->touched, &found,
						  &findings, &f->errs[i]) == 0)
		f->differs[i] = found.changes.n || found.unheld.n || findings.n;
}

static bool is_known(const struct klp_detect_result *versions, const struct klp_unit *unit)
{
	for (size_t i = 0; i < versions->units.n; i++)
		if (versions->units.v[i] == unit)
			return true;
	return false;
}

int klp_detect__differing_units(struct klp_arena *arena, const struct klp_detect_opts *opts,
				struct klp_detect_result *versions,
				const struct klp_touched_vec *touched, struct klp_units *units,
				struct klp_error *err)
{
	struct filter f = { .versions = versions, .touched = touched, .log = opts->log };

	for (size_t i = 0; i < units->n; i++) {
		const struct klp_unit *unit = units->v[i];

		if (is_known(versions, unit))
			continue;
		if (klp_detect__add_file(arena, unit->source_root, unit->source, &versions->before,
					 err) < 0 ||
		    klp_detect__add_file(arena, unit->source_root, unit->source, &versions->after,
					 err) < 0)
			return err->code;
		klp_vec_push(arena, &f.units, units->v[i]);
	}
	if (f.units.n <= FEW) {
		*units = f.units;
		return 0;
	}
	f.differs = klp_alloc_array(arena, f.units.n, sizeof(*f.differs));
	f.errs = klp_alloc_array(arena, f.units.n, sizeof(*f.errs));
	klp_parallel(f.units.n, opts->jobs, look, &f);
	*units = (struct klp_units){};
	for (size_t i = 0; i < f.units.n; i++) {
		if (f.errs[i].code) {
			*err = f.errs[i];
			return err->code;
		}
		if (f.differs[i])
			klp_vec_push(arena, units, f.units.v[i]);
	}
	klp_log(opts->log, KLP_LOG_DEBUG, "headers: %zu of %zu further units differ", units->n,
		f.units.n);
	return 0;
}
