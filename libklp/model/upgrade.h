/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens to each function when one livepatch takes the place of another (verify/upgrade.h
 * finds it out). Plain data.
 */
#ifndef KLP_MODEL_UPGRADE_H
#define KLP_MODEL_UPGRADE_H

#include <stdint.h>

#include "base/vec.h"

enum klp_upgrade_what {
	KLP_UPGRADE_SAME,    /* patched by both, by the same code */
	KLP_UPGRADE_CHANGED, /* patched by both, by other code */
	KLP_UPGRADE_BOTH,    /* patched by both; the code could not be compared */
	KLP_UPGRADE_NEW,     /* patched by the newer one alone */
	KLP_UPGRADE_RETURNS, /* patched by the older one alone: the original comes back */
};
/* "same", "changed", "both", "new", "returns" */
const char *klp_upgrade_what_name(enum klp_upgrade_what what);
/* "as before", "patched by both, by other code" ... "the original comes back" */
const char *klp_upgrade_what_says(enum klp_upgrade_what what);

struct klp_upgrade_func {
	const char *object, *old_name; /* "vmlinux", "show_sb_opts" */
	uint64_t sympos;
	enum klp_upgrade_what what;
};
KLP_VEC(klp_upgrade_funcs, struct klp_upgrade_func);

struct klp_upgrade {
	const char *from, *to;		/* names of the modules; `to` replaces `from` */
	struct klp_upgrade_funcs funcs; /* by object and name */
	struct klp_strs copied; /* other functions whose code differs or that only the newer one
				   has: the patched ones may call them */
};
KLP_VEC(klp_upgrades, struct klp_upgrade);

#endif
