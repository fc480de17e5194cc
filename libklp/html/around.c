// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 6: what a livepatch has besides its functions, and what its author decided. */
#include <inttypes.h>
#include <string.h>

#include "html/private.h"

static struct klp_scope *only_if(struct klp_page *page, const char *list, bool is)
{
	klp_scope_list(page->root, list);
	return is ? klp_scope_add(page->root, list) : NULL;
}

static void upgrade(struct klp_page *page)
{
	const struct klp_upgrade *u = page->report->upgrade;
	struct klp_scope *scope = only_if(page, "HAS_UPGRADE", u);
	struct klp_buf copied;

	if (!u)
		return;
	klp_html__text(page, scope, "UPGRADE_FROM", u->from);
	klp_scope_list(scope, "UPGRADE");
	for (size_t i = 0; i < u->funcs.n && i < KLP_HTML_MAX_ROWS; i++) {
		const struct klp_upgrade_func *f = &u->funcs.v[i];
		struct klp_scope *row = klp_scope_add(scope, "UPGRADE");

		klp_html__markup(row, "U_CLASS", klp_upgrade_what_name(f->what));
		klp_html__text(page, row, "U_SYMBOL",
			       f->sympos ? klp_sprintf(page->arena, "%s,%" PRIu64, f->old_name,
						       f->sympos)
					 : f->old_name);
		klp_html__text(page, row, "U_OBJECT", f->object);
		klp_html__text(page, row, "U_WHAT", klp_upgrade_what_says(f->what));
	}
	klp_html__more(page, scope, "UPGRADE_MORE", u->funcs.n);
	klp_buf_init(&copied, page->arena);
	for (size_t i = 0; i < u->copied.n && i < KLP_HTML_MAX_ROWS; i++)
		klp_buf_addf(&copied, "%s%s", i ? ", " : "", u->copied.v[i]);
	klp_html__if_text(page, scope, "UPGRADE_COPIED", "UPGRADE_COPIED_TEXT",
			  u->copied.n ? copied.p : NULL);
}

static void policy(struct klp_page *page)
{
	const struct klp_decisions *list = &page->report->decisions;
	struct klp_scope *scope = only_if(page, "HAS_POLICY", list->n);

	if (!scope)
		return;
	klp_scope_list(scope, "POLICY");
	/* none is left out: these are what somebody answers for, and written by hand */
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_decision *d = &list->v[i];
		struct klp_scope *row = klp_scope_add(scope, "POLICY");

		klp_html__text(page, row, "RULE", d->rule);
		klp_html__text(page, row, "RULE_REASON", d->reason ? d->reason : "none given");
		klp_html__number(page, row, "RULE_LINE", d->line);
		klp_html__text(page, row, "RULE_EFFECT",
			       klp_sprintf(page->arena, "%s%s",
					   d->used ? "used" : "nothing went by it",
					   d->inherited ? "; given for the base" : ""));
	}
}

static void left_out(struct klp_page *page)
{
	const struct klp_patched_vec *list = &page->report->closure.left_out;
	struct klp_scope *scope = only_if(page, "HAS_LEFT_OUT", list->n);

	if (!scope)
		return;
	klp_scope_list(scope, "LEFT_OUT");
	for (size_t i = 0; i < list->n; i++) {
		struct klp_scope *row = klp_scope_add(scope, "LEFT_OUT");

		klp_html__text(page, row, "L_SYMBOL", list->v[i].symbol);
		klp_html__text(page, row, "L_OBJECT", list->v[i].object);
		klp_html__text(page, row, "L_PLACE",
			       klp_html__place(page, list->v[i].file, list->v[i].line));
	}
}

static void callbacks(struct klp_page *page)
{
	static const char *const when[KLP_NCALLBACKS] = {
		[KLP_PRE_PATCH] = "before its functions are redirected (may refuse)",
		[KLP_POST_PATCH] = "when the transition is through",
		[KLP_PRE_UNPATCH] = "before it is disabled",
		[KLP_POST_UNPATCH] = "when its functions are the kernel\xe2\x80\x99s again",
	};
	const struct klp_plan_callbacks_vec *list = &page->report->plan.callbacks;
	struct klp_scope *scope = only_if(page, "HAS_CALLBACKS", list->n);

	if (!scope)
		return;
	klp_scope_list(scope, "CALLBACKS");
	for (size_t i = 0; i < list->n; i++)
		for (int k = 0; k < KLP_NCALLBACKS; k++) {
			struct klp_scope *row;

			if (!list->v[i].functions[k])
				continue;
			row = klp_scope_add(scope, "CALLBACKS");
			klp_html__text(page, row, "CB_OBJECT", list->v[i].object);
			klp_html__text(page, row, "CB_WHEN",
				       klp_sprintf(page->arena, "%s: %s",
						   klp_callback_name((enum klp_callback)k),
						   when[k]));
			klp_html__text(page, row, "CB_FUNCTION", list->v[i].functions[k]);
		}
}

static void states(struct klp_page *page)
{
	const struct klp_table_states *list = &page->report->plan.states;
	struct klp_scope *scope = only_if(page, "HAS_STATES", list->n);

	if (!scope)
		return;
	klp_scope_list(scope, "STATES");
	for (size_t i = 0; i < list->n; i++) {
		struct klp_scope *row = klp_scope_add(scope, "STATES");

		klp_html__markup(row, "STATE_ID",
				 klp_sprintf(page->arena, "%" PRIu64, list->v[i].id));
		klp_html__markup(row, "STATE_VERSION",
				 klp_sprintf(page->arena, "%" PRIu32, list->v[i].version));
	}
}

static void shadows(struct klp_page *page)
{
	const struct klp_shadows *list = &page->report->shadows;
	struct klp_scope *scope = only_if(page, "HAS_SHADOWS", list->n);

	if (!scope)
		return;
	klp_scope_list(scope, "SHADOWS");
	for (size_t i = 0; i < list->n; i++) {
		struct klp_scope *row = klp_scope_add(scope, "SHADOWS");

		klp_html__text(page, row, "SH_MEMBER", list->v[i].member);
		klp_html__text(page, row, "SH_DECLARATION", list->v[i].declaration);
		klp_html__text(page, row, "SH_ID", list->v[i].id);
		klp_html__text(page, row, "SH_HEADER", list->v[i].header);
	}
}

static const char *lead(const struct klp_page *page)
{
	const struct klp_report *r = page->report;

	if (r->refused || r->nothing_to_do || r->last < KLP_STAGE_RENDER)
		return "There is no module around which something could stand.";
	if (r->plan.no_replace)
		return "It stands beside other livepatches (replace is false): a function that one "
		       "of them has redirected is redirected again, and the order in which they "
		       "are disabled is yours to keep.";
	return "It is cumulative (replace is true): loading it takes the place of every livepatch "
	       "that was loaded before.";
}

void klp_html__around(struct klp_page *page)
{
	klp_html__text(page, page->root, "AROUND_LEAD", lead(page));
	upgrade(page);
	policy(page);
	left_out(page);
	callbacks(page);
	states(page);
	shadows(page);
}
