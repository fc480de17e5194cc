/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The callbacks of @NAME@: livepatch.c hands them to the kernel, callbacks.c defines them. It
 * is compiled with this file in front of it, so that a definition of another type is an error.
 */
#ifndef @NAME@_CALLBACKS_H
#define @NAME@_CALLBACKS_H

/* No kernel header: what they make of pr_fmt() and the like is for callbacks.c to say first. */
struct klp_object;
struct klp_patch;

/* The livepatch itself, for klp_get_state(). */
extern struct klp_patch livepatch;

/*
 * What callbacks.c can say of a symbol that the kernel doesn't export:
 *
 *	extern unsigned int limit KLP_RELOC_SYMBOL_POS(ext4, ext4, limit, 0);
 *
 * `limit` of the module ext4 (the second word) is resolved when ext4 (the first one) is there and
 * patched; of vmlinux, both words are vmlinux. The position is 0 for a name that is unique in its
 * object, else it counts from 1. klp-convert makes a livepatch relocation of it.
 */
#ifndef KLP_RELOC_SYMBOL_POS
#define KLP_RELOC_SYMBOL_POS(patched, object, name, position) \
	asm("\".klp.sym.rela." #patched "." #object "." #name "," #position "\"")
#endif

@each CALLBACKS@
/* @OBJECT@ */
@each FUNCTIONS@
@TYPE@ @FUNCTION@(struct klp_object *obj);
@end@

@end@
#endif
