// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/upgrade.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "elf/compare.h"
#include "elf/image.h"
#include "model/externs.h"
#include "model/plan.h"

struct pair {
	struct klp_arena *arena;
	const struct klp_livepatch *older, *newer;
	struct klp_image old_image, new_image;
	const struct klp_compare *compare;
	struct klp_upgrade *upgrade;
	struct klp_findings *findings;
};

static const struct klp_table_func *find(const struct klp_tables *tables, const char *object,
					 const struct klp_table_func *func)
{
	for (size_t i = 0; i < tables->objects.n; i++) {
		const struct klp_table_object *o = &tables->objects.v[i];

		for (size_t k = 0; !strcmp(klp_table_object_name(o), object) && k < o->funcs.n; k++)
			if (o->funcs.v[k].old_name &&
			    !strcmp(o->funcs.v[k].old_name, func->old_name) &&
			    o->funcs.v[k].sympos == func->sympos)
				return &o->funcs.v[k];
	}
	return NULL;
}

/* The comparison goes by names: under two names nothing is known to be the same. */
static enum klp_upgrade_what compare(const struct pair *p, const struct klp_table_func *a,
				     const struct klp_table_func *b)
{
	if (!p->compare)
		return KLP_UPGRADE_BOTH;
	if (!a->new_name || !b->new_name || !*a->new_name || strcmp(a->new_name, b->new_name) ||
	    klp_difference_find(&p->compare->changed, a->new_name) ||
	    klp_difference_find(&p->compare->only_a, a->new_name))
		return KLP_UPGRADE_CHANGED;
	return KLP_UPGRADE_SAME;
}

static void add(struct pair *p, const char *object, const struct klp_table_func *func,
		enum klp_upgrade_what what)
{
	const struct klp_upgrade_func f = { object, func->old_name, func->sympos, what };

	klp_vec_push(p->arena, &p->upgrade->funcs, f);
}

static void say_return(struct pair *p, const char *object, const struct klp_table_func *func)
{
	struct klp_finding *f = klp_finding_add(
		p->arena, p->findings, KLP_WARNING, "KLP-V-RETURNS",
		"'%s' of '%s' is patched by '%s' and not by '%s', which replaces it: the original "
		"comes back",
		func->old_name, object, p->older->name, p->newer->name);

	f->symbol = func->old_name;
	f->hint = "put the older one's fix into the newer one, too, unless it is meant to go; then "
		  "make sure that the original copes with what the fix did to data";
}

/* Functions of one of the two; `add_it` says what is so of one that the other has, or hasn't. */
static void each(struct pair *p, const struct klp_tables *tables, const struct klp_tables *others,
		 void (*add_it)(struct pair *p, const char *object,
				const struct klp_table_func *func,
				const struct klp_table_func *other))
{
	for (size_t i = 0; i < tables->objects.n; i++) {
		const struct klp_table_object *o = &tables->objects.v[i];
		const char *name = klp_table_object_name(o);

		for (size_t k = 0; k < o->funcs.n; k++)
			if (o->funcs.v[k].old_name)
				add_it(p, name, &o->funcs.v[k], find(others, name, &o->funcs.v[k]));
	}
}

static void of_newer(struct pair *p, const char *object, const struct klp_table_func *func,
		     const struct klp_table_func *other)
{
	add(p, object, func, other ? compare(p, other, func) : KLP_UPGRADE_NEW);
}

static void of_older(struct pair *p, const char *object, const struct klp_table_func *func,
		     const struct klp_table_func *other)
{
	if (other)
		return;
	add(p, object, func, KLP_UPGRADE_RETURNS);
	say_return(p, object, func);
}

static bool is_replacement(const struct klp_tables *tables, const char *name)
{
	for (size_t i = 0; i < tables->objects.n; i++)
		for (size_t k = 0; k < tables->objects.v[i].funcs.n; k++) {
			const char *new_name = tables->objects.v[i].funcs.v[k].new_name;

			if (new_name && !strcmp(new_name, name))
				return true;
		}
	return false;
}

static void add_copied(struct pair *p, const struct klp_differences *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].b && !is_replacement(&p->newer->tables, list->v[i].b))
			klp_strs_add(p->arena, &p->upgrade->copied, list->v[i].b);
}

static const struct klp_table_object *object_of(const struct klp_tables *tables, const char *name)
{
	for (size_t i = 0; i < tables->objects.n; i++)
		if (!strcmp(klp_table_object_name(&tables->objects.v[i]), name))
			return &tables->objects.v[i];
	return NULL;
}

static bool defines(const struct klp_image *image, const char *function)
{
	for (size_t i = 1; i < image->syms.n; i++)
		if (image->syms.v[i].shndx != SHN_UNDEF && !strcmp(image->syms.v[i].name, function))
			return true;
	return false;
}

/*
 * The pre_patch callback that klp-prep writes for pointers (KLP_HOW_KALLSYMS) knows nothing of
 * older livepatches, unless it calls one that the author wrote: by that name, as no other is.
 */
static bool only_sets_pointers(const struct pair *p, const char *object, const char *callback)
{
	return !strcmp(callback, klp_plan_externs_pre_patch) &&
	       defines(&p->new_image, klp_plan_externs_resolve) &&
	       (!strcmp(object, "externs") ||
		!defines(&p->new_image,
			 klp_sprintf(p->arena, "%s_%s", klp_callback_name(KLP_PRE_PATCH), object)));
}

static bool can_take_over(const struct pair *p, const struct klp_table_object *newer)
{
	const char *pre = newer->callbacks[KLP_PRE_PATCH];

	return newer->callbacks[KLP_POST_PATCH] ||
	       (pre && !only_sets_pointers(p, klp_table_object_name(newer), pre));
}

/*
 * core.c klp_unpatch_replaced_patches() runs no callback of a replaced livepatch: what it has
 * for going is called by nobody.
 */
static void check_callbacks(struct pair *p, const struct klp_table_object *older)
{
	const char *name = klp_table_object_name(older);
	const struct klp_table_object *newer = object_of(&p->newer->tables, name);
	const char *lost = older->callbacks[KLP_POST_UNPATCH];
	struct klp_finding *f;

	if (!lost)
		lost = older->callbacks[KLP_PRE_UNPATCH];
	if (!lost || (newer && can_take_over(p, newer)))
		return;
	f = klp_finding_add(p->arena, p->findings, KLP_WARNING, "KLP-V-HANDOVER",
			    "'%s' of '%s' will not be called for '%s' when '%s' replaces it, and "
			    "that one has no callback there that could do it instead",
			    lost, p->older->name, name, p->newer->name);
	f->symbol = lost;
	f->hint = "give the newer livepatch a pre_patch or post_patch callback of that object that "
		  "takes over, or takes back, what the older one set up; or disable the older one "
		  "first";
}

/* The first symbol of that list, names of kernel/livepatch/shadow.c, that a module refers to. */
static const char *refers_to(const struct klp_image *image, const char *const *names)
{
	for (size_t i = 1; i < image->syms.n; i++)
		for (size_t k = 0; names[k]; k++)
			if (image->syms.v[i].shndx == SHN_UNDEF &&
			    !strcmp(image->syms.v[i].name, names[k]))
				return names[k];
	return NULL;
}

/* Shadow variables belong to no livepatch: they stay until somebody frees them. */
static void check_shadows(struct pair *p)
{
	static const char *const makers[] = { "klp_shadow_alloc", "klp_shadow_get_or_alloc", NULL };
	/* who only reads them frees nothing */
	static const char *const keepers[] = { "klp_shadow_get_or_alloc", "klp_shadow_free",
					       "klp_shadow_free_all", NULL };
	const char *maker = refers_to(&p->old_image, makers);
	struct klp_finding *f;

	if (!maker || refers_to(&p->new_image, keepers))
		return;
	f = klp_finding_add(p->arena, p->findings, KLP_WARNING, "KLP-V-HANDOVER",
			    "'%s' makes shadow variables, and '%s', which replaces it, does "
			    "nothing about them: they stay for ever",
			    p->older->name, p->newer->name);
	f->symbol = maker;
	f->hint = "free them in the newer one's post_patch callback: klp_shadow_free_all(ID, "
		  "destructor)";
}

static int by_name(const void *a, const void *b)
{
	const struct klp_upgrade_func *x = a, *y = b;
	int r = strcmp(x->object, y->object);

	if (!r)
		r = strcmp(x->old_name, y->old_name);
	return r ? r : (x->sympos > y->sympos) - (x->sympos < y->sympos);
}

static int look_at(struct pair *p, struct klp_error *err)
{
	const struct klp_tables *older = &p->older->tables, *newer = &p->newer->tables;
	struct klp_compare compare = {}; /* empty when there is nothing to compare */

	if (p->older->path && p->newer->path) {
		if (klp_image_load(p->arena, p->older->path, &p->old_image, err) < 0 ||
		    klp_image_load(p->arena, p->newer->path, &p->new_image, err) < 0 ||
		    klp_compare_objects(p->arena, p->older->path, p->newer->path, &compare, err) <
			    0)
			return err->code;
		p->compare = &compare;
	}
	each(p, newer, older, of_newer);
	each(p, older, newer, of_older);
	add_copied(p, &compare.changed);
	add_copied(p, &compare.only_b);
	if (p->upgrade->funcs.n)
		qsort(p->upgrade->funcs.v, p->upgrade->funcs.n, sizeof(*p->upgrade->funcs.v),
		      by_name);
	for (size_t i = 0; i < older->objects.n; i++)
		check_callbacks(p, &older->objects.v[i]);
	check_shadows(p); /* of a module that isn't there nothing is known */
	return 0;
}

int klp_verify_upgrades(struct klp_arena *arena, const struct klp_livepatches *modules,
			struct klp_upgrades *ret, struct klp_findings *findings,
			struct klp_error *err)
{
	size_t oldest = 0; /* that is still there */

	for (size_t i = 0; i < modules->n; i++) {
		const struct klp_livepatch *newer = &modules->v[i];

		if (!newer->readable || !newer->tables.replace)
			continue;
		for (; oldest < i; oldest++) {
			const struct klp_livepatch *older = &modules->v[oldest];
			struct klp_upgrade upgrade = { .from = older->name, .to = newer->name };
			struct pair p = { .arena = arena,
					  .older = older,
					  .newer = newer,
					  .upgrade = &upgrade,
					  .findings = findings };

			if (!older->readable)
				continue;
			if (look_at(&p, err) < 0)
				return err->code;
			klp_vec_push(arena, ret, upgrade);
		}
	}
	return 0;
}
