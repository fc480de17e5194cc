// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls and addresses inside one section that have no relocation: the assembler settles those of
 * local functions by itself. x86-64: Intel SDM vol. 2, appendix A; s390: Principles of Operation,
 * BRASL, BRCL, LARL, BRAS, BRC; arm64: B, BL; PowerPC: I-form branches.
 */
#include <elf.h>
#include <string.h>

#include "elf/image_parts.h"
#include "elf/operand.h"
#include "elf/x86.h"

struct code {
	struct klp_arena *arena;
	const unsigned char *bytes;
	uint64_t size;
	bool big_endian;
	const unsigned char *relocated; /* a flag for each byte that a relocation fills */
	struct klp_image_calls *ret;
};

/* What leads out of start..end, the function, is of interest. */
static void add(const struct code *c, uint64_t from, uint64_t base, int64_t distance,
		uint64_t start, uint64_t end)
{
	uint64_t to = base + (uint64_t)distance;

	if (to < c->size && (to < start || to >= end))
		klp_vec_push(c->arena, c->ret, (struct klp_image_call){ from, to });
}

static uint32_t word(const struct code *c, uint64_t at, bool big_endian)
{
	const unsigned char *p = c->bytes + at;

	if (big_endian)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* The low `bits` of a value, with a sign. */
static int64_t sign(uint32_t value, unsigned int bits)
{
	return (int64_t)((uint64_t)value << (64 - bits)) >> (64 - bits);
}

/* A branch, or LEA with a RIP-relative operand, at a place and with that many prefixes. */
static void x86_one(const struct code *c, uint64_t at, unsigned int prefixes, uint64_t start,
		    uint64_t end)
{
	const unsigned char *p = c->bytes + at + prefixes;
	uint64_t left = c->size - at - prefixes, operand = at + prefixes;
	struct klp_branch branch;

	if (klp_branch_decode(p, left, &branch)) {
		if (!c->relocated[operand + branch.opcode])
			add(c, at, operand + branch.len, branch.displacement, start, end);
	} else if (left >= 6 && p[0] == 0x8d && (p[1] & 0xc7) == 0x05 &&
		   !c->relocated[operand + 2]) {
		add(c, at, operand + 6, sign(word(c, operand + 2, false), 32), start, end);
	}
}

/* Where instructions can't be told apart, whatever looks like one counts. */
static void x86(const struct code *c, uint64_t start, uint64_t end)
{
	uint64_t at = start;
	unsigned int n, prefixes;

	while (at < end && (n = klp_x86_length(c->bytes + at, end - at, &prefixes))) {
		x86_one(c, at, prefixes, start, end);
		at += n;
	}
	for (; at < end; at++)
		x86_one(c, at, 0, start, end);
}

static void s390(const struct code *c, uint64_t start, uint64_t end)
{
	static const unsigned int lengths[] = { 2, 4, 4, 6 };

	for (uint64_t at = start; at < end && end - at >= 2; at += lengths[c->bytes[at] >> 6]) {
		const unsigned char *p = c->bytes + at;
		unsigned int low = p[1] & 0xf;

		if (end - at >= 6 && p[0] == 0xc0 && (low == 0 || low == 4 || low == 5) &&
		    !c->relocated[at + 2])
			add(c, at, at, 2 * sign(word(c, at + 2, true), 32), start, end);
		else if (end - at >= 4 && p[0] == 0xa7 && (low == 4 || low == 5) &&
			 !c->relocated[at + 2])
			add(c, at, at, 2 * sign((uint32_t)p[2] << 8 | p[3], 16), start, end);
	}
}

/* Instructions of four bytes: on arm64 in this order whatever the data's is. */
static void words(const struct code *c, uint64_t start, uint64_t end, uint16_t machine)
{
	for (uint64_t at = (start + 3) & ~(uint64_t)3; at + 4 <= end; at += 4) {
		uint32_t w = word(c, at, machine == EM_PPC64 && c->big_endian);

		if (c->relocated[at])
			continue;
		if (machine == EM_AARCH64 && (w & 0x7c000000) == 0x14000000)
			add(c, at, at, 4 * sign(w & 0x03ffffff, 26), start, end);
		else if (machine == EM_PPC64 && (w & 0xfc000002) == 0x48000000)
			add(c, at, at, sign(w & 0x03fffffc, 26), start, end);
	}
}

static void mark(const struct klp_image *image, uint32_t shndx, unsigned char *flags, uint64_t size)
{
	for (uint32_t i = 0; (i = klp_image_relas_of(image, shndx, i));) {
		const struct klp_image_relas *relas = &image->sections.v[i].relas;

		for (size_t k = 0; k < relas->n; k++)
			for (uint64_t at = relas->v[k].offset, n = 0; n < 4 && at < size; n++)
				flags[at++] = 1;
	}
}

bool klp_image_calls(struct klp_arena *arena, const struct klp_image *image, uint32_t shndx,
		     struct klp_image_calls *ret)
{
	const struct klp_image_section *s = &image->sections.v[shndx];
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct code c = { arena, s->data, s->data ? s->size : 0, image->big_endian, NULL, ret };
	unsigned char *flags = klp_alloc(scratch, c.size + 16);
	uint64_t start, end;

	if (image->machine != EM_X86_64 && image->machine != EM_S390 &&
	    image->machine != EM_AARCH64 && image->machine != EM_PPC64)
		return false;
	mark(image, shndx, flags, c.size);
	c.relocated = flags;
	for (size_t i = klp_image__first_piece(image, shndx);
	     klp_image__piece(image, shndx, i, &start, &end); i++) {
		if (end > c.size)
			end = c.size;
		if (start >= end)
			continue;
		if (image->machine == EM_X86_64)
			x86(&c, start, end);
		else if (image->machine == EM_S390)
			s390(&c, start, end);
		else
			words(&c, start, end, image->machine);
	}
	return true;
}
