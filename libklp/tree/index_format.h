/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside tree/: the file of an index. Numbers are as this machine has them: on another one the
 * magic number isn't right.
 *
 *	head | dirs | files: dumps, then objects | names | refs | slots | texts
 *
 * A name's refs are refs[name.first] up to those of the next name: positions in files,
 * ascending; a last name without text ends the list. slots is a hash table of the names.
 * texts holds all strings, each with its NUL; the first two are the real paths of the dumps and of
 * the build.
 */
#ifndef KLP_TREE_INDEX_FORMAT_H
#define KLP_TREE_INDEX_FORMAT_H

#include <stdint.h>

#include "base/arena.h"

#define KLP_INDEX_MAGIC	  UINT64_C(0x696b6c70aa55f00d)
#define KLP_INDEX_VERSION 1

struct klp_index_head {
	uint64_t magic;
	uint32_t version, ndirs, ndumps, nobjects, nnames, nrefs, nslots, ntexts;
	uint64_t checksum; /* of all that follows */
};

struct klp_index_dir {
	uint32_t path;	/* in texts */
	uint32_t build; /* 0: below the dumps, 1: below the build */
	int64_t mtime;
};

struct klp_index_file {
	uint32_t path; /* of the dump or of the .cmd file */
	uint32_t unused;
	int64_t size, mtime; /* of the dump or of the object; -1 when there is none */
};

struct klp_index_name {
	uint32_t text, first;
};

uint64_t klp_index__checksum(const void *data, size_t len);
uint32_t klp_index__hash(const char *name, size_t len);
/* Where it lies; NULL without a cache directory. */
const char *klp_index__path(struct klp_arena *arena, const char *ipa_dumps, const char *build);

#endif
