/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Will a task be found inside a function for ever? kernel/livepatch/transition.c
 * klp_check_stack() refuses a task while a function that is to be replaced is on its stack, so a
 * main loop that nobody leaves stalls the transition until someone forces it. Read off the machine
 * code: x86-64 only. A guess that is good enough for a warning, and no more: which task runs what
 * is known to the running kernel alone.
 */
#ifndef KLP_ELF_ENDLESS_H
#define KLP_ELF_ENDLESS_H

#include "base/error.h"
#include "elf/symtab.h"

enum klp_endless {
	KLP_ENDLESS_NO,		   /* nothing says so */
	KLP_ENDLESS_NEVER_RETURNS, /* it comes to a loop that leads neither back to its caller nor
				      to the end of the task, or calls a function that does */
	KLP_ENDLESS_KTHREAD,	   /* it asks in a loop whether its kernel thread shall end, or is
				      what a kernel thread is made to run */
	KLP_ENDLESS_SLEEPS,  /* a task may sleep in it, without a limit: it calls schedule() or
				what waits for an event */
	KLP_ENDLESS_UNKNOWN, /* its code isn't understood, and nothing else says so */
};

/*
 * symtab: of vmlinux or a module, loaded from the file of its path, which is read again.
 * function: one of its functions; a .cold part stands for the whole.
 * *ret_why: how a sentence goes on behind the function's name, a static string or in the arena:
 * "has no return", "calls kthread_should_stop()", "is run by kthread_create_on_node()", "has no
 * size"; NULL for KLP_ENDLESS_NO.
 *
 * What counts as a way back to the caller: a return, a jump out of the function and its .cold
 * parts (__x86_return_thunk and calls in tail position are such), an indirect jump, and code that
 * runs on behind the end. A function with none may end in what doesn't come back (panic(),
 * do_exit(), BUG()): no task stays in it, and it is KLP_ENDLESS_NO. Of a function in a module that
 * calls a never-ending one of vmlinux nothing is known: that one's code isn't there.
 *
 * What a thread is made to run is seen where its address is loaded for the call
 * (kthread_create_on_node() and the like, kernel/kthread.c), in the same file.
 *
 * Errors: the file can't be read, or isn't the one of the symbol table (KLP_EINPUT).
 */
int klp_endless(struct klp_arena *arena, const struct klp_symtab *symtab,
		const struct klp_sym *function, enum klp_endless *ret, const char **ret_why,
		struct klp_error *err);

#endif
