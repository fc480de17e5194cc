/* SPDX-License-Identifier: GPL-2.0 */
/* What fix refers to in the running kernel: externs.c finds it, livepatch.c says when. */
#ifndef fix_EXTERNS_H
#define fix_EXTERNS_H

#include <linux/livepatch.h>

/*
 * Sets the pointers that the functions patched in that object need; NULL is vmlinux. Whatever
 * they lead to must be loaded. All are set, or none, with a message that says which can't be.
 */
int resolve_externs(const char *object);

#endif
