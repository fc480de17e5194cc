// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/toll: write "AXLES TONS", read what that vehicle pays, and what it would by the tariff. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

#include "toll.h"

static unsigned int axles, tons, paid;

static ssize_t toll_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	char text[32] = "";

	if (size >= sizeof(text) || copy_from_user(text, from, size))
		return -EINVAL;
	if (sscanf(text, "%u %u", &axles, &tons) != 2)
		return -EINVAL;
	paid = toll_cost(axles);
	return size;
}

static ssize_t toll_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[64];
	int len = sprintf(text, "%u tons: %u, tariff %u\n", tons, paid, toll_by_axle.cost(axles));

	return simple_read_from_buffer(to, size, at, text, len);
}

static const struct proc_ops toll_ops = { .proc_read = toll_read, .proc_write = toll_write };

static int __init toll_init(void)
{
	return proc_create("toll", 0600, NULL, &toll_ops) ? 0 : -ENOMEM;
}

static void __exit toll_exit(void)
{
	remove_proc_entry("toll", NULL);
}

module_init(toll_init);
module_exit(toll_exit);
MODULE_LICENSE("GPL");
