/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside detect/ only: which locks a function takes, by the names that it calls. */
#ifndef KLP_DETECT_LOCKS_H
#define KLP_DETECT_LOCKS_H

#include "tu/view.h"

/*
 * What the fix changes in how a function locks, or counts references: "mutex_lock() once more,
 * rcu_read_unlock() once less"; or, where each is called as often as before, the first call that is
 * on another lock or at another place in the order: "mutex_lock(&b) where mutex_lock(&a) was".
 * NULL when it does as before.
 */
const char *klp_detect__locks(struct klp_arena *arena, const struct klp_view *before,
			      const struct klp_cdecl *old, const struct klp_view *after,
			      const struct klp_cdecl *new);

#endif
