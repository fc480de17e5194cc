/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a build by the ends of their names, from one walk, and the directories that
 * were walked with their times: while those are the same, so is the listing.
 */
#ifndef KLP_TREE_LIST_H
#define KLP_TREE_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vec.h"

struct klp_listed_dir {
	const char *path; /* relative to the root, "" for itself; else it ends in '/' */
	uint32_t build;	  /* 0: below the dumps, 1: below the build */
	int64_t mtime;	  /* from before it was read */
};
KLP_VEC(klp_listed_dirs, struct klp_listed_dir);

/* One kind of files that is looked for. */
struct klp_listed {
	const char *suffix;
	bool hidden;	       /* the names begin with '.' */
	struct klp_strs files; /* filled: relative to the root, sorted */
};

/*
 * Regular files only; symbolic links are not followed. More than max files of a kind are an
 * error.
 */
int klp_tree__list(struct klp_arena *arena, const char *root, struct klp_listed *kinds, size_t n,
		   size_t max, uint32_t build, struct klp_listed_dirs *dirs, struct klp_error *err);

#endif
