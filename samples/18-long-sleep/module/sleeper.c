// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/bell: who reads it sleeps until somebody writes to it. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(sleepers);
static int wakes;

static ssize_t bell_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[16];
	int seen = wakes;
	int len;

	if (*at)
		return 0;
	/* no signal ends it, not even the kernel's own */
	wait_event(sleepers, wakes != seen);
	len = sprintf(text, "old %d\n", wakes);
	return simple_read_from_buffer(to, size, at, text, len);
}

static ssize_t bell_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	wakes++;
	wake_up_all(&sleepers);
	return size;
}

static const struct proc_ops bell_ops = { .proc_read = bell_read, .proc_write = bell_write };

static int __init bell_init(void)
{
	return proc_create("bell", 0600, NULL, &bell_ops) ? 0 : -ENOMEM;
}

static void __exit bell_exit(void)
{
	remove_proc_entry("bell", NULL);
}

module_init(bell_init);
module_exit(bell_exit);
MODULE_LICENSE("GPL");
