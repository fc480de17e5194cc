// SPDX-License-Identifier: GPL-2.0-or-later
/* report.html: what the person who signs a livepatch reads. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "detect/texts.h"
#include "html/html.h"
#include "run/private.h"

/* A word for a shell, for a human to paste. */
static void word(struct klp_buf *out, const char *prefix, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "_-./,:@=+";

	klp_buf_addf(out, " %s", prefix);
	if (*s && strspn(s, plain) == strlen(s)) {
		klp_buf_add(out, s);
		return;
	}
	klp_buf_add(out, "'");
	for (; *s; s++)
		klp_buf_addf(out, *s == '\'' ? "'\\''" : "%c", *s);
	klp_buf_add(out, "'");
}

/* Where a directory is made, the files that went into it lie there, under the names of that. */
static void inputs(struct klp_run *r, struct klp_buf *out)
{
	const struct klp_run_opts *opts = r->opts;
	const struct klp_strs *kept = &r->report->plan.fixes;
	bool there =
		!r->report->refused && kept->n == r->patches.n && opts->layout != KLP_LAYOUT_SUSE;

	for (size_t i = r->base_fixes; i < r->patches.n; i++) {
		const char *path = r->patches.v[i];

		word(out, "--patch ",
		     there		     ? kept->v[i]
		     : path == r->stdin_copy ? "FIX.diff"
					     : klp_path_base(path));
	}
	for (size_t i = 0; i < opts->named.n; i++)
		word(out, "--function ", opts->named.v[i]);
	if (r->base)
		word(out, "--base ", klp_path_base(klp_path_clean(r->arena, opts->base)));
	if (opts->policy)
		word(out, "--policy ", there ? "policy" : klp_path_base(opts->policy));
	if (opts->callbacks_file)
		word(out,
		     "--callbacks=", there ? "callbacks.c" : klp_path_base(opts->callbacks_file));
	else if (opts->callbacks)
		klp_buf_add(out, " --callbacks");
}

static char *command(struct klp_run *r)
{
	const struct klp_run_opts *opts = r->opts;
	struct klp_buf out;

	klp_buf_init(&out, r->arena);
	klp_buf_add(&out, "klp-prep");
	inputs(r, &out);
	klp_buf_add(&out, " --ipa-dumps BUILD");
	word(&out, "--name ", r->report->name);
	for (size_t i = 0; i < opts->states.n; i++)
		klp_buf_addf(&out, " --state %" PRIu64 ":%" PRIu32, opts->states.v[i].id,
			     opts->states.v[i].version);
	for (size_t i = 0; i < opts->shadows.n; i++)
		word(&out, "--shadow ", opts->shadows.v[i]);
	if (opts->no_replace)
		klp_buf_add(&out, " --no-replace");
	if (opts->externs != KLP_EXTERNS_DEFAULT)
		klp_buf_addf(&out, " --externs %s",
			     opts->externs == KLP_EXTERNS_KALLSYMS ? "kallsyms" : "reloc");
	if (opts->layout == KLP_LAYOUT_SUSE)
		klp_buf_add(&out, " --layout suse");
	if (opts->no_proof)
		klp_buf_add(&out, " --no-proof");
	if (opts->stop_after != KLP_STAGE_VERIFY)
		klp_buf_addf(&out, " --stop-after %s", klp_stage_name(opts->stop_after));
	return out.p;
}

int klp__review_write(struct klp_run *r, const char *dir)
{
	struct klp_review review = { .release = r->tree.release,
				     .fixes = r->detected.fixes,
				     .command = command(r),
				     .proof = !r->opts->no_proof,
				     .suse = r->opts->layout == KLP_LAYOUT_SUSE };
	const char *html;

	for (size_t i = 0; i < review.fixes.n; i++) {
		struct klp_fix *fix = &review.fixes.v[i];

		fix->of_base = i < r->base_fixes;
		if (r->patches.v[i] == r->stdin_copy)
			fix->name = "-";
	}
	klp_detect_texts(r->arena, &r->detected, &r->report->closure.patch, &review);
	if (klp_html_report(r->arena, r->report, &review, &html, r->err) < 0)
		return r->err->code;
	return klp_file_write(klp_path_join(r->arena, dir, "report.html"), html, strlen(html),
			      r->err);
}
