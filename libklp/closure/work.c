// SPDX-License-Identifier: GPL-2.0-or-later
#include "closure/private.h"

#include <string.h>

#include "base/file.h"
#include "elf/inlined.h"
#include "tree/graph.h"

bool klp_closure__is_clone(const char *symbol)
{
	return klp_ipa_is_clone(symbol);
}

const char *klp_closure__source_name(struct klp_arena *arena, const char *symbol)
{
	return klp_strndup(arena, symbol, klp_ipa_base_len(symbol));
}

void klp_closure__finding(struct klp_work *work, enum klp_severity severity, const char *code,
			  const char *symbol, const char *message, const char *hint)
{
	struct klp_findings *findings = work->findings;
	struct klp_finding *f;

	for (size_t i = 0; i < findings->n; i++)
		if (!strcmp(findings->v[i].code, code) && !strcmp(findings->v[i].message, message))
			return;
	f = klp_finding_add(work->arena, findings, severity, code, "%s", message);
	f->file = work->unit->source;
	f->hint = hint;
	if (symbol) {
		f->symbol = symbol;
		klp_closure__place(work, symbol, &f->file, &f->line);
	}
}

/* The dump names only what was inlined, cloned or dropped. */
static void place_in_source(const struct klp_work *work, const char *function,
			    const char **ret_file, unsigned int *ret_line)
{
	const struct klp_views *views = work->opts->views;
	const struct klp_view *view = views ? klp_views_get(views, work->unit) : NULL;
	const struct klp_cdecl *d;

	view = view && view->before ? view->before : view;
	d = view && view->loaded ? klp_map_get(&view->functions, function) : NULL;
	for (uint32_t i = d ? d->first : 0; d && i < d->body; i++)
		if (klp_tok_is(&view->toks.v.v[i], function)) {
			*ret_file = klp_view_file(work->arena, view, d);
			*ret_line = view->toks.v.v[i].line;
			return;
		}
}

void klp_closure__place(const struct klp_work *work, const char *symbol, const char **ret_file,
			unsigned int *ret_line)
{
	const char *function = klp_closure__source_name(work->arena, symbol);
	const struct klp_change *change = work->change;

	*ret_file = work->unit->source;
	*ret_line = 0;
	if (change && !strcmp(change->function, function) &&
	    (!work->lto || !strcmp(symbol, function))) {
		*ret_file = change->file;
		*ret_line = change->line;
		return;
	}
	if (work->lto) {
		klp_closure__lto_place(work, symbol, ret_file, ret_line);
		return;
	}
	for (size_t i = 0; i < work->dump.nodes.n; i++) {
		const struct klp_ipa_node *node = &work->dump.nodes.v[i];
		const char *rel, *root;

		if (strcmp(node->name, function) || !*node->path)
			continue;
		rel = klp_tree_relative(work->arena, work->tree, node->path, &root);
		*ret_file = rel ? rel : node->path;
		*ret_line = node->line;
		return;
	}
	place_in_source(work, function, ret_file, ret_line);
}

bool klp_closure__step_to(struct klp_work *work, const char *to, const struct klp_unit *to_unit,
			  const struct klp_cause *cause)
{
	struct klp_step step = {
		.unit = cause->of_unit ? cause->of_unit : work->unit,
		.to_unit = to_unit,
		.from = cause->of,
		.to = to,
		.kind = cause->kind,
		.evidence = cause->evidence,
	};
	char *once = klp_sprintf(work->arena, "%s>%s %s>%s", cause->of, to, step.unit->object,
				 to_unit->object);

	if (klp_map_get(&work->steps, once))
		return false;
	klp_map_put(&work->steps, once, work);
	klp_vec_push(work->arena, &work->closure->steps, step);
	return true;
}

bool klp_closure__step(struct klp_work *work, const char *to, const struct klp_cause *cause)
{
	return klp_closure__step_to(work, to, work->unit, cause);
}

void klp_closure__copy(struct klp_work *work, const char *function, enum klp_copy_reason reason,
		       const char *needed_by)
{
	struct klp_copied copied = {
		.symbol = function,
		.reason = reason,
		.needed_by = needed_by,
		.unit = work->unit,
	};
	unsigned int line;

	for (size_t i = 0; i < work->copied.n; i++)
		if (!strcmp(work->copied.v[i].symbol, function))
			return;
	klp_closure__place(work, function, &copied.file, &line);
	klp_vec_push(work->arena, &work->copied, copied);
}

/* As if the compiler had written a dump: a line for each function and who holds it. */
static void dump_from_dwarf(struct klp_work *work, const struct klp_inlined_vec *pairs)
{
	struct klp_ipa_builder builder;

	klp_ipa_build(work->arena, work->unit->object, &builder);
	for (size_t i = 0; i < pairs->n; i++) {
		const struct klp_inlined *p = &pairs->v[i];

		klp_ipa_build_inline(&builder, p->function, p->file ? p->file : work->unit->source,
				     p->line, p->host);
	}
	work->dump = builder.dump;
}

/* Where gcc compiled, a missing dump is a mistake that can be put right. */
static bool could_dump(const struct klp_unit *unit)
{
	return !unit->argv.n || !strstr(klp_path_base(unit->argv.v[0]), "clang");
}

/* No dump: clang, a foreign module, a Makefile that dropped the option. */
static int load_dwarf(struct klp_work *work)
{
	const struct klp_closure_opts *opts = work->opts;
	struct klp_inlined_vec pairs = {};
	bool any;

	if (klp_symtab_load(work->arena, work->unit->object_path, &work->symtab, work->err) < 0 ||
	    klp_inlined_load(work->arena, work->unit->object_path, &work->symtab, &pairs, &any,
			     work->err) < 0)
		return work->err->code;
	dump_from_dwarf(work, &pairs);
	work->dwarf_only = any;
	work->blind = !any;
	/* The proof may know; klp_closure__say_source() sees whether it does. */
	work->usable = any || (!could_dump(work->unit) && !opts->no_proof && opts->views &&
			       klp_views_get(opts->views, work->unit));
	return 0;
}

void klp_closure__say_source(struct klp_work *work)
{
	const char *object = work->unit->object;

	if (work->blind && !work->compared) {
		work->usable = false;
		klp_tree_check_dump(work->arena, work->tree, work->unit, work->findings);
	} else if (work->blind) {
		klp_closure__finding(
			work, KLP_WARNING, "KLP-NO-DUMP", NULL,
			klp_sprintf(work->arena,
				    "there is no IPA dump of '%s' and no debug information: its "
				    "patch set is what the proof found to differ",
				    object),
			"review the patch set; a dump (gcc -fdump-ipa-clones) or debug information "
			"would say where each function went");
	} else if (work->dwarf_only) {
		klp_closure__finding(
			work, KLP_WARNING, "KLP-DWARF-ONLY", NULL,
			klp_sprintf(work->arena,
				    "there is no IPA dump of '%s': its inlining is taken from the "
				    "debug information, which leaves out what left no instruction",
				    object),
			work->compared
				? "the proof compared the machine code of this unit before and "
				  "after the fix, and added what differed"
				: "a function that is missing would run old code: ask with "
				  "--patch, "
				  "so that the proof compares the machine code, or build with gcc "
				  "and KCFLAGS=-fdump-ipa-clones");
	}
}

static int load_dump(struct klp_work *work)
{
	const struct klp_unit *unit = work->unit;
	struct klp_error *err = work->err;
	size_t before = work->findings->n, len;
	const struct klp_graph_unit *known = NULL;
	const char *below;
	char *text;

	if (unit->lto)
		return klp_closure__open_lto(work);
	if (!unit->dump)
		return load_dwarf(work);
	klp_tree_check_dump(work->arena, work->tree, unit, work->findings);
	if (work->findings->n > before)
		return 0;
	below = klp_path_below(unit->dump, work->tree->ipa_dumps);
	work->dump_name = below ? below : unit->dump;
	if (work->tree->graph && klp_graph_unit(work->tree->graph, unit->object, &known, err) < 0)
		return err->code;
	if (known)
		work->dump = known->dump;
	else if (klp_file_read(work->arena, unit->dump, KLP_MAX_TEXT, &text, &len, err) < 0 ||
		 klp_ipa_parse(work->arena, work->dump_name, text, len, &work->dump, err) < 0)
		return err->code;
	if (work->dump.malformed) {
		const struct klp_bad_dump bad = { work->dump_name, work->dump.malformed_line,
						  work->dump.malformed, work->dump.malformed_why };

		klp_bad_dump_say(work->arena, &bad, work->findings);
		return 0;
	}
	work->usable = true;
	return 0;
}

/*
 * A kernel with livepatching can only redirect functions with a traceable entry. A unit's own
 * flags may leave it out (CFLAGS_REMOVE in lib/, kernel/trace/), which is what matters here.
 * A lone object that nobody compiled for tracing says nothing.
 */
static bool is_traced(const struct klp_work *work)
{
	static const char *const flags[] = { "-pg", "-mfentry" };

	if (klp_tree_config_is(work->tree, "CONFIG_LIVEPATCH"))
		return true;
	for (size_t i = 0; i < work->unit->argv.n; i++)
		if (!strncmp(work->unit->argv.v[i], "-fpatchable-function-entry", 26))
			return true;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (klp_strs_has(&work->unit->argv, flags[i]))
			return true;
	for (size_t i = 0; i < work->symtab.n; i++)
		if (work->symtab.v[i].traceable)
			return true;
	return false;
}

int klp_closure__open(struct klp_work *work)
{
	klp_map_init(&work->up, work->arena);
	klp_map_init(&work->special, work->arena);
	klp_map_init(&work->steps, work->arena);
	if (load_dump(work) < 0)
		return work->err->code;
	if (!work->usable)
		return 0;
	if (!work->symtab.path &&
	    klp_symtab_load(work->arena, work->unit->object_path, &work->symtab, work->err) < 0)
		return work->err->code;
	work->traced = is_traced(work);
	return 0;
}
