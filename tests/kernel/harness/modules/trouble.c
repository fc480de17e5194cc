// SPDX-License-Identifier: GPL-2.0
/*
 * A livepatch for /proc/cmdline, made three times: as it should be, with a WARN on its way
 * in (WARNS), and with an access to address 8 (OOPSES).
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int livepatched_show(struct seq_file *m, void *v)
{
	seq_puts(m, "livepatched\n");
	return 0;
}

static struct klp_func funcs[] = {
	{ .old_name = "cmdline_proc_show", .new_func = livepatched_show },
	{ },
};

static struct klp_object objects[] = {
	{ .funcs = funcs },
	{ },
};

static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objects };

static int trouble_init(void)
{
#ifdef WARNS
	WARN(1, "on purpose\n");
#endif
#ifdef OOPSES
	WRITE_ONCE(*(int *)8UL, 1);
#endif
	return klp_enable_patch(&patch);
}

static void trouble_exit(void)
{
}

module_init(trouble_init);
module_exit(trouble_exit);
MODULE_DESCRIPTION("livepatches that tests/kernel/harness loads");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
