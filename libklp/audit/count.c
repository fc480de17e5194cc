// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of the functions: by the dumps, the objects, and what was linked of them. */
#include <string.h>

#include "audit/private.h"
#include "base/file.h"
#include "elf/symtab.h"
#include "parsers/ipa.h"
#include "tree/graph.h"

/* What is known of one function of a unit. */
enum { EMITTED = 1, INLINED = 2, CLONED = 4 };

static void mark(struct klp_map *functions, const char *name, size_t len, uintptr_t what)
{
	void **slot = klp_map_slotn(functions, name, len);

	*slot = (void *)((uintptr_t)*slot | what);
}

static bool is_c_file(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".c");
}

/* Functions of headers are in hundreds of units: they would drown the others. */
static void mark_inlined(const struct klp_ipa_dump *dump, struct klp_map *functions)
{
	for (size_t i = 0; i < dump->edges.n; i++) {
		const struct klp_ipa_edge *edge = &dump->edges.v[i];
		const struct klp_ipa_node *from = &dump->nodes.v[edge->from];
		size_t len = klp_ipa_base_len(from->name);

		/* a split function's head that takes its .part in again is no caller */
		if (edge->kind == KLP_IPA_INLINE && is_c_file(from->path) &&
		    (strncmp(from->name, dump->nodes.v[edge->to].name, len) ||
		     klp_ipa_base_len(dump->nodes.v[edge->to].name) != len))
			mark(functions, from->name, len, INLINED);
	}
}

static int mark_emitted(struct klp_audit_work *work, struct klp_arena *scratch,
			const struct klp_tree_command *command, struct klp_map *functions)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	const char *path = klp_path_join(scratch, work->tree->build, command->object);
	struct klp_strs names = {};

	if (klp_symtab_functions(scratch, path, NULL, &reader, &names, work->err) < 0)
		return work->err->code;
	for (size_t i = 0; i < names.n; i++) {
		size_t len = klp_ipa_base_len(names.v[i]);
		const char *suffix = names.v[i] + len;

		if (*suffix && !strncmp(suffix, ".cold", 5))
			continue;
		mark(functions, names.v[i], len, EMITTED | (*suffix ? CLONED : 0));
	}
	return 0;
}

static int count_unit(struct klp_audit_work *work, const struct klp_tree_command *command)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const struct klp_graph_unit *unit;
	struct klp_audit *audit = work->audit;
	struct klp_map functions;

	klp_map_init(&functions, scratch);
	if (klp_graph_unit(work->tree->graph, command->object, &unit, work->err) < 0)
		return work->err->code;
	if (unit)
		mark_inlined(&unit->dump, &functions);
	if (mark_emitted(work, scratch, command, &functions) < 0)
		return work->err->code;
	for (size_t i = 0; i < functions.n; i++) {
		uintptr_t what = (uintptr_t)functions.entries[i].value;

		audit->functions++;
		audit->cloned += (what & CLONED) != 0;
		if (what & INLINED)
			*(what & EMITTED ? &audit->inlined_emitted : &audit->inlined_away) += 1;
	}
	return 0;
}

static bool shares_address(const struct klp_symtab *symtab, const struct klp_sym *sym)
{
	for (const struct klp_sym *other = NULL; (other = klp_symtab_alias(symtab, sym, other));)
		if (other->bind == STB_LOCAL && other->size == sym->size &&
		    !strstr(other->name, ".localalias"))
			return true;
	return false;
}

static int count_symbols(struct klp_audit_work *work, const char *path)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_audit *audit = work->audit;
	struct klp_symtab symtab = {};

	if (klp_symtab_load(scratch, path, &symtab, work->err) < 0)
		return work->err->code;
	for (size_t i = 0; i < symtab.n; i++) {
		const struct klp_sym *sym = &symtab.v[i];

		if (sym->type != STT_FUNC || !klp_sym_defined(sym) || klp_sym_is_init(sym) ||
		    strstr(sym->name, ".cold") || !strncmp(sym->name, "__pfx_", 6))
			continue;
		audit->symbols++;
		audit->traceable += sym->traceable;
		audit->folded += sym->bind == STB_LOCAL && shares_address(&symtab, sym);
		audit->duplicates += klp_symtab_count(&symtab, sym->name) > 1;
	}
	return 0;
}

int klp_audit__count(struct klp_audit_work *work)
{
	const struct klp_tree *tree = work->tree;

	if (klp_graph_load(work->arena, work->tree, work->jobs, work->err) < 0)
		return work->err->code;
	for (size_t i = 0; i < work->commands.n; i++)
		if (count_unit(work, &work->commands.v[i]) < 0)
			return work->err->code;
	if (tree->vmlinux && count_symbols(work, tree->vmlinux) < 0)
		return work->err->code;
	for (size_t i = 0; i < tree->modules.n; i++) {
		const char *path = klp_path_join(work->arena, tree->build, tree->modules.v[i]);

		if (klp_file_exists(path) && count_symbols(work, path) < 0)
			return work->err->code;
	}
	return 0;
}
