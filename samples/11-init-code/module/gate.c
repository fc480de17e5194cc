// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/gate: write how many want in, or "limit N"; read how many are in. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static unsigned int inside;
static unsigned int limit; /* 0: none */

static ssize_t gate_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	char text[32] = "";
	unsigned int n;

	if (size >= sizeof(text) || copy_from_user(text, from, size))
		return -EINVAL;
	if (sscanf(text, "limit %u", &n) == 1) {
		limit = n;
		return size;
	}
	if (kstrtouint(strim(text), 0, &n))
		return -EINVAL;
	inside += n;
	return size;
}

static ssize_t gate_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[48];

	return simple_read_from_buffer(to, size, at, text,
				       sprintf(text, "%u limit %u\n", inside, limit));
}

static const struct proc_ops gate_ops = { .proc_read = gate_read, .proc_write = gate_write };

static int __init gate_init(void)
{
	return proc_create("gate", 0600, NULL, &gate_ops) ? 0 : -ENOMEM;
}

static void __exit gate_exit(void)
{
	remove_proc_entry("gate", NULL);
}

module_init(gate_init);
module_exit(gate_exit);
MODULE_LICENSE("GPL");
