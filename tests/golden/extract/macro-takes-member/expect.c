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


/* x.c:1 */
/* A macro is given the name of a variable, and takes a member of that name, too. */
struct unit {
	int limits[2];
};

/* x.c:20 */
#define chosen(id, var)                 \
	(*({                            \
		__typeof__(&var) p = &var; \
		if (unit_of(id))        \
			p = &unit_of(id)->var; \
		p;                      \
	}))

/* of the running kernel, not copied */
extern int limits[2] __asm__("klpe_limits");
extern struct unit *unit_of(int id);

int klpp_limit_of(int id);

/* x.c:34, patched: changed by the fix */
#line 34 "x.c"
int klpp_limit_of(int id)
{
	return chosen(id, limits)[1];
}

int klpp_own_limit(const struct unit *unit);

/* x.c:39, patched: changed by the fix */
#line 39 "x.c"
/* Spelled here, each is what it is. */
int klpp_own_limit(const struct unit *unit)
{
	return unit->limits[0] + limits[1];
}
