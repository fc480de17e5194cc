// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/around.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "elf/symtab.h"
#include "model/plan_check.h"
#include "parsers/chunk.h"
#include "render/private.h"

struct reader {
	struct klp_arena *arena;
	const char *path;
	const struct klp_chunks *chunks;
	struct klp_plan *plan;
	struct klp_findings *findings;
};

/* "pre_patch_ext4": its kind, and where the object's name begins; KLP_NCALLBACKS for others. */
static enum klp_callback kind_of(const char *name, const char **ret_object)
{
	for (int i = 0; i < KLP_NCALLBACKS; i++) {
		const char *kind = klp_callback_name((enum klp_callback)i);
		size_t len = strlen(kind);

		if (strncmp(name, kind, len) || name[len] != '_')
			continue;
		*ret_object = name + len + 1;
		return (enum klp_callback)i;
	}
	return KLP_NCALLBACKS;
}

static bool is_static(const struct reader *r, const struct klp_chunk *chunk)
{
	for (uint32_t i = chunk->first; i < chunk->body; i++)
		if (klp_tok_is(&r->chunks->toks.v.v[i], "static"))
			return true;
	return false;
}

static void say(struct reader *r, enum klp_severity severity, const struct klp_chunk *chunk,
		const char *what, const char *hint)
{
	struct klp_finding *f = klp_finding_add(r->arena, r->findings, severity, "KLP-CALLBACKS",
						"'%s' %s", chunk->name, what);

	f->symbol = chunk->name;
	f->file = r->path;
	f->line = chunk->line;
	f->hint = hint;
}

static void take_function(struct reader *r, const struct klp_chunk *chunk)
{
	const char *object = NULL;
	enum klp_callback kind = kind_of(chunk->name, &object);
	struct klp_plan_callbacks *callbacks;

	/* what a macro makes is seen once it is compiled: klp_around_built() */
	if (chunk->odd || !chunk->name[0])
		return;
	if (kind == KLP_NCALLBACKS) {
		if (!is_static(r, chunk))
			say(r, KLP_WARNING, chunk, "is no callback by its name, and not static",
			    "call a callback KIND_OBJECT: pre_patch_vmlinux, post_unpatch_ext4; "
			    "make any other function static");
		return;
	}
	if (is_static(r, chunk)) {
		say(r, KLP_ERROR, chunk, "is a callback by its name, but static",
		    "livepatch.c refers to it: leave out `static`");
		return;
	}
	if (!klp_is_object(object)) {
		say(r, KLP_ERROR, chunk, "names no object",
		    "the object is vmlinux, or a module as lsmod prints it");
		return;
	}
	callbacks = klp_plan_callbacks_of(r->arena, r->plan, object);
	if (callbacks->functions[kind])
		say(r, KLP_ERROR, chunk, "is there twice",
		    "keep one definition: conditions of the preprocessor aren't looked at");
	callbacks->functions[kind] = chunk->name;
}

static int take_text(struct reader *r, const char *text, struct klp_error *err)
{
	struct klp_chunks chunks;

	if (klp_chunks_split(r->arena, r->path, text, strlen(text), &chunks, err) < 0)
		return err->code;
	r->chunks = &chunks;
	for (size_t i = 0; i < chunks.v.n; i++)
		if (chunks.v.v[i].kind == KLP_CHUNK_DECL &&
		    chunks.v.v[i].decl == KLP_CDECL_FUNCTION)
			take_function(r, &chunks.v.v[i]);
	r->chunks = NULL;
	return 0;
}

static void take_skeletons(struct klp_arena *arena, struct klp_plan *plan)
{
	for (size_t i = 0; i < plan->funcs.n; i++) {
		struct klp_plan_callbacks *c =
			klp_plan_callbacks_of(arena, plan, plan->funcs.v[i].object);

		for (int k = 0; k < KLP_NCALLBACKS; k++)
			c->functions[k] = klp_sprintf(
				arena, "%s_%s", klp_callback_name((enum klp_callback)k), c->object);
	}
}

static bool is_wired(const struct klp_plan *plan, const char *function)
{
	for (size_t i = 0; i < plan->callbacks.n; i++) {
		const struct klp_plan_callbacks *c = &plan->callbacks.v[i];

		if (c->then && !strcmp(c->then, function))
			return true;
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			if (c->functions[k] && !strcmp(c->functions[k], function))
				return true;
	}
	return false;
}

static void say_built(struct klp_arena *arena, struct klp_findings *findings, const char *function,
		      const char *what, const char *hint)
{
	struct klp_finding *f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-CALLBACKS",
						"'%s' %s", function, what);

	f->symbol = function;
	f->file = "callbacks.c";
	f->hint = hint;
}

static bool is_defined(const struct klp_symtab *symtab, const char *function)
{
	for (const struct klp_sym *s = klp_symtab_get(symtab, function); s; s = s->same)
		if (klp_sym_defined(s) && s->type == STT_FUNC)
			return true;
	return false;
}

static void check_defined(struct klp_arena *arena, const struct klp_symtab *symtab,
			  const char *function, struct klp_findings *findings)
{
	if (function && !is_defined(symtab, function))
		say_built(arena, findings, function, "is wired, but isn't in the module",
			  "its definition is left out by a condition of the preprocessor: take "
			  "the condition into the function");
}

int klp_around_built(struct klp_arena *arena, const struct klp_plan *plan, const char *module,
		     struct klp_findings *findings, struct klp_error *err)
{
	struct klp_symtab symtab;
	const char *object;

	if (!klp_plan_has_source(plan, "callbacks.c"))
		return 0;
	if (klp_symtab_load(arena, module, &symtab, err) < 0)
		return err->code;
	for (size_t i = 0; i < plan->callbacks.n; i++) {
		const struct klp_plan_callbacks *c = &plan->callbacks.v[i];

		check_defined(arena, &symtab, c->then, findings);
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			check_defined(arena, &symtab, c->functions[k], findings);
	}
	for (size_t i = 1; i < symtab.n; i++) {
		const struct klp_sym *s = &symtab.v[i];

		if (klp_sym_defined(s) && s->type == STT_FUNC && s->bind != STB_LOCAL &&
		    kind_of(s->name, &object) != KLP_NCALLBACKS && !is_wired(plan, s->name))
			say_built(arena, findings, s->name,
				  "is a callback by its name, and nothing calls it",
				  "a macro or an included file defines it: write its definition "
				  "into the file that --callbacks names");
	}
	return 0;
}

static int by_object(const void *a, const void *b)
{
	const struct klp_plan_callbacks *x = a, *y = b;

	return strcmp(x->object, y->object);
}

void klp_render__sort_callbacks(struct klp_plan *plan)
{
	if (plan->callbacks.n)
		qsort(plan->callbacks.v, plan->callbacks.n, sizeof(*plan->callbacks.v), by_object);
}

int klp_render__callbacks(struct klp_arena *arena, const char *path, const char *text,
			  struct klp_plan *plan, struct klp_findings *findings,
			  struct klp_error *err)
{
	struct klp_plan_source source = { .file = "callbacks.c", .text = text };
	struct reader r = { arena, path ? klp_path_base(path) : NULL, NULL, plan, findings };
	struct klp_finding *f;

	if (!text)
		take_skeletons(arena, plan);
	else if (take_text(&r, text, err) < 0)
		return err->code;
	klp_vec_push(arena, &plan->sources, source);
	if (plan->callbacks.n) {
		klp_render__sort_callbacks(plan);
		return 0;
	}
	f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-CALLBACKS",
			    "the file of callbacks defines none");
	f->file = r.path;
	f->hint = "call a callback KIND_OBJECT: pre_patch_vmlinux, post_unpatch_ext4; "
		  "`--callbacks` without a file writes skeletons";
	return 0;
}
