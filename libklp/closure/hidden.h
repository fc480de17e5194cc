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
 * Hands every function that differs and isn't dealt with yet to the rules, or to `copied`
 * when only its specialisation to old callers differs; fills closure->proof. Call when all
 * changes have been followed.
 */
int klp_closure__hidden(struct klp_work *work, const struct klp_changes *changes);

#endif
