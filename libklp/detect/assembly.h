/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside detect/ only: the parts of the kernel that are made from assembly. */
#ifndef KLP_DETECT_ASSEMBLY_H
#define KLP_DETECT_ASSEMBLY_H

#include "tree/tree.h"

struct klp_assembled {
	const char *object; /* "arch/x86/entry/entry_64.o" */
	const char *source; /* path of the .S file */
};
KLP_VEC(klp_assembly, struct klp_assembled);

/* Objects of the running kernel that aren't made from C and read the file (source-relative). */
int klp_detect__assembly(struct klp_arena *arena, const struct klp_tree *tree, const char *file,
			 struct klp_assembly *ret, struct klp_error *err);

/*
 * C files from which the build makes headers, numbers of structs and enums for assembly: paths
 * of those that read the file.
 */
int klp_detect__generators(struct klp_arena *arena, const struct klp_tree *tree, const char *file,
			   struct klp_strs *ret, struct klp_error *err);

#endif
