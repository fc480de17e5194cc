/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables by which a livepatch says what it replaces: a patch has objects (vmlinux is the
 * one without a name), an object has functions; the last of each is all zero.
 */
#ifndef _LINUX_LIVEPATCH_H
#define _LINUX_LIVEPATCH_H

#include <linux/module.h>

/* What the kernel keeps in each entry stands behind what a livepatch fills in. */
#define KLP_KEPT 128

struct klp_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos; /* 0: there is only one of that name */
	char kept[KLP_KEPT];
};

struct klp_object;

struct klp_callbacks {
	int (*pre_patch)(struct klp_object *object);
	void (*post_patch)(struct klp_object *object);
	void (*pre_unpatch)(struct klp_object *object);
	void (*post_unpatch)(struct klp_object *object);
};

struct klp_object {
	const char *name;
	struct klp_func *funcs;
	struct klp_callbacks callbacks;
	char kept[KLP_KEPT];
};

struct klp_state {
	unsigned long id;
	unsigned int version;
	void *data;
};

struct klp_patch {
	struct module *mod;
	struct klp_object *objs;
	struct klp_state *states;
	bool replace;
	char kept[KLP_KEPT];
};

int klp_enable_patch(struct klp_patch *patch);

#endif
