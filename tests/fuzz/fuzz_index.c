// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: a file in the cache directory that says it is an index (tree/index.h). Random
 * bytes would never get past its checksum and its lengths, so those are made right: the first five
 * bytes say how many directories, dumps, objects, names and references there are, the rest
 * stands for these and for the texts. Seeds: tests/fuzz/corpus/index.
 */
#include "tree/index.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "fuzz.h"
#include "tree/index_format.h"

/* No file there has one of these names: what the index says of them is that there is none. */
#define DUMPS "/proc"
#define BUILD "/sys"

static size_t body_of(const struct klp_index_head *h)
{
	return h->ndirs * sizeof(struct klp_index_dir) +
	       (h->ndumps + h->nobjects) * sizeof(struct klp_index_file) +
	       (h->nnames + 1) * sizeof(struct klp_index_name) +
	       (h->nrefs + h->nslots) * sizeof(uint32_t);
}

static bool make(struct klp_arena *arena, const uint8_t *data, size_t size, struct klp_buf *ret)
{
	static const char paths[] = DUMPS "\0" BUILD;
	struct klp_index_head head = { .magic = KLP_INDEX_MAGIC, .version = KLP_INDEX_VERSION };
	size_t body;

	if (size < 5)
		return false;
	head.ndirs = data[0] % 4;
	head.ndumps = data[1] % 8;
	head.nobjects = data[2] % 8;
	head.nnames = data[3] % 16;
	head.nrefs = data[4] % 32;
	head.nslots = 16;
	body = body_of(&head);
	if (size - 5 < body)
		return false;
	head.ntexts = (uint32_t)(sizeof(paths) + (size - 5 - body) + 1);
	klp_buf_init(ret, arena);
	klp_buf_addn(ret, (const char *)&head, sizeof(head));
	klp_buf_addn(ret, (const char *)data + 5, body);
	klp_buf_addn(ret, paths, sizeof(paths));
	klp_buf_addn(ret, (const char *)data + 5 + body, size - 5 - body);
	klp_buf_addn(ret, "", 1);
	((struct klp_index_head *)(void *)ret->p)->checksum =
		klp_index__checksum(ret->p + sizeof(head), ret->len - sizeof(head));
	return true;
}

static void ask(struct klp_arena *arena, const struct klp_index *index)
{
	struct klp_strs dumps = {}, cmds = {};
	struct klp_index_hits hits = {};

	klp_index_files(arena, index, &dumps, &cmds);
	for (size_t i = 0; i < dumps.n; i++)
		fuzz_expect(klp_path_is_safe(dumps.v[i]));
	for (size_t i = 0; i < cmds.n; i++)
		fuzz_expect(klp_path_is_safe(cmds.v[i]));
	klp_index_find(arena, index, "absent", &hits);
	for (size_t i = 0; i < klp_index_names(index); i++)
		klp_index_find(arena, index, klp_index_name(index, i), &hits);
	for (size_t i = 0; i < hits.dumps.n; i++)
		fuzz_expect(hits.dumps.v[i] < dumps.n);
	for (size_t i = 0; i < hits.objects.n; i++)
		fuzz_expect(hits.objects.v[i] < cmds.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *cache = fuzz_path(arena, "cache"), *path;
	struct klp_error err = {};
	struct klp_index *index;
	struct klp_buf file;

	setenv("XDG_CACHE_HOME", cache, 1);
	path = klp_index__path(arena, DUMPS, BUILD);
	fuzz_expect(klp_mkdirs(klp_path_dir(arena, path), &err) == 0);
	fuzz_put(path, data, size); /* as it is */
	fuzz_expect(klp_index_open(arena, DUMPS, BUILD, 1) == NULL);
	if (!make(arena, data, size, &file))
		return 0;
	fuzz_put(path, (const uint8_t *)file.p, file.len);
	index = klp_index_open(arena, DUMPS, BUILD, 1);
	if (index)
		ask(arena, index);
	return 0;
}
