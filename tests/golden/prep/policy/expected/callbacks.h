/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The callbacks of fix: livepatch.c hands them to the kernel, callbacks.c defines them. It
 * is compiled with this file in front of it, so that a definition of another type is an error.
 */
#ifndef fix_CALLBACKS_H
#define fix_CALLBACKS_H

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

/* vmlinux */
int pre_patch_vmlinux(struct klp_object *obj);
void post_patch_vmlinux(struct klp_object *obj);
void pre_unpatch_vmlinux(struct klp_object *obj);
void post_unpatch_vmlinux(struct klp_object *obj);

#endif
