/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The callbacks of @NAME@: livepatch.c hands them to the kernel, callbacks.c defines them. It
 * is compiled with this file in front of it, so that a definition of another type is an error.
 */
#ifndef @NAME@_CALLBACKS_H
#define @NAME@_CALLBACKS_H

/* No kernel header: what they make of pr_fmt() and the like is for callbacks.c to say first. */
struct klp_object;

@each CALLBACKS@
/* @OBJECT@ */
@each FUNCTIONS@
@TYPE@ @FUNCTION@(struct klp_object *obj);
@end@

@end@
#endif
