/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this kernel build fit to be livepatched? Configuration, compiler flags, dumps and symbol
 * tables are looked at; nothing is compiled. The result lives in the arena.
 */
#ifndef KLP_AUDIT_AUDIT_H
#define KLP_AUDIT_AUDIT_H

#include "base/error.h"
#include "model/audit.h"

struct klp_audit_opts {
	const char *build; /* directory of a kernel build */
	unsigned int jobs; /* threads; 0: one */
};

/*
 * An error is a directory that is no kernel build, or can't be read. What makes a build unfit is
 * in ret->findings.
 */
int klp_audit(struct klp_arena *arena, const struct klp_audit_opts *opts, struct klp_audit *ret,
	      struct klp_error *err);

#endif
