/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables by which a livepatch says what it replaces: a patch has objects (vmlinux is the
 * one without a name), an object has functions; the last of each is all zero.
 */
#ifndef _LINUX_LIVEPATCH_H
#define _LINUX_LIVEPATCH_H

#include <linux/module.h>

struct klp_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos; /* 0: there is only one of that name */
};

struct klp_object {
	const char *name;
	struct klp_func *funcs;
};

struct klp_patch {
	struct module *mod;
	struct klp_object *objs;
	bool replace;
};

int klp_enable_patch(struct klp_patch *patch);

#endif
