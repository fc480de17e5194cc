#include "env.h"

/* The compiler makes constants of all: what writes is never reached. */
static int read = 1, *compared = &read + 1;
static int added_to = 3;
static int shifted = 4;
static int counted = 5;
static int counted_first = 6;
static int wrapped = 7;
static int cast = 8;
static int pointed_to = 9;
static int in_asm = 10;
static int measured = 11;
static int masked = 12, doubled = 24;
static int both = 13, halved = 26, kept = 1;
static int table[2] = { 14, 15 };
static int filled[2] = { 16, 17 };
static int decayed[2] = { 18, 19 };
int keep(void)
{
	return kept++;
}

static struct { int a; } member = { 20 };

static void never(int *p)
{
	added_to += 1;
	shifted <<= 1;
	counted++;
	--counted_first;
	((wrapped)) = 1;
	(void)(long)(cast)++;
	p = &pointed_to;
	asm("" : "+r" (in_asm));
	filled[1] = 1;
	p = decayed;
	member.a = *p;
}

int target(int a)
{
	if (sizeof(a) == 1)
		never(&a);
	if (read == 2 || compared <= &read || (a && both == 0) || a == (masked & 1 & a & doubled) || halved)
		return sizeof(&measured) + table[1];
	return added_to + shifted + counted + counted_first + wrapped + cast + pointed_to +
	       in_asm + (measured) + filled[0] + decayed[1] + member.a;
}
