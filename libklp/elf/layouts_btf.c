// SPDX-License-Identifier: GPL-2.0-or-later
/* Documentation/bpf/btf.rst; include/uapi/linux/btf.h. */
#include "elf/layouts_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

struct klp_btf {
	const char *path;
	struct btf *btf;
	struct btf *base; /* its own, or NULL */
	uint32_t first;	  /* id of the first type that is in this file */
};

struct walk {
	const struct klp_btf *btf;
	struct klp_layout_sink *sink;
};

static int bad(const char *path, int number, struct klp_error *err)
{
	klp_error_set(err, KLP_EINPUT, "the BTF of '%s' can't be read: %s", path, strerror(number));
	klp_error_at(err, path, 0, 0);
	return klp_error_hint(err, "was it made for another vmlinux than this one, or does it come "
				   "from a kernel that is newer than this libbpf?");
}

/* The first string of a whole one is the empty one; the strings of a split one go on from others.
 */
bool klp_btf__is_split(const struct klp_btf_raw *raw)
{
	struct btf_header header;
	uint64_t strings;

	if (raw->base || raw->len < sizeof(header))
		return false;
	memcpy(&header, raw->data, sizeof(header));
	if (header.magic != BTF_MAGIC) {
		header.hdr_len = __builtin_bswap32(header.hdr_len);
		header.str_off = __builtin_bswap32(header.str_off);
		header.str_len = __builtin_bswap32(header.str_len);
	}
	strings = (uint64_t)header.hdr_len + header.str_off;
	return !header.str_len || strings >= raw->len || ((const char *)raw->data)[strings];
}

void klp_btf__close(struct klp_btf *btf)
{
	if (!btf)
		return;
	btf__free(btf->btf);
	btf__free(btf->base);
	free(btf);
}

static struct btf *parse(const void *data, size_t len)
{
	if (len > UINT32_MAX) {
		errno = EFBIG;
		return NULL;
	}
	return btf__new(data, (uint32_t)len);
}

int klp_btf__open(const struct klp_btf_raw *raw, const struct klp_btf *kernel, struct klp_btf **ret,
		  struct klp_error *err)
{
	struct klp_btf *btf = calloc(1, sizeof(*btf));
	struct btf *base = NULL;

	if (!btf)
		abort();
	libbpf_set_print(NULL); /* what is wrong is said by its errno */
	errno = EINVAL;
	btf->path = raw->path;
	btf->first = 1;
	if (raw->base) {
		base = btf->base = parse(raw->base, raw->base_len);
	} else if (klp_btf__is_split(raw) && kernel) {
		base = kernel->btf;
		btf->first = btf__type_cnt(base);
	}
	/* libbpf 1.1 declares btf__new_split(), and doesn't export it: the file is read again. */
	if (base)
		btf->btf = btf__parse_elf_split(raw->path, base);
	else if (!raw->base)
		btf->btf = parse(raw->data, raw->len);
	if (!btf->btf) {
		bad(raw->path, errno, err);
		klp_btf__close(btf);
		return err->code;
	}
	*ret = btf;
	return 0;
}

/* Behind const, volatile, typedefs and tags; NULL when there is no end to them. */
static const struct btf_type *bare(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (int i = 0; t && i < KLP_LAYOUT_MAX_DEPTH; i++) {
		if (!btf_is_mod(t) && !btf_is_typedef(t))
			return t;
		t = btf__type_by_id(btf, t->type);
	}
	return NULL;
}

static uint64_t size_of(const struct btf *btf, const struct btf_type *t, uint32_t member)
{
	uint32_t field = btf_member_bitfield_size(t, member);
	int64_t size;

	if (field)
		return field;
	size = btf__resolve_size(btf, btf_members(t)[member].type);
	return size < 0 ? KLP_LAYOUT_NO_SIZE : (uint64_t)size * 8;
}

static bool read_members(struct walk *w, const struct btf_type *t, uint64_t from, int depth)
{
	const struct btf *btf = w->btf->btf;

	if (depth == KLP_LAYOUT_MAX_DEPTH)
		return false;
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *m = &btf_members(t)[i];
		const char *name = btf__name_by_offset(btf, m->name_off);
		uint64_t at = from + btf_member_bit_offset(t, i);
		const struct btf_type *inner;

		if (!name)
			return false;
		if (*name) {
			if (!klp_layout__push(w->sink, name, at, size_of(btf, t, i)))
				return false;
			continue;
		}
		inner = bare(btf, m->type);
		if (!inner)
			return false;
		/* An unnamed bit-field is padding. */
		if (btf_is_composite(inner) && !read_members(w, inner, at, depth + 1))
			return false;
	}
	return true;
}

int klp_btf__read(const struct klp_btf *btf, struct klp_layout_sink *sink, struct klp_error *err)
{
	uint32_t own = btf->base ? btf__type_cnt(btf->base) : btf->first;
	uint32_t n = btf__type_cnt(btf->btf);
	struct walk w = { btf, sink };

	for (uint32_t id = btf->first; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf->btf, id);
		const char *name;

		if (!t || !btf_is_composite(t))
			continue;
		name = btf__name_by_offset(btf->btf, t->name_off);
		if (!name)
			return bad(btf->path, EINVAL, err);
		if (!*name || !sink->wants(sink->ctx, name))
			continue;
		klp_layout__begin(sink, name, btf_is_union(t), t->size);
		/* A base that is brought along has no members (scripts/Makefile.btf,
		 * distilled_base). */
		sink->layout.outside = id < own && !btf_vlen(t);
		if (!read_members(&w, t, 0, 0))
			return bad(btf->path, EINVAL, err);
		sink->take(sink->ctx, &sink->layout);
	}
	return 0;
}
