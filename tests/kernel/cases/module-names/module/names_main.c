// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a unit calls itself and its things: reading `all` writes that down, and asks the module
 * behind THIS_MODULE for its name.
 */
#define pr_fmt(fmt) KBUILD_MODNAME "-" KBUILD_BASENAME ": " fmt
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#define say(thing) #thing

static int names_count;

int names_write(char *buffer);

noinline int names_write(char *buffer)
{
	bool held = try_module_get(THIS_MODULE);
	int n;

	n = sprintf(buffer, "%s %s %s %s %s %d\n", THIS_MODULE->name, KBUILD_MODNAME, KBUILD_BASENAME,
		    __func__, say(names_count), module_refcount(THIS_MODULE));
	names_count++;
	pr_info("written\n");
	if (held)
		module_put(THIS_MODULE);
	return n;
}

static int names_get(char *buffer, const struct kernel_param *param)
{
	return names_write(buffer);
}

static const struct kernel_param_ops names_ops = { .get = names_get };
module_param_cb(all, &names_ops, NULL, 0444);

MODULE_LICENSE("GPL");
