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
/* "fs/namei.c.000i.ipa-clones" -> "fs/namei.o"; no object's name for the dump of a link */
char *klp_tree__object_of_dump(struct klp_arena *arena, const char *dump);
/* A dump of link-time optimisation, see tree/lto.h. */
struct klp_link_dump {
	enum klp_link_stage { KLP_LINK_WPA, KLP_LINK_LTRANS, KLP_LINK_WHOLE } stage;
	unsigned int number; /* of KLP_LINK_LTRANS */
	size_t output_len;   /* how much of the name is the output's; 0 when that isn't told */
};
bool klp_tree__is_link_dump(const char *dump, struct klp_link_dump *ret);

/* Of a compiler command: the source file; whether it compiles for link-time optimisation. */
const char *klp_tree__source_arg(const struct klp_strs *argv);
bool klp_tree__is_lto(const struct klp_strs *argv);

/*
 * True when a thin archive has a member, named relative to the archive's directory. *seen is
 * set when it is such an archive at all.
 */
bool klp_tree__archive_lists(const char *path, const char *member, bool *seen);

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
