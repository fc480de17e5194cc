/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What livepatches of SUSE's tree resolve references by; the interface is that tree's. */
#ifndef KALLSYMS_RELOCS_H
#define KALLSYMS_RELOCS_H

struct klp_kallsyms_reloc {
	const char *symname;
	void **addr;
	const char *objname;
	unsigned long sympos;
};

struct module;

int klp_kallsyms_relocs_init(void);
int klp_resolve_kallsyms_relocs(struct klp_kallsyms_reloc *relocs, unsigned long count);
extern struct module *(*klpe_find_module)(const char *name);

#endif
