// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/rules.h"

#include <stdarg.h>
#include <string.h>

static struct klp_finding *add(struct klp_subject *s, enum klp_severity severity, const char *code,
			       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A finding about the subject: its symbol and place are filled in. */
static struct klp_finding *add(struct klp_subject *s, enum klp_severity severity, const char *code,
			       const char *fmt, ...)
{
	struct klp_finding *f;
	va_list ap;

	va_start(ap, fmt);
	f = klp_finding_add(s->arena, s->findings, severity, code, "%s",
			    klp_vsprintf(s->arena, fmt, ap));
	va_end(ap);
	f->symbol = s->patched->symbol;
	f->file = s->patched->file;
	f->line = s->patched->line;
	return f;
}

static const struct klp_reason *reason(const struct klp_subject *s, enum klp_reason_kind kind)
{
	for (size_t i = 0; i < s->patched->reasons.n; i++)
		if (s->patched->reasons.v[i].kind == kind)
			return &s->patched->reasons.v[i];
	return NULL;
}

static const char *init_fate(const struct klp_subject *s)
{
	if (strncmp(s->own->section, ".exit", 5))
		return "on a running machine its code is gone";
	return s->patched->unit->module ? "it runs when the module is removed, and ftrace has no "
					  "entry for it"
					: "it is no part of the kernel";
}

/* A host of changed code. Only a module's .exit code ever runs again, and untraced. */
static enum klp_verdict drop_init_host(struct klp_subject *s, const char *code)
{
	bool runs = s->patched->unit->module && !strncmp(s->own->section, ".exit", 5);
	const char *of = s->patched->reasons.v[0].of;
	struct klp_finding *f;

	if (!runs) {
		add(s, KLP_NOTE, code,
		    "'%s' contains code of '%s', but lies in '%s' (%s): it needs no patching",
		    s->patched->symbol, of, s->own->section, init_fate(s));
		return KLP_DROP;
	}
	f = add(s, KLP_WARNING, code,
		"'%s' contains code of '%s' and lies in '%s': when the module is removed the old "
		"code runs",
		s->patched->symbol, of, s->own->section);
	f->hint = "see whether the old code does harm there; if so, don't remove the module while "
		  "the livepatch is needed";
	return KLP_DROP;
}

/*
 * The memory of init code is given free when the kernel has booted or the module has loaded
 * (init/main.c free_initmem(), kernel/module/main.c do_init_module()); __exit code is notrace
 * (include/linux/init.h). The unit is asked, for what is built in isn't linked with .exit.
 */
static enum klp_verdict check_init(struct klp_subject *s, const char *code)
{
	struct klp_finding *f;

	if (!s->own || !klp_sym_is_init(s->own))
		return KLP_GO_ON;
	if (!reason(s, KLP_REASON_CHANGED) && !reason(s, KLP_REASON_NAMED))
		return drop_init_host(s, code);
	f = add(s, KLP_ERROR, code, "%s '%s', which lies in '%s': %s",
		reason(s, KLP_REASON_CHANGED) ? "the fix changes" : "what was asked for is",
		s->patched->symbol, s->own->section, init_fate(s));
	f->hint = "leave it out of the patch; what the function has set up can be "
		  "corrected from the livepatch's callbacks (struct klp_callbacks)";
	return KLP_STOP;
}

static enum klp_verdict check_symbol(struct klp_subject *s, const char *code)
{
	struct klp_patched *p = s->patched;
	bool ambiguous = false;
	struct klp_finding *f;

	s->sym = klp_symtab_locate(s->whole, s->unit, p->symbol, &ambiguous);
	if (ambiguous) {
		f = add(s, KLP_ERROR, "KLP-AMBIGUOUS",
			"%u symbols '%s' in '%s', and which one comes from '%s' can't be told",
			klp_symtab_count(s->whole, p->symbol), p->symbol, p->object,
			p->unit->object);
		f->hint = "patch the callers instead, or give the function a name of its own and "
			  "build the kernel anew";
		return KLP_STOP;
	}
	if (s->sym && s->sym->type == STT_FUNC && s->sym->kept)
		return KLP_GO_ON;
	f = add(s, KLP_ERROR, code, "'%s' of '%s' is no function in the symbol table of '%s'",
		p->symbol, p->unit->object, p->object);
	f->hint = s->own ? "the object file and what was linked are not of one build: give the "
			   "complete build directory of the running kernel"
			 : "the dumps and the object file are not of one build: build the unit "
			   "again with -fdump-ipa-clones";
	return KLP_STOP;
}

/* A weak definition that another unit overrides is dead code; GCC never inlines one. */
static enum klp_verdict check_weak(struct klp_subject *s, const char *code)
{
	if (!s->own || s->own == s->sym || s->own->bind != STB_WEAK)
		return KLP_GO_ON;
	if (s->sym->bind == STB_WEAK && s->sym->size == s->own->size)
		return KLP_GO_ON;
	add(s, KLP_NOTE, code,
	    "'%s' of '%s' is weak, and '%s' has another definition in its place: it needs no "
	    "patching",
	    s->patched->symbol, s->patched->unit->object, s->patched->object);
	return KLP_DROP;
}

/* kernel/livepatch/core.c klp_find_object_symbol() counts what kallsyms shows at that time. */
static enum klp_verdict check_position(struct klp_subject *s, const char *code)
{
	struct klp_finding *f;

	s->patched->sympos = klp_symtab_sympos(s->whole, s->sym);
	s->patched->address = s->sym->value;
	s->patched->size = s->sym->size;
	if (!klp_symtab_sympos_varies(s->whole, s->sym))
		return KLP_GO_ON;
	f = add(s, KLP_ERROR, code,
		"the position of '%s' in module '%s' changes when the module is done loading: "
		"init code has a symbol of that name before it",
		s->patched->symbol, s->patched->object);
	f->hint = "patch the callers instead";
	return KLP_STOP;
}

/* kernel/livepatch/patch.c klp_patch_func(): "failed to find location for function". */
static enum klp_verdict check_traceable(struct klp_subject *s, const char *code)
{
	struct klp_finding *f;

	if (s->sym->traceable)
		return KLP_GO_ON;
	f = add(s, KLP_ERROR, code,
		"'%s' can't be redirected: ftrace has no entry for it (notrace, inline, noinstr, "
		"or a file compiled without the tracer)",
		s->patched->symbol);
	f->hint = "patch the functions that call it instead: a copy of the corrected function "
		  "comes along with them";
	return KLP_STOP;
}

static bool is_patched(const struct klp_subject *s, const struct klp_sym *other)
{
	for (size_t i = 0; i < s->closure->patch.n; i++) {
		const struct klp_patched *p = &s->closure->patch.v[i];

		if (p != s->patched && !strcmp(p->object, s->patched->object) &&
		    !strcmp(p->symbol, other->name))
			return true;
	}
	return false;
}

/*
 * Redirecting works by address: what shares it goes along. GCC folds identical functions of
 * a unit (-fipa-icf; ct_kernel_enter_state() and ct_kernel_exit_state() in 6.1); a system
 * call's __do_sys_x() and __x64_sys_x() are one function by intent.
 */
static enum klp_verdict check_address(struct klp_subject *s, const char *code)
{
	const struct klp_sym *other = NULL;

	while ((other = klp_symtab_alias(s->whole, s->sym, other))) {
		bool folded = other->bind == STB_LOCAL && s->sym->bind == STB_LOCAL;
		bool both = is_patched(s, other);
		struct klp_finding *f;

		if (klp_strs_has(&s->patched->same, other->name))
			folded = both = false;
		if (!folded && !both) {
			add(s, KLP_NOTE, code,
			    "'%s' and '%s' are one function at one address: both are redirected",
			    s->patched->symbol, other->name);
			continue;
		}
		f = add(s, KLP_ERROR, code,
			both ? "'%s' and '%s' are both to be patched, but share one address: only "
			       "one replacement would take effect"
			     : "'%s' shares its address with '%s': GCC has folded two functions, "
			       "and "
			       "both would be redirected",
			s->patched->symbol, other->name);
		f->firm = both;
		f->hint =
			both ? "give both the same new code and patch only one of them"
			     : "patch the callers of the one that the fix means, or make sure that "
			       "both may run the new code and build with -fno-ipa-icf next time";
		return KLP_STOP;
	}
	return KLP_GO_ON;
}

const struct klp_rule klp_check__rules[] = {
	{ "KLP-INIT", check_init, "function lives in an init section" },
	{ "KLP-NO-SYMBOL", check_symbol, "function isn't in the running object" },
	{ "KLP-WEAK-OVERRIDDEN", check_weak, "another definition runs in its place" },
	{ "KLP-AMBIGUOUS", check_position, "function can't be named" },
	{ "KLP-NOT-TRACEABLE", check_traceable, "function has no traceable entry" },
	{ "KLP-SHARED-ADDRESS", check_address, "several functions at one address" },
	{},
};
