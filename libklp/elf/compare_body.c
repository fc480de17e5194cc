// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "elf/compare_parts.h"
#include "elf/operand.h"

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
	if (!klp_compare__same_place(cmp, &ra, &rb))
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

	if (!ra || !rb || !same_type(cmp, ra->type, rb->type) ||
	    !klp_compare__same_target(cmp, ra, rb))
		return klp_compare__reference_differs(cmp, i, at, a->o, ra, b->o, rb);
	if (cmp->conditions.n > known)
		cmp->conditions.v[known].why =
			klp_compare__reference_differs(cmp, i, at, a->o, ra, b->o, rb);
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
