/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The review report: a run as one page, for the person who signs the livepatch and did not write
 * it. Complete in itself: no script, nothing that is loaded. What the page looks like is in
 * templates/report.html and report.css; here is what it says. The same run gives the same
 * bytes: no time, no absolute path. XML as well as HTML.
 */
#ifndef KLP_HTML_HTML_H
#define KLP_HTML_HTML_H

#include "base/error.h"
#include "model/report.h"
#include "model/review.h"

/* The page; text of the fix and of the source is bounded, and what is left out is said there. */
int klp_html_report(struct klp_arena *arena, const struct klp_report *report,
		    const struct klp_review *review, const char **ret, struct klp_error *err);

#endif
