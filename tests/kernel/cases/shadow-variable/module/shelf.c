// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Books on a shelf: writing a number to `add` puts one there, to `drop` takes it away, to `lend`
 * lends it, as often as one likes; reading `lend` shows the numbers.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct book {
	struct list_head list;
	int number;
};

static LIST_HEAD(books);
static DEFINE_MUTEX(lock);

static struct book *find(int number)
{
	struct book *b;

	list_for_each_entry(b, &books, list)
		if (b->number == number)
			return b;
	return NULL;
}

static int lend_book(struct book *b)
{
	return b->number < 0 ? -EINVAL : 0;
}

static void drop_book(struct book *b)
{
	list_del(&b->list);
	kfree(b);
}

static int lend_set(const char *value, const struct kernel_param *param)
{
	struct book *b;
	int number, err = kstrtoint(value, 0, &number);

	if (err)
		return err;
	mutex_lock(&lock);
	b = find(number);
	err = b ? lend_book(b) : -ENOENT;
	mutex_unlock(&lock);
	return err;
}

static int lend_get(char *buffer, const struct kernel_param *param)
{
	struct book *b;
	int n = 0;

	mutex_lock(&lock);
	list_for_each_entry(b, &books, list)
		n += sprintf(buffer + n, "%d ", b->number);
	mutex_unlock(&lock);
	return n + sprintf(buffer + n, "\n");
}

static int add_set(const char *value, const struct kernel_param *param)
{
	struct book *b = kmalloc(sizeof(*b), GFP_KERNEL);
	int err = b ? kstrtoint(value, 0, &b->number) : -ENOMEM;

	if (err) {
		kfree(b);
		return err;
	}
	mutex_lock(&lock);
	list_add_tail(&b->list, &books);
	mutex_unlock(&lock);
	return 0;
}

static int drop_set(const char *value, const struct kernel_param *param)
{
	struct book *b;
	int number, err = kstrtoint(value, 0, &number);

	if (err)
		return err;
	mutex_lock(&lock);
	b = find(number);
	if (b)
		drop_book(b);
	mutex_unlock(&lock);
	return b ? 0 : -ENOENT;
}

static const struct kernel_param_ops lend_ops = { .set = lend_set, .get = lend_get };
static const struct kernel_param_ops add_ops = { .set = add_set };
static const struct kernel_param_ops drop_ops = { .set = drop_set };
module_param_cb(lend, &lend_ops, NULL, 0644);
module_param_cb(add, &add_ops, NULL, 0200);
module_param_cb(drop, &drop_ops, NULL, 0200);

static void __exit shelf_exit(void)
{
	struct book *b, *next;

	list_for_each_entry_safe(b, next, &books, list)
		drop_book(b);
}
module_exit(shelf_exit);

MODULE_LICENSE("GPL");
