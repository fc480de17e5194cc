// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/x86.h"

#include <stdbool.h>
#include <stddef.h>

/* What follows an opcode. */
#define BAD   1 /* no instruction in 64-bit mode, or not known here */
#define MODRM 2 /* ModRM, SIB, displacement */
#define IMM8  4
#define IMM16 8
#define IMMV  16  /* 4 bytes; 2 with an operand size prefix */
#define REL32 32  /* 4 bytes, whatever the prefixes */
#define IMM64 64  /* as IMMV, but 8 with REX.W */
#define MOFFS 128 /* an address: 8 bytes, 4 with an address size prefix */

#define MAX_LENGTH 15

/* A run of opcodes; those that no run holds have nothing behind them. */
struct run {
	unsigned char first, last, what;
};

static const struct run one_byte[] = {
	{ 0x06, 0x07, BAD },	      { 0x0e, 0x0e, BAD },	    { 0x16, 0x17, BAD },
	{ 0x1e, 0x1f, BAD },	      { 0x27, 0x27, BAD },	    { 0x2f, 0x2f, BAD },
	{ 0x37, 0x37, BAD },	      { 0x3f, 0x3f, BAD },	    { 0x60, 0x62, BAD },
	{ 0x63, 0x63, MODRM },	      { 0x68, 0x68, IMMV },	    { 0x69, 0x69, MODRM | IMMV },
	{ 0x6a, 0x6a, IMM8 },	      { 0x6b, 0x6b, MODRM | IMM8 }, { 0x70, 0x7f, IMM8 },
	{ 0x80, 0x80, MODRM | IMM8 }, { 0x81, 0x81, MODRM | IMMV }, { 0x82, 0x82, BAD },
	{ 0x83, 0x83, MODRM | IMM8 }, { 0x84, 0x8f, MODRM },	    { 0x9a, 0x9a, BAD },
	{ 0xa0, 0xa3, MOFFS },	      { 0xa8, 0xa8, IMM8 },	    { 0xa9, 0xa9, IMMV },
	{ 0xb0, 0xb7, IMM8 },	      { 0xb8, 0xbf, IMM64 },	    { 0xc0, 0xc1, MODRM | IMM8 },
	{ 0xc2, 0xc2, IMM16 },	      { 0xc4, 0xc5, BAD },	    { 0xc6, 0xc6, MODRM | IMM8 },
	{ 0xc7, 0xc7, MODRM | IMMV }, { 0xc8, 0xc8, IMM16 | IMM8 }, { 0xca, 0xca, IMM16 },
	{ 0xcd, 0xcd, IMM8 },	      { 0xce, 0xce, BAD },	    { 0xd0, 0xd3, MODRM },
	{ 0xd4, 0xd6, BAD },	      { 0xd8, 0xdf, MODRM },	    { 0xe0, 0xe7, IMM8 },
	{ 0xe8, 0xe9, REL32 },	      { 0xea, 0xea, BAD },	    { 0xeb, 0xeb, IMM8 },
	{ 0xf6, 0xf7, MODRM },	      { 0xfe, 0xff, MODRM },
};

/* Behind 0x0f. Mostly ModRM: what has something else, or nothing. */
static const struct run two_byte[] = {
	{ 0x04, 0x04, BAD },
	{ 0x05, 0x09, 0 },
	{ 0x0a, 0x0a, BAD },
	{ 0x0b, 0x0b, 0 },
	{ 0x0c, 0x0c, BAD },
	{ 0x0e, 0x0f, BAD },
	{ 0x24, 0x27, BAD },
	{ 0x30, 0x35, 0 },
	{ 0x36, 0x36, BAD },
	{ 0x37, 0x37, 0 },
	{ 0x38, 0x3f, BAD },
	{ 0x70, 0x73, MODRM | IMM8 },
	{ 0x77, 0x77, 0 },
	{ 0x7a, 0x7b, BAD },
	{ 0x80, 0x8f, REL32 },
	{ 0xa0, 0xa2, 0 },
	{ 0xa4, 0xa4, MODRM | IMM8 },
	{ 0xa6, 0xa7, BAD },
	{ 0xa8, 0xaa, 0 },
	{ 0xac, 0xac, MODRM | IMM8 },
	{ 0xba, 0xba, MODRM | IMM8 },
	{ 0xc2, 0xc2, MODRM | IMM8 },
	{ 0xc4, 0xc6, MODRM | IMM8 },
	{ 0xc8, 0xcf, 0 },
};

static unsigned char look_up(const struct run *runs, size_t n, unsigned char op,
			     unsigned char other)
{
	for (size_t i = 0; i < n; i++)
		if (op >= runs[i].first && op <= runs[i].last)
			return runs[i].what;
	return other;
}

/* The eight columns of the arithmetic instructions, 0x00 to 0x3f: ADD, OR ... CMP. */
static unsigned char arithmetic(unsigned char op)
{
	return (op & 7) < 4 ? MODRM : (op & 7) == 4 ? IMM8 : (op & 7) == 5 ? IMMV : 0;
}

struct reader {
	const unsigned char *p, *end;
	bool half;    /* operand size prefix */
	bool address; /* address size prefix */
	bool wide;    /* REX.W */
	bool cut;     /* more was wanted than there is */
};

static unsigned char next(struct reader *r)
{
	if (r->p == r->end) {
		r->cut = true;
		return 0;
	}
	return *r->p++;
}

static void skip(struct reader *r, unsigned int n)
{
	if ((uint64_t)(r->end - r->p) < n) {
		r->cut = true;
		n = (unsigned int)(r->end - r->p);
	}
	r->p += n;
}

static bool read_prefix(struct reader *r)
{
	switch (r->p == r->end ? 0 : *r->p) {
	case 0x66:
		r->half = true;
		break;
	case 0x67:
		r->address = true;
		break;
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
	case 0xf0:
	case 0xf2:
	case 0xf3:
		break;
	default:
		return false;
	}
	r->p++;
	return true;
}

/* The ModRM byte and what belongs to it. */
static unsigned char read_modrm(struct reader *r)
{
	unsigned char modrm = next(r), mod = modrm >> 6, base = modrm & 7;

	if (mod != 3 && base == 4)
		base = next(r) & 7;
	if (mod == 1)
		skip(r, 1);
	else if (mod == 2 || (mod == 0 && base == 5))
		skip(r, 4);
	return modrm;
}

static void read_operands(struct reader *r, unsigned char what)
{
	if (what & MODRM)
		read_modrm(r);
	if (what & IMM8)
		skip(r, 1);
	if (what & IMM16)
		skip(r, 2);
	if (what & REL32)
		skip(r, 4);
	if (what & MOFFS)
		skip(r, r->address ? 4 : 8);
	if (what & (IMMV | IMM64))
		skip(r, r->wide && (what & IMM64) ? 8 : r->half && !r->wide ? 2 : 4);
}

/* Map 1 is that of 0x0f, 2 of 0x0f38, 3 of 0x0f3a. */
static bool read_mapped(struct reader *r, unsigned int map)
{
	unsigned char op = next(r), what = MODRM;

	if (map == 1)
		what = look_up(two_byte, sizeof(two_byte) / sizeof(*two_byte), op, MODRM);
	else if (map == 3)
		what = MODRM | IMM8;
	if ((what & BAD) || map < 1 || map > 3)
		return false;
	read_operands(r, what);
	return true;
}

static bool read_escaped(struct reader *r)
{
	unsigned char op = r->p == r->end ? 0 : *r->p;

	if (op == 0x38 || op == 0x3a) {
		r->p++;
		return read_mapped(r, op == 0x38 ? 2 : 3);
	}
	return read_mapped(r, 1);
}

/* VEX (0xc5: two bytes, 0xc4: three) and EVEX (0x62: four). */
static bool read_vex(struct reader *r, unsigned char op)
{
	unsigned char first = next(r);

	if (op == 0xc5)
		return read_mapped(r, 1);
	skip(r, op == 0x62 ? 2 : 1);
	return read_mapped(r, first & (op == 0x62 ? 0x07 : 0x1f));
}

/* TEST alone of its group has an immediate. */
static void read_group3(struct reader *r, unsigned char op)
{
	unsigned char modrm = read_modrm(r);

	if ((modrm >> 3 & 7) < 2)
		read_operands(r, op == 0xf6 ? IMM8 : IMMV);
}

static bool read_opcode(struct reader *r)
{
	unsigned char op = next(r), what;

	if (op == 0x0f)
		return read_escaped(r);
	if (op == 0xc4 || op == 0xc5 || op == 0x62)
		return read_vex(r, op);
	if (op == 0xf6 || op == 0xf7) {
		read_group3(r, op);
		return true;
	}
	what = look_up(one_byte, sizeof(one_byte) / sizeof(*one_byte), op,
		       op < 0x40 ? arithmetic(op) : 0);
	/* XOP, where POP has no other operation. */
	if (op == 0x8f && r->p < r->end && (*r->p & 0x38))
		return false;
	read_operands(r, what);
	return !(what & BAD);
}

unsigned int klp_x86_length(const unsigned char *p, uint64_t left, unsigned int *ret_opcode)
{
	struct reader r = { .p = p, .end = p + (left < MAX_LENGTH ? left : MAX_LENGTH) };

	while (read_prefix(&r))
		;
	if (r.p < r.end && (*r.p & 0xf0) == 0x40)
		r.wide = *r.p++ & 8;
	*ret_opcode = (unsigned int)(r.p - p);
	if (!read_opcode(&r) || r.cut)
		return 0;
	return (unsigned int)(r.p - p);
}
