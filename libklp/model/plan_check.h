/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a plan one that may be written into C, make and ELF? Its names come from symbol
 * tables and from files that somebody may have edited, so whoever reads a plan (report/)
 * or turns one into text (render/) asks here first. Nothing is changed, nothing is kept.
 */
#ifndef KLP_MODEL_PLAN_CHECK_H
#define KLP_MODEL_PLAN_CHECK_H

#include <stdbool.h>

#include "base/error.h"
#include "model/plan.h"

/* include/linux/kallsyms.h KSYM_NAME_LEN, include/linux/moduleparam.h MODULE_NAME_LEN, both
 * with the NUL: kernel/livepatch/core.c klp_resolve_symbols() reads no more than that. */
#define KLP_MAX_SYMBOL 511
#define KLP_MAX_OBJECT 55
/* More equal names than this are not in any kernel: a broken or hostile table. */
#define KLP_MAX_SYMPOS 999

/* [A-Za-z_][A-Za-z0-9_]* of at most KLP_MAX_SYMBOL characters */
bool klp_is_identifier(const char *s);
/* How an asm label begins that says itself what it stands for (convert/annotations.c). */
#define KLP_LABEL_PREFIX ".klp.sym.rela."
/* What can stand in .klp.sym.OBJ.NAME,POS and in a C string: printable, no ',' '"' '\' ' ' */
bool klp_is_symbol(const char *s);
/* "vmlinux" or a module's name as the kernel spells it: [A-Za-z0-9_]+ */
bool klp_is_object(const char *s);
/* The name of a livepatch module: [a-z0-9_]+ */
bool klp_is_module_name(const char *s);
/* One file in the module's directory: [A-Za-z0-9_-][A-Za-z0-9_.-]*.c */
bool klp_is_source_name(const char *s);
/* Likewise, ending in .diff */
bool klp_is_fix_name(const char *s);

/* Every name, position and pair of names in the plan; the error names the first bad one. */
int klp_plan_check(struct klp_arena *arena, const struct klp_plan *plan, struct klp_error *err);

#endif
