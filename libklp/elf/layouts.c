// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/layouts.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "elf/file.h"
#include "elf/layouts_parts.h"

/* A type of the livepatch, and what the objects said of it so far. */
struct wanted {
	struct klp_layout layout;
	bool equal;
	struct klp_layout_difference difference; /* from the first that isn't; or empty */
	struct wanted *next;			 /* another one of that name */
};

/* A file, and what it has. */
struct source {
	const char *path;
	struct klp_mapped mapped;
	struct klp_btf_raw btf;
	bool dwarf;
};

struct compare {
	struct klp_arena *arena;
	struct klp_map wanted; /* -> struct wanted */
	size_t left;	       /* of them, that nothing was found equal to */
	const char *object;    /* that is read now: "vmlinux" */
	const char *path;
	struct klp_layout_sink sink; /* that reads it */
};

void klp_layout__begin(struct klp_layout_sink *sink, const char *name, bool is_union, uint64_t size)
{
	sink->layout.name = name;
	sink->layout.is_union = is_union;
	sink->layout.outside = false;
	sink->layout.size = size;
	sink->layout.members.n = 0;
}

bool klp_layout__push(struct klp_layout_sink *sink, const char *name, uint64_t at, uint64_t size)
{
	if (sink->steps++ >= KLP_LAYOUT_MAX_STEPS ||
	    sink->layout.members.n >= KLP_LAYOUT_MAX_MEMBERS)
		return false;
	klp_vec_push(sink->arena, &sink->layout.members,
		     (struct klp_layout_member){ name, at, size });
	return true;
}

static const char *place(struct klp_arena *arena, uint64_t bit)
{
	if (bit % 8)
		return klp_sprintf(arena, "bit %llu", (unsigned long long)bit);
	return klp_sprintf(arena, "byte %llu", (unsigned long long)bit / 8);
}

static const char *amount(struct klp_arena *arena, uint64_t bits)
{
	if (bits % 8)
		return klp_sprintf(arena, "%llu bits", (unsigned long long)bits);
	return klp_sprintf(arena, "%llu bytes", (unsigned long long)bits / 8);
}

/* The one of that name; members stand at the same index as a rule. */
static const struct klp_layout_member *member_of(const struct klp_layout *layout, const char *name,
						 size_t guess)
{
	if (guess < layout->members.n && !strcmp(layout->members.v[guess].name, name))
		return &layout->members.v[guess];
	for (size_t i = 0; i < layout->members.n; i++)
		if (!strcmp(layout->members.v[i].name, name))
			return &layout->members.v[i];
	return NULL;
}

enum unlike { EQUAL, MISSING, PLACE, SIZE, FURTHER, KIND, TYPE_SIZE };

/* Only which it is: most of what is compared is equal, or isn't told in the end. */
static enum unlike compare_layouts(const struct klp_layout *a, const struct klp_layout *b,
				   const struct klp_layout_member **ret_a,
				   const struct klp_layout_member **ret_b)
{
	if (a->is_union != b->is_union)
		return KIND;
	for (size_t i = 0; !a->outside && !b->outside && i < a->members.n; i++) {
		const struct klp_layout_member *x = *ret_a = &a->members.v[i];
		const struct klp_layout_member *y = *ret_b = member_of(b, x->name, i);

		if (!y)
			return MISSING;
		if (x->at != y->at)
			return PLACE;
		if (x->size != y->size && x->size != KLP_LAYOUT_NO_SIZE &&
		    y->size != KLP_LAYOUT_NO_SIZE)
			return SIZE;
	}
	for (size_t i = 0; !a->outside && !b->outside && i < b->members.n; i++) {
		*ret_b = &b->members.v[i];
		if (!member_of(a, (*ret_b)->name, i))
			return FURTHER;
	}
	return a->size == b->size ? EQUAL : TYPE_SIZE;
}

static const char *explain(const struct compare *c, enum unlike unlike, const struct klp_layout *a,
			   const struct klp_layout *b, const struct klp_layout_member *x,
			   const struct klp_layout_member *y)
{
	switch (unlike) {
	case MISSING:
		return klp_sprintf(c->arena, "member '%s' is missing in %s", x->name, c->object);
	case PLACE:
		return klp_sprintf(c->arena, "member '%s' is at %s, in %s at %s", x->name,
				   place(c->arena, x->at), c->object, place(c->arena, y->at));
	case SIZE:
		return klp_sprintf(c->arena, "member '%s' has %s, in %s %s", x->name,
				   amount(c->arena, x->size), c->object, amount(c->arena, y->size));
	case FURTHER:
		return klp_sprintf(c->arena, "member '%s' of %s is missing", y->name, c->object);
	case KIND:
		return klp_sprintf(c->arena, "it is a %s in %s", b->is_union ? "union" : "struct",
				   c->object);
	case TYPE_SIZE:
		return klp_sprintf(c->arena, "it has %s, in %s %s", amount(c->arena, a->size * 8),
				   c->object, amount(c->arena, b->size * 8));
	case EQUAL:
		break;
	}
	return NULL;
}

static void hold_against(struct compare *c, struct wanted *w, const struct klp_layout *layout)
{
	const struct klp_layout_member *x = NULL, *y = NULL;
	enum unlike unlike = compare_layouts(&w->layout, layout, &x, &y);

	if (unlike == EQUAL) {
		w->equal = true;
		c->left--;
	} else if (!w->difference.why) {
		w->difference.type = klp_sprintf(
			c->arena, "%s %s", w->layout.is_union ? "union" : "struct", w->layout.name);
		w->difference.why = explain(c, unlike, &w->layout, layout, x, y);
		w->difference.object = c->path;
	}
}

/* ---- of the livepatch: all of them are kept, each once ---- */

static bool wants_any(void *ctx, const char *name)
{
	(void)ctx, (void)name;
	return true;
}

static void keep(struct klp_arena *arena, const struct klp_layout *from, struct klp_layout *to)
{
	*to = *from;
	to->name = klp_strdup(arena, from->name);
	to->members.v = klp_alloc_array(arena, from->members.n, sizeof(*to->members.v));
	to->members.cap = from->members.n;
	for (size_t i = 0; i < from->members.n; i++) {
		to->members.v[i] = from->members.v[i];
		to->members.v[i].name = klp_strdup(arena, from->members.v[i].name);
	}
}

static void take_own(void *ctx, const struct klp_layout *layout)
{
	const struct klp_layout_member *x, *y;
	struct compare *c = ctx;
	struct wanted *w, *first = klp_map_get(&c->wanted, layout->name), *last = NULL;

	for (w = first; w; last = w, w = w->next)
		if (w->layout.outside == layout->outside &&
		    compare_layouts(&w->layout, layout, &x, &y) == EQUAL)
			return;
	w = klp_new(c->arena, struct wanted);
	keep(c->arena, layout, &w->layout);
	c->left++;
	if (last)
		last->next = w;
	else
		klp_map_put(&c->wanted, w->layout.name, w);
}

/* ---- of the objects ---- */

static bool wants_theirs(void *ctx, const char *name)
{
	struct compare *c = ctx;

	for (const struct wanted *w = klp_map_get(&c->wanted, name); w; w = w->next)
		if (!w->equal)
			return true;
	return false;
}

static void take_theirs(void *ctx, const struct klp_layout *layout)
{
	struct compare *c = ctx;

	for (struct wanted *w = klp_map_get(&c->wanted, layout->name); w; w = w->next)
		if (!w->equal)
			hold_against(c, w, layout);
	c->sink.done = !c->left;
}

/* ---- files ---- */

static int open_source(struct klp_arena *arena, const char *path, struct source *ret,
		       struct klp_error *err)
{
	struct klp_elf elf;

	ret->path = ret->btf.path = path;
	if (klp_mapped_open(path, &ret->mapped, err) < 0 ||
	    klp_elf__parse(arena, path, (const unsigned char *)ret->mapped.data, ret->mapped.len,
			   &elf, err) < 0)
		return err->code;
	for (uint32_t i = 1; i < elf.n; i++) {
		const unsigned char *bytes = klp_elf__bytes(&elf, i);

		if (!bytes || !elf.sections[i].sh_size)
			continue;
		if (!strcmp(elf.names[i], ".BTF")) {
			ret->btf.data = bytes;
			ret->btf.len = elf.sections[i].sh_size;
		} else if (!strcmp(elf.names[i], ".BTF.base")) {
			ret->btf.base = bytes;
			ret->btf.base_len = elf.sections[i].sh_size;
		} else if (!strcmp(elf.names[i], ".debug_info") ||
			   !strcmp(elf.names[i], ".zdebug_info")) {
			ret->dwarf = true;
		}
	}
	return 0;
}

/* The first of the objects is vmlinux. */
struct sources {
	struct source *v; /* the livepatch, then the objects */
	size_t n;
};

static void close_sources(struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++)
		klp_mapped_release(&sources->v[i].mapped);
}

static bool has_btf(const struct sources *sources, const struct source *s)
{
	return s->btf.data && (!klp_btf__is_split(&s->btf) ||
			       (sources->v[1].btf.data && !klp_btf__is_split(&sources->v[1].btf)));
}

static enum klp_layout_source choose(const struct sources *sources)
{
	for (size_t i = 1; i < sources->n; i++)
		if (has_btf(sources, &sources->v[0]) && has_btf(sources, &sources->v[i]))
			return KLP_LAYOUT_BTF;
	for (size_t i = 1; i < sources->n; i++)
		if (sources->v[0].dwarf && sources->v[i].dwarf)
			return KLP_LAYOUT_DWARF;
	return KLP_LAYOUT_NONE;
}

static int read_btf(const struct source *s, const struct klp_btf *kernel,
		    struct klp_layout_sink *sink, struct klp_error *err)
{
	struct klp_btf *btf;
	int r;

	if (klp_btf__open(&s->btf, kernel, &btf, err) < 0)
		return err->code;
	r = klp_btf__read(btf, sink, err);
	klp_btf__close(btf);
	return r;
}

static int read_source(const struct sources *sources, enum klp_layout_source kind, size_t i,
		       const struct klp_btf *kernel, struct klp_layout_sink *sink,
		       struct klp_error *err)
{
	const struct source *s = &sources->v[i];

	if (kind == KLP_LAYOUT_DWARF)
		return s->dwarf ? klp_dwarf__read(s->path, sink, err) : 0;
	if (!has_btf(sources, s))
		return 0;
	return i == 1 && kernel ? klp_btf__read(kernel, sink, err) : read_btf(s, kernel, sink, err);
}

static const char *object_name(struct klp_arena *arena, const char *path)
{
	const char *base = klp_path_base(path);
	size_t len = strlen(base);

	return len > 3 && !strcmp(base + len - 3, ".ko") ? klp_strndup(arena, base, len - 3) : base;
}

static int read_all(struct compare *c, const struct sources *sources, enum klp_layout_source kind,
		    const struct klp_btf *kernel, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_layout_sink own = { scratch, wants_any, take_own, c };

	if (read_source(sources, kind, 0, kernel, &own, err) < 0)
		return err->code;
	for (size_t i = 1; i < sources->n && c->left; i++) {
		c->sink = (struct klp_layout_sink){ scratch, wants_theirs, take_theirs, c };
		c->path = sources->v[i].path;
		c->object = object_name(c->arena, c->path);
		if (read_source(sources, kind, i, kernel, &c->sink, err) < 0)
			return err->code;
	}
	return 0;
}

static int compare_sources(struct klp_arena *arena, const struct sources *sources,
			   struct klp_layout_differences *ret, enum klp_layout_source kind,
			   struct klp_error *err)
{
	const struct source *vmlinux = &sources->v[1];
	struct compare c = { .arena = arena };
	struct klp_btf *kernel = NULL;
	int r = 0;

	klp_map_init(&c.wanted, arena);
	if (kind == KLP_LAYOUT_BTF && vmlinux->btf.data && has_btf(sources, vmlinux))
		r = klp_btf__open(&vmlinux->btf, NULL, &kernel, err);
	if (r == 0)
		r = read_all(&c, sources, kind, kernel, err);
	klp_btf__close(kernel);
	for (size_t i = 0; r == 0 && i < c.wanted.n; i++)
		for (struct wanted *w = c.wanted.entries[i].value; w; w = w->next)
			if (!w->equal && w->difference.why)
				klp_vec_push(arena, ret, w->difference);
	return r;
}

int klp_layouts_compare(struct klp_arena *arena, const char *livepatch,
			const struct klp_strs *objects, struct klp_layout_differences *ret,
			enum klp_layout_source *ret_source, struct klp_error *err)
{
	struct sources sources = {
		.v = klp_alloc_array(arena, objects->n + 1, sizeof(*sources.v)),
	};
	struct klp_layout_differences differences = {};
	enum klp_layout_source kind = KLP_LAYOUT_NONE;
	int r = 0;

	for (size_t i = 0; i <= objects->n && r == 0; i++)
		r = open_source(arena, i ? objects->v[i - 1] : livepatch, &sources.v[sources.n++],
				err);
	if (r == 0)
		kind = choose(&sources);
	if (kind != KLP_LAYOUT_NONE)
		r = compare_sources(arena, &sources, &differences, kind, err);
	close_sources(&sources);
	if (r < 0)
		return r;
	*ret = differences;
	*ret_source = kind;
	return 0;
}
