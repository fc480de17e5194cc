// SPDX-License-Identifier: GPL-2.0
/*
 * What gate_init() would have done with the fix. Nothing but the new code looks at the limit, so
 * it may be there before the first task runs that; a pre_patch can still refuse.
 */
#include <linux/livepatch.h>

#define LIMIT 10

extern unsigned int inside KLP_RELOC_SYMBOL_POS(gate, gate, inside, 0);
extern unsigned int limit KLP_RELOC_SYMBOL_POS(gate, gate, limit, 0);

int pre_patch_gate(struct klp_object *obj)
{
	/* with the fix from the start it would never have come to that */
	if (inside > LIMIT)
		return -EBUSY;
	/* somebody may have set one by hand, or an earlier livepatch, which this one replaces */
	if (!limit)
		limit = LIMIT;
	return 0;
}

void post_unpatch_gate(struct klp_object *obj)
{
	if (limit == LIMIT)
		limit = 0;
}
