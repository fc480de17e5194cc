/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fix changes, as stage detect found it by comparing the preprocessed tokens of each
 * declaration before and after; and functions that are to be patched as they are, for somebody
 * to edit.
 */
#ifndef KLP_MODEL_CHANGE_H
#define KLP_MODEL_CHANGE_H

#include <stdbool.h>

#include "model/unit.h"

enum klp_change_kind {
	KLP_MODIFIED, /* a function's tokens differ */
	KLP_ADDED,    /* a new function */
	KLP_REMOVED,  /* a function that is gone */
	KLP_HEADER,   /* a function of a header, as this unit sees it, differs */
	KLP_LINKAGE,  /* a function becomes static or global, and its text stays: what runs is
			 right as it is */
	KLP_NAMED,    /* the fix leaves it alone, but it was asked for by name */
};

struct klp_change {
	const char *function;
	const char *file;  /* where it is defined (after the fix; before it when removed),
			      relative to the kernel source */
	unsigned int line; /* in the patched file; in the old one when removed */
	enum klp_change_kind kind;
	struct klp_unit *unit;
	bool is_static;
	bool is_inline; /* declared inline */
	bool signature; /* its type changed, not only its body */
	bool init;	/* marked __init or __exit (a section attribute) */
};

KLP_VEC(klp_changes, struct klp_change);

/* "modified", "added", "removed", "header", "linkage", "named" */
const char *klp_change_kind_name(enum klp_change_kind kind);

#endif
