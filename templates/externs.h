/* SPDX-License-Identifier: GPL-2.0 */
/* What @NAME@ refers to in the running kernel: externs.c finds it, livepatch.c says when. */
#ifndef @NAME@_EXTERNS_H
#define @NAME@_EXTERNS_H

#include <linux/livepatch.h>

/*
 * Sets the pointers that the functions patched in that object need; NULL is vmlinux. Whatever
 * they lead to must be loaded. All are set, or none, with a message that says which can't be.
 */
int resolve_externs(const char *object);
@each HAS_MODULE_EXTERNS@
/* The pre_patch callback of modules: the same for obj. With an error the module isn't loaded. */
int pre_patch_externs(struct klp_object *obj);
@end@

#endif
