/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts of structs and unions, whatever they are read from. Inside elf/ only.
 */
#ifndef KLP_ELF_LAYOUTS_PARTS_H
#define KLP_ELF_LAYOUTS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vec.h"

struct klp_layout_member {
	const char *name;
	uint64_t at, size; /* bits; KLP_LAYOUT_NO_SIZE: not known */
};
#define KLP_LAYOUT_NO_SIZE UINT64_MAX
KLP_VEC(klp_layout_members, struct klp_layout_member);

struct klp_layout {
	const char *name;
	bool is_union;
	bool outside;  /* only the size is known */
	uint64_t size; /* bytes */
	struct klp_layout_members members;
};

/*
 * Who reads calls wants() with each name, and take() with its layout if the answer is yes. What is
 * in the layout, and the layout, is gone when take() returns.
 */
struct klp_layout_sink {
	struct klp_arena *arena; /* for the members */
	bool (*wants)(void *ctx, const char *name);
	void (*take)(void *ctx, const struct klp_layout *layout);
	void *ctx;
	struct klp_layout layout; /* the one being read */
	uint64_t steps;		  /* so far */
	bool done;		  /* set by take(): no more is wanted */
};

/* Nesting of unnamed members, and of what stands for a type (typedefs, arrays). */
#define KLP_LAYOUT_MAX_DEPTH 32
/* Members that are looked at in one file: a kernel with all its units has some 100 million. */
#define KLP_LAYOUT_MAX_STEPS ((uint64_t)1 << 30)
/* Members of one type, those of unnamed ones included. */
#define KLP_LAYOUT_MAX_MEMBERS ((size_t)1 << 16)

/* The layout that is read from now on. */
void klp_layout__begin(struct klp_layout_sink *sink, const char *name, bool is_union,
		       uint64_t size);
/* False when it was one too many. */
bool klp_layout__push(struct klp_layout_sink *sink, const char *name, uint64_t at, uint64_t size);

/* layouts_btf.c. The BTF of a file, as it lies in it. */
struct klp_btf;
struct klp_btf_raw {
	const char *path;
	const void *data, *base; /* .BTF, .BTF.base; NULL when there is none */
	size_t len, base_len;
};
/* Whether its types go on from those of another file, which isn't part of it. */
bool klp_btf__is_split(const struct klp_btf_raw *raw);
/* kernel: of vmlinux, for one that is split; must outlive *ret. */
int klp_btf__open(const struct klp_btf_raw *raw, const struct klp_btf *kernel, struct klp_btf **ret,
		  struct klp_error *err);
void klp_btf__close(struct klp_btf *btf); /* NULL is fine */
int klp_btf__read(const struct klp_btf *btf, struct klp_layout_sink *sink, struct klp_error *err);

/* layouts_dwarf.c */
int klp_dwarf__read(const char *path, struct klp_layout_sink *sink, struct klp_error *err);

#endif
