// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/around.h"

#include <string.h>

#include "render/private.h"

/* kernel/livepatch/shadow.c: what makes a shadow variable, which outlives the livepatch. */
static const char *shadow_function(const struct klp_plan *plan)
{
	static const char *const names[] = { "klp_shadow_alloc", "klp_shadow_get_or_alloc" };

	for (size_t i = 0; i < plan->refs.n; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
			if (!strcmp(plan->refs.v[i].symbol, names[k]))
				return names[k];
	return NULL;
}

/*
 * kernel/livepatch/state.c klp_is_patch_compatible() compares nothing but states: without one the
 * kernel lets any livepatch take the place of this one.
 */
static void say_stateless(struct klp_arena *arena, const struct klp_plan *plan,
			  struct klp_findings *findings)
{
	const char *shadow = shadow_function(plan);
	struct klp_finding *f;

	if (plan->states.n || (!plan->callbacks.n && !shadow))
		return;
	f = klp_finding_add(arena, findings, KLP_WARNING, "KLP-NO-STATE",
			    "the livepatch changes more than code (%s%s%s), and has no state by "
			    "which the kernel would know",
			    shadow ? "it calls " : "", shadow ? shadow : "it has callbacks",
			    shadow ? "()" : "");
	f->symbol = shadow;
	f->hint = "give --state ID:VERSION: then no livepatch can replace this one that doesn't "
		  "know that state, in this version or a newer one";
}

int klp_around(struct klp_arena *arena, const struct klp_around_opts *opts, struct klp_plan *plan,
	       struct klp_findings *findings, struct klp_error *err)
{
	plan->no_replace = opts->no_replace;
	if (opts->states)
		plan->states = *opts->states;
	if (opts->callbacks && klp_render__callbacks(arena, opts->callbacks_file,
						     opts->callbacks_text, plan, findings, err) < 0)
		return err->code;
	say_stateless(arena, plan, findings);
	klp_render__externs(arena, plan);
	return 0;
}
