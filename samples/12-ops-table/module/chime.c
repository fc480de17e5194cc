// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/chime: write a volume, read what rings. Two kinds of bell, each a table of functions. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

struct bell_ops {
	const char *name;
	int (*check)(unsigned int volume); /* may be missing: any volume will do */
	void (*ring)(unsigned int volume);
};

static unsigned int rung;

static int big_check(unsigned int volume)
{
	return volume <= 100 ? 0 : -ERANGE;
}

static void big_ring(unsigned int volume)
{
	rung = volume * 10;
}

static void small_ring(unsigned int volume)
{
	rung = volume;
}

static const struct bell_ops big_ops = { .name = "big", .check = big_check, .ring = big_ring };
static const struct bell_ops small_ops = { .name = "small", .ring = small_ring };
static const struct bell_ops *bell = &small_ops;

static ssize_t chime_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	unsigned int volume;
	int err = kstrtouint_from_user(from, size, 0, &volume);

	if (!err && !volume)
		bell = bell == &small_ops ? &big_ops : &small_ops;
	else if (!err && bell->check)
		err = bell->check(volume);
	if (!err && volume)
		bell->ring(volume);
	return err ? err : size;
}

static ssize_t chime_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[32];

	return simple_read_from_buffer(to, size, at, text,
				       sprintf(text, "%s %u\n", bell->name, rung));
}

static const struct proc_ops chime_ops = { .proc_read = chime_read, .proc_write = chime_write };

static int __init chime_init(void)
{
	return proc_create("chime", 0600, NULL, &chime_ops) ? 0 : -ENOMEM;
}

static void __exit chime_exit(void)
{
	remove_proc_entry("chime", NULL);
}

module_init(chime_init);
module_exit(chime_exit);
MODULE_LICENSE("GPL");
