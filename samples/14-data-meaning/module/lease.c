// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/lease: write for how many seconds a place is leased; read for how many each one is, in
 * milliseconds. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>

#define PLACES 4

static DEFINE_MUTEX(lease_lock);
static unsigned int lease_time[PLACES]; /* in seconds */
static unsigned int leases;

static ssize_t lease_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	unsigned int seconds;
	int err = kstrtouint_from_user(from, size, 0, &seconds);

	if (err)
		return err;
	mutex_lock(&lease_lock);
	lease_time[leases++ % PLACES] = seconds;
	mutex_unlock(&lease_lock);
	return size;
}

static ssize_t lease_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[64];
	int len = 0;

	mutex_lock(&lease_lock);
	for (int i = 0; i < PLACES; i++)
		len += sprintf(text + len, "%u ", lease_time[i] * 1000);
	mutex_unlock(&lease_lock);
	return simple_read_from_buffer(to, size, at, text, len);
}

static const struct proc_ops lease_ops = { .proc_read = lease_read, .proc_write = lease_write };

static int __init lease_init(void)
{
	return proc_create("lease", 0600, NULL, &lease_ops) ? 0 : -ENOMEM;
}

static void __exit lease_exit(void)
{
	remove_proc_entry("lease", NULL);
}

module_init(lease_init);
module_exit(lease_exit);
MODULE_LICENSE("GPL");
