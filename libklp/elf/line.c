// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/line.h"

#include <stdlib.h>

#include <dwarf.h>
#include <elfutils/libdwfl.h>

#include "base/arena.h"

#define MAX_INLINED 16

/* The debug information of a module lies in it: nothing is looked for elsewhere, or fetched. */
static int nowhere_else(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc;
	*found = NULL;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = nowhere_else,
	.section_address = dwfl_offline_section_address,
};

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
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module = dwfl ? dwfl_report_offline(dwfl, "", path, -1) : NULL;
	bool found = false;

	if (module) {
		dwfl_report_end(dwfl, NULL, NULL);
		found = find(arena, module, shndx, offset, ret);
	}
	dwfl_end(dwfl);
	return found;
}
