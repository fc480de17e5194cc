/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of the template externs.c: the pre_patch callback of modules, which does no more than
 * set pointers and call `then` (model/plan.h), and what it does that by.
 */
#ifndef KLP_MODEL_EXTERNS_H
#define KLP_MODEL_EXTERNS_H

extern const char klp_plan_externs_pre_patch[], klp_plan_externs_resolve[];

#endif
