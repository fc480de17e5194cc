/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody who signs a livepatch wants to read besides the results in model/report.h: the
 * fix itself, and the functions' source in both versions. Plain data; the text is untrusted.
 */
#ifndef KLP_MODEL_REVIEW_H
#define KLP_MODEL_REVIEW_H

#include <stdbool.h>

#include "model/unit.h"

/* A file as one diff touches it. */
struct klp_fix_file {
	const char *path; /* relative to the kernel source */
	bool created, deleted;
	unsigned int line;	     /* of its "---" line in the diff */
	unsigned int added, removed; /* lines */
};
KLP_VEC(klp_fix_files, struct klp_fix_file);

/* One diff, as it was given. */
struct klp_fix {
	const char *name;    /* of the file, without directories; "-" for standard input */
	bool of_base;	     /* it comes from the livepatch that this one is based on */
	const char *subject; /* of a mail or of git; NULL when there is none */
	const char *text;    /* without a NUL in it, terminated by one */
	size_t len;
	struct klp_fix_files files;
};
KLP_VEC(klp_fixes, struct klp_fix);

/* A definition in both versions; one of a few lines may define several functions (syscalls). */
struct klp_text {
	struct klp_strs functions;  /* never empty */
	const char *file;	    /* relative to the kernel source */
	struct klp_units units;	    /* where it is, several for a header's */
	const char *before, *after; /* whole lines, NULL where there is no such function; the same
				       pointer when nothing differs */
	unsigned int before_line, after_line; /* of their first lines */
};
KLP_VEC(klp_texts, struct klp_text);

struct klp_review {
	const char *release;	  /* of the kernel that was built there; NULL when unknown */
	struct klp_fixes fixes;	  /* in the order in which they are applied */
	struct klp_texts texts;	  /* of functions that change or get patched, by file and line */
	struct klp_strs textless; /* "fs/x.c: foo": those whose source could not be told */
	const char *command;	  /* that does the run again; paths without their directories */
	bool proof;		  /* it was asked for */
	bool suse;		  /* laid out for that tree: no Makefile there */
};

#endif
