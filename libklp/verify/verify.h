/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 8: is the finished livepatch one that the kernel of this build accepts, and that does
 * what the plan says? A table of checks, each with the kernel's rule behind it; what they
 * find are findings of severity error or warning.
 */
#ifndef KLP_VERIFY_VERIFY_H
#define KLP_VERIFY_VERIFY_H

#include "base/error.h"
#include "model/finding.h"
#include "model/plan.h"
#include "tree/tree.h"

/* module is the converted .ko. */
int klp_verify(struct klp_arena *arena, const char *module, const struct klp_plan *plan,
	       struct klp_tree *tree, struct klp_findings *findings, struct klp_error *err);

#endif
