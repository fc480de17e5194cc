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
#define say(thing) printk("%s: %s is %d\n", __func__, #thing, (int)(thing))
#define name_of(thing) #thing
#define call(f, a) (printk("calling %s\n", #f), f(a))

/* x.c:10 */
struct ops {
	int (*run)(int a);
};

/* of the running kernel, not copied */
extern int shared __asm__("klpe_shared");
extern int klpe_silent;
extern int klpe_target(int a);
extern struct ops klpe_ops;

/* the text says this name: it stays, the symbol is another */
int target(int a) __asm__("klpp_target");

/* x.c:14, patched: changed by the fix */
#line 14 "x.c"
/* Prints its own name, is called by the other one, and has its address taken. */
noinline __used int target(int a)
{
	extern int calls __asm__("klpe_target_calls"); /* static: the original's */

	say(shared);
	say(calls++);
	klpe_silent += a;
	klpe_ops.run = klpe_target;
	return a + 2;
}

/* of the running kernel, not copied */
DECLARE_PER_CPU(int, counter) __asm__("klpe_counter");

/* the text says this name: it stays, the symbol is another */
int named(int a) __asm__("klpp_named");

/* x.c:26, patched: changed by the fix */
#line 26 "x.c"
/* Its name is printed by its caller. */
noinline int named(int a)
{
	counter += a;
	printk("%s\n", name_of(counter));
	return a + 2;
}

int klpp_caller(int a);

/* x.c:39, patched: changed by the fix */
#line 39 "x.c"
int klpp_caller(int a)
{
	printk("%s %s\n", name_of(shared), name_of(&counter));
	shared = klpe_silent;
	return call(named, a) + target(a) + 2;
}
