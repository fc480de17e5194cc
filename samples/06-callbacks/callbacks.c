// SPDX-License-Identifier: GPL-2.0
/*
 * The callbacks of sample 06: they say that they were called, and refuse when they are told to. What is theirs to do in a
 * real livepatch: pre_patch checks and allocates, post_patch sets what old code must never see,
 * pre_unpatch takes that back, post_unpatch frees.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>

static char *refuse = "";
module_param(refuse, charp, 0);
MODULE_PARM_DESC(refuse, "the object that must not be patched: vmlinux or loop");

static const char *name_of(struct klp_object *obj)
{
	return obj->name ?: "vmlinux";
}

static int begin(struct klp_object *obj)
{
	if (!strcmp(refuse, name_of(obj))) {
		pr_info("pre_patch %s: no\n", name_of(obj));
		return -EBUSY;
	}
	pr_info("pre_patch %s\n", name_of(obj));
	return 0;
}

int pre_patch_vmlinux(struct klp_object *obj)
{
	return begin(obj);
}

void post_patch_vmlinux(struct klp_object *obj)
{
	pr_info("post_patch %s\n", name_of(obj));
}

void pre_unpatch_vmlinux(struct klp_object *obj)
{
	pr_info("pre_unpatch %s\n", name_of(obj));
}

void post_unpatch_vmlinux(struct klp_object *obj)
{
	pr_info("post_unpatch %s\n", name_of(obj));
}

int pre_patch_loop(struct klp_object *obj)
{
	return begin(obj);
}

void post_patch_loop(struct klp_object *obj)
{
	pr_info("post_patch %s\n", name_of(obj));
}

void pre_unpatch_loop(struct klp_object *obj)
{
	pr_info("pre_unpatch %s\n", name_of(obj));
}

void post_unpatch_loop(struct klp_object *obj)
{
	pr_info("post_unpatch %s\n", name_of(obj));
}
