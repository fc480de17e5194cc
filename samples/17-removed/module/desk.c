// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/desk: no more than two may have it open. /proc/desks: how many have. */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

static atomic_t users;

int desk_users(void)
{
	return atomic_read(&users);
}
EXPORT_SYMBOL_GPL(desk_users);

static int desk_open(struct inode *inode, struct file *file)
{
	if (atomic_inc_return(&users) > 2) {
		atomic_dec(&users);
		return -EBUSY;
	}
	return 0;
}

static int desk_release(struct inode *inode, struct file *file)
{
	atomic_dec(&users);
	return 0;
}

static ssize_t desks_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[32];

	return simple_read_from_buffer(to, size, at, text, sprintf(text, "%d\n", desk_users()));
}

static const struct proc_ops desk_ops = { .proc_open = desk_open, .proc_release = desk_release };
static const struct proc_ops desks_ops = { .proc_read = desks_read };

static int __init desk_init(void)
{
	if (!proc_create("desk", 0600, NULL, &desk_ops))
		return -ENOMEM;
	if (proc_create("desks", 0400, NULL, &desks_ops))
		return 0;
	remove_proc_entry("desk", NULL);
	return -ENOMEM;
}

static void __exit desk_exit(void)
{
	remove_proc_entry("desks", NULL);
	remove_proc_entry("desk", NULL);
}

module_init(desk_init);
module_exit(desk_exit);
MODULE_LICENSE("GPL");
