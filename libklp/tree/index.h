/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index of a build, kept between runs: which dumps mention a function and which objects
 * define one, so that a question reads a few of them rather than all. It is a file in the
 * user's cache directory, named by the real paths of the build, and is only believed while
 * every directory has the time, and every dump and every object the time and the size, that
 * they had when it was made. Whatever else is found there (damaged, foreign, of another
 * version) is as if it weren't there.
 */
#ifndef KLP_TREE_INDEX_H
#define KLP_TREE_INDEX_H

#include "base/log.h"
#include "tree/list.h"
#include "tree/tree.h"

struct klp_index;

/* A build with fewer dumps is as quick without. */
#define KLP_INDEX_MIN_DUMPS 64
/* A larger file is none of ours, and none is written. */
#define KLP_INDEX_MAX_BYTES ((size_t)256 << 20)
/* So many builds are remembered; the one that was written longest ago makes room. */
#define KLP_INDEX_MAX_FILES 16
/*
 * What changed within this time before it was read may change again without its time telling:
 * nothing is indexed then. (The clock of a file system ticks every 4 ms or so, some count
 * seconds.)
 */
#define KLP_INDEX_QUIET_S 2

/* ${XDG_CACHE_HOME:-~/.cache}/klp-prep, NULL without a home. */
const char *klp_index_dir(struct klp_arena *arena);

/* The index of a build by its real paths when it is there and true, else NULL. */
struct klp_index *klp_index_open(struct klp_arena *arena, const char *ipa_dumps, const char *build,
				 unsigned int jobs);

/* What was listed when it was made: dumps below ipa_dumps, .cmd files below build; sorted. */
void klp_index_files(struct klp_arena *arena, const struct klp_index *index, struct klp_strs *dumps,
		     struct klp_strs *cmds);

/*
 * Where a function's source name ("foo" for "foo.isra.0") stands: positions in those two
 * lists, ascending.
 */
struct klp_index_hits {
	KLP_VEC(, uint32_t) dumps, objects;
};
void klp_index_find(struct klp_arena *arena, const struct klp_index *index, const char *function,
		    struct klp_index_hits *ret);

/* All names, in no order that means anything. */
size_t klp_index_names(const struct klp_index *index);
const char *klp_index_name(const struct klp_index *index, size_t i);

/* ---- making one ---- */

struct klp_index_maker;

struct klp_index_maker *klp_index_maker_new(struct klp_arena *arena);
/* The i-th dump, or the object of the i-th .cmd file, with its state before it was read. */
void klp_index_add_file(struct klp_index_maker *maker, bool object, size_t i, int64_t size,
			int64_t mtime);
/* It has that symbol; the source name is taken from it. Call file by file. */
void klp_index_add_name(struct klp_index_maker *maker, bool object, size_t i, const char *symbol);
/*
 * Writes it. That this isn't possible, or wouldn't be safe, is no error: a line for the log
 * says why.
 */
void klp_index_save(struct klp_index_maker *maker, const struct klp_tree *tree,
		    const struct klp_log *log);

#endif
