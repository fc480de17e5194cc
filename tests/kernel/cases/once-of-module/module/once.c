// SPDX-License-Identifier: GPL-2.0-or-later
/* Something that is set up once, by whoever reads the parameter first. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/once.h>

static int once_setups;

static void once_setup(int *count)
{
	++*count;
}

static int once_get(char *buffer, const struct kernel_param *param)
{
	DO_ONCE(once_setup, &once_setups);
	return sprintf(buffer, "old %d\n", once_setups);
}

static const struct kernel_param_ops once_ops = { .get = once_get };
module_param_cb(setups, &once_ops, NULL, 0444);

MODULE_LICENSE("GPL");
