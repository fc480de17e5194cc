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
#ifndef NEW_FUNC
#define NEW_FUNC livepatched_show
#endif
#ifndef OBJECT
#define OBJECT NULL
#endif
#ifndef FUNCS
#define FUNCS funcs
#endif

void klp_nobody_has_this(void);
void jbd2_journal_lock_updates(void *journal);

#ifdef COMMON
int livepatch_common;
#endif

#ifdef INIT
static int at_boot __initdata = 1;
#endif

#ifdef WEAK
#pragma weak crypto_cipher_setkey
#endif

static int __maybe_unused livepatched_show(struct seq_file *m, void *v)
{
#ifdef UNDEFINED
	klp_nobody_has_this();
#endif
#ifdef OF_MODULE
	jbd2_journal_lock_updates(NULL);
#endif
#ifdef COMMON
	livepatch_common++;
#endif
#ifdef INIT
	at_boot++;
#endif
#ifdef NAMESPACE
	crypto_cipher_setkey(NULL, NULL, 0);
#endif
	seq_puts(m, "livepatched\n");
	return 0;
}

static struct klp_func funcs[] = {
#ifndef NOTHING
	{ .old_name = OLD_NAME, .old_sympos = SYMPOS, .new_func = NEW_FUNC },
#endif
#ifdef FUNCTION_TWICE
	{ .old_name = OLD_NAME, .old_sympos = SYMPOS, .new_func = livepatched_show },
#endif
	{ },
};

static struct klp_object objects[] = {
	{ .name = OBJECT, .funcs = FUNCS },
#ifdef OBJECT_TWICE
	{ .funcs = (struct klp_func[]){ { .old_name = "version_proc_show",
					  .new_func = livepatched_show }, { } } },
#endif
	{ },
};

#ifdef STATE_VERSION
static struct klp_state states[] = {
	{ .id = 1, .version = STATE_VERSION },
	{ },
};
#endif

static struct klp_patch patch __used = {
#ifndef LATE
	.mod = THIS_MODULE,
#endif
	.objs = objects,
#ifdef STATE_VERSION
	.states = states,
#endif
#ifdef REPLACE
	.replace = true,
#endif
};

static int __init damage_init(void)
{
#ifdef LATE
	patch.mod = THIS_MODULE;
#endif
#ifdef NOT_ENABLED
	return 0;
#else
	return klp_enable_patch(&patch);
#endif
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
