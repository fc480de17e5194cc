// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/plan_check.h"

#include <string.h>

#include "base/map.h"

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

static bool made_of(const char *s, const char *more, bool uppercase, size_t max)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (n >= max || !(strchr(lower, s[n]) || strchr(digits, s[n]) ||
				  (uppercase && strchr(upper, s[n])) || strchr(more, s[n])))
			return false;
	return n > 0;
}

bool klp_is_identifier(const char *s)
{
	return made_of(s, "_", true, KLP_MAX_SYMBOL) && !strchr(digits, s[0]);
}

bool klp_is_symbol(const char *s)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (n >= KLP_MAX_SYMBOL || s[n] <= ' ' || s[n] == 0x7f || strchr(",\"\\", s[n]))
			return false;
	return n > 0;
}

bool klp_is_object(const char *s)
{
	return made_of(s, "_", true, KLP_MAX_OBJECT);
}

bool klp_is_module_name(const char *s)
{
	return made_of(s, "_", false, KLP_MAX_OBJECT);
}

static bool is_file_name(const char *s, const char *suffix)
{
	size_t len = strlen(s), n = strlen(suffix);

	return made_of(s, "_.-", true, 255) && s[0] != '.' && s[0] != '-' && len > n &&
	       !strcmp(s + len - n, suffix);
}

bool klp_is_source_name(const char *s)
{
	return is_file_name(s, ".c");
}

bool klp_is_fix_name(const char *s)
{
	return is_file_name(s, ".diff");
}

static int bad(struct klp_error *err, const char *what, const char *value)
{
	return klp_error_set(err, KLP_EINPUT, "plan: '%s' is no %s", value ? value : "", what);
}

static int bad_sympos(struct klp_error *err, const char *symbol, unsigned int sympos)
{
	return klp_error_set(err, KLP_EINPUT, "plan: position %u of '%s' is above %u", sympos,
			     symbol, KLP_MAX_SYMPOS);
}

static int check_funcs(struct klp_arena *arena, const struct klp_plan *plan, struct klp_error *err)
{
	struct klp_map seen;

	klp_map_init(&seen, arena);
	for (size_t i = 0; i < plan->funcs.n; i++) {
		const struct klp_plan_func *f = &plan->funcs.v[i];
		char *key;

		if (!f->object || !klp_is_object(f->object))
			return bad(err, "name of vmlinux or a module", f->object);
		if (!f->old_name || !klp_is_symbol(f->old_name))
			return bad(err, "symbol name", f->old_name);
		if (!f->new_name || !klp_is_identifier(f->new_name))
			return bad(err, "C identifier", f->new_name);
		if (f->sympos > KLP_MAX_SYMPOS)
			return bad_sympos(err, f->old_name, f->sympos);
		if (!strcmp(f->object, plan->name)) {
			klp_error_set(err, KLP_EUSAGE,
				      "the livepatch '%s' has the name of a module that it patches",
				      plan->name);
			return klp_error_hint(err, "choose another name with --name");
		}
		key = klp_sprintf(arena, "%s %s,%u", f->object, f->old_name, f->sympos);
		if (klp_map_get(&seen, key))
			return klp_error_set(err, KLP_EINPUT, "plan: '%s' in '%s' is patched twice",
					     f->old_name, f->object);
		klp_map_put(&seen, key, key);
	}
	return 0;
}

/* Convert reads such a label itself, and refuses one that says something else than the plan. */
static bool is_label(const struct klp_symref *r)
{
	return r->how == KLP_HOW_RELOC &&
	       !strncmp(r->link_name, KLP_LABEL_PREFIX, sizeof(KLP_LABEL_PREFIX) - 1) &&
	       made_of(r->link_name, "_.,", true, 4 * KLP_MAX_OBJECT + KLP_MAX_SYMBOL);
}

static int check_refs(struct klp_arena *arena, const struct klp_plan *plan, struct klp_error *err)
{
	struct klp_map seen;

	klp_map_init(&seen, arena);
	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *r = &plan->refs.v[i];

		if (!r->link_name || (!klp_is_identifier(r->link_name) && !is_label(r)))
			return bad(err, "C identifier", r->link_name);
		if (!r->symbol || !klp_is_symbol(r->symbol))
			return bad(err, "symbol name", r->symbol);
		if (!r->object || !klp_is_object(r->object))
			return bad(err, "name of vmlinux or a module", r->object);
		if (!r->section_object || !klp_is_object(r->section_object))
			return bad(err, "name of vmlinux or a module", r->section_object);
		if (r->sympos > KLP_MAX_SYMPOS)
			return bad_sympos(err, r->symbol, r->sympos);
		if (klp_map_get(&seen, r->link_name))
			return klp_error_set(err, KLP_EINPUT,
					     "plan: link name '%s' stands for two symbols",
					     r->link_name);
		klp_map_put(&seen, r->link_name, (void *)(uintptr_t)r->link_name);
	}
	return 0;
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static int check_flags(const struct klp_strs *flags, struct klp_error *err)
{
	for (size_t i = 0; i < flags->n; i++)
		if (!flags->v[i][0] || has_control(flags->v[i]))
			return bad(err, "compiler option", flags->v[i]);
	return 0;
}

static int check_sources(struct klp_arena *arena, const struct klp_plan *plan,
			 struct klp_error *err)
{
	const char *linked = klp_sprintf(arena, "%s.c", plan->name);
	struct klp_strs seen = {};

	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct klp_plan_source *s = &plan->sources.v[i];

		if (!s->file || !klp_is_source_name(s->file))
			return bad(err, "name of a C file", s->file);
		/* Kbuild links NAME.o from livepatch.o and the sources' objects, and makes
		 * NAME.mod.c itself. */
		if (!strcmp(s->file, linked) || !strcmp(s->file, "livepatch.c") ||
		    strstr(s->file, ".mod.c"))
			return klp_error_set(err, KLP_EINPUT,
					     "plan: the source '%s' has a file name that is taken",
					     s->file);
		if (klp_strs_has(&seen, s->file))
			return klp_error_set(err, KLP_EINPUT, "plan: '%s' is there twice", s->file);
		klp_vec_push(arena, &seen, s->file);
		if (check_flags(&s->cflags, err) < 0 || check_flags(&s->cflags_remove, err) < 0)
			return err->code;
	}
	return 0;
}

static int check_states(const struct klp_plan *plan, struct klp_error *err)
{
	for (size_t i = 0; i < plan->states.n; i++) {
		const struct klp_table_state *state = &plan->states.v[i];

		/* kernel/livepatch/state.c klp_for_each_state() ends there */
		if (!state->id)
			return klp_error_set(err, KLP_EINPUT, "plan: a state's id is 0");
		for (size_t k = 0; k < i; k++)
			if (plan->states.v[k].id == state->id)
				return klp_error_set(err, KLP_EINPUT,
						     "plan: state %llu is there twice",
						     (unsigned long long)state->id);
	}
	return 0;
}

static int check_callbacks(const struct klp_plan *plan, struct klp_error *err)
{
	for (size_t i = 0; i < plan->callbacks.n; i++) {
		const struct klp_plan_callbacks *c = &plan->callbacks.v[i];

		if (!c->object || !klp_is_object(c->object))
			return bad(err, "name of vmlinux or a module", c->object);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(plan->callbacks.v[k].object, c->object))
				return klp_error_set(err, KLP_EINPUT,
						     "plan: callbacks of '%s' are there twice",
						     c->object);
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			if (c->functions[k] && !klp_is_identifier(c->functions[k]))
				return bad(err, "C identifier", c->functions[k]);
	}
	return 0;
}

static int check_files(const struct klp_plan *plan, struct klp_error *err)
{
	for (size_t i = 0; i < plan->fixes.n; i++)
		if (!klp_is_fix_name(plan->fixes.v[i]))
			return bad(err, "name of a diff", plan->fixes.v[i]);
	for (size_t i = 0; i < plan->written.n; i++)
		if (!is_file_name(plan->written.v[i].file, ""))
			return bad(err, "name of a file", plan->written.v[i].file);
	return 0;
}

int klp_plan_check(struct klp_arena *arena, const struct klp_plan *plan, struct klp_error *err)
{
	if (!plan->name || !klp_is_module_name(plan->name))
		return bad(err, "name of a livepatch module ([a-z0-9_], at most 55)", plan->name);
	if (!strcmp(plan->name, "livepatch") || !strcmp(plan->name, "vmlinux")) {
		klp_error_set(err, KLP_EUSAGE, "a livepatch can't be called '%s'", plan->name);
		return klp_error_hint(err, "choose another name with --name");
	}
	if (check_funcs(arena, plan, err) < 0 || check_refs(arena, plan, err) < 0 ||
	    check_sources(arena, plan, err) < 0 || check_states(plan, err) < 0 ||
	    check_callbacks(plan, err) < 0 || check_files(plan, err) < 0)
		return err->code;
	return 0;
}
