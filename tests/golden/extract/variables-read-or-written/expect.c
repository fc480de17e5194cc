// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"

/* x.c:13 */
static int measured = 11;

static int masked = 12, doubled = 24;

/* x.c:16 */
static int table[2] = { 14, 15 };

/* of the running kernel, not copied */
extern int klpe_added_to;
extern int klpe_shifted;
extern int klpe_counted;
extern int klpe_counted_first;
extern int klpe_wrapped;
extern int klpe_cast;
extern int klpe_pointed_to;
extern int klpe_in_asm;
extern int klpe_filled[2];
extern int klpe_decayed[2];
extern struct { int a; } klpe_member;

/* x.c:26, copied: inline */
#line 26 "x.c"
static void never(int *p)
{
	klpe_added_to += 1;
	klpe_shifted <<= 1;
	klpe_counted++;
	--klpe_counted_first;
	((klpe_wrapped)) = 1;
	(void)(long)(klpe_cast)++;
	p = &klpe_pointed_to;
	asm("" : "+r" (klpe_in_asm));
	klpe_filled[1] = 1;
	p = klpe_decayed;
	klpe_member.a = *p;
}

/* of the running kernel, not copied */
extern int klpe_read;
extern int *klpe_compared;
extern int klpe_both;
extern int klpe_halved;

int klpp_target(int a);

/* x.c:41, patched: changed by the fix */
#line 41 "x.c"
int klpp_target(int a)
{
	if (sizeof(a) == 1)
		never(&a);
	if (klpe_read == 2 || klpe_compared <= &klpe_read || (a && klpe_both == 0) || a == (masked & 1 & a & doubled) || klpe_halved)
		return sizeof(&measured) + table[1];
	return klpe_added_to + klpe_shifted + klpe_counted + klpe_counted_first + klpe_wrapped + klpe_cast + klpe_pointed_to +
	       klpe_in_asm + (measured) + klpe_filled[0] + klpe_decayed[1] + klpe_member.a + 1;
}
