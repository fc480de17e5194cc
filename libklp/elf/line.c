// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/line.h"

#include <stdlib.h>

#include <dwarf.h>

#include "base/arena.h"
#include "elf/debug.h"

#define MAX_INLINED 16

static void take_inlined(struct klp_arena *arena, Dwfl_Module *module, Dwarf_Addr address,
			 struct klp_line *ret)
{
	Dwarf_Addr bias;
	Dwarf_Die *cu = dwfl_module_addrdie(module, address, &bias), *scopes = NULL;
	int n = cu ? dwarf_getscopes(cu, address - bias, &scopes) : 0;

	for (int i = 0; i < n && ret->inlined.n < MAX_INLINED; i++) {
		const char *name = dwarf_diename(&scopes[i]);

		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
			break;
		if (dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine && name)
			klp_vec_push(arena, &ret->inlined, klp_strdup(arena, name));
	}
	free(scopes);
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
	Dwarf_Addr address;
	Dwfl_Line *line;
	const char *file;
	int number = 0;

	if (!address_of(module, shndx, offset, &address))
		return false;
	line = dwfl_module_getsrc(module, address);
	file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
	if (!file || number <= 0)
		return false;
	*ret = (struct klp_line){ .file = klp_strdup(arena, file), .line = (unsigned int)number };
	take_inlined(arena, module, address, ret);
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
