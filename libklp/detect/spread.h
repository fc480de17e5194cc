/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: how far a change of a header reaches, by the words of the sources and
 * before any unit is preprocessed. A macro that changes reaches every macro, every function
 * of a header and every source file that mentions it, and so on from there; a constant and an
 * enumerator likewise. A function of a header ends the way: the compiler's dumps know who
 * holds it. All of it names too much rather than too little (comments and strings don't
 * count, branches of conditionals do, whatever the configuration).
 */
#ifndef KLP_DETECT_SPREAD_H
#define KLP_DETECT_SPREAD_H

#include "base/map.h"
#include "detect/apply.h"
#include "parsers/paste.h"
#include "parsers/chunk.h"

/* A file that the readers of a changed header read: one version of it. */
struct klp_source {
	const char *name; /* relative to the source, or to the build */
	const char *path;
	bool is_header;
	bool old;		   /* a changed header as it was */
	size_t reader;		   /* one unit that reads it: its index in the spread's readers */
	KLP_VEC(, uint32_t) units; /* of a .c file: those that compile it */
	struct klp_chunks chunks;  /* of a header, once somebody asked */
	bool *affected;		   /* for each chunk; NULL until then */
};

struct klp_reached_function {
	const char *name;
	const struct klp_source *source;
};
KLP_VEC(klp_reached_functions, struct klp_reached_function);

struct klp_spread {
	struct klp_arena *arena;
	struct klp_tree *tree;
	struct klp_units readers; /* units that read a changed header */
	KLP_VEC(, struct klp_source *) sources;
	struct klp_map by_name; /* of those that aren't old */

	/* the answer */
	struct klp_map words;			/* macros, enumerators, constants: name -> itself */
	struct klp_reached_functions functions; /* of headers */
	KLP_VEC(, const struct klp_source *)
	types;			/* headers with a type, variable or prototype
				   that isn't what it was */
	bool *hit;		/* for each reader: its own text mentions a word */
	const char *everywhere; /* why nothing less than all readers will do; or NULL */

	struct klp_paste paste;
	size_t searched; /* words that were looked for */
	struct klp_error *err;
};

/* Fills in readers and sources; the headers' old versions have none yet. */
int klp_detect__spread_open(struct klp_spread *s, unsigned int jobs, const struct klp_strs *headers,
			    const struct klp_overlay *after);
/* Another text of the header `name`, the old one. */
struct klp_source *klp_detect__spread_old(struct klp_spread *s, const char *name, const char *path);
/* The file of that name, or NULL. */
struct klp_source *klp_detect__spread_source(struct klp_spread *s, const char *name);
/* Cuts a header into chunks, unless that was done. */
int klp_detect__spread_chunks(struct klp_spread *s, struct klp_source *source);

/* Something means another thing than before. */
void klp_detect__spread_word(struct klp_spread *s, const char *name);
void klp_detect__spread_chunk(struct klp_spread *s, struct klp_source *source, uint32_t chunk);

/* Follows everything until nothing new comes up. */
int klp_detect__spread_run(struct klp_spread *s);
/* A word of the spread stands in the text of a file. */
int klp_detect__spread_mentions(struct klp_spread *s, const char *path, const char **ret_word);

#endif
