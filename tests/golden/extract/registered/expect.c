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
#include "sys.h"

/* of the running kernel, not copied */
extern int klpe_limit;

extern typeof(int (long)) sys_target __asm__("klpp_sys_target");

/* the kernel's own is registered */
#undef SYSCALL_METADATA
#define SYSCALL_METADATA(...)
#undef ALLOW_ERROR_INJECTION
#define ALLOW_ERROR_INJECTION(...)

/* x.c:7, patched: contains an inlined copy of __do_sys_target() */
#line 7 "x.c"
SYSCALL_DEFINE1(target, int, a)
{
	return klpe_limit + a + 2;
}

/* x.c:13, changed by the fix, copied: no symbol left to call */
#line 13 "x.c"
static int limit_show(int a)
{
	return klpe_limit + a + 2;
}

/* made beside the function, not used */
static struct attribute attr_limit __attribute__((__unused__));

/* x.c:17, patched: contains an inlined copy of limit_show() */
#line 17 "x.c"
ATTR(limit)
typeof(limit_do_show) klpp_limit_do_show __attribute__((__alias__("limit_do_show")));
