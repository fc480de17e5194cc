/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One version of a unit, seen twice: libclang's declarations with their places in the
 * source, and the recorded compiler's own preprocessed tokens split by declaration. Each
 * covers what the other can't give; where both speak of the same thing (which functions are
 * defined) they must agree.
 */
#ifndef KLP_TU_VIEW_H
#define KLP_TU_VIEW_H

#include "base/log.h"
#include "model/finding.h"
#include "parsers/cdecl.h"
#include "tu/tu.h"

struct klp_view {
	struct klp_unit *unit;
	const struct klp_overlay *overlay; /* which version; NULL: as it lies in the source */
	struct klp_tu tu;
	struct klp_ctoks toks; /* of the neutral -E run: see cc/cc.h */
	struct klp_cdecls cdecls;
	struct klp_map functions; /* name -> struct klp_cdecl of the definition */
	bool loaded;		  /* both agree; nothing else may be used otherwise */
	struct klp_strs named; /* functions of headers that are wanted as they are, for editing */
	const struct klp_view *before; /* the unit without the fix, when this is the unit with
					  it; NULL when the fix doesn't touch it */
	const struct klp_view *fixed;  /* in a request for the unit without the fix: the version,
					  requested likewise, whose `tu` will do where it says the
					  same; NULL: parse in any case. Still set when that was
					  done: of such a tu, neither places in the text nor what
					  functions do (refs, names, escapes) are this version's. */
};

struct klp_views {
	struct klp_view **v;
	size_t n, cap;
};

/*
 * Only the compiler's tokens of a view (toks, cdecls, functions): enough to see whether anything
 * differs. When the recorded command fails, *ret_message is its first message.
 */
int klp_view_tokens(struct klp_arena *arena, struct klp_view *view, const char **ret_message,
		    struct klp_error *err);

/*
 * Loads the views of requests[0..n-1] (unit and overlay filled in) on up to `jobs` threads.
 * A unit that doesn't preprocess or parse, or about which the two disagree, becomes an error
 * finding (KLP-PREPROCESS, KLP-PARSE, KLP-PARSE-MISMATCH), and stays not `loaded`.
 */
int klp_views_load(struct klp_arena *arena, struct klp_view *requests, size_t n, unsigned int jobs,
		   const char *workdir, struct klp_findings *findings, struct klp_error *err);

/* The declaration's file, relative to the source root where it lies below it or the overlay. */
const char *klp_view_file(struct klp_arena *arena, const struct klp_view *view,
			  const struct klp_cdecl *cdecl);

/* The file (a name as klp_view_file() gives it) is one of the unit's own: see tu/tu.h. */
bool klp_view_owns(const struct klp_view *view, const char *file);

/* The view of a unit among several, or NULL. */
struct klp_view *klp_views_get(const struct klp_views *views, const struct klp_unit *unit);

#endif
