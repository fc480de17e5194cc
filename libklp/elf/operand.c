// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/operand.h"

#include <stddef.h>

/* Opcodes with a ModRM byte and an immediate, and nothing else in common. */
static const struct {
	unsigned char first, last; /* opcodes */
	bool escaped;		   /* behind 0x0f */
	bool full;		   /* 4 bytes, 2 with an operand size prefix; else 1 */
	unsigned char reg;	   /* the highest ModRM.reg that makes it one */
} with_immediate[] = {
	{ 0x69, 0x69, false, true, 7 },	 /* IMUL */
	{ 0x6b, 0x6b, false, false, 7 }, /* IMUL */
	{ 0x80, 0x80, false, false, 7 }, /* ADD ... CMP */
	{ 0x81, 0x81, false, true, 7 },	 /* ADD ... CMP */
	{ 0x83, 0x83, false, false, 7 }, /* ADD ... CMP */
	{ 0xc0, 0xc1, false, false, 7 }, /* shifts */
	{ 0xc6, 0xc6, false, false, 0 }, /* MOV */
	{ 0xc7, 0xc7, false, true, 0 },	 /* MOV; behind 0x0f CMPXCHG8B, which is /1 */
	{ 0xf6, 0xf6, false, false, 1 }, /* TEST; /2 and up are NOT, NEG, MUL, DIV */
	{ 0xf7, 0xf7, false, true, 1 },	 /* TEST */
	{ 0x70, 0x73, true, false, 7 },	 /* vector shuffles and shifts */
	{ 0xa4, 0xa4, true, false, 7 },	 /* SHLD */
	{ 0xac, 0xac, true, false, 7 },	 /* SHRD */
	{ 0xba, 0xba, true, false, 7 },	 /* BT, BTS, BTR, BTC */
};

/*
 * 0x0f before an opcode may as well be the last byte of the instruction before, and nothing
 * here knows where that begins. Where both readings exist the one that kernel code has wins:
 * XADD (0x0f 0xc0, 0xc1) over a shift in memory, everything else over MMX.
 */
static bool reads_as(size_t i, unsigned char op, bool escaped)
{
	if (op < with_immediate[i].first || op > with_immediate[i].last)
		return false;
	if (with_immediate[i].escaped)
		return escaped;
	return !(escaped && (op == 0xc0 || op == 0xc1));
}

/* An operand size prefix without REX.W: the immediate has two bytes. */
static bool is_half(const unsigned char *op, uint64_t before)
{
	bool rex = before > 0 && (op[-1] & 0xf0) == 0x40;

	if (rex && (op[-1] & 8))
		return false;
	return (before > 0 && op[-1] == 0x66) || (rex && before > 1 && op[-2] == 0x66);
}

int klp_operand_to_end(const unsigned char *code, uint64_t offset)
{
	const unsigned char *op = code + offset - 2;
	unsigned char modrm;
	bool escaped;

	if (offset < 2)
		return 4;
	modrm = op[1];
	if ((modrm & 0xc7) != 0x05)
		return 4; /* not RIP-relative: a call or jump */
	escaped = offset > 2 && op[-1] == 0x0f;
	for (size_t i = 0; i < sizeof(with_immediate) / sizeof(with_immediate[0]); i++)
		if (reads_as(i, *op, escaped) && ((modrm >> 3) & 7) <= with_immediate[i].reg)
			return !with_immediate[i].full ? 5 : is_half(op, offset - 2) ? 6 : 8;
	return 4;
}

bool klp_branch_decode(const unsigned char *p, uint64_t left, struct klp_branch *ret)
{
	struct klp_branch branch = { .opcode = 1 };
	const unsigned char *operand;

	if (left < 2)
		return false;
	if (p[0] == 0x0f && (p[1] & 0xf0) == 0x80)
		branch.opcode = 2;
	if (branch.opcode == 2 || p[0] == 0xe8 || p[0] == 0xe9)
		branch.len = branch.opcode + 4;
	else if (p[0] == 0xeb || (p[0] & 0xf0) == 0x70)
		branch.len = 2;
	else
		return false;
	if (branch.len > left)
		return false;
	operand = p + branch.opcode;
	if (branch.len == 2)
		branch.displacement = (int8_t)operand[0];
	else
		branch.displacement =
			(int32_t)((uint32_t)operand[0] | (uint32_t)operand[1] << 8 |
				  (uint32_t)operand[2] << 16 | (uint32_t)operand[3] << 24);
	*ret = branch;
	return true;
}
