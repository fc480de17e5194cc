/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside closure/: what no dump tells. GCC compiles callers by what it learned of a callee,
 * callees by what it learned of their callers, and readers by what nobody writes; the unit
 * compiled before and after the fix shows all of it, for whatever differs relies on what the
 * fix changes.
 */
#ifndef KLP_CLOSURE_HIDDEN_H
#define KLP_CLOSURE_HIDDEN_H

#include "closure/private.h"

/*
 * Compiles the unit of `work` before and after the fix and compares function by function:
 * fills work->compare and sets work->compared. Does nothing for a unit that isn't viewed (it
 * compiles from the same text), or when opts->no_proof says so; one that is viewed in one
 * version is only compiled again. A fixed
 * source that doesn't compile is a finding (KLP-FIX-COMPILE), a build environment that
 * doesn't give the shipped object another (KLP-REBUILD).
 */
int klp_closure__compare(struct klp_work *work);

/*
 * Both versions compiled again without what makes a callee rely on its callers (gcc's ipa-cp,
 * with value ranges and known bits), and compared; once for each unit. *ret is NULL when the
 * compiler doesn't know these options.
 */
int klp_closure__compare_unspecialised(struct klp_work *work, const struct klp_compare **ret);

/*
 * Hands every function that differs and isn't dealt with yet to the rules, or to `copied`
 * when only its specialisation to old callers differs; fills closure->proof. Call when all
 * changes have been followed.
 */
int klp_closure__hidden(struct klp_work *work, const struct klp_changes *changes);


/*
 * What `from` calls by the references of its object, directly or not, is handed to hit() until
 * that says yes. seen: functions that needn't be gone through, and then those that were.
 */
bool klp_closure__calls(struct klp_arena *arena, const struct klp_refs *refs,
			const struct klp_sym *from, struct klp_map *seen,
			bool (*hit)(void *ctx, const struct klp_sym *sym), void *ctx);

/*
 * special.c: *ret_caller is the patched function for which a copy of a callee is enough, because
 * only its specialisation to old callers differs; else NULL, and it has to be replaced.
 */
int klp_closure__specialised(struct klp_work *work, const struct klp_difference *d,
			     const char **ret_caller);

#endif
