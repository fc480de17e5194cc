// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a reference of A and one of B lead to the same. */
#include <string.h>

#include "elf/compare_parts.h"

/* Unnamed data that refers to unnamed data: a switch's table of tables is two deep. */
#define MAX_DEPTH 16

static bool same_string(const struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
			const struct klp_cmp_ref *rb)
{
	const struct klp_image_section *sa = &cmp->a->image.sections.v[ra->shndx];
	const struct klp_image_section *sb = &cmp->b->image.sections.v[rb->shndx];
	static const unsigned char nul[4];
	uint64_t width = sa->entsize;

	if (width != sb->entsize)
		return false;
	for (uint64_t at = 0;; at += width) {
		bool in_a = ra->at + at + width <= sa->size, in_b = rb->at + at + width <= sb->size;

		if (!in_a || !in_b)
			return in_a == in_b;
		if (memcmp(sa->data + ra->at + at, sb->data + rb->at + at, width))
			return false;
		if (!memcmp(sa->data + ra->at + at, nul, width))
			return true;
	}
}

/*
 * How many of the names that a reference may mean in A are meant in B. Where A has two names
 * for one address and B has one of them, the reference is equal only if what is there is: GCC
 * merges identical functions, and a fix of one ends that (its -fipa-icf).
 */
enum names { NAMES_DIFFER, NAMES_OVERLAP, NAMES_EQUAL };

static bool means(const struct klp_cmp_ref *ref, const struct klp_cmp_sym *sym)
{
	return sym && sym->place == ref->place && (!ref->sym || ref->sym == sym);
}

static enum names same_names(const struct klp_cmp_ref *ra, const struct klp_cmp_ref *rb,
			     const struct klp_cmp_sym **ret_common)
{
	size_t na = ra->sym ? 1 : ra->place->syms.n, nb = rb->sym ? 1 : rb->place->syms.n;
	size_t common = 0;

	for (size_t i = 0; i < na; i++) {
		const struct klp_cmp_sym *sym = ra->sym ? ra->sym : ra->place->syms.v[i];

		if (!means(rb, sym->partner))
			continue;
		common++;
		*ret_common = sym;
	}
	if (!common)
		return NAMES_DIFFER;
	return common == na && common == nb ? NAMES_EQUAL : NAMES_OVERLAP;
}

static const char *compare_inside(struct klp_cmp *cmp, struct klp_cmp_place *pa,
				  struct klp_cmp_place *pb)
{
	const struct klp_cmp_place *outer_a = cmp->inner_a, *outer_b = cmp->inner_b;
	const char *why;

	cmp->depth++;
	cmp->inner_a = pa;
	cmp->inner_b = pb;
	why = klp_compare__places(cmp, pa, pb);
	cmp->inner_a = outer_a;
	cmp->inner_b = outer_b;
	cmp->depth--;
	return why;
}

/*
 * Data or code without a lasting name. Something that leads back to itself is equal as long
 * as nothing else differs; a longer way round is taken for a difference, so that no verdict
 * rests on one that isn't there yet.
 */
static const char *compare_nameless(struct klp_cmp *cmp, struct klp_cmp_place *pa,
				    struct klp_cmp_place *pb)
{
	static const char equal[] = "equal", busy[] = "leads back to itself";
	struct klp_cmp_place *const pair[2] = { pa, pb };
	const char *why = klp_map_getn(&cmp->memo, (const char *)pair, sizeof(pair));
	char *key;

	if (why == busy && cmp->inner_a == pa && cmp->inner_b == pb)
		return NULL;
	if (why)
		return why == equal ? NULL : why;
	if (cmp->depth >= MAX_DEPTH)
		return "refers to nameless data too many times over";
	key = klp_alloc(cmp->arena, sizeof(pair));
	memcpy(key, pair, sizeof(pair));
	klp_map_putn(&cmp->memo, key, sizeof(pair), (void *)(uintptr_t)busy);
	why = compare_inside(cmp, pa, pb);
	klp_map_putn(&cmp->memo, key, sizeof(pair), (void *)(uintptr_t)(why ? why : equal));
	return why;
}

bool klp_compare__same_place(struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
			     const struct klp_cmp_ref *rb)
{
	const struct klp_cmp_sym *common = NULL;

	if (ra->rest != rb->rest || ra->place->code != rb->place->code)
		return false;
	if (ra->place->by_content && rb->place->by_content)
		return !compare_nameless(cmp, ra->place, rb->place);
	if (!ra->place->syms.n || !rb->place->syms.n)
		return false;
	switch (same_names(ra, rb, &common)) {
	case NAMES_EQUAL:
		return true;
	case NAMES_OVERLAP:
		/* what a verdict on nameless data depends on can't be remembered with it */
		if (cmp->depth)
			return false;
		klp_vec_push(cmp->arena, &cmp->conditions,
			     (struct klp_cmp_condition){ .of = cmp->owner, .on = common });
		return true;
	default:
		return false;
	}
}

static bool same_label(const struct klp_cmp_ref *ra, const struct klp_cmp_ref *rb)
{
	if (!ra->name || !rb->name)
		return ra->name == rb->name;
	return !strcmp(ra->name, rb->name);
}

/* `name` in the whole, as an excerpt's reference means it. */
static bool is_named(const struct klp_cmp *cmp, const struct klp_cmp_sym *sym, const char *name,
		     const char *norm)
{
	return cmp->exact ? !strcmp(sym->name, name) : !strcmp(sym->norm, norm);
}

/*
 * An excerpt names what it has left out. Where the whole names only the section, what matters is
 * the address: one past the end of a table may be the start of something else.
 */
static bool same_left_out(const struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
			  const struct klp_cmp_ref *rb)
{
	const char *norm = klp_compare__norm(cmp->arena, rb->name);

	for (size_t i = 0; i < ra->place->syms.n && ra->rest == rb->rest; i++) {
		const struct klp_cmp_sym *sym = ra->place->syms.v[i];

		if ((!ra->sym || ra->sym == sym) && is_named(cmp, sym, rb->name, norm))
			return true;
	}
	for (size_t i = 0; i < cmp->a->syms.n && !ra->sym; i++) {
		const struct klp_cmp_sym *sym = cmp->a->syms.v[i];

		if (sym->place->shndx == ra->place->shndx &&
		    sym->place->start + (uint64_t)rb->rest ==
			    ra->place->start + (uint64_t)ra->rest &&
		    is_named(cmp, sym, rb->name, norm))
			return true;
	}
	/* a label that assembly puts there, without a type */
	for (size_t i = 1; i < cmp->a->image.syms.n && !ra->sym; i++) {
		const struct klp_image_sym *sym = &cmp->a->image.syms.v[i];

		if (sym->shndx == ra->place->shndx &&
		    sym->value + (uint64_t)rb->rest == ra->place->start + (uint64_t)ra->rest &&
		    !strcmp(sym->name, rb->name))
			return true;
	}
	return false;
}

bool klp_compare__same_target(struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
			      const struct klp_cmp_ref *rb)
{
	if (cmp->excerpt && ra->target == KLP_CMP_PLACE && rb->target == KLP_CMP_NAME)
		return same_left_out(cmp, ra, rb);
	if (ra->target != rb->target || !same_label(ra, rb))
		return false;
	switch (ra->target) {
	case KLP_CMP_STRING:
		return ra->rest == rb->rest && same_string(cmp, ra, rb);
	case KLP_CMP_PLACE:
		return klp_compare__same_place(cmp, ra, rb);
	default:
		return ra->rest == rb->rest;
	}
}

const char *klp_compare__reference_differs(struct klp_cmp *cmp, size_t i, uint64_t offset,
					   const struct klp_cmp_object *oa,
					   const struct klp_cmp_ref *ra,
					   const struct klp_cmp_object *ob,
					   const struct klp_cmp_ref *rb)
{
	const char *a = ra ? klp_compare__show(cmp->arena, oa, ra) : "none";
	const char *b = rb ? klp_compare__show(cmp->arena, ob, rb) : "none";

	if (ra && rb && !strcmp(a, b)) {
		if (ra->target == KLP_CMP_PLACE && ra->place->by_content)
			b = "other content";
		else if (ra->rest != rb->rest)
			b = klp_sprintf(cmp->arena, "%s, addend %lld -> %lld", b,
					(long long)ra->rest, (long long)rb->rest);
		else
			b = klp_sprintf(cmp->arena, "another '%s'", b);
	}
	return klp_sprintf(cmp->arena, "reference %zu at +0x%llx: %s -> %s", i + 1,
			   (unsigned long long)offset, a, b);
}
