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


/* x.c:5 */
#define LIMIT_small_MAX 8
#define LIMIT_large_MAX 64

/* x.c:9 */
#define CHECK(size)                        \
	do {                               \
		if (n > LIMIT_##size##_MAX) \
			return -1;         \
	} while (0)

int klpp_take(int n);

/* x.c:15, patched: changed by the fix */
#line 15 "x.c"
int klpp_take(int n)
{
	CHECK(small);
	return n + 2;
}
#define MAX_large 32

int klpp_take_all(int n);

/* x.c:23, patched: changed by the fix */
#line 23 "x.c"
/* A macro of the function's own. */
int klpp_take_all(int n)
{
#define LEAST(size) (n < MAX_##size ? n : MAX_##size)
	CHECK(large);
	return LEAST(large) + 2;
}
