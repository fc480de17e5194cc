// SPDX-License-Identifier: GPL-2.0-or-later
/* What a function of the graph is, in a few words. */
#include <string.h>

#include "html/private.h"

static const char *change_says(enum klp_change_kind kind)
{
	static const char *const texts[] = {
		[KLP_MODIFIED] = "changed by the fix", [KLP_ADDED] = "new in the fix",
		[KLP_REMOVED] = "removed by the fix",  [KLP_HEADER] = "changed in a header",
		[KLP_LINKAGE] = "only its linkage",    [KLP_NAMED] = "asked for",
	};

	return texts[kind];
}

static bool is_copied(const struct klp_page *page, const struct klp_graph_node *node)
{
	const struct klp_copied_vec *list = &page->report->closure.copied;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].unit == node->unit && !strcmp(list->v[i].symbol, node->name))
			return true;
	return false;
}

static char *fate(struct klp_page *page, const struct klp_graph_node *node)
{
	if (node->refusal)
		return klp_sprintf(page->arena, "can\xe2\x80\x99t be patched");
	if (node->left_out)
		return klp_strdup(page->arena, "left out");
	if (node->patched)
		return klp_sprintf(page->arena, "%spatched in %s",
				   page->report->refused ? "would be " : "", node->patched->object);
	return is_copied(page, node) ? klp_strdup(page->arena, "copied") : NULL;
}

char *klp_html__role(struct klp_page *page, const struct klp_graph_node *node)
{
	const char *change = node->change ? change_says(node->change->kind) : NULL;
	char *what = fate(page, node);

	if (change && what)
		return klp_sprintf(page->arena, "%s, %s", change, what);
	if (change)
		return klp_strdup(page->arena, change);
	return what ? what : klp_strdup(page->arena, "on the way");
}

bool klp_html__is_shown(const struct klp_graph_node *node)
{
	return node->wanted || node->change;
}
