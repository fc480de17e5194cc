/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GCC's -fdump-ipa-clones: which function was inlined into which, which clones were made,
 * what was removed. Lines are events in time order. Untrusted input.
 *
 *	Callgraph clone;NAME;ORDER;PATH;LINE;COL;NAME;ORDER;PATH;LINE;COL;KIND
 *	Callgraph removal;NAME;ORDER;PATH;LINE;COL
 *
 * written by gcc/cgraphclones.c dump_callgraph_transformation() and gcc/cgraph.cc
 * cgraph_node::remove() since GCC 7.1. No earlier release has the option; compilers that were
 * patched to have it (docs/compiler-guarantees.md) wrote two fields more that say nothing:
 *
 *	Callgraph clone;NAME;ORDER;PATH;LINE;COL;<-;NAME;ORDER;PATH;LINE;COL;optimization:;KIND
 *
 * Paths are not escaped and may contain ';': fields are taken from the right. A name that
 * has an asm label starts with '*', which is stripped.
 */
#ifndef KLP_PARSERS_IPA_H
#define KLP_PARSERS_IPA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"

struct klp_ipa_node {
	const char *name;
	uint32_t order;	  /* (name, order) identifies a node of a dump */
	const char *path; /* as the compiler had it: may be absolute */
	uint32_t line, column;
};
KLP_VEC(klp_ipa_nodes, struct klp_ipa_node);

enum klp_ipa_kind {
	KLP_IPA_INLINE, /* "inlining to": `from` is now inside `to` */
	KLP_IPA_CLONE,	/* "isra", "constprop", "part", "(null)": `to` is a clone of `from` */
};

struct klp_ipa_edge {
	const char *how;   /* the last field as it stands */
	uint32_t from, to; /* indices into nodes */
	uint32_t line;	   /* of the dump */
	enum klp_ipa_kind kind;
};
KLP_VEC(klp_ipa_edges, struct klp_ipa_edge);

struct klp_ipa_dump {
	const char *name; /* as given */
	struct klp_ipa_nodes nodes;
	struct klp_ipa_edges edges;  /* in time order; the same again is another event */
	KLP_VEC(, uint32_t) removed; /* nodes of "Callgraph removal" lines */
	unsigned int malformed;	     /* lines that are no record: counted */
	unsigned int malformed_line; /* the first of them, 1-based */
	const char *malformed_why;   /* and what is wrong with that one: "it ..." */
	uint32_t *slots;	     /* of a hash table of the nodes, see klp_ipa_find() */
	size_t nslots;
};

/*
 * One line, not interpreted further: slices of the text. What klp_ipa_parse() is made of,
 * for whoever looks at single lines of many dumps.
 */
struct klp_ipa_slice {
	const char *p;
	size_t len;
};

struct klp_ipa_record {
	bool removal; /* else a clone line */
	struct klp_ipa_place {
		struct klp_ipa_slice name; /* without the '*' of an asm label */
		struct klp_ipa_slice path;
		uint32_t order, line, column;
	} from, to; /* a removal has no `to` */
	struct klp_ipa_slice how;
};

/* False for a line that is no record. The line comes without its newline. */
bool klp_ipa_record(const char *line, size_t len, struct klp_ipa_record *ret);

/*
 * Strings are copied into the arena. A line that is no record (or lacks its end: the dump was
 * cut off) is counted in malformed, not guessed; more than KLP_IPA_MAX_LINE bytes in one line, or
 * binary data, is an error with the line.
 */
#define KLP_IPA_MAX_LINE 65536
int klp_ipa_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		  struct klp_ipa_dump *ret, struct klp_error *err);

/*
 * A dump from other knowledge than a compiler's text: "function of path:line is in host", one
 * after the other. Strings must live as long as the dump.
 */
struct klp_ipa_builder {
	struct klp_arena *arena;
	struct klp_ipa_dump dump;
};
void klp_ipa_build(struct klp_arena *arena, const char *name, struct klp_ipa_builder *ret);
void klp_ipa_build_inline(struct klp_ipa_builder *builder, const char *function, const char *path,
			  uint32_t line, const char *host);

/* Index of the node (name, order), or UINT32_MAX. */
uint32_t klp_ipa_find(const struct klp_ipa_dump *dump, const char *name, uint32_t order);

/*
 * The part of a symbol name before the compiler's suffixes: "foo" for "foo.isra.0",
 * "foo.part.0.constprop.1", "foo.cold". The length; equal to strlen(name) for a plain one.
 * Known suffixes: .isra.N .constprop.N .part.N .cold(.N) .localalias(.N) .lto_priv.N
 */
size_t klp_ipa_base_len(const char *name);

/*
 * The name without what link-time optimisation adds to tell statics of several files apart:
 * "foo.isra.0" for "foo.lto_priv.1.isra.0". `name` itself when there is nothing of the kind.
 */
const char *klp_ipa_plain_name(struct klp_arena *arena, const char *name);

/* True for a symbol that isn't the function itself: "foo.isra.0", not "foo.lto_priv.1". */
bool klp_ipa_is_clone(const char *name);

#endif
