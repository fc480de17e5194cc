// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/inlined.h"

#include <string.h>

#include <dwarf.h>
#include <elfutils/libdw.h>

#include "base/map.h"
#include "elf/debug.h"

/* Deeper nesting is no compiler's; more pairs than this are no kernel object's. */
#define MAX_DEPTH 256
#define MAX_PAIRS ((size_t)1 << 22)

struct walk {
	struct klp_arena *arena;
	const struct klp_symtab *symtab;
	Dwfl_Module *module;
	Dwarf_Addr bias;
	const char *host; /* of the function that is being walked, NULL outside of any */
	struct klp_map seen;
	struct klp_inlined_vec *ret;
	struct klp_placed_vec *placed; /* or this one */
};

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attr));
}

/*
 * DWARF 5 counts files from 0, the unit's own source, which libdw (0.188) takes for none, as it
 * was before: clang writes that number.
 */
static const char *file_of(Dwarf_Die *die)
{
	const char *file = dwarf_decl_file(die);
	Dwarf_Attribute attr;
	Dwarf_Word number;
	Dwarf_Files *files;
	Dwarf_Die cu;
	size_t n;

	if (file || dwarf_formudata(dwarf_attr_integrate(die, DW_AT_decl_file, &attr), &number) ||
	    !dwarf_diecu(die, &cu, NULL, NULL) || dwarf_getsrcfiles(&cu, &files, &n) || number >= n)
		return file;
	return dwarf_filesrc(files, number, NULL, NULL);
}

/* Where its code begins: of several ranges the first is its entry, the others are .cold. */
static bool entry_of(Dwarf_Die *die, Dwarf_Addr *ret)
{
	Dwarf_Addr base, end;

	return dwarf_entrypc(die, ret) == 0 || dwarf_lowpc(die, ret) == 0 ||
	       dwarf_ranges(die, 0, &base, ret, &end) > 0;
}

static const char *host_at(const struct walk *w, Dwarf_Addr address)
{
	Dwarf_Addr offset = address + w->bias, bias;
	const struct klp_sym *sym;
	Elf_Scn *section;

	section = dwfl_module_address_section(w->module, &offset, &bias);
	if (!section)
		return NULL;
	sym = klp_symtab_covering(w->symtab, (uint32_t)elf_ndxscn(section), offset);
	return sym && sym->type == STT_FUNC ? sym->name : NULL;
}

static void take(struct walk *w, Dwarf_Die *die)
{
	const char *name = name_of(die), *file = file_of(die);
	struct klp_inlined *pair;
	int line = 0;
	char *key;

	if (!name || w->ret->n >= MAX_PAIRS)
		return;
	dwarf_decl_line(die, &line);
	key = klp_sprintf(w->arena, "%s>%s %s:%d", name, w->host ? w->host : "", file ? file : "",
			  line);
	if (klp_map_get(&w->seen, key))
		return;
	klp_map_put(&w->seen, key, key);
	pair = klp_vec_add(w->arena, w->ret);
	pair->function = klp_strdup(w->arena, name);
	pair->file = file ? klp_strdup(w->arena, file) : NULL;
	pair->line = line > 0 ? (unsigned int)line : 0;
	pair->host = w->host;
}

static void place(struct walk *w, Dwarf_Die *die)
{
	const char *name = name_of(die), *file = file_of(die);
	struct klp_placed *placed;
	int line = 0;

	if (!name || w->placed->n >= MAX_PAIRS)
		return;
	dwarf_decl_line(die, &line);
	placed = klp_vec_add(w->arena, w->placed);
	placed->symbol = w->host;
	placed->function = klp_strdup(w->arena, name);
	placed->file = file ? klp_strdup(w->arena, file) : NULL;
	placed->line = line > 0 ? (unsigned int)line : 0;
}

static void visit(struct walk *w, Dwarf_Die *die, bool inside, int depth);

static void visit_children(struct walk *w, Dwarf_Die *die, bool inside, int depth)
{
	Dwarf_Die child;

	if (depth >= MAX_DEPTH || dwarf_child(die, &child) != 0)
		return;
	do
		visit(w, &child, inside, depth + 1);
	while (dwarf_siblingof(&child, &child) == 0);
}

static void visit(struct walk *w, Dwarf_Die *die, bool inside, int depth)
{
	const char *outer = w->host;
	Dwarf_Addr address;

	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
		/* One without code is the text of what is inlined, or a declaration. */
		if (!entry_of(die, &address))
			return;
		w->host = w->symtab ? host_at(w, address) : NULL;
		if (w->host && w->placed)
			place(w, die);
		else if (w->host || !w->symtab)
			visit_children(w, die, true, depth);
		w->host = outer;
		return;
	case DW_TAG_inlined_subroutine:
		if (inside)
			take(w, die);
		break;
	case DW_TAG_lexical_block:
	case DW_TAG_GNU_call_site:
	case DW_TAG_call_site:
		break;
	default:
		if (depth)
			return;
	}
	visit_children(w, die, inside, depth);
}

static int walk_all(struct walk *w, const char *path, bool *ret_any, struct klp_error *err)
{
	Dwfl *dwfl;

	*ret_any = false;
	if (klp_debug__open(path, &dwfl, &w->module, err) < 0)
		return err->code;
	for (Dwarf_Die *cu = NULL; (cu = dwfl_module_nextcu(w->module, cu, &w->bias));) {
		*ret_any = true;
		visit(w, cu, false, 0);
	}
	dwfl_end(dwfl);
	return 0;
}

int klp_inlined_load(struct klp_arena *arena, const char *path, const struct klp_symtab *symtab,
		     struct klp_inlined_vec *ret, bool *ret_any, struct klp_error *err)
{
	struct klp_inlined_vec pairs = {};
	struct walk w = { .arena = arena, .symtab = symtab, .ret = &pairs };

	klp_map_init(&w.seen, arena);
	if (walk_all(&w, path, ret_any, err) < 0)
		return err->code;
	*ret = pairs;
	return 0;
}

int klp_placed_load(struct klp_arena *arena, const char *path, const struct klp_symtab *symtab,
		    struct klp_placed_vec *ret, struct klp_error *err)
{
	struct klp_placed_vec placed = {};
	struct walk w = { .arena = arena, .symtab = symtab, .placed = &placed };
	bool any;

	if (walk_all(&w, path, &any, err) < 0)
		return err->code;
	*ret = placed;
	return 0;
}
