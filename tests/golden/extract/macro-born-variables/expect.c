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
#include "defs.h"

/* of the running kernel, not copied */
extern struct list_head klpe_waiting;
extern struct static_key_false klpe_enabled;
extern spinlock_t klpe_lock;
extern struct work_struct klpe_work;
DECLARE_PER_CPU(struct list_head, klpe_lists);
extern struct {
	spinlock_t lock;
	void *head;
} klpe_ida;
extern struct {
	int size;
} __attribute__((__packed__)) klpe___table;

int klpp_target(int a);

/* x.c:22, patched: changed by the fix */
#line 22 "x.c"
int klpp_target(int a)
{
	if (klpe_waiting.next == &klpe_waiting || klpe_enabled.enabled)
		return klpe_lock.raw;
	klpe_work.func(&klpe_work);
	klpe_lists.next = &klpe_waiting;
	klpe_ida.lock.raw++;
	klpe___table.size++;
	return a ? klpe___table.size + klpe_ida.head == &klpe_lock : 2;
}
