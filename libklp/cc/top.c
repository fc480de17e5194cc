// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/top.h"

#include "base/file.h"
#include "cc/cut.h"
#include "cc/entered.h"
#include "cc/head.h"
#include "cc/lean.h"

/* Which text such a condition leaves out is seen by who reads it. */
static bool has_conditions(const struct klp_cut *cut)
{
	for (size_t i = cut->first; i < cut->n; i++)
		if (cut->lines.v[i].kind == KLP_CPP_IF)
			return true;
	return false;
}

/* The tokens are those of a text in parts, of which this is the head. */
static bool begin_with(const struct klp_ctoks *toks, const struct klp_cc__part *head)
{
	size_t n = head->toks.v.n;

	return n && toks->v.n >= n && toks->v.v[0].p == head->toks.v.v[0].p;
}

static int write_text(struct klp_arena *arena, const struct klp_unit *unit,
		      const struct klp_cc__head *head, const struct klp_ctoks *toks,
		      struct klp_cc_top *top, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	size_t n = head->neutral.toks.v.n;
	struct klp_buf out;

	klp_buf_init(&out, scratch);
	klp_cc__lean_before(head->code.lean, toks->v.v + n, toks->v.n - n, &out, &top->left_out);
	top->text = klp_cc__new_file(unit->heads, arena, "top");
	return klp_file_write(top->text, out.p, out.len, err);
}

int klp_cc_top(struct klp_arena *arena, const struct klp_unit *unit,
	       const struct klp_overlay *overlay, const struct klp_ctoks *toks,
	       struct klp_cc_top *ret, bool *ret_made, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.overlay = overlay,
	};
	struct klp_cc_top top = {};
	struct klp_cc__head *head;
	struct klp_cut cut;
	bool made;

	*ret_made = false;
	if (overlay)
		job.source = klp_path_join(scratch, overlay->dir, unit->source);
	if (klp_cc__head_of(scratch, &job, &cut, &head, err) < 0 || !head || has_conditions(&cut) ||
	    klp_cc__head_make(unit->heads, head, unit, job.mode, &made, err) < 0)
		return err->code;
	if (!made || head->code.again || !begin_with(toks, &head->neutral) ||
	    !klp_cc__entered(arena, unit->cwd, &cut, head->source, head->code.text, head->code.len,
			     &top.entered))
		return 0;
	klp_map_init(&top.left_out, arena);
	if (write_text(arena, unit, head, toks, &top, err) < 0)
		return err->code;
	top.macros = head->macros;
	top.behind = (uint32_t)cut.rest;
	top.toks = &head->code.toks;
	top.decls = &head->code.decls;
	*ret = top;
	*ret_made = true;
	return 0;
}
