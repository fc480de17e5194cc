// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/debug.h"

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

int klp_debug__open(const char *path, Dwfl **ret, Dwfl_Module **ret_module, struct klp_error *err)
{
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module = dwfl ? dwfl_report_offline(dwfl, "", path, -1) : NULL;

	if (!module) {
		klp_error_set(err, KLP_EINPUT, "'%s' can't be read for its debug information: %s",
			      path, dwfl_errmsg(-1));
		klp_error_at(err, path, 0, 0);
		dwfl_end(dwfl);
		return klp_error_hint(err, "is it an object as the build made it?");
	}
	dwfl_report_end(dwfl, NULL, NULL);
	*ret = dwfl;
	*ret_module = module;
	return 0;
}
