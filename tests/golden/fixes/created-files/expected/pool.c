// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of pool.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "pool"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "pool"


/* room.h:4, new with the fix */
#define ROOM_MAX 100

/* room.h:5, new with the fix */
#define ROOM_MIN (ROOM_MAX / 10)

/* room.h:7, new with the fix */
int room_left(int n);

/* pool.c:3 */
#line 3 "pool.c"
extern int sink(int n);

int klpp_pool_get(int n);

/* pool.c:6, patched: changed by the fix */
#line 6 "pool.c"
int klpp_pool_get(int n)
{
	if (room_left(n) < ROOM_MIN)
		return -1;
	return sink(n);
}
