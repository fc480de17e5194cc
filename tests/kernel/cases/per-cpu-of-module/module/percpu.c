// SPDX-License-Identifier: GPL-2.0-or-later
/* Variables of one kind each that macros define; reading `all` counts once more, and shows them. */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct entry {
	struct list_head list;
	int by;
};

static DEFINE_PER_CPU(int, hits);
static DEFINE_PER_CPU(struct entry *, last);
static DEFINE_MUTEX(lock);
static DEFINE_SPINLOCK(quick_lock);
static LIST_HEAD(entries);
static struct entry first = { LIST_HEAD_INIT(first.list), 1 };
static int works;

static void work_fn(struct work_struct *work)
{
	works++;
}
static DECLARE_WORK(work, work_fn);

static int sum_of_hits(void)
{
	int cpu, sum = 0;

	for_each_possible_cpu(cpu)
		sum += per_cpu(hits, cpu);
	return sum;
}

static int percpu_get(char *buffer, const struct kernel_param *param)
{
	struct entry *e;
	int by = 0, seen;

	mutex_lock(&lock);
	spin_lock(&quick_lock);
	list_for_each_entry(e, &entries, list)
		by += e->by;
	this_cpu_add(hits, by);
	this_cpu_write(last, &first);
	seen = this_cpu_read(last) == &first;
	spin_unlock(&quick_lock);
	schedule_work(&work);
	flush_work(&work);
	mutex_unlock(&lock);
	return sprintf(buffer, "old %d %d %d\n", sum_of_hits(), works, seen);
}

static int percpu_reset(const char *value, const struct kernel_param *param)
{
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(hits, cpu) = 0;
	works = 0;
	if (list_empty(&entries))
		list_add(&first.list, &entries);
	return 0;
}

static const struct kernel_param_ops percpu_ops = { .get = percpu_get, .set = percpu_reset };
module_param_cb(all, &percpu_ops, NULL, 0644);

MODULE_LICENSE("GPL");
