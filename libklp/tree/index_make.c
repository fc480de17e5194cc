// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes what index.c reads. */
#include "tree/index.h"

#include <dirent.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "parsers/ipa.h"
#include "tree/index_format.h"

struct state {
	int64_t size, mtime;
};

struct name {
	uint32_t text, n, last; /* last: the position behind that of the last file that has it */
};

struct pair {
	uint32_t name, file;
};

struct klp_index_maker {
	struct klp_arena *arena;
	KLP_VEC(, struct state) states[2]; /* of the dumps, of the objects */
	struct klp_map known;		   /* name -> its number + 1 */
	KLP_VEC(, struct name) names;
	KLP_VEC(, struct pair) pairs[2];
};

struct klp_index_maker *klp_index_maker_new(struct klp_arena *arena)
{
	struct klp_index_maker *maker = klp_new(arena, struct klp_index_maker);

	maker->arena = arena;
	klp_map_init(&maker->known, arena);
	return maker;
}

void klp_index_add_file(struct klp_index_maker *maker, bool object, size_t i, int64_t size,
			int64_t mtime)
{
	while (maker->states[object].n <= i)
		klp_vec_push(maker->arena, &maker->states[object], (struct state){ -1, -1 });
	maker->states[object].v[i] = (struct state){ size, mtime };
}

void klp_index_add_name(struct klp_index_maker *maker, bool object, size_t i, const char *symbol)
{
	size_t len = klp_ipa_base_len(symbol);
	void **slot = klp_map_slotn(&maker->known, symbol, len);
	uint32_t mark = (uint32_t)(2 * i + object + 1);
	struct name *name;

	if (!*slot) {
		klp_vec_push(maker->arena, &maker->names, (struct name){});
		*slot = (void *)(uintptr_t)maker->names.n;
	}
	name = &maker->names.v[(uintptr_t)*slot - 1];
	if (name->last == mark)
		return;
	name->last = mark;
	name->n++;
	klp_vec_push(maker->arena, &maker->pairs[object],
		     (struct pair){ (uint32_t)((uintptr_t)*slot - 1), (uint32_t)i });
}

/* ---- the file ------------------------------------------------------------------------------ */

struct writer {
	const struct klp_index_maker *maker;
	const struct klp_tree *tree;
	struct klp_index_head head;
	struct klp_buf body, texts;
};

static uint32_t text(struct writer *w, const char *s, size_t len)
{
	uint32_t at = (uint32_t)w->texts.len;

	klp_buf_addn(&w->texts, s, len);
	klp_buf_addn(&w->texts, "", 1);
	return at;
}

static void add(struct writer *w, const void *data, size_t len)
{
	klp_buf_addn(&w->body, data, len);
}

static void write_dirs(struct writer *w)
{
	for (size_t i = 0; i < w->tree->listed->n; i++) {
		const struct klp_listed_dir *d = &w->tree->listed->v[i];
		struct klp_index_dir dir = { text(w, d->path, strlen(d->path)), d->build,
					     d->mtime };

		add(w, &dir, sizeof(dir));
	}
	w->head.ndirs = (uint32_t)w->tree->listed->n;
}

static void write_files(struct writer *w, const struct klp_strs *names, bool object)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct state *s = &w->maker->states[object].v[i];
		struct klp_index_file file = { text(w, names->v[i], strlen(names->v[i])), 0,
					       s->size, s->mtime };

		add(w, &file, sizeof(file));
	}
}

static void write_names(struct writer *w)
{
	const struct klp_index_maker *m = w->maker;
	uint32_t first = 0;

	for (size_t i = 0; i < m->names.n; i++) {
		const struct klp_map_entry *e = &m->known.entries[i];
		struct klp_index_name name = { text(w, e->key, e->len), first };

		add(w, &name, sizeof(name));
		first += m->names.v[i].n;
	}
	add(w, &(struct klp_index_name){ 0, first }, sizeof(struct klp_index_name));
	w->head.nnames = (uint32_t)m->names.n;
	w->head.nrefs = first;
}

/* Sorted by counting: each name knows how many it has. The pairs come file by file. */
static void write_refs(struct writer *w)
{
	const struct klp_index_maker *m = w->maker;
	uint32_t *refs = klp_alloc_array(m->arena, w->head.nrefs, sizeof(*refs));
	uint32_t *next = klp_alloc_array(m->arena, m->names.n, sizeof(*next)), at = 0;

	for (size_t i = 0; i < m->names.n; i++) {
		next[i] = at;
		at += m->names.v[i].n;
	}
	for (int object = 0; object < 2; object++)
		for (size_t i = 0; i < m->pairs[object].n; i++) {
			const struct pair *p = &m->pairs[object].v[i];

			refs[next[p->name]++] = p->file + (object ? w->head.ndumps : 0);
		}
	add(w, refs, w->head.nrefs * sizeof(*refs));
}

static void write_slots(struct writer *w)
{
	const struct klp_index_maker *m = w->maker;
	uint32_t n = 16, *slots;

	while (n < 2 * m->names.n)
		n *= 2;
	slots = klp_alloc_array(m->arena, n, sizeof(*slots));
	for (size_t i = 0; i < m->names.n; i++) {
		const struct klp_map_entry *e = &m->known.entries[i];
		uint32_t s = klp_index__hash(e->key, e->len) & (n - 1);

		while (slots[s])
			s = (s + 1) & (n - 1);
		slots[s] = (uint32_t)i + 1;
	}
	add(w, slots, n * sizeof(*slots));
	w->head.nslots = n;
}

static void write_all(struct writer *w)
{
	struct klp_index_head *head;

	klp_buf_init(&w->body, w->maker->arena);
	klp_buf_init(&w->texts, w->maker->arena);
	text(w, w->tree->ipa_dumps, strlen(w->tree->ipa_dumps));
	text(w, w->tree->build, strlen(w->tree->build));
	w->head.magic = KLP_INDEX_MAGIC;
	w->head.version = KLP_INDEX_VERSION;
	w->head.ndumps = (uint32_t)w->tree->dumps.n;
	w->head.nobjects = (uint32_t)w->tree->cmds.n;
	add(w, &w->head, sizeof(w->head)); /* its place; filled below */
	write_dirs(w);
	write_files(w, &w->tree->dumps, false);
	write_files(w, &w->tree->cmds, true);
	write_names(w);
	write_refs(w);
	write_slots(w);
	w->head.ntexts = (uint32_t)w->texts.len;
	add(w, w->texts.p, w->texts.len);
	head = (struct klp_index_head *)(void *)w->body.p;
	*head = w->head;
	head->checksum =
		klp_index__checksum(w->body.p + sizeof(*head), w->body.len - sizeof(*head));
}

/* ---- may it be written? -------------------------------------------------------------------- */

static int64_t newest(const struct klp_index_maker *m, const struct klp_tree *tree)
{
	int64_t latest = 0;

	for (size_t i = 0; i < tree->listed->n; i++)
		if (tree->listed->v[i].mtime > latest)
			latest = tree->listed->v[i].mtime;
	for (int object = 0; object < 2; object++)
		for (size_t i = 0; i < m->states[object].n; i++)
			if (m->states[object].v[i].mtime > latest)
				latest = m->states[object].v[i].mtime;
	return latest;
}

static const char *reason_against(const struct klp_index_maker *m, const struct klp_tree *tree,
				  const char *path)
{
	struct timespec now;

	if (!path)
		return "there is no cache directory";
	if (m->states[0].n != tree->dumps.n || m->states[1].n != tree->cmds.n)
		return "not every file was read";
	clock_gettime(CLOCK_REALTIME, &now);
	if (newest(m, tree) / 1000000000 + KLP_INDEX_QUIET_S >= now.tv_sec)
		return "the build has just changed";
	return NULL;
}

/* Only files of our naming; the oldest of too many goes. */
static void make_room(struct klp_arena *arena, const char *dir, const char *keep)
{
	const char *oldest = NULL;
	DIR *entries = opendir(dir);
	size_t n = 0;

	for (struct dirent *de; entries && (de = readdir(entries));) {
		const char *path = klp_path_join(arena, dir, de->d_name);

		if (strspn(de->d_name, "0123456789abcdef") != 16 ||
		    strcmp(de->d_name + 16, ".index") || !strcmp(path, keep))
			continue;
		n++;
		if (!oldest || klp_file_mtime(path) < klp_file_mtime(oldest))
			oldest = path;
	}
	if (entries)
		closedir(entries);
	if (n >= KLP_INDEX_MAX_FILES)
		unlink(oldest);
}

void klp_index_save(struct klp_index_maker *maker, const struct klp_tree *tree,
		    const struct klp_log *log)
{
	const char *path = klp_index__path(maker->arena, tree->ipa_dumps, tree->build);
	const char *against = reason_against(maker, tree, path);
	struct writer w = { .maker = maker, .tree = tree };
	struct klp_error err = {};

	if (against) {
		klp_log(log, KLP_LOG_DEBUG, "no index is written: %s", against);
		return;
	}
	write_all(&w);
	if (w.body.len > KLP_INDEX_MAX_BYTES) {
		klp_log(log, KLP_LOG_DEBUG, "no index is written: it would be too large");
		return;
	}
	if (klp_mkdirs(klp_path_dir(maker->arena, path), &err) < 0 ||
	    klp_file_write(path, w.body.p, w.body.len, &err) < 0) {
		klp_log(log, KLP_LOG_DEBUG, "no index is written: %s", err.text);
		return;
	}
	make_room(maker->arena, klp_path_dir(maker->arena, path), path);
	klp_log(log, KLP_LOG_DEBUG, "index: %zu names, %zu bytes, %s", maker->names.n, w.body.len,
		path);
}
