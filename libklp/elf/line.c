// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/line.h"

#include <stdlib.h>

#include <dwarf.h>

#include "base/arena.h"
#include "base/file.h"
#include "elf/debug.h"

#define MAX_INLINED 16
#define MAX_FILES   4096

/* What the places of a unit are told from. */
struct unit {
	struct klp_arena *arena;
	Dwarf_Files *files;
	size_t n;
	const char *dir; /* the compiler's, NULL when it isn't known */
};

static const char *full_path(const struct unit *unit, const char *name)
{
	if (!name || *name == '/' || !unit->dir)
		return name ? klp_strdup(unit->arena, name) : NULL;
	return klp_path_join(unit->arena, unit->dir, name);
}

static const char *file_of(const struct unit *unit, Dwarf_Word index)
{
	return index < unit->n ? full_path(unit, dwarf_filesrc(unit->files, index, NULL, NULL))
			       : NULL;
}

static bool number_of(Dwarf_Die *die, unsigned int name, Dwarf_Word *ret)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(die, name, &attribute) && !dwarf_formudata(&attribute, ret);
}

static void take_call(const struct unit *unit, Dwarf_Die *die, struct klp_line *ret)
{
	struct klp_line_call call = { .function = klp_strdup(unit->arena, dwarf_diename(die)) };
	Dwarf_Word file, line;

	if (number_of(die, DW_AT_call_file, &file) && number_of(die, DW_AT_call_line, &line) &&
	    line && line <= UINT32_MAX) {
		call.file = file_of(unit, file);
		call.line = (unsigned int)line;
	}
	klp_vec_push(unit->arena, &ret->inlined, call);
}

/*
 * dwarf_getscopes() goes on with what the inlined function was written in; what it was inlined to
 * is where its innermost scope lies.
 */
static void take_inlined(const struct unit *unit, Dwarf_Die *cu, Dwarf_Addr address,
			 struct klp_line *ret)
{
	Dwarf_Die *innermost = NULL, *scopes = NULL;
	int n = dwarf_getscopes(cu, address, &innermost);

	n = n > 0 ? dwarf_getscopes_die(&innermost[0], &scopes) : 0;
	for (int i = 0; i < n && ret->inlined.n < MAX_INLINED; i++) {
		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
			break;
		if (dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine && dwarf_diename(&scopes[i]))
			take_call(unit, &scopes[i], ret);
	}
	free(scopes);
	free(innermost);
}

static void open_unit(struct klp_arena *arena, Dwarf_Die *cu, struct unit *ret)
{
	Dwarf_Attribute attribute;
	const char *dir =
		dwarf_attr(cu, DW_AT_comp_dir, &attribute) ? dwarf_formstring(&attribute) : NULL;

	*ret = (struct unit){ .arena = arena, .dir = dir && *dir == '/' ? dir : NULL };
	if (dwarf_getsrcfiles(cu, &ret->files, &ret->n))
		ret->n = 0;
}

/* A relocatable file has no addresses: libdwfl lays its sections out, and notes where. */
static bool address_of(Dwfl_Module *module, uint32_t shndx, uint64_t offset, Dwarf_Addr *ret)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	Elf_Scn *section = elf ? elf_getscn(elf, shndx) : NULL;
	GElf_Shdr header;

	if (!section || !gelf_getshdr(section, &header) || offset >= header.sh_size)
		return false;
	*ret = header.sh_addr + bias + offset;
	return true;
}

static bool find(struct klp_arena *arena, Dwfl_Module *module, uint32_t shndx, uint64_t offset,
		 struct klp_line *ret)
{
	Dwarf_Addr address, bias;
	Dwfl_Line *line;
	struct unit unit;
	const char *file;
	Dwarf_Die *cu;
	int number = 0;

	if (!address_of(module, shndx, offset, &address))
		return false;
	line = dwfl_module_getsrc(module, address);
	file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
	cu = dwfl_module_addrdie(module, address, &bias);
	if (!file || !cu || number <= 0)
		return false;
	open_unit(arena, cu, &unit);
	*ret = (struct klp_line){ .file = full_path(&unit, file), .line = (unsigned int)number };
	take_inlined(&unit, cu, address - bias, ret);
	for (size_t i = 0; i < unit.n && i < MAX_FILES; i++) {
		const char *name = file_of(&unit, i);

		if (name)
			klp_vec_push(arena, &ret->files, name);
	}
	return true;
}

bool klp_line_at(struct klp_arena *arena, const char *path, uint32_t shndx, uint64_t offset,
		 struct klp_line *ret)
{
	struct klp_error ignored = {};
	Dwfl_Module *module;
	bool found;
	Dwfl *dwfl;

	if (klp_debug__open(path, &dwfl, &module, &ignored) < 0)
		return false;
	found = find(arena, module, shndx, offset, ret);
	dwfl_end(dwfl);
	return found;
}
