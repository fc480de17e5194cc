// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/compare.h"

#include <stdlib.h>
#include <string.h>

#include "elf/compare_parts.h"

static bool begins(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

/* Kept apart only by -ffunction-sections, -fdata-sections or by how often it is used. */
static bool is_ordinary(const char *section)
{
	static const char *const prefixes[] = { ".text", ".data", ".rodata", ".bss" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const char *behind = section + strlen(prefixes[i]);

		/* ".data..percpu" and the like: the source says so */
		if (begins(section, prefixes[i]) && (!*behind || *behind == '.'))
			return behind[0] != '.' || behind[1] != '.';
	}
	return false;
}

/* What the source says about where it belongs: .init.text, .data..ro_after_init. */
static const char *place_difference(struct klp_cmp *cmp, const struct klp_cmp_place *pa,
				    const struct klp_cmp_place *pb)
{
	const struct klp_image_section *sa = &cmp->a->image.sections.v[pa->shndx];
	const struct klp_image_section *sb = &cmp->b->image.sections.v[pb->shndx];
	const uint64_t flags = SHF_WRITE | SHF_EXECINSTR | SHF_TLS;
	const char *na = klp_compare__norm(cmp->arena, sa->name);
	const char *nb = klp_compare__norm(cmp->arena, sb->name);

	if ((sa->flags & flags) == (sb->flags & flags) &&
	    ((is_ordinary(na) && is_ordinary(nb)) || !strcmp(na, nb)))
		return NULL;
	return klp_sprintf(cmp->arena, "section %s -> %s", sa->name, sb->name);
}

static const char *in_cold(struct klp_cmp *cmp, const char *why)
{
	return why ? klp_sprintf(cmp->arena, "cold part: %s", why) : NULL;
}

static const char *cold_difference(struct klp_cmp *cmp, const struct klp_cmp_place *pa,
				   const struct klp_cmp_place *pb)
{
	if (!pa->cold && !pb->cold)
		return NULL;
	if (!pa->cold || !pb->cold)
		return pa->cold ? "cold part: only in A" : "cold part: only in B";
	return in_cold(cmp, klp_compare__places(cmp, pa->cold, pb->cold));
}

static const char *difference(struct klp_cmp *cmp, struct klp_cmp_sym *a)
{
	const struct klp_cmp_sym *b = a->partner;
	const char *why;

	cmp->owner = a;
	if (!cmp->excerpt && (a->bind == STB_WEAK) != (b->bind == STB_WEAK))
		return a->bind == STB_WEAK ? "no longer weak" : "became weak";
	why = place_difference(cmp, a->place, b->place);
	if (!why)
		why = klp_compare__places(cmp, a->place, b->place);
	return why ? why : cold_difference(cmp, a->place, b->place);
}

/* Until nothing changes any more: what differs on condition makes others differ. */
static void settle(struct klp_cmp *cmp)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < cmp->conditions.n; i++) {
			const struct klp_cmp_condition *c = &cmp->conditions.v[i];

			if (c->of->why || !c->on->why)
				continue;
			c->of->why = c->why;
			again = true;
		}
	}
}

/* A .cold part is folded into its function, and a switch's table into its users. */
static bool stands_alone(const struct klp_cmp_sym *sym)
{
	return !sym->place->parent && !(sym->place->by_content && !sym->place->code);
}

static void find_origins(struct klp_cmp_object *o)
{
	klp_map_init(&o->origins, o->arena);
	for (size_t i = 0; i < o->syms.n; i++) {
		struct klp_cmp_sym *sym = o->syms.v[i];

		if (sym->place->code && !sym->place->parent)
			klp_map_putn(&o->origins, sym->name, klp_compare__origin(sym->name), sym);
	}
}

/* A function that vanished may still be there under the name of a clone. */
static const char *absent(struct klp_arena *arena, const struct klp_cmp_object *other,
			  const struct klp_cmp_sym *sym, const char *which)
{
	const struct klp_cmp_sym *kin = NULL;

	if (sym->place->code)
		kin = klp_map_getn(&other->origins, sym->name, klp_compare__origin(sym->name));
	if (kin)
		return klp_sprintf(arena, "%s has '%s' of it", which, kin->name);
	return klp_sprintf(arena, "not in %s", which);
}

static struct klp_difference describe(const struct klp_cmp_object *o, const struct klp_cmp_sym *sym)
{
	const struct klp_image_section *s = &o->image.sections.v[sym->place->shndx];

	return (struct klp_difference){
		.name = sym->norm,
		.writable = !sym->place->code && (s->flags & SHF_WRITE),
		.clone = sym->place->code && klp_compare__is_clone(sym->name),
	};
}

/* Another name of that code, which a fix does not mean to change. */
static const char *unchanged_alias(const struct klp_cmp_sym *sym)
{
	for (size_t i = 0; i < sym->place->syms.n; i++) {
		const struct klp_cmp_sym *other = sym->place->syms.v[i];

		if (other->partner && !other->why)
			return other->name;
	}
	return NULL;
}

static void add_of_a(struct klp_cmp *cmp, const struct klp_cmp_sym *sym, struct klp_compare *ret)
{
	struct klp_difference d = describe(cmp->a, sym);
	bool code = sym->place->code;

	d.a = sym->name;
	if (sym->partner && !sym->why) {
		ret->identical += code;
		return;
	}
	if (sym->partner) {
		d.b = sym->partner->name;
		d.why = sym->why;
		d.shares = unchanged_alias(sym);
		klp_vec_push(cmp->arena, code ? &ret->changed : &ret->changed_data, d);
		return;
	}
	d.why = absent(cmp->arena, cmp->b, sym, "B");
	klp_vec_push(cmp->arena, code ? &ret->only_a : &ret->data_only_a, d);
}

static void add_of_b(struct klp_cmp *cmp, const struct klp_cmp_sym *sym, struct klp_compare *ret)
{
	struct klp_difference d = describe(cmp->b, sym);

	d.b = sym->name;
	d.why = absent(cmp->arena, cmp->a, sym, "A");
	klp_vec_push(cmp->arena, sym->place->code ? &ret->only_b : &ret->data_only_b, d);
}

/* Everybody who gets to a place through references: functions are put into a list. */
struct hit {
	struct klp_cmp_sym *function;
	const char *via; /* the first named data on the way */
};
KLP_VEC(hits, struct hit);

struct step {
	struct klp_cmp_place *place;
	const char *via;
};
KLP_VEC(steps, struct step);

static void found(struct klp_arena *arena, const struct klp_cmp_place *user, const char *via,
		  unsigned int mark, struct hits *ret)
{
	for (size_t i = 0; i < user->syms.n; i++) {
		user->syms.v[i]->seen = mark;
		klp_vec_push(arena, ret, (struct hit){ user->syms.v[i], via });
	}
}

static void walk_users(struct klp_arena *arena, struct klp_cmp_place *from, unsigned int mark,
		       struct hits *ret)
{
	struct steps steps = {};

	from->seen = mark;
	klp_vec_push(arena, &steps, (struct step){ from, NULL });
	for (size_t i = 0; i < steps.n; i++) {
		const struct step step = steps.v[i];

		for (size_t k = 0; k < step.place->users.n; k++) {
			struct klp_cmp_place *user = step.place->users.v[k];
			const char *via = step.via;

			if (user->seen == mark)
				continue;
			user->seen = mark;
			if (user->code && user->syms.n) {
				found(arena, user, via, mark, ret);
				continue;
			}
			if (!via && user->syms.n && !user->by_content)
				via = user->syms.v[0]->name;
			klp_vec_push(arena, &steps, (struct step){ user, via });
		}
	}
}

static void add_reader(struct klp_arena *arena, const struct hit *hit, const char *name,
		       const char *of, struct klp_readers *list)
{
	klp_vec_push(arena, list,
		     (struct klp_reader){ .function = name, .of = of, .via = hit->via });
}

/*
 * A function that is equal in both reads the data in both, or it only seemed to: it shares an
 * address with other data in one of them.
 */
static void add_data_readers(struct klp_arena *arena, const struct klp_cmp_sym *data,
			     unsigned int mark, struct klp_readers *list)
{
	struct hits in_a = {}, in_b = {};

	walk_users(arena, data->place, mark, &in_a);
	walk_users(arena, data->partner->place, mark, &in_b);
	for (size_t i = 0; i < in_a.n; i++) {
		const struct klp_cmp_sym *a = in_a.v[i].function;

		if (!a->partner || a->why || a->partner->seen == mark)
			add_reader(arena, &in_a.v[i], a->name, data->name, list);
	}
	for (size_t i = 0; i < in_b.n; i++) {
		const struct klp_cmp_sym *b = in_b.v[i].function, *a = b->partner;

		if (!a || (a->why && a->seen != mark))
			add_reader(arena, &in_b.v[i], a ? a->name : b->name, data->name, list);
	}
}

static void add_readers(struct klp_cmp *cmp, struct klp_compare *ret)
{
	unsigned int mark = 0;

	for (size_t i = 0; i < cmp->a->syms.n; i++) {
		const struct klp_cmp_sym *sym = cmp->a->syms.v[i];
		struct hits callers = {};

		if (!stands_alone(sym) || (sym->partner && !sym->why))
			continue;
		mark++;
		if (!sym->place->code && sym->partner)
			add_data_readers(cmp->arena, sym, mark, &ret->readers);
		if (!sym->place->code || !klp_compare__is_clone(sym->name))
			continue;
		walk_users(cmp->arena, sym->place, mark, &callers);
		for (size_t k = 0; k < callers.n; k++)
			add_reader(cmp->arena, &callers.v[k], callers.v[k].function->name,
				   sym->name, &ret->clone_callers);
	}
}

static int by_name(const void *a, const void *b)
{
	const struct klp_difference *da = a, *db = b;

	return strcmp(da->a ? da->a : da->b, db->a ? db->a : db->b);
}

static int by_function(const void *a, const void *b)
{
	const struct klp_reader *ra = a, *rb = b;
	int order = strcmp(ra->of, rb->of);

	return order ? order : strcmp(ra->function, rb->function);
}

static void sort_all(struct klp_compare *ret)
{
	struct klp_differences *const lists[] = { &ret->changed,     &ret->only_a,
						  &ret->only_b,	     &ret->changed_data,
						  &ret->data_only_a, &ret->data_only_b };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i]->n)
			qsort(lists[i]->v, lists[i]->n, sizeof(*lists[i]->v), by_name);
	if (ret->readers.n)
		qsort(ret->readers.v, ret->readers.n, sizeof(*ret->readers.v), by_function);
	if (ret->clone_callers.n)
		qsort(ret->clone_callers.v, ret->clone_callers.n, sizeof(*ret->clone_callers.v),
		      by_function);
}

static int comparable(const struct klp_cmp_object *a, const struct klp_cmp_object *b,
		      struct klp_error *err)
{
	if (a->image.machine == b->image.machine && a->image.big_endian == b->image.big_endian)
		return 0;
	klp_error_set(err, KLP_EINPUT, "'%s' and '%s' are for different machines", a->image.path,
		      b->image.path);
	return klp_error_hint(err, "compare two objects that one compiler command made");
}

static void compare(struct klp_cmp *cmp, struct klp_cmp_object *a, struct klp_cmp_object *b,
		    struct klp_compare *ret)
{
	struct klp_compare result = { .sectioned = a->sectioned && b->sectioned };

	cmp->a = a;
	cmp->b = b;
	klp_map_init(&cmp->memo, cmp->arena);
	klp_compare__match(cmp->arena, a, b);
	for (size_t i = 0; i < a->syms.n; i++)
		if (stands_alone(a->syms.v[i]) && a->syms.v[i]->partner)
			a->syms.v[i]->why = difference(cmp, a->syms.v[i]);
	settle(cmp);
	find_origins(a);
	find_origins(b);
	for (size_t i = 0; i < a->syms.n; i++)
		if (stands_alone(a->syms.v[i]) && (a->syms.v[i]->partner || !cmp->excerpt))
			add_of_a(cmp, a->syms.v[i], &result);
	for (size_t i = 0; i < b->syms.n; i++)
		if (stands_alone(b->syms.v[i]) && !b->syms.v[i]->partner)
			add_of_b(cmp, b->syms.v[i], &result);
	add_readers(cmp, &result);
	sort_all(&result);
	*ret = result;
}

int klp_compare_objects(struct klp_arena *arena, const char *path_a, const char *path_b,
			struct klp_compare *ret, struct klp_error *err)
{
	struct klp_cmp_object a, b;
	struct klp_cmp cmp = { .arena = arena };

	if (klp_compare__load(arena, path_a, NULL, &a, err) < 0 ||
	    klp_compare__load(arena, path_b, NULL, &b, err) < 0 || comparable(&a, &b, err) < 0)
		return err->code;
	compare(&cmp, &a, &b, ret);
	return 0;
}

int klp_compare_excerpt(struct klp_arena *arena, const char *path_whole, const char *path_excerpt,
			const struct klp_compare_names *names, struct klp_compare *ret,
			struct klp_error *err)
{
	struct klp_cmp_object a, b;
	struct klp_cmp cmp = { .arena = arena, .excerpt = true, .exact = names->exact };

	if (klp_compare__load(arena, path_whole, NULL, &a, err) < 0 ||
	    klp_compare__load(arena, path_excerpt, names->map, &b, err) < 0 ||
	    comparable(&a, &b, err) < 0)
		return err->code;
	compare(&cmp, &a, &b, ret);
	return 0;
}

const struct klp_difference *klp_difference_find(const struct klp_differences *list,
						 const char *symbol)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_difference *d = &list->v[i];

		if ((d->a && !strcmp(d->a, symbol)) || (d->b && !strcmp(d->b, symbol)))
			return d;
	}
	return NULL;
}
