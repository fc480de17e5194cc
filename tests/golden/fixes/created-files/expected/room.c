// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of room.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "room"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "room"


/* room.h:4, new with the fix */
#define ROOM_MAX 100

/* room.h:7, new with the fix */
int room_left(int n);

/* room.c:3 */
#line 3 "room.c"
/* What is left, counted here. */
static int taken;

/* room.c:6, new with the fix */
#line 6 "room.c"
static int twice(int n)
{
	return 2 * n;
}

/* room.c:11, new with the fix */
#line 11 "room.c"
int room_left(int n)
{
	taken += twice(n);
	return ROOM_MAX - taken;
}
