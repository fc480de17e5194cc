/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Are the structs and unions that a livepatch was compiled with those of the kernel that runs? It
 * was compiled from headers, and nobody but their author says that they are the kernel's: another
 * configuration or a fix to a header moves members, and no check of the kernel's at load time would
 * notice (CRCs of exports aside, kernel/module/version.c check_version()). Known where both have
 * BTF (Documentation/bpf/btf.rst) or DWARF. Untrusted input.
 */
#ifndef KLP_ELF_LAYOUTS_H
#define KLP_ELF_LAYOUTS_H

#include "base/error.h"
#include "base/vec.h"

enum klp_layout_source {
	KLP_LAYOUT_NONE, /* not both have either: nothing was compared */
	KLP_LAYOUT_BTF,
	KLP_LAYOUT_DWARF,
};

struct klp_layout_difference {
	const char *type;   /* "struct inode" */
	const char *why;    /* "member 'i_size' is at byte 80, in vmlinux at byte 72" */
	const char *object; /* which of `objects` it was held against */
};
KLP_VEC(klp_layout_differences, struct klp_layout_difference);

/*
 * livepatch: the module. objects: vmlinux first, then the modules that it patches, if any; all of
 * them at once, because modules have types of their own that bear the name of another one's.
 * What is compared: the named, complete structs and unions that the livepatch's units know of (of
 * BTF those that aren't the very ones of vmlinux: what was deduplicated is equal by that), each
 * with all types of that name in the objects: it's enough that one is equal. Types that only the
 * livepatch has are none of our business. Equal are size, and name, place and size of each member;
 * those of unnamed ones are members like the others. A difference is told once for each type, in
 * the order in which the livepatch has them, against the first type of the name.
 *
 * An object that has no such information is left out; *ret_source: what was used of the others.
 * Errors: a file can't be read, or what it holds is malformed (KLP_EINPUT).
 */
int klp_layouts_compare(struct klp_arena *arena, const char *livepatch,
			const struct klp_strs *objects, struct klp_layout_differences *ret,
			enum klp_layout_source *ret_source, struct klp_error *err);

#endif
