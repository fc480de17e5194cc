// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/index.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "tree/index_format.h"
#include "tree/private.h"

struct klp_index {
	const struct klp_index_head *head;
	const struct klp_index_dir *dirs;
	const struct klp_index_file *files; /* ndumps + nobjects */
	const struct klp_index_name *names; /* nnames + 1 */
	const uint32_t *refs, *slots;
	const char *texts;
};

/* Eight bytes at a time: a few megabytes are checked in less than a millisecond. */
uint64_t klp_index__checksum(const void *data, size_t len)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325) ^ len, word;
	const char *p = data;

	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	word = 0;
	memcpy(&word, p, len);
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ (sum >> 32);
}

uint32_t klp_index__hash(const char *name, size_t len)
{
	uint64_t sum = klp_index__checksum(name, len);

	return (uint32_t)(sum ^ (sum >> 32));
}

const char *klp_index_dir(struct klp_arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	/* A relative one is to be ignored, as the specification has it. */
	if (cache && cache[0] == '/')
		return klp_sprintf(arena, "%s/klp-prep", cache);
	/* That of a system's user may be one that was never made: /nonexistent. */
	if (home && home[0] == '/' && klp_is_dir(home))
		return klp_sprintf(arena, "%s/.cache/klp-prep", home);
	return NULL;
}

const char *klp_index__path(struct klp_arena *arena, const char *ipa_dumps, const char *build)
{
	const char *dir = klp_index_dir(arena);
	const char *key = klp_sprintf(arena, "%s\n%s", ipa_dumps, build);

	return dir ? klp_sprintf(arena, "%s/%016llx.index", dir,
				 (unsigned long long)klp_index__checksum(key, strlen(key)))
		   : NULL;
}

/* ---- is it one? ---------------------------------------------------------------------------- */

/* The parts, one behind the other; false when the file has another length. */
static bool lay_out(struct klp_index *index, const char *data, size_t len)
{
	const struct klp_index_head *h = (const void *)data;
	size_t at = sizeof(*h);

	if (len < sizeof(*h) || h->magic != KLP_INDEX_MAGIC || h->version != KLP_INDEX_VERSION)
		return false;
	index->head = h;
	index->dirs = (const void *)(data + at);
	at += (size_t)h->ndirs * sizeof(*index->dirs);
	index->files = (const void *)(data + at);
	at += ((size_t)h->ndumps + h->nobjects) * sizeof(*index->files);
	index->names = (const void *)(data + at);
	at += ((size_t)h->nnames + 1) * sizeof(*index->names);
	index->refs = (const void *)(data + at);
	at += (size_t)h->nrefs * sizeof(*index->refs);
	index->slots = (const void *)(data + at);
	at += (size_t)h->nslots * sizeof(*index->slots);
	index->texts = data + at;
	at += h->ntexts;
	return at == len;
}

/*
 * The checksum says that it is as it was written, not by whom: every number that leads
 * elsewhere is looked at.
 */
static bool is_sound(const struct klp_index *index)
{
	const struct klp_index_head *h = index->head;
	uint32_t nfiles = h->ndumps + h->nobjects, last = 0;

	if (!h->ntexts || index->texts[h->ntexts - 1] || nfiles < h->ndumps || !h->nslots ||
	    (h->nslots & (h->nslots - 1)) || h->nslots <= h->nnames)
		return false;
	for (uint32_t i = 0; i < h->ndirs; i++)
		if (index->dirs[i].path >= h->ntexts)
			return false;
	for (uint32_t i = 0; i < nfiles; i++)
		if (index->files[i].path >= h->ntexts ||
		    !klp_path_is_safe(index->texts + index->files[i].path))
			return false;
	for (uint32_t i = 0; i <= h->nnames; i++) {
		if (index->names[i].text >= h->ntexts || index->names[i].first > h->nrefs ||
		    index->names[i].first < last)
			return false;
		last = index->names[i].first;
	}
	for (uint32_t i = 0; i < h->nrefs; i++)
		if (index->refs[i] >= nfiles)
			return false;
	for (uint32_t i = 0; i < h->nslots; i++)
		if (index->slots[i] > h->nnames)
			return false;
	return last == h->nrefs;
}

static bool is_of(const struct klp_index *index, const char *ipa_dumps, const char *build)
{
	size_t n = strlen(ipa_dumps) + 1;

	return index->head->ntexts > n + strlen(build) && !strcmp(index->texts, ipa_dumps) &&
	       !strcmp(index->texts + n, build);
}

/* ---- is it true? --------------------------------------------------------------------------- */

#define STAT_JOBS 8

struct check {
	const struct klp_index *index;
	int roots[2]; /* of the dumps, of the build */
	size_t njobs;
	bool wrong;
};

static bool same_dir(const struct check *c, size_t i)
{
	const struct klp_index_dir *d = &c->index->dirs[i];
	const char *path = c->index->texts + d->path;
	struct stat st;

	return fstatat(c->roots[d->build & 1], *path ? path : ".", &st, 0) == 0 &&
	       S_ISDIR(st.st_mode) &&
	       (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec == d->mtime;
}

/* "fs/.namei.o.cmd" -> "fs/namei.o": klp_tree_object_of() for thousands of them. */
static bool object_of(const char *cmd, char *ret, size_t size)
{
	const char *base = klp_path_base(cmd);
	size_t dir = (size_t)(base - cmd), len = strlen(base);

	if (len <= strlen(KLP_CMD_SUFFIX) || base[0] != '.' || dir + len >= size)
		return false;
	memcpy(ret, cmd, dir);
	memcpy(ret + dir, base + 1, len - 1 - strlen(".cmd"));
	ret[dir + len - 1 - strlen(".cmd")] = '\0';
	return true;
}

/* The directory that the last file was in: its neighbours are looked up in it, not from the root. */
struct place {
	int fd, root;
	size_t len; /* of the path, with the slash */
	char path[PATH_MAX];
};

static bool enter(struct place *place, int root, const char *path)
{
	size_t len = (size_t)(klp_path_base(path) - path);

	if (place->fd >= 0 && place->root == root && place->len == len &&
	    !memcmp(place->path, path, len))
		return true;
	if (place->fd >= 0)
		close(place->fd);
	place->fd = -1;
	if (len >= sizeof(place->path))
		return false;
	memcpy(place->path, path, len);
	place->path[len] = '\0';
	place->len = len;
	place->root = root;
	place->fd = openat(root, len ? place->path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return place->fd >= 0;
}

static bool same_file(const struct check *c, struct place *place, size_t i)
{
	const struct klp_index_file *f = &c->index->files[i];
	bool object = i >= c->index->head->ndumps;
	const char *path = c->index->texts + f->path;
	char name[PATH_MAX];
	struct stat st;

	if (object) {
		if (!object_of(path, name, sizeof(name)))
			return false;
		path = name;
	}
	if (!enter(place, c->roots[object], path) ||
	    fstatat(place->fd, klp_path_base(path), &st, 0) < 0)
		return f->size == -1 && f->mtime == -1;
	return S_ISREG(st.st_mode) && st.st_size == f->size &&
	       (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec == f->mtime;
}

/* Each job takes files that follow one another: those are neighbours. */
static void check_job(void *ctx, size_t job)
{
	struct check *c = ctx;
	const struct klp_index_head *h = c->index->head;
	size_t n = (size_t)h->ndumps + h->nobjects, end = n * (job + 1) / c->njobs;
	struct place place = { .fd = -1 };
	bool same = true;

	for (size_t i = job; same && i < h->ndirs; i += c->njobs)
		same = same_dir(c, i);
	for (size_t i = n * job / c->njobs;
	     same && i < end && !__atomic_load_n(&c->wrong, __ATOMIC_RELAXED); i++)
		same = same_file(c, &place, i);
	if (!same)
		__atomic_store_n(&c->wrong, true, __ATOMIC_RELAXED);
	if (place.fd >= 0)
		close(place.fd);
}

static bool is_true(const struct klp_index *index, const char *ipa_dumps, const char *build,
		    unsigned int jobs)
{
	struct check c = { .index = index };

	c.njobs = jobs < 1 ? 1 : jobs > STAT_JOBS ? STAT_JOBS : jobs;
	c.roots[0] = open(ipa_dumps, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	c.roots[1] = open(build, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	c.wrong = c.roots[0] < 0 || c.roots[1] < 0;
	if (!c.wrong)
		klp_parallel(c.njobs, (unsigned int)c.njobs, check_job, &c);
	for (int i = 0; i < 2; i++)
		if (c.roots[i] >= 0)
			close(c.roots[i]);
	return !c.wrong;
}

struct klp_index *klp_index_open(struct klp_arena *arena, const char *ipa_dumps, const char *build,
				 unsigned int jobs)
{
	const char *path = klp_index__path(arena, ipa_dumps, build);
	struct klp_index *index = klp_new(arena, struct klp_index);
	struct klp_error ignored = {};
	const size_t head = sizeof(*index->head);
	size_t len;
	char *data;

	if (!path || !klp_file_exists(path) ||
	    klp_file_read(arena, path, KLP_INDEX_MAX_BYTES, &data, &len, &ignored) < 0)
		return NULL;
	if (!lay_out(index, data, len) ||
	    index->head->checksum != klp_index__checksum(data + head, len - head) ||
	    !is_sound(index) || !is_of(index, ipa_dumps, build) ||
	    !is_true(index, ipa_dumps, build, jobs))
		return NULL;
	return index;
}

/* ---- what it says -------------------------------------------------------------------------- */

void klp_index_files(struct klp_arena *arena, const struct klp_index *index, struct klp_strs *dumps,
		     struct klp_strs *cmds)
{
	const struct klp_index_head *h = index->head;

	for (uint32_t i = 0; i < h->ndumps + h->nobjects; i++)
		klp_vec_push(arena, i < h->ndumps ? dumps : cmds,
			     index->texts + index->files[i].path);
}

void klp_index_find(struct klp_arena *arena, const struct klp_index *index, const char *function,
		    struct klp_index_hits *ret)
{
	const struct klp_index_head *h = index->head;
	const struct klp_index_name *name = NULL;
	uint32_t slot = klp_index__hash(function, strlen(function)) & (h->nslots - 1);

	/* There are fewer names than slots, but a slot may be named twice by a liar. */
	for (uint32_t tries = 0; index->slots[slot] && tries < h->nslots; tries++) {
		name = &index->names[index->slots[slot] - 1];
		if (!strcmp(index->texts + name->text, function))
			break;
		name = NULL;
		slot = (slot + 1) & (h->nslots - 1);
	}
	for (uint32_t i = name ? name[0].first : 0; name && i < name[1].first; i++) {
		uint32_t file = index->refs[i];

		if (file < h->ndumps)
			klp_vec_push(arena, &ret->dumps, file);
		else
			klp_vec_push(arena, &ret->objects, file - h->ndumps);
	}
}

size_t klp_index_names(const struct klp_index *index)
{
	return index->head->nnames;
}

const char *klp_index_name(const struct klp_index *index, size_t i)
{
	return index->texts + index->names[i].text;
}
