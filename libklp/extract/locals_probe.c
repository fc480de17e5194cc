// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two static locals of one name, type and function: nothing that is written down tells their
 * symbols apart. The compiler does: the unit is compiled once more with one of them labelled, and
 * where its code then refers to the label, the original refers to the symbol that is looked for.
 */
#include "extract/private.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"

#define LABEL "klp_probe"

/* Behind the name and its array bounds; NULL for a declarator that isn't that simple. */
static const char *behind_declarator(struct extraction *x, const char *text, size_t len,
				     const char *name)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	const struct klp_ctok *v;
	uint32_t n;

	if (klp_ctok_source(x->arena, name, text, len, true, &toks, &ignored) < 0)
		return NULL;
	v = toks.v.v;
	n = (uint32_t)toks.v.n;
	for (uint32_t i = 1; i < n; i = klp_tok_opens(&v[i]) ? klp_tok_behind(v, n, i) : i + 1) {
		if (!klp_tok_is(&v[i], name) || klp_tok_is(&v[i - 1], "="))
			continue;
		i++;
		while (i < n && klp_tok_is(&v[i], "["))
			i = klp_tok_behind(v, n, i);
		if (i < n && (klp_tok_is(&v[i], "=") || klp_tok_is(&v[i], ";") ||
			      klp_tok_is(&v[i], ",") || klp_tok_is(&v[i], "__attribute__")))
			return v[i - 1].p + v[i - 1].len;
		return NULL;
	}
	return NULL;
}

/* The unit's own text with the label in it; NULL where it can't be put. */
static char *labelled(struct extraction *x, const struct original_local *l)
{
	const struct klp_tu_file *file = &l->view->tu.files.v[l->local->file];
	const char *at;
	struct klp_buf out;

	if (l->local->macro || strcmp(file->name, x->unit->source) != 0)
		return NULL;
	at = behind_declarator(x, file->text + l->local->from, l->local->to - l->local->from,
			       l->local->name);
	if (!at)
		return NULL;
	klp_buf_init(&out, x->arena);
	klp_buf_addn(&out, file->text, (size_t)(at - file->text));
	klp_buf_add(&out, " __asm__(\"" LABEL "\")");
	klp_buf_addn(&out, at, file->len - (size_t)(at - file->text));
	return out.p;
}

static int compile(struct extraction *x, const char *text, char **ret_object)
{
	char *source = klp_sprintf(x->arena, "%s/probe/%s", x->opts->workdir,
				   klp_path_base(x->unit->source));
	struct klp_cc_job job = {
		.unit = x->unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		.source = source,
		.output = klp_sprintf(x->arena, "%s.o", source),
	};
	struct klp_proc_result result;

	*ret_object = NULL;
	if (klp_mkdirs(klp_path_dir(x->arena, source), x->err) < 0 ||
	    klp_file_write(source, text, strlen(text), x->err) < 0 ||
	    klp_cc_run(x->arena, &job, &result, x->err) < 0)
		return x->err->code;
	if (!result.status)
		*ret_object = (char *)(uintptr_t)job.output;
	return 0;
}

static const struct klp_ref *ref_at(const struct klp_refs *refs, const struct klp_ref *like)
{
	for (size_t i = 0; i < refs->n; i++)
		if (refs->v[i].offset == like->offset && !strcmp(refs->v[i].section, like->section))
			return &refs->v[i];
	return NULL;
}

/* All references to the label are the original's to one symbol, and that has no others. */
static const struct klp_sym *behind_label(const struct klp_refs *original,
					  const struct klp_refs *probe)
{
	const struct klp_sym *sym = NULL;
	size_t n = 0;

	if (original->n != probe->n)
		return NULL;
	for (size_t i = 0; i < probe->n; i++) {
		const struct klp_ref *r = &probe->v[i], *o;

		if (!r->to || strcmp(r->to->name, LABEL) != 0)
			continue;
		o = ref_at(original, r);
		if (!o || !o->to || (sym && o->to != sym))
			return NULL;
		sym = o->to;
		n++;
	}
	for (size_t i = 0; sym && i < original->n; i++)
		n -= original->v[i].to == sym;
	return n ? NULL : sym;
}

int klp_extract__probe_local(struct extraction *x, const struct original_local *l,
			     enum local_is *ret_is, const struct klp_sym **ret)
{
	struct klp_symtab *symtab = klp_new(x->arena, struct klp_symtab);
	struct original_local exact;
	struct klp_refs refs = {};
	char *text, *object;

	*ret_is = LOCAL_AMBIGUOUS;
	*ret = NULL;
	if (klp_extract__exact_original(x, l, &exact) < 0)
		return x->err->code;
	text = labelled(x, &exact);
	if (!text)
		return 0;
	if (compile(x, text, &object) < 0)
		return x->err->code;
	if (!object)
		return 0;
	if (klp_symtab_load(x->arena, object, symtab, x->err) < 0 ||
	    klp_refs_load(x->arena, symtab, &refs, x->err) < 0)
		return x->err->code;
	/* the compiler needed no variable there */
	if (!klp_symtab_get(symtab, LABEL)) {
		*ret_is = LOCAL_GONE;
		return 0;
	}
	*ret = behind_label(&x->sectioned.refs, &refs);
	if (*ret)
		*ret_is = LOCAL_FOUND;
	return 0;
}
