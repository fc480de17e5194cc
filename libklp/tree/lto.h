/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link-time optimisation by gcc. Units compiled with -flto hold no machine code; the link makes it,
 * for all of them together, and inlines across them. Beside the dumps of the units, which tell of
 * early inlining only, it writes its own, named after its output:
 *
 *	OUT.wpa.000i.ipa-clones			what it decided, for all units
 *	OUT.ltransN.ltrans.000i.ipa-clones	what became of that, part by part, N from 0
 *	OUT.lto.o-XXXXXX.lto.o.000i.ipa-clones	instead of both: -flto-partition=none
 *
 * Order numbers are given anew in each stage, so that nodes are joined by name, file and line.
 * (All of this as gcc 11 and 12 do it.)
 */
#ifndef KLP_TREE_LTO_H
#define KLP_TREE_LTO_H

#include "parsers/ipa.h"
#include "tree/tree.h"

/*
 * The dumps of a link and of what was linked, as one. A node is (name, file, line): its name is
 * without the suffix by which the link tells statics of one name apart, its path as
 * klp_tree_relative() gives it, its order of no meaning. Edges are in time order: compilations,
 * then the link's stages.
 */
struct klp_lto_graph {
	struct klp_ipa_dump dump;
	KLP_VEC(
		, struct klp_lto_part {
			const char *dump; /* relative to the directory of dumps */
			size_t first; /* edge that is from there; up to the first of the next part
				       */
		})
	parts;
	size_t link; /* the first edge that is from the link itself; compilations' come before */
	/*
	 * Symbol with a name that the link made up (foo.lto_priv.1, foo.isra.0) -> its node's
	 * index + 1; one that stands for several nodes is in `several`.
	 */
	struct klp_map symbols, several;
};

struct klp_lto {
	const char *output;    /* what the link made: "vmlinux.o", relative to the build */
	const char *path;      /* where that lies */
	struct klp_strs dumps; /* of the link, in the order of its stages; relative to ipa_dumps */
	bool one_stage;	       /* -flto-partition=none: there is one of them */
	KLP_VEC(
		,
		struct klp_lto_object {
			const char *object; /* that was compiled for it */
			const char *source; /* as klp_unit.source */
			const char *dump;   /* relative to ipa_dumps, NULL when there is none */
		})
	objects;		    /* sorted by object */
	bool checked, usable;	    /* its dumps are whole, and of that very output */
	struct klp_lto_graph graph; /* of a usable one */
};

/*
 * The link that made the machine code of a unit with unit->lto: by the link's .cmd file, which
 * names what it links (objects, thin archives, @files); without one, by its output's name
 * (vmlinux.o takes what is built in, fs/ext4/ext4.o what is in that module). Sets unit->lto_output.
 * *ret is NULL, and an error among the findings, when there is none, or its dumps can't be used:
 * KLP-LTO, KLP-NO-DUMP, KLP-STALE-DUMP, KLP-BAD-DUMP. All dumps of the tree are read for it.
 */
int klp_tree_lto_of(struct klp_tree *tree, struct klp_unit *unit, unsigned int jobs,
		    const struct klp_lto **ret, struct klp_findings *findings,
		    struct klp_error *err);

/* True for a dump by its name: it is a link's, and no unit's. */
bool klp_is_link_dump(const char *dump);

/* The dump of which an edge of the graph is a line. */
const char *klp_lto_dump_of(const struct klp_lto_graph *graph, const struct klp_ipa_edge *edge);

/*
 * The file "fs/namei.c" belongs to the unit: it is the unit's source, or one of those that the
 * compiler read for it.
 */
bool klp_unit_reads(struct klp_arena *arena, const struct klp_tree *tree,
		    const struct klp_unit *unit, const char *file);

#endif
