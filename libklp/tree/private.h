/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of tree/ share: Kbuild's file names, and the places of recorded paths.
 */
#ifndef KLP_TREE_PRIVATE_H
#define KLP_TREE_PRIVATE_H

#include "tree/tree.h"

#define KLP_CMD_SUFFIX	".o.cmd"
#define KLP_DUMP_SUFFIX ".000i.ipa-clones"

/* More files than any kernel build has; a larger listing is not one. */
#define KLP_TREE_MAX_FILES ((size_t)1 << 20)

/* "fs/namei.o" -> "fs/.namei.o.cmd" */
char *klp_tree__cmd_of(struct klp_arena *arena, const char *object);
/* "fs/namei.c.000i.ipa-clones" -> "fs/namei.o" */
char *klp_tree__object_of_dump(struct klp_arena *arena, const char *dump);

/*
 * A dump without a command is left from something else (a configuration test, an object
 * that is gone), unless the object is there: then the build lost its command, and that is
 * klp_tree_unit()'s to say.
 */
bool klp_tree__is_orphan(struct klp_arena *arena, const struct klp_tree *tree, const char *object);

/* '-' and ',' as the kernel writes them in module names: name-fix in scripts/Makefile.lib. */
char *klp_tree__fix_name(struct klp_arena *arena, const char *name, size_t len);

/*
 * The "fs/ext4/ext4.ko" that a unit compiled with -DMODULE belongs to. modname is its
 * KBUILD_MODNAME or NULL. *ret is NULL in a lone build that doesn't tell.
 */
int klp_tree__module_of(struct klp_arena *arena, const struct klp_tree *tree, const char *object,
			const char *modname, const char **ret, struct klp_error *err);

#endif
