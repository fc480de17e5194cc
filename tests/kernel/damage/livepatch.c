// SPDX-License-Identifier: GPL-2.0
/*
 * A livepatch for /proc/cmdline, and what one can get wrong in its source: each macro breaks one
 * thing. See run.
 */
#include <crypto/internal/cipher.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#ifndef OLD_NAME
#define OLD_NAME "cmdline_proc_show"
#endif
#ifndef SYMPOS
#define SYMPOS 0
#endif

void klp_nobody_has_this(void);

#ifdef COMMON
int livepatch_common;
#endif

static int livepatched_show(struct seq_file *m, void *v)
{
#ifdef UNDEFINED
	klp_nobody_has_this();
#endif
#ifdef COMMON
	livepatch_common++;
#endif
#ifdef NAMESPACE
	crypto_cipher_setkey(NULL, NULL, 0);
#endif
	seq_puts(m, "livepatched\n");
	return 0;
}

static struct klp_func funcs[] = {
	{ .old_name = OLD_NAME, .old_sympos = SYMPOS, .new_func = livepatched_show },
#ifdef FUNCTION_TWICE
	{ .old_name = OLD_NAME, .old_sympos = SYMPOS, .new_func = livepatched_show },
#endif
	{ },
};

static struct klp_object objects[] = {
	{ .funcs = funcs },
#ifdef OBJECT_TWICE
	{ .funcs = (struct klp_func[]){ { .old_name = "version_proc_show",
					  .new_func = livepatched_show }, { } } },
#endif
	{ },
};

static struct klp_patch patch = { .mod = THIS_MODULE, .objs = objects };

static int __init damage_init(void)
{
	return klp_enable_patch(&patch);
}
module_init(damage_init);

static void __exit damage_exit(void)
{
}
module_exit(damage_exit);

MODULE_DESCRIPTION("livepatches that tests/kernel/damage loads");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(CRYPTO_INTERNAL);
#ifndef UNMARKED
MODULE_INFO(livepatch, "Y");
#endif
