// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the author of a livepatch decides: which functions are copied, which are the kernel's,
 * what a replacement is called.
 */
#include "extract/private.h"

#include <string.h>

static struct klp_policy_rule *rule_for(const struct extraction *x, enum klp_policy_kind kind,
					const char *name)
{
	const struct klp_tu_decl *d = klp_tu_find(&x->view->tu, name);

	return klp_policy_find(x->opts->policy, kind, name,
			       d ? x->view->tu.files.v[d->file].name : NULL, x->unit->source);
}

bool klp_extract__wants_copy(struct extraction *x, const struct entity *e)
{
	struct klp_policy_rule *rule = rule_for(x, KLP_POLICY_COPY, e->name);

	/* of an alias there is no text */
	if (!rule || !e->decl->definition)
		return false;
	rule->used = true;
	return true;
}

static void refuse(struct extraction *x, const struct entity *e, const char *why)
{
	struct klp_finding *f = klp_finding_add(
		x->arena, x->findings, KLP_ERROR, "KLP-POLICY",
		"the policy wants the kernel's '%s' to be called, which isn't possible: %s",
		e->name, why);

	f->symbol = e->name;
	f->file = x->view->tu.files.v[e->decl->file].name;
	f->line = e->decl->line;
	f->hint = "leave the rule out: its text comes along then";
}

/* The tokens of a function aren't those that the kernel was built from. */
static bool is_changed(const struct extraction *x, const char *function)
{
	const struct klp_view *before = x->view->before;
	const struct klp_cdecl *old = before ? klp_map_get(&before->functions, function) : NULL;
	const struct klp_cdecl *new = klp_map_get(&x->view->functions, function);

	return before && (!old || !new || old->hash != new->hash);
}

int klp_extract__wants_reference(struct extraction *x, struct entity *e)
{
	struct klp_policy_rule *rule = rule_for(x, KLP_POLICY_REFERENCE, e->name);
	const struct klp_copied *copied = klp_closure_copied(x->closure, x->unit, e->name);
	int rc;

	if (!rule)
		return 0;
	rule->used = true;
	if (is_changed(x, e->name)) {
		refuse(x, e, "the kernel has it as it is without the fix");
		return 0;
	}
	/* the very reason for which it is copied, or its callers are patched */
	if (copied && copied->reason == KLP_COPY_SPECIALISED) {
		refuse(x, e, "what is left of it there was specialised to its old callers");
		return 0;
	}
	rc = klp_extract__resolve_own(x, e->name, &e->ref);
	if (!rc)
		refuse(x, e, "it has no symbol there");
	return rc;
}

const char *klp_extract__wanted_name(struct extraction *x, const char *name)
{
	struct klp_policy_rule *rule = rule_for(x, KLP_POLICY_NAME, name);

	if (!rule)
		return NULL;
	rule->used = true;
	return rule->object;
}

static size_t behind_includes(const struct extraction *x)
{
	size_t at = 0;

	for (size_t i = 0; i < x->items.n && x->items.v[i].kind != ITEM_DECL; i++)
		if (x->items.v[i].kind == ITEM_INCLUDE)
			at = i + 1;
	return at;
}

bool klp_extract__write_wanted(const struct extraction *x, size_t i, struct klp_buf *out)
{
	const struct klp_policy *policy = x->opts->policy;
	bool any = false;

	if (!policy || i != behind_includes(x))
		return false;
	for (size_t k = 0; k < policy->rules.n; k++) {
		struct klp_policy_rule *rule = &policy->rules.v[k];

		if (rule->kind != KLP_POLICY_INCLUDE)
			continue;
		rule->used = true;
		klp_buf_addf(out, "%s#include %s\n", any ? "" : "\n/* wanted by the policy */\n",
			     rule->subject);
		any = true;
	}
	return any;
}
