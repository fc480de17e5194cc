// SPDX-License-Identifier: GPL-2.0
/* Two of the four: the others stay empty. And a static of the kernel, by an asm label. */
#include <linux/livepatch.h>

extern unsigned int used KLP_RELOC_SYMBOL_POS(vmlinux, vmlinux, notes_used, 0);

static int ready;

int pre_patch_vmlinux(struct klp_object *obj)
{
	ready = 1;
	return used > 16 ? -1 : 0;
}

void post_unpatch_vmlinux(struct klp_object *obj)
{
	ready = 0;
}
