// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 2: which functions are redirected, and how the changed code came there. */
#include <string.h>

#include "html/private.h"

static size_t shown_nodes(const struct klp_page *page)
{
	size_t n = 0;

	for (size_t i = 0; i < page->graph.nodes.n; i++)
		n += klp_html__is_shown(klp_callgraph_node(&page->graph, i));
	return n;
}

static bool has_edges(const struct klp_page *page, int kind)
{
	for (size_t i = 0; i < page->graph.nodes.n; i++) {
		const struct klp_graph_node *node = klp_callgraph_node(&page->graph, i);

		for (size_t k = 0; k < node->down.n; k++)
			if ((int)node->down.v[k].kind == kind &&
			    klp_html__is_shown(node->down.v[k].node))
				return true;
	}
	return false;
}

static void legend(struct klp_page *page, struct klp_scope *scope, char *svg, const char *name,
		   const char *text)
{
	struct klp_scope *item = klp_scope_add(scope, "LEGEND");

	klp_html__markup(item, "LEGEND_SVG", svg);
	klp_html__text(page, item, "LEGEND_NAME", name);
	klp_html__text(page, item, "LEGEND_TEXT", text);
}

static void legend_boxes(struct klp_page *page, struct klp_scope *scope)
{
	bool refused = false, patched = false, left_out = false, way = false, changed = false;

	for (size_t i = 0; i < page->graph.nodes.n; i++) {
		const struct klp_graph_node *node = klp_callgraph_node(&page->graph, i);

		if (!klp_html__is_shown(node))
			continue;
		changed = changed || node->change;
		refused = refused || node->refusal;
		left_out = left_out || node->left_out;
		patched = patched || (node->patched && !node->refusal);
		way = way || (!node->patched && !node->left_out && !node->change);
	}
	if (changed)
		legend(page, scope, klp_html__draw_box(page, "changed"), "bar",
		       page->review->fixes.n ? "the fix changes it" : "it was asked for");
	if (patched)
		legend(page, scope, klp_html__draw_box(page, "patched"), "whole frame",
		       "it gets redirected");
	if (refused)
		legend(page, scope, klp_html__draw_box(page, "refused"),
		       "can\xe2\x80\x99t be patched", "a finding says why");
	if (left_out)
		legend(page, scope, klp_html__draw_box(page, "left-out"), "left out",
		       "old code goes on running there");
	if (way)
		legend(page, scope, klp_html__draw_box(page, "way"), "broken frame",
		       "nothing to redirect by itself");
}

static void legend_edges(struct klp_page *page, struct klp_scope *scope)
{
	static const char *const texts[] = {
		[KLP_REASON_INLINED] = "where the arrow ends holds a copy of where it begins",
		[KLP_REASON_CLONE] =
			"calls a clone, whose arguments are the compiler\xe2\x80\x99s choice",
		[KLP_REASON_PART] = "calls a part that the compiler split off",
		[KLP_REASON_NOT_TRACEABLE] = "calls what can\xe2\x80\x99t be redirected itself",
		[KLP_REASON_HIDDEN] = "was compiled by what the compiler knew of the other",
	};

	for (size_t kind = 0; kind < sizeof(texts) / sizeof(*texts); kind++)
		if (texts[kind] && has_edges(page, (int)kind))
			legend(page, scope, klp_html__draw_kind(page, (enum klp_reason_kind)kind),
			       klp_reason_kind_name((enum klp_reason_kind)kind), texts[kind]);
}

static void picture(struct klp_page *page)
{
	size_t n = shown_nodes(page);
	struct klp_scope *scope;

	klp_scope_list(page->root, "PICTURE");
	klp_html__if_text(page, page->root, "NO_PICTURE", "NO_PICTURE_TEXT",
			  n > KLP_HTML_MAX_NODES
				  ? klp_sprintf(page->arena,
						"There is no picture: these are %zu functions, and "
						"one of more than %d tells nobody anything.",
						n, KLP_HTML_MAX_NODES)
				  : NULL);
	klp_scope_condition(page->root, "HAS_TREE", n);
	klp_html__markup(page->root, "TREE", n ? klp_html__tree(page) : "");
	if (!n || n > KLP_HTML_MAX_NODES)
		return;
	scope = klp_scope_add(page->root, "PICTURE");
	klp_html__markup(scope, "SVG", klp_html__draw(page));
	klp_scope_list(scope, "LEGEND");
	legend_boxes(page, scope);
	legend_edges(page, scope);
}

static const char *new_name(const struct klp_page *page, const struct klp_patched *p)
{
	const struct klp_plan_funcs *funcs = &page->report->plan.funcs;

	for (size_t i = 0; i < funcs->n; i++)
		if (!strcmp(funcs->v[i].object, p->object) &&
		    !strcmp(funcs->v[i].old_name, p->symbol) && funcs->v[i].sympos == p->sympos)
			return funcs->v[i].new_name;
	return NULL;
}

static void rows(struct klp_page *page)
{
	const struct klp_patched_vec *patch = &page->report->closure.patch;
	struct klp_scope *scope;

	klp_scope_list(page->root, "HAS_PATCH");
	if (!patch->n)
		return;
	scope = klp_scope_add(page->root, "HAS_PATCH");
	klp_html__text(page, scope, "REDIRECTED",
		       page->report->refused ? "Functions that would have to be redirected"
					     : "Redirected functions");
	klp_scope_list(scope, "PATCH");
	for (size_t i = 0; i < patch->n && i < KLP_HTML_MAX_ROWS; i++) {
		const struct klp_patched *p = &patch->v[i];
		struct klp_scope *row = klp_scope_add(scope, "PATCH");
		struct klp_buf new;

		klp_html__text(page, row, "P_SYMBOL", p->symbol);
		klp_html__text(page, row, "P_OBJECT", p->object);
		klp_html__text(page, row, "P_POSITION",
			       p->sympos ? klp_sprintf(page->arena, "number %u", p->sympos)
					 : "the only one");
		klp_html__text(page, row, "P_PLACE", klp_html__place(page, p->file, p->line));
		klp_buf_init(&new, page->arena);
		if (new_name(page, p))
			klp_html__add_code(&new, new_name(page, p));
		else
			klp_buf_add(&new, "\xe2\x80\x93");
		klp_html__markup(row, "P_NEW", new.p);
	}
	klp_html__more(page, scope, "PATCH_MORE", patch->n);
}

static void copied(struct klp_page *page)
{
	const struct klp_copied_vec *list = &page->report->closure.copied;
	struct klp_scope *scope;

	klp_scope_list(page->root, "HAS_COPIED");
	if (!list->n)
		return;
	scope = klp_scope_add(page->root, "HAS_COPIED");
	klp_scope_list(scope, "COPIED");
	for (size_t i = 0; i < list->n && i < KLP_HTML_MAX_ROWS; i++) {
		const struct klp_copied *c = &list->v[i];
		struct klp_scope *row = klp_scope_add(scope, "COPIED");

		klp_html__text(page, row, "C_SYMBOL", c->symbol);
		klp_html__text(page, row, "C_WHY", klp_copy_reason_says(c->reason));
		klp_html__text(page, row, "C_NEEDED_BY", c->needed_by);
		klp_html__text(page, row, "C_FILE", c->file);
	}
	klp_html__more(page, scope, "COPIED_MORE", list->n);
}

static const char *lead(struct klp_page *page)
{
	const struct klp_patched_vec *patch = &page->report->closure.patch;
	struct klp_strs objects = {};
	struct klp_buf out;

	if (page->report->last < KLP_STAGE_CLOSURE && page->report->nothing_to_do)
		return "Nothing: the fix changes no function of this build.";
	if (page->report->last < KLP_STAGE_CLOSURE)
		return page->report->changed.n
			       ? "Not followed: the run ended before it was asked whose code holds "
				 "what the fix changes."
			       : "Not known: the run ended before that was asked.";
	if (!patch->n)
		return "Nothing: no function of the running kernel holds what the fix changes.";
	klp_buf_init(&out, page->arena);
	for (size_t i = 0; i < patch->n; i++)
		klp_strs_add(page->arena, &objects, patch->v[i].object);
	klp_buf_addf(&out, "%s of the running kernel %s redirected",
		     klp_html__count(page, patch->n, "function"),
		     page->report->refused ? "would have to be"
		     : patch->n == 1	   ? "is"
					   : "are");
	for (size_t i = 0; i < objects.n && i < 12; i++)
		klp_buf_addf(&out, "%s%s", i ? ", " : ", in ", objects.v[i]);
	klp_buf_add(&out, objects.n > 12 ? " and others." : ".");
	return out.p;
}

void klp_html__patched(struct klp_page *page)
{
	klp_html__text(page, page->root, "PATCHED_LEAD", lead(page));
	picture(page);
	rows(page);
	copied(page);
}
