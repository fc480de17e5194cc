// SPDX-License-Identifier: GPL-2.0-or-later
/* What the policy file of a livepatch's author means for its findings, and for its report. */
#include <string.h>

#include "base/file.h"
#include "run/private.h"

/* A policy is written by hand. */
#define MAX_POLICY ((size_t)1 << 20)

/*
 * Errors that their author may accept: the module is right if what he claims holds. All else that
 * is an error stays one: there is nothing to load, it would not do what the fix says, or the kernel
 * would refuse it. (docs/klp-prep.1 has this list, too.)
 */
static const struct {
	const char *code, *claim;
} acceptable[] = {
	{ "KLP-DATA-CHANGED", "the new code works with the value that the variable has, or a "
			      "callback sets it" },
	{ "KLP-ASM-CHANGED", "the rest of the fix is right with the old assembly" },
	{ "KLP-FILE-DELETED", "the rest of the fix is right while the old file's code runs on" },
	{ "KLP-SHARED-ADDRESS", "both functions may run the new code" },
	{ "KLP-OUTSIDE", "that function may go on with its old code" },
	{ "KLP-HEADER-STALE", "the old version does there" },
	{ "KLP-SECOND-STATE", "the new code may have that state for itself" },
	{ "KLP-FIDELITY", "the difference is known, and harmless" },
};

static const char *claim_of(const struct klp_finding *f)
{
	for (size_t i = 0; !f->firm && i < sizeof(acceptable) / sizeof(*acceptable); i++)
		if (!strcmp(acceptable[i].code, f->code))
			return acceptable[i].claim;
	return NULL;
}

/* Of these codes, each finding is a matter of its own: what is so of one isn't of the next. */
static bool is_about_one(const char *code)
{
	static const char *const warnings[] = { "KLP-V-RETURNS", "KLP-V-HANDOVER" };

	for (size_t i = 0; i < sizeof(warnings) / sizeof(*warnings); i++)
		if (!strcmp(warnings[i], code))
			return true;
	for (size_t i = 0; i < sizeof(acceptable) / sizeof(*acceptable); i++)
		if (!strcmp(acceptable[i].code, code))
			return true;
	return false;
}

/* What is said of the policy itself can't be silenced by it. */
static bool is_about_policy(const struct klp_finding *f)
{
	return !strcmp(f->code, "KLP-POLICY") || !strcmp(f->code, "KLP-POLICY-BASE") ||
	       !strcmp(f->code, "KLP-LEFT-OUT");
}

static bool can_be_accepted(const struct klp_finding *f)
{
	return !is_about_policy(f) && (f->severity != KLP_ERROR || claim_of(f));
}

/* Of what no symbol has, the file is the name. */
static bool names(const struct klp_policy_rule *rule, const struct klp_finding *f)
{
	return f->symbol ? !strcmp(rule->object, f->symbol)
			 : klp_policy_means(rule->object, f->file);
}

/* The rule that names what it is about, or else the one for all of the code. */
static struct klp_policy_rule *rule_for(struct klp_run *r, const struct klp_finding *f)
{
	struct klp_policy_rule *all = NULL;

	for (size_t i = 0; i < r->policy.rules.n; i++) {
		struct klp_policy_rule *rule = &r->policy.rules.v[i];

		if (rule->kind != KLP_POLICY_ACCEPT || strcmp(rule->subject, f->code))
			continue;
		if (rule->object && names(rule, f))
			return rule;
		if (!rule->object)
			all = rule;
	}
	return all;
}

static void accept(struct klp_run *r, struct klp_finding *f, struct klp_policy_rule *rule)
{
	rule->used = true;
	f->accepted = rule->inherited
			      ? klp_sprintf(r->arena, "%s (given for the base)", rule->reason)
			      : rule->reason;
	if (f->severity == KLP_ERROR)
		f->message = klp_sprintf(r->arena, "%s; accepted, which claims that %s", f->message,
					 claim_of(f));
	f->severity = f->severity == KLP_ERROR ? KLP_WARNING : KLP_NOTE;
}

void klp__accept(struct klp_run *r)
{
	for (size_t i = 0; i < r->report->findings.n; i++) {
		struct klp_finding *f = &r->report->findings.v[i];
		struct klp_policy_rule *rule =
			f->severity == KLP_NOTE || f->accepted ? NULL : rule_for(r, f);

		if (rule && can_be_accepted(f))
			accept(r, f, rule);
	}
}

static int read_policy(struct klp_run *r, const char *path, struct klp_policy *ret)
{
	size_t len;
	char *text;

	if (klp_file_read(r->arena, path, MAX_POLICY, &text, &len, r->err) < 0)
		return klp_error_hint(r->err, "klp-prep(1), \"POLICY FILE\", says what a policy "
					      "file holds");
	return klp_policy_parse(r->arena, path, text, len, ret, r->err);
}

/* What is accepted blindly would be accepted of later fixes, too, which nobody has seen. */
static int check_accepted(struct klp_run *r)
{
	for (size_t i = 0; i < r->policy.rules.n; i++) {
		const struct klp_policy_rule *rule = &r->policy.rules.v[i];

		if (rule->kind != KLP_POLICY_ACCEPT || rule->object || !is_about_one(rule->subject))
			continue;
		klp_error_set(r->err, KLP_EINPUT, "'%s' doesn't say of what", rule->text);
		klp_error_at(r->err, r->policy.name, rule->line, 0);
		return klp_error_hint(r->err,
				      "each finding of that code needs its own reason: write "
				      "`accept %s SYMBOL: REASON`, with the function or variable "
				      "that it is about, or else its file",
				      rule->subject);
	}
	return 0;
}

static bool has_rule(const struct klp_policy *policy, const char *text)
{
	for (size_t i = 0; i < policy->rules.n; i++)
		if (!strcmp(policy->rules.v[i].text, text))
			return true;
	return false;
}

/* A policy of its own takes the place of the base's, but not without a word. */
static int say_dropped(struct klp_run *r, const char *path)
{
	struct klp_policy base = {};

	if (read_policy(r, path, &base) < 0)
		return r->err->code;
	for (size_t i = 0; i < base.rules.n; i++) {
		struct klp_finding *f;

		if (has_rule(&r->policy, base.rules.v[i].text))
			continue;
		f = klp_finding_add(r->arena, &r->report->findings, KLP_WARNING, "KLP-POLICY-BASE",
				    "the base's rule '%s' isn't in the policy file",
				    base.rules.v[i].text);
		f->hint = klp_sprintf(r->arena,
				      "take it over into '%s', or be sure that it isn't wanted any "
				      "more: what the base was made by is not looked at",
				      klp_path_base(r->policy.name));
	}
	return 0;
}

int klp__policy_read(struct klp_run *r)
{
	const char *path = r->opts->policy, *of_base = NULL;

	if (r->base)
		of_base = klp_path_join(r->arena, r->opts->base, "policy");
	if (of_base && !klp_file_exists(of_base))
		of_base = NULL;
	if (!path)
		path = of_base;
	if (!path)
		return 0;
	if (read_policy(r, path, &r->policy) < 0 || check_accepted(r) < 0 ||
	    (path != of_base && of_base && say_dropped(r, of_base) < 0))
		return r->err->code;
	for (size_t i = 0; i < r->policy.rules.n; i++) {
		struct klp_policy_rule *rule = &r->policy.rules.v[i];
		struct klp_decision d = { .rule = rule->text,
					  .reason = rule->reason,
					  .line = rule->line,
					  .inherited = path == of_base };

		rule->inherited = d.inherited;
		klp_vec_push(r->arena, &r->report->decisions, d);
	}
	return 0;
}

/* The stage behind which a rule that wasn't used never will be. */
static enum klp_stage stage_of(enum klp_policy_kind kind)
{
	switch (kind) {
	case KLP_POLICY_LEAVE_OUT:
		return KLP_STAGE_CLOSURE;
	case KLP_POLICY_ACCEPT:
		return KLP_STAGE_VERIFY;
	default:
		return KLP_STAGE_EXTRACT;
	}
}

/* Something is there that it means, and can't be accepted. */
static bool is_in_vain(struct klp_run *r, const struct klp_policy_rule *rule)
{
	for (size_t i = 0; i < r->report->findings.n; i++) {
		const struct klp_finding *f = &r->report->findings.v[i];

		if (f->severity != KLP_NOTE && !f->accepted && rule_for(r, f) == rule)
			return true;
	}
	return false;
}

static void unused(struct klp_run *r, const struct klp_policy_rule *rule)
{
	bool in_vain = rule->kind == KLP_POLICY_ACCEPT && is_in_vain(r, rule);
	struct klp_finding *f;

	if (!in_vain && r->report->last < stage_of(rule->kind))
		return;
	f = klp_finding_add(r->arena, &r->report->findings, KLP_WARNING, "KLP-POLICY",
			    "'%s' has no effect: %s", rule->text,
			    in_vain ? "what it is about can't be accepted"
				    : "there is nothing like it in this fix");
	f->file = klp_path_base(r->policy.name);
	f->line = rule->line;
	f->hint = in_vain ? "no claim could make the livepatch right in spite of that finding: see "
			    "its own hint"
			  : "see how the name is spelled, and the file behind '@'; a rule that is "
			    "no longer needed should go";
}

int klp__policy_keep(struct klp_run *r)
{
	if (!r->policy.rules.n)
		return 0;
	return klp_file_copy(r->policy.name, klp_path_join(r->arena, r->rendered, "policy"),
			     r->err);
}

void klp__policy_finish(struct klp_run *r)
{
	for (size_t i = 0; i < r->policy.rules.n; i++) {
		r->report->decisions.v[i].used = r->policy.rules.v[i].used;
		if (!r->policy.rules.v[i].used)
			unused(r, &r->policy.rules.v[i]);
	}
}
