// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/dice and /proc/coin: each has a seed that the first reader sets up; each reader hashes with
 * it. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/once.h>
#include <linux/proc_fs.h>
#include <linux/random.h>

#define coin_seed_once(seed) DO_ONCE(set_seed, seed)

static unsigned int dice_seed, coin_seed, setups;

static void set_seed(unsigned int *seed)
{
	get_random_bytes(seed, sizeof(*seed));
	setups++;
}

static ssize_t dice_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[64];

	DO_ONCE(set_seed, &dice_seed);
	pr_warn_once("dice: they are loaded\n");
	return simple_read_from_buffer(to, size, at, text,
				       sprintf(text, "old %08x %u\n", dice_seed, setups));
}

static ssize_t coin_read(struct file *file, char __user *to, size_t size, loff_t *at)
{
	char text[64];

	coin_seed_once(&coin_seed);
	return simple_read_from_buffer(to, size, at, text,
				       sprintf(text, "old %08x %u\n", coin_seed, setups));
}

static const struct proc_ops dice_ops = { .proc_read = dice_read };
static const struct proc_ops coin_ops = { .proc_read = coin_read };

static int __init dice_init(void)
{
	if (!proc_create("dice", 0400, NULL, &dice_ops))
		return -ENOMEM;
	if (proc_create("coin", 0400, NULL, &coin_ops))
		return 0;
	remove_proc_entry("dice", NULL);
	return -ENOMEM;
}

static void __exit dice_exit(void)
{
	remove_proc_entry("coin", NULL);
	remove_proc_entry("dice", NULL);
}

module_init(dice_init);
module_exit(dice_exit);
MODULE_LICENSE("GPL");
