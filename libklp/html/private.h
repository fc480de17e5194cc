/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of html/ share. Each section of the page has a file, which fills in the names
 * that templates/report.html has for it.
 */
#ifndef KLP_HTML_PRIVATE_H
#define KLP_HTML_PRIVATE_H

#include "html/escape.h"
#include "html/html.h"
#include "model/callgraph.h"
#include "render/template.h"

/* Of a list, so many are shown; the rest is counted, and in report.json. */
#define KLP_HTML_MAX_ROWS 300
/* The source of so many bytes of page, then functions are only named; likewise the diffs. */
#define KLP_HTML_MAX_SOURCE ((size_t)3 << 20)
#define KLP_HTML_MAX_DIFFS  ((size_t)1 << 20)
/* The picture has so many nodes at most. */
#define KLP_HTML_MAX_NODES 40

struct klp_page {
	struct klp_arena *arena;
	const struct klp_report *report;
	const struct klp_review *review;
	struct klp_callgraph graph;
	struct klp_scope *root;
};

/* set.c */
/*
 * The ways to give a name of the template its value. `text` and `plain` escape (escape.h); plain
 * is for attributes and <title>. NULL is the empty text.
 */
void klp_html__text(struct klp_page *page, struct klp_scope *scope, const char *name,
		    const char *text);
void klp_html__plain(struct klp_page *page, struct klp_scope *scope, const char *name,
		     const char *text);
/* Made here, of escaped pieces: as it is. */
void klp_html__markup(struct klp_scope *scope, const char *name, const char *markup);
void klp_html__number(struct klp_page *page, struct klp_scope *scope, const char *name, size_t n);
/* A condition, with LIST_TEXT = text where text isn't NULL. */
void klp_html__if_text(struct klp_page *page, struct klp_scope *scope, const char *list,
		       const char *name, const char *text);
/* A list of n is cut at KLP_HTML_MAX_ROWS: a condition NAME that says how many are missing. */
void klp_html__more(struct klp_page *page, struct klp_scope *scope, const char *name, size_t n);

/* For markup: added escaped, as text. */
void klp_html__add(struct klp_buf *out, const char *text);
/* <code>text</code> */
void klp_html__add_code(struct klp_buf *out, const char *text);
/* "fs/notes.c:16" */
char *klp_html__place(struct klp_page *page, const char *file, unsigned int line);
/* "1 function", "2 functions" */
char *klp_html__count(struct klp_page *page, size_t n, const char *what);

/* The sections, in the order of the page. */
void klp_html__verdict(struct klp_page *page);
void klp_html__fix(struct klp_page *page);
void klp_html__patched(struct klp_page *page);
void klp_html__findings(struct klp_page *page);
void klp_html__source(struct klp_page *page);
void klp_html__references(struct klp_page *page);
void klp_html__around(struct klp_page *page);
void klp_html__proofs(struct klp_page *page);
void klp_html__finished(struct klp_page *page);

/* verdict.c */
size_t klp_html__severity(const struct klp_page *page, enum klp_severity severity);
/* It is what the kernel could be given: not refused, verified. */
bool klp_html__is_good(const struct klp_page *page);

/* findings.c: "finding-3", of the finding with that index. */
char *klp_html__finding_id(struct klp_page *page, size_t index);

/* roles.c: what a function of the graph is: "changed by the fix, patched in vmlinux". */
char *klp_html__role(struct klp_page *page, const struct klp_graph_node *node);
/* It is shown: it leads somewhere, or the fix changes it. */
bool klp_html__is_shown(const struct klp_graph_node *node);

/* draw.c: the picture as SVG, and a small one of an edge of that kind. */
char *klp_html__draw(struct klp_page *page);
char *klp_html__draw_kind(struct klp_page *page, enum klp_reason_kind kind);
char *klp_html__draw_box(struct klp_page *page, const char *what);

/* tree.c: the picture's content as nested lists. */
char *klp_html__tree(struct klp_page *page);

/*
 * beside.c: two texts side by side, as many lines of them as keep `out` below `room` bytes; if
 * some are left out, it says so.
 */
void klp_html__beside(struct klp_buf *out, const struct klp_text *text, size_t room);

#endif
