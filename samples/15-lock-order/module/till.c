// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/till: write a sum, and it goes from the drawer to the safe; read both. Their total never
 * changes, as nobody reads while something is on its way. Counting takes its time.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>

static DEFINE_MUTEX(drawer_lock);
static DEFINE_MUTEX(safe_lock);
static int drawer = 100, safe;

static ssize_t till_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	int sum, err = kstrtoint_from_user(from, size, 0, &sum);

	if (err)
		return err;
	mutex_lock(&drawer_lock);
	drawer -= sum;
	msleep(4000);
	safe += sum;
	mutex_unlock(&drawer_lock);
	return size;
}

static ssize_t till_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[64];
	int len;

	mutex_lock(&drawer_lock);
	len = sprintf(text, "drawer %d safe %d\n", drawer, safe);
	mutex_unlock(&drawer_lock);
	return simple_read_from_buffer(to, size, at, text, len);
}

static ssize_t audit_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[32];
	int len;

	mutex_lock(&safe_lock);
	len = sprintf(text, "%d\n", safe);
	mutex_unlock(&safe_lock);
	return simple_read_from_buffer(to, size, at, text, len);
}

static const struct proc_ops till_ops = { .proc_read = till_read, .proc_write = till_write };
static const struct proc_ops audit_ops = { .proc_read = audit_read };

static int __init till_init(void)
{
	if (!proc_create("till", 0600, NULL, &till_ops))
		return -ENOMEM;
	if (proc_create("audit", 0400, NULL, &audit_ops))
		return 0;
	remove_proc_entry("till", NULL);
	return -ENOMEM;
}

static void __exit till_exit(void)
{
	remove_proc_entry("audit", NULL);
	remove_proc_entry("till", NULL);
}

module_init(till_init);
module_exit(till_exit);
MODULE_LICENSE("GPL");
