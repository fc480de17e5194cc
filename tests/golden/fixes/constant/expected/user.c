// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of user.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "user"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "user"

#include "rates.h"

/* rates.h:1, as the fix has it; the kernel's headers have the old base_rate */
static const unsigned int klpp_base_rate = 11;

/* rates.h:3, as the fix has it; the kernel's headers have the old scaled() */
#line 3 "rates.h"
static inline unsigned int klpp_scaled(unsigned int x)
{
	return x * klpp_base_rate;
}

/* user.c:3 */
#line 3 "user.c"
extern unsigned int sink(unsigned int x);

unsigned int klpp_user(unsigned int x);

/* user.c:6, patched: changed by the fix */
#line 6 "user.c"
unsigned int klpp_user(unsigned int x)
{
	return sink(x) + klpp_base_rate;
}

unsigned int klpp_scales(unsigned int x);

/* user.c:12, patched: contains an inlined copy of scaled() */
#line 12 "user.c"
unsigned int klpp_scales(unsigned int x)
{
	return sink(klpp_scaled(x));
}
