// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "elf/compare_parts.h"
#include "elf/operand.h"

/* Unnamed data that refers to unnamed data: a switch's table of tables is two deep. */
#define MAX_DEPTH 16

/* The same stretch of A and B, compared from 0 on; a site, or a place. */
struct span {
	const struct klp_cmp_object *o;
	const struct klp_cmp_place *place; /* the code or data that it belongs to */
	uint32_t shndx;
	uint64_t start, len;
	const unsigned char *data; /* NULL: zeros */
	const struct klp_cmp_ref *refs;
	size_t nrefs;
};

static struct span span_of(const struct klp_cmp_object *o, const struct klp_cmp_place *place,
			   uint32_t shndx, uint64_t start, uint64_t len)
{
	const struct klp_cmp_section *section = &o->sections[shndx];
	const unsigned char *data = o->image.sections.v[shndx].data;
	size_t first = klp_compare__first_ref(section, start);

	return (struct span){
		.o = o,
		.place = place,
		.shndx = shndx,
		.start = start,
		.len = len,
		.data = data ? data + start : NULL,
		.refs = section->refs.v ? section->refs.v + first : NULL,
		.nrefs = klp_compare__first_ref(section, start + len) - first,
	};
}

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

static const char *compare_nameless(struct klp_cmp *cmp, struct klp_cmp_place *pa,
				    struct klp_cmp_place *pb);

static bool same_place(struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
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

static bool same_target(struct klp_cmp *cmp, const struct klp_cmp_ref *ra,
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
		return same_place(cmp, ra, rb);
	default:
		return ra->rest == rb->rest;
	}
}

static const char *reference_differs(struct klp_cmp *cmp, size_t i, uint64_t offset,
				     const struct klp_cmp_object *oa, const struct klp_cmp_ref *ra,
				     const struct klp_cmp_object *ob, const struct klp_cmp_ref *rb)
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

static const char *branch_differs(struct klp_cmp *cmp, uint64_t at, const struct klp_cmp_ref *ra,
				  const struct klp_cmp_ref *rb)
{
	return klp_sprintf(cmp->arena, "branch at +0x%llx: %s -> %s", (unsigned long long)at,
			   klp_compare__show(cmp->arena, cmp->a, ra),
			   klp_compare__show(cmp->arena, cmp->b, rb));
}

/*
 * A branch within a section that several functions share: the assembler has filled it in,
 * so that its bytes tell how far apart the functions are and not which one is meant.
 */
static bool resolve_branch(const struct span *s, uint64_t at, uint64_t end,
			   struct klp_branch *ret_branch, struct klp_cmp_ref *ret)
{
	uint64_t target;

	if (!klp_branch_decode(s->data + at, end - at, ret_branch))
		return false;
	target = s->start + at + ret_branch->len + (uint64_t)ret_branch->displacement;
	*ret = (struct klp_cmp_ref){ .target = KLP_CMP_PLACE, .shndx = s->shndx, .at = target };
	if (target >= s->o->image.sections.v[s->shndx].size)
		return false;
	ret->place = klp_compare__place_at(s->o, s->shndx, target);
	if (!ret->place || !ret->place->syms.n)
		return false;
	ret->rest = (int64_t)(target - ret->place->start);
	return true;
}

/* Both have a branch there that leads to the same place of another function. */
static bool same_branch(struct klp_cmp *cmp, const struct span *a, const struct span *b,
			uint64_t at, uint64_t end, uint64_t *ret_end)
{
	struct klp_branch branch_a, branch_b;
	struct klp_cmp_ref ra, rb;
	size_t known;

	if (!resolve_branch(a, at, end, &branch_a, &ra) ||
	    !resolve_branch(b, at, end, &branch_b, &rb) || branch_a.len != branch_b.len ||
	    memcmp(a->data + at, b->data + at, branch_a.opcode))
		return false;
	*ret_end = at + branch_a.len;
	known = cmp->conditions.n;
	if (!same_place(cmp, &ra, &rb))
		return false;
	if (cmp->conditions.n > known)
		cmp->conditions.v[known].why = branch_differs(cmp, at, &ra, &rb);
	return true;
}

/* A byte that differs may be part of such a branch, which begins a few bytes before. */
static bool moved_branch(struct klp_cmp *cmp, const struct span *a, const struct span *b,
			 uint64_t from, uint64_t at, uint64_t end, uint64_t *ret_end)
{
	for (uint64_t back = 1; back <= 5 && at - from >= back; back++)
		if (same_branch(cmp, a, b, at - back, end, ret_end) && *ret_end > at)
			return true;
	return false;
}

/* Equal bytes that call different functions, which happen to be as far away. */
static bool other_branch(struct klp_cmp *cmp, const struct span *a, const struct span *b,
			 uint64_t at, uint64_t end, const char **ret_why)
{
	struct klp_branch branch_a, branch_b;
	struct klp_cmp_ref ra, rb;
	uint64_t behind;

	if (!resolve_branch(a, at, end, &branch_a, &ra) || ra.place == a->place || ra.rest ||
	    !resolve_branch(b, at, end, &branch_b, &rb) || rb.place == b->place || rb.rest ||
	    same_branch(cmp, a, b, at, end, &behind))
		return false;
	*ret_why = branch_differs(cmp, at, &ra, &rb);
	return true;
}

static bool has_resolved_branches(const struct span *s)
{
	return s->o->image.machine == EM_X86_64 && s->data &&
	       s->o->sections[s->shndx].functions > 1;
}

static const char *bytes_differ(struct klp_cmp *cmp, const struct span *a, uint64_t at)
{
	bool code = a->o->sections[a->shndx].kind == KLP_CMP_CODE;

	return klp_sprintf(cmp->arena, "%s at +0x%llx", code ? "code" : "bytes",
			   (unsigned long long)at);
}

static unsigned char byte_at(const struct span *s, uint64_t at)
{
	return s->data ? s->data[at] : 0;
}

/* Bytes between two relocations. */
static const char *compare_bytes(struct klp_cmp *cmp, const struct span *a, const struct span *b,
				 uint64_t from, uint64_t end)
{
	bool branches =
		a->data && b->data && (has_resolved_branches(a) || has_resolved_branches(b));
	const char *why;

	if (!branches && a->data && b->data && !memcmp(a->data + from, b->data + from, end - from))
		return NULL;
	if (!a->data && !b->data)
		return NULL;
	for (uint64_t at = from; at < end; at++) {
		if (byte_at(a, at) == byte_at(b, at)) {
			if (branches && other_branch(cmp, a, b, at, end, &why))
				return why;
			continue;
		}
		if (!branches || !moved_branch(cmp, a, b, from, at, end, &at))
			return bytes_differ(cmp, a, at);
		at--; /* the loop goes on behind the branch */
	}
	return NULL;
}

/*
 * The assembler makes PC32 of PLT32 for a symbol that it knows to be local (gas/config/
 * tc-i386.c); an excerpt doesn't have it, and the linker does the same to either.
 */
static bool same_type(const struct klp_cmp *cmp, uint32_t a, uint32_t b)
{
	return a == b || (cmp->excerpt && cmp->a->image.machine == EM_X86_64 &&
			  a == R_X86_64_PC32 && b == R_X86_64_PLT32);
}

/*
 * A call that the assembler has filled in: both ends lie in one section of the unit (a
 * function that calls itself, two of .sched.text). An excerpt has a reference there.
 */
static bool filled_in(const struct klp_cmp *cmp, const struct span *a, uint64_t at,
		      const struct klp_cmp_ref *rb, struct klp_cmp_ref *ret)
{
	uint64_t target;
	int32_t displacement;

	if (!cmp->excerpt || a->o->image.machine != EM_X86_64 || !a->data || a->len - at < 4 ||
	    (rb->type != R_X86_64_PLT32 && rb->type != R_X86_64_PC32))
		return false;
	memcpy(&displacement, a->data + at, sizeof(displacement));
	target = a->start + at + 4 + (uint64_t)(int64_t)displacement;
	*ret = (struct klp_cmp_ref){
		.offset = a->start + at,
		.type = R_X86_64_PC32,
		.target = KLP_CMP_PLACE,
		.shndx = a->shndx,
		.at = target,
	};
	if (target < a->o->image.sections.v[a->shndx].size)
		ret->place = klp_compare__place_at(a->o, a->shndx, target);
	if (!ret->place || !ret->place->syms.n)
		return false;
	ret->rest = (int64_t)(target - ret->place->start) - 4;
	return true;
}

static const char *compare_references(struct klp_cmp *cmp, size_t i, uint64_t at,
				      const struct span *a, const struct klp_cmp_ref *ra,
				      const struct span *b, const struct klp_cmp_ref *rb)
{
	size_t known = cmp->conditions.n;

	if (!ra || !rb || !same_type(cmp, ra->type, rb->type) || !same_target(cmp, ra, rb))
		return reference_differs(cmp, i, at, a->o, ra, b->o, rb);
	if (cmp->conditions.n > known)
		cmp->conditions.v[known].why = reference_differs(cmp, i, at, a->o, ra, b->o, rb);
	return NULL;
}

/* The first difference within the length that both have. */
static const char *compare_content(struct klp_cmp *cmp, const struct span *a, const struct span *b)
{
	uint64_t len = a->len < b->len ? a->len : b->len, done = 0;

	for (size_t i = 0, k = 0;;) {
		const struct klp_cmp_ref *ra = i < a->nrefs ? &a->refs[i] : NULL;
		const struct klp_cmp_ref *rb = k < b->nrefs ? &b->refs[k] : NULL;
		uint64_t at_a = ra ? ra->offset - a->start : len;
		uint64_t at_b = rb ? rb->offset - b->start : len;
		uint64_t at = at_a < at_b ? at_a : at_b;
		struct klp_cmp_ref filled;
		const char *why;

		if (at > len)
			at = len;
		why = compare_bytes(cmp, a, b, done < at ? done : at, at);
		if (why || at == len)
			return why;
		if (at_b < at_a && filled_in(cmp, a, at, rb, &filled)) {
			why = compare_references(cmp, k, at, a, &filled, b, rb);
			done = at + 4;
		} else {
			why = compare_references(cmp, i, at, a, at_a == at ? ra : NULL, b,
						 at_b == at ? rb : NULL);
			done = at;
			i++;
		}
		if (why)
			return why;
		k++;
	}
}

/* What is behind the common length is padding. */
static bool only_padding(const struct span *s, uint64_t from)
{
	const struct klp_image_section *section = &s->o->image.sections.v[s->shndx];

	if (s->len - from >= (section->align ? section->align : 1))
		return false;
	for (size_t i = 0; i < s->nrefs; i++)
		if (s->refs[i].offset - s->start >= from)
			return false;
	for (uint64_t at = from; at < s->len; at++)
		if (byte_at(s, at))
			return false;
	return true;
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

static const char *compare_lengths(struct klp_cmp *cmp, const struct klp_cmp_place *pa,
				   const struct span *a, const struct span *b)
{
	uint64_t common = a->len < b->len ? a->len : b->len;

	if (a->len == b->len)
		return NULL;
	if (!pa->syms.n && only_padding(a->len > b->len ? a : b, common))
		return NULL;
	return klp_sprintf(cmp->arena, "size %llu -> %llu", (unsigned long long)a->len,
			   (unsigned long long)b->len);
}

/* struct alt_instr (arch/x86/include/asm/alternative.h): the replacement's length is the last
 * byte, but for kernels of 13 bytes an entry, which have the length of padding behind it. */
static uint64_t replacement_length(const struct span *site)
{
	uint64_t at = site->len == 13 ? 11 : site->len - 1;

	return site->len && site->data ? site->data[at] : 0;
}

/* A replacement may be empty: then its address is that of the next one. */
static const char *compare_replacement(struct klp_cmp *cmp, const struct span *a,
				       const struct span *b)
{
	const struct klp_cmp_ref *ra = &a->refs[1], *rb = &b->refs[1];
	uint64_t len = replacement_length(a);
	struct span sa, sb;

	if (len != replacement_length(b))
		return bytes_differ(cmp, a, a->len - 1);
	if (ra->at > a->o->image.sections.v[ra->shndx].size - len ||
	    rb->at > b->o->image.sections.v[rb->shndx].size - len ||
	    len > a->o->image.sections.v[ra->shndx].size ||
	    len > b->o->image.sections.v[rb->shndx].size)
		return "replacement reaches behind its section";
	sa = span_of(a->o, ra->place, ra->shndx, ra->at, len);
	sb = span_of(b->o, rb->place, rb->shndx, rb->at, len);
	return compare_content(cmp, &sa, &sb);
}

static bool is_replacement(const struct span *s)
{
	return s->nrefs == 2 && s->refs[1].target == KLP_CMP_PLACE && !s->refs[1].place->syms.n;
}

static const char *compare_site(struct klp_cmp *cmp, const struct span *a, const struct span *b,
				bool alternative)
{
	struct span ha = *a, hb = *b;
	const char *why;

	if (a->len != b->len &&
	    !only_padding(a->len > b->len ? a : b, a->len < b->len ? a->len : b->len))
		return klp_sprintf(cmp->arena, "size %llu -> %llu", (unsigned long long)a->len,
				   (unsigned long long)b->len);
	if (!alternative || !is_replacement(a) || !is_replacement(b) ||
	    a->refs[1].offset - a->start != b->refs[1].offset - b->start)
		return compare_content(cmp, a, b);
	/* the entry without that reference, then what it leads to */
	ha.nrefs = hb.nrefs = 1;
	why = compare_content(cmp, &ha, &hb);
	return why ? why : compare_replacement(cmp, a, b);
}

/* Entries of a table about a place, numbered from 1 in each table. */
static const char *compare_sites(struct klp_cmp *cmp, const struct klp_cmp_place *pa,
				 const struct klp_cmp_place *pb)
{
	size_t n = 0;

	for (size_t i = 0; i < pa->sites.n || i < pb->sites.n; i++) {
		const struct klp_cmp_site *a = i < pa->sites.n ? &pa->sites.v[i] : NULL;
		const struct klp_cmp_site *b = i < pb->sites.n ? &pb->sites.v[i] : NULL;
		uint32_t table = !b || (a && a->table <= b->table) ? a->table : b->table;
		const char *name = klp_compare__table_name(table), *why;
		struct span sa, sb;

		n = i && (a ? pa : pb)->sites.v[i - 1].table == table ? n + 1 : 1;
		if (!a || !b || a->table != b->table)
			return klp_sprintf(cmp->arena, "%s entry %zu: only in %s", name, n,
					   a && a->table == table ? "A" : "B");
		sa = span_of(cmp->a, pa, a->shndx, a->at, a->len);
		sb = span_of(cmp->b, pb, b->shndx, b->at, b->len);
		why = compare_site(cmp, &sa, &sb, !strcmp(name, ".altinstructions"));
		if (why)
			return klp_sprintf(cmp->arena, "%s entry %zu: %s", name, n, why);
	}
	return NULL;
}

const char *klp_compare__places(struct klp_cmp *cmp, struct klp_cmp_place *pa,
				struct klp_cmp_place *pb)
{
	struct span a = span_of(cmp->a, pa, pa->shndx, pa->start, pa->size);
	struct span b = span_of(cmp->b, pb, pb->shndx, pb->start, pb->size);
	const char *why = compare_content(cmp, &a, &b);

	if (!why)
		why = compare_lengths(cmp, pa, &a, &b);
	return why ? why : compare_sites(cmp, pa, pb);
}
