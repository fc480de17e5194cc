// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of device.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "device"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "device"

#include "ring.h"

/* ring.h:19, as the fix has it; the kernel's headers have the old setup_transmit() */
#line 19 "ring.h"
static inline int klpp_setup_transmit(struct ring *ring)
{
	int status = ring_io(ring, 1);

	if (status < 0)
		return status;
	for (int i = 0; i < ring->slots; i++)
		status += ring_io(ring, 32 + i);
	return ring_io(ring, 2) + status;
}

int klpp_device_transmit(struct ring *ring);

/* device.c:11, patched: its machine code relies on setup_transmit() */
#line 11 "device.c"
int klpp_device_transmit(struct ring *ring)
{
	return klpp_setup_transmit(ring) * 3;
}
