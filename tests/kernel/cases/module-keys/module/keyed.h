/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(keyed_shared);

static inline int keyed_bonus(void)
{
	return static_branch_unlikely(&keyed_shared) ? 100 : 0;
}
