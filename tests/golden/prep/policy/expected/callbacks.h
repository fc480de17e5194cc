/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The callbacks of fix: livepatch.c hands them to the kernel, callbacks.c defines them. It
 * is compiled with this file in front of it, so that a definition of another type is an error.
 */
#ifndef fix_CALLBACKS_H
#define fix_CALLBACKS_H

/* No kernel header: what they make of pr_fmt() and the like is for callbacks.c to say first. */
struct klp_object;

/* vmlinux */
int pre_patch_vmlinux(struct klp_object *obj);
void post_patch_vmlinux(struct klp_object *obj);
void pre_unpatch_vmlinux(struct klp_object *obj);
void post_unpatch_vmlinux(struct klp_object *obj);

#endif
