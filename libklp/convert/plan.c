// SPDX-License-Identifier: GPL-2.0-or-later
/* What symbols stand for, by the plan. Nothing is looked up: check made it, verify checks it. */
#include <elf.h>
#include <string.h>

#include "convert/private.h"

/* kernel/livepatch/core.c klp_resolve_symbols(): who may refer to whom. */
static int check_ref(struct klp_conversion *c, const struct klp_symref *ref)
{
	bool symbol_vmlinux = !strcmp(ref->object, "vmlinux");
	bool section_vmlinux = !strcmp(ref->section_object, "vmlinux");

	if (symbol_vmlinux == section_vmlinux)
		return 0;
	klp_error_set(c->err, KLP_EINPUT,
		      "plan: '%s' of '%s' can't be resolved when '%s' is loaded", ref->symbol,
		      ref->object, ref->section_object);
	return klp_error_hint(c->err,
			      "section_object must be vmlinux for a symbol of vmlinux and a "
			      "patched module for a symbol of a module");
}

int klp_convert__plan(struct klp_conversion *c)
{
	const struct klp_plan *plan = c->opts->plan;
	struct klp_map by_name;

	klp_map_init(&by_name, c->arena);
	for (size_t i = 0; i < plan->refs.n; i++)
		klp_map_put(&by_name, plan->refs.v[i].link_name, &plan->refs.v[i]);
	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_image_sym *sym = &c->image.syms.v[i];
		const struct klp_symref *ref;

		if (ELF64_ST_BIND(sym->info) == STB_LOCAL)
			continue;
		ref = klp_map_get(&by_name, sym->name);
		if (!ref || ref->how != KLP_HOW_RELOC)
			continue;
		if (sym->shndx != SHN_UNDEF) {
			klp_error_set(c->err, KLP_EINPUT,
				      "the module defines '%s', which the plan "
				      "has as a reference to '%s' of '%s'",
				      sym->name, ref->symbol, ref->object);
			klp_error_hint(c->err, "rename the one in the module, or take the other "
					       "out of the plan");
			return klp_convert__fail(c);
		}
		if (check_ref(c, ref) < 0)
			return c->err->code;
		c->refs[i] = ref;
	}
	return 0;
}
