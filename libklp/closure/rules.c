// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What to do about a symbol of the object whose code must be replaced: redirect it, or, when
 * that would not do, redirect its callers, or refuse. One function per rule; the first one
 * that has an answer decides.
 */
#include "closure/private.h"

#include <string.h>

enum answer {
	NEXT_RULE,
	DONE,
	FAILED, /* work->err says why */
};

bool klp_closure__is_static(const struct klp_sym *sym)
{
	return sym->bind == STB_LOCAL || strstr(sym->name, ".lto_priv.");
}

static enum answer go_up(struct klp_work *work, const struct klp_sym *sym,
			 const struct klp_detour *detour)
{
	return klp_closure__callers(work, sym, detour) < 0 ? FAILED : DONE;
}

/*
 * Likewise where a global may be meant, when nothing outside the unit can call it. Otherwise a
 * finding: `what`, and that other files may call it.
 */
static enum answer go_up_or_refuse(struct klp_work *work, const struct klp_sym *sym,
				   const struct klp_detour *detour, const char *what)
{
	const char *user;

	if (klp_closure__outside_user(work, sym, &user) < 0)
		return FAILED;
	if (!user)
		return go_up(work, sym, detour);
	klp_closure__finding(work, KLP_ERROR, detour->refusal_code, sym->name,
			     klp_sprintf(work->arena, "%s (%s)", what, user), detour->refusal_hint);
	return DONE;
}

/*
 * Only code that is freed after boot calls what is freed itself. What a module runs when it is
 * removed is still there, and ftrace has no entry for it (include/linux/init.h __exit).
 */
static void init_clone(struct klp_work *work, const struct klp_sym *sym,
		       const struct klp_cause *cause)
{
	bool runs = work->unit->module && !strncmp(sym->section, ".exit", 5);

	klp_map_put(&work->up, sym->name, work);
	if (runs && !cause->change) {
		klp_closure__finding(
			work, KLP_WARNING, "KLP-INIT", sym->name,
			klp_sprintf(work->arena,
				    "'%s' contains code of '%s' and lies in '%s': when the module "
				    "is removed the old code runs",
				    sym->name, cause->of, sym->section),
			"see whether the old code does harm there; if so, don't remove the module "
			"while the livepatch is needed");
		return;
	}
	klp_closure__finding(
		work, cause->change ? KLP_ERROR : KLP_NOTE, "KLP-INIT", sym->name,
		klp_sprintf(work->arena, "'%s' lies in '%s', which is freed after boot or load",
			    sym->name, sym->section),
		"it has run already and its code is gone; what it did can only be undone by other "
		"code, for instance in a callback of the livepatch");
}

/*
 * The compiler chose the arguments of a clone, and a .part is a piece of a body: no function
 * of the source can stand in its place.
 */
static enum answer clone(struct klp_work *work, const struct klp_sym *sym,
			 const struct klp_cause *cause)
{
	const struct klp_detour detour = {
		.kind = strstr(sym->name, ".part.") ? KLP_REASON_PART : KLP_REASON_CLONE,
		.why = "its arguments were chosen by the compiler",
		.refusal_code = "KLP-CLONE-CALLERS",
		.refusal_hint = "leave the function as it is in the fix, add the corrected one "
				"under a new name, and call that one from the functions that "
				"matter: then nothing of the old one has to be found",
	};

	if (!klp_closure__is_clone(sym->name))
		return NEXT_RULE;
	if (klp_sym_is_init(sym)) {
		init_clone(work, sym, cause);
		return DONE;
	}
	return go_up(work, sym, &detour);
}

/* Old callers pass the old arguments. */
static enum answer signature(struct klp_work *work, const struct klp_sym *sym,
			     const struct klp_cause *cause)
{
	static const char hint[] = "keep the old function as it is and give the new one another "
				   "name; then change all callers to the new name in the same fix";
	const struct klp_detour detour = {
		.kind = KLP_REASON_CHANGED,
		.why = "its signature changes",
		.refusal_code = "KLP-PROTOTYPE",
		.refusal_hint = hint,
	};

	if (!cause->change || !cause->change->signature)
		return NEXT_RULE;
	return go_up_or_refuse(work, sym, &detour,
			       klp_sprintf(work->arena,
					   "the fix changes the signature of '%s', which other "
					   "files may call with the old one",
					   sym->name));
}

/* What goes along when it is redirected, and should. */
static void take_same(struct klp_work *work, struct klp_patched *p)
{
	const struct klp_sym *sym = klp_symtab_function(&work->symtab, p->symbol), *other = NULL;

	while (sym && (other = klp_symtab_alias(&work->symtab, sym, other)))
		if (klp_closure__same(work, sym, other))
			klp_vec_push(work->arena, &p->same, other->name);
}

static struct klp_patched *add(struct klp_work *work, struct klp_patched_vec *list,
			       const char *symbol, struct klp_unit *unit)
{
	struct klp_patched *p = klp_vec_add(work->arena, list);

	memset(p, 0, sizeof(*p));
	p->object = klp_unit_object_name(unit);
	p->symbol = symbol;
	p->unit = unit;
	klp_closure__place(work, symbol, &p->file, &p->line);
	take_same(work, p);
	return p;
}

static void add_reason(struct klp_work *work, struct klp_patched *p, const struct klp_cause *cause)
{
	struct klp_reason reason = { cause->kind, cause->of, cause->evidence, cause->of_unit };

	for (size_t i = 0; i < p->reasons.n; i++)
		if (p->reasons.v[i].kind == reason.kind && !strcmp(p->reasons.v[i].of, reason.of))
			return;
	klp_vec_push(work->arena, &p->reasons, reason);
}

static void patch(struct klp_work *work, const char *symbol, const struct klp_cause *cause)
{
	struct klp_unit *unit = klp_closure__unit_of(work, symbol);
	struct klp_patched *p = klp_closure_find(work->closure, unit, symbol);

	if (!work->first)
		work->first = symbol;
	if (!p)
		p = add(work, &work->closure->patch, symbol, unit);
	/* Where the fix edits it is the better place than what the dump of the old code says. */
	if (cause->change) {
		p->file = cause->change->file;
		p->line = cause->change->line;
	}
	add_reason(work, p, cause);
}

/* Whether init code matters is for stage check to say; its callers don't. */
static enum answer init(struct klp_work *work, const struct klp_sym *sym,
			const struct klp_cause *cause)
{
	if (!klp_sym_is_init(sym))
		return NEXT_RULE;
	patch(work, sym->name, cause);
	return DONE;
}

/* Another function of the source, at the address of this one. */
static bool is_other(struct klp_work *work, const struct klp_sym *sym, const struct klp_sym *other)
{
	if (strstr(other->name, ".localalias") || klp_closure__same(work, sym, other))
		return false;
	if (klp_closure__is_static(sym) && klp_closure__is_static(other))
		return true;
	/* attribute alias, of a static one mostly; gcc makes a static one an alias as well */
	if (klp_closure__is_static(other))
		return !klp_closure__change_alike(work, sym->name, other->name);
	return klp_closure__is_static(sym) && klp_closure__part(work, sym->name, other->name);
}

static const struct klp_sym *merged_with(struct klp_work *work, const struct klp_sym *sym)
{
	const struct klp_sym *other = NULL;

	while ((other = klp_symtab_alias(&work->symtab, sym, other)))
		if (is_other(work, sym, other))
			return other;
	return NULL;
}

static struct klp_policy_rule *rule_for(struct klp_work *work, const char *symbol)
{
	const char *function = klp_closure__source_name(work->arena, symbol), *file;
	unsigned int line;

	klp_closure__place(work, symbol, &file, &line);
	return klp_policy_find(work->opts->policy, KLP_POLICY_LEAVE_OUT, function, file,
			       work->unit->source);
}

/* By any of its names: what shares the address of one would be redirected with it. */
static struct klp_policy_rule *leave_out_rule(struct klp_work *work, const struct klp_sym *sym)
{
	struct klp_policy_rule *rule = rule_for(work, sym->name);
	const struct klp_sym *other = NULL;

	while (!rule && (other = klp_symtab_alias(&work->symtab, sym, other)))
		if (!is_other(work, sym, other))
			rule = rule_for(work, other->name);
	return rule;
}

bool klp_closure__is_left_out(struct klp_work *work, const struct klp_sym *sym)
{
	return work->opts->policy && leave_out_rule(work, sym);
}

/* The author knows what the old code does there; what the fix itself edits is its business. */
static enum answer leave_out(struct klp_work *work, const struct klp_sym *sym,
			     const struct klp_cause *cause)
{
	struct klp_policy_rule *rule = work->opts->policy ? leave_out_rule(work, sym) : NULL;
	struct klp_unit *unit;
	struct klp_patched *p;

	if (!rule)
		return NEXT_RULE;
	rule->used = true;
	if (cause->change) {
		klp_closure__finding(
			work, KLP_ERROR, "KLP-POLICY", sym->name,
			klp_sprintf(work->arena, "'%s' can't be left out: the fix changes it",
				    sym->name),
			"a function that calls it may be left out; for this one, take the hunk out "
			"of the diff");
		return DONE;
	}
	unit = klp_closure__unit_of(work, sym->name);
	p = klp_closure_left_out(work->closure, unit, sym->name);
	if (!p)
		p = add(work, &work->closure->left_out, sym->name, unit);
	add_reason(work, p, cause);
	klp_closure__finding(
		work, KLP_WARNING, "KLP-LEFT-OUT", sym->name,
		klp_sprintf(work->arena,
			    "'%s' would have to be patched because of '%s', and is left out: %s%s",
			    sym->name, cause->of, rule->reason,
			    rule->inherited ? " (a reason that was given for the base)" : ""),
		rule->inherited
			? "the base's author didn't know this fix: see that the reason holds for "
			  "it, and give a policy file of its own (--policy) that says so, or "
			  "doesn't"
			: "old code goes on running there, whoever calls it, the livepatch "
			  "included: see that the reason holds for all of them");
	return DONE;
}

/*
 * gcc makes one function of equal ones (-fipa-icf) and keeps both names: redirecting one
 * would redirect the other, which the fix may not touch.
 */
static enum answer merged(struct klp_work *work, const struct klp_sym *sym,
			  const struct klp_cause *cause)
{
	const struct klp_sym *other = merged_with(work, sym);
	struct klp_detour detour = {
		.kind = KLP_REASON_NOT_TRACEABLE,
		.refusal_code = "KLP-MERGED",
		.only_changed = true,
		.refusal_hint =
			"the compiler made one function of two equal ones, and redirecting it "
			"changes both: leave it as it is in the fix, add the corrected one under a "
			"new name, and call that one from the functions that matter",
	};

	(void)cause;
	if (!other)
		return NEXT_RULE;
	detour.why = klp_sprintf(work->arena, "it is one with '%s'", other->name);
	if (klp_closure__is_static(sym))
		return go_up(work, sym, &detour);
	klp_closure__finding(work, KLP_ERROR, detour.refusal_code, sym->name,
			     klp_sprintf(work->arena,
					 "'%s' and '%s' are one function in the kernel", sym->name,
					 other->name),
			     detour.refusal_hint);
	return DONE;
}

/* kernel/livepatch/patch.c: klp_patch_func() needs an ftrace location. */
static enum answer not_traceable(struct klp_work *work, const struct klp_sym *sym,
				 const struct klp_cause *cause)
{
	static const char hint[] = "ftrace has no hook in it (inline, notrace, or a file that is "
				   "built without tracing); put the fix into its callers instead";
	const struct klp_detour detour = {
		.kind = KLP_REASON_NOT_TRACEABLE,
		.why = "it has no traceable entry",
		.refusal_code = "KLP-NOT-TRACEABLE",
		.refusal_hint = hint,
	};

	(void)cause;
	if (!work->traced || sym->traceable)
		return NEXT_RULE;
	return go_up_or_refuse(work, sym, &detour,
			       klp_sprintf(work->arena,
					   "'%s' has no traceable entry, so it can't be "
					   "redirected, and other files may call it",
					   sym->name));
}

static enum answer redirect(struct klp_work *work, const struct klp_sym *sym,
			    const struct klp_cause *cause)
{
	patch(work, sym->name, cause);
	return DONE;
}

int klp_closure__reach(struct klp_work *work, const char *symbol, const struct klp_cause *cause)
{
	static enum answer (*const rules[])(struct klp_work *, const struct klp_sym *,
					    const struct klp_cause *) = {
		leave_out, clone, init, signature, merged, not_traceable, redirect,
	};
	const struct klp_sym *sym = klp_symtab_function(&work->symtab, symbol);
	enum answer answer = NEXT_RULE;

	/* Inlined away, or the cold part of a function that is reached by its own name. */
	if (!sym || strstr(symbol, ".cold"))
		return 0;
	work->any_code = true;
	for (size_t i = 0; answer == NEXT_RULE; i++)
		answer = rules[i](work, sym, cause);
	return answer == FAILED ? work->err->code : 0;
}
