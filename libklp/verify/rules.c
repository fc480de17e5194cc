// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "model/release.h"
#include "verify/private.h"

bool klp_verify__is_vmlinux(const char *object)
{
	return !strcmp(object, "vmlinux");
}

const char *klp_verify__too_long(struct klp_verify *v, const char *name, const char **ret_hint)
{
	size_t len = strlen(name), max = klp_release_max_symbol(v->release);

	if (len <= max)
		return NULL;
	*ret_hint = v->release
			    ? "take the name from the symbol table"
			    : "the build doesn't say which kernel it is "
			      "(include/config/kernel.release), so the lower limit holds: give one "
			      "that does";
	return klp_sprintf(v->arena,
			   "a name of %zu characters is longer than the kernel reads, which is %zu "
			   "(KSYM_NAME_LEN)",
			   len, max);
}

bool klp_verify__names_object(const struct klp_verify *v, const char *object)
{
	const struct klp_table_objects *objects = &v->module.tables.objects;

	for (size_t i = 0; i < objects->n; i++)
		if (!strcmp(klp_table_object_name(&objects->v[i]), object))
			return true;
	return false;
}

struct klp_finding *klp_verify__refuse(struct klp_verify *v, const char *code, const char *symbol,
				       const char *hint, const char *fmt, ...)
{
	struct klp_finding *f;
	va_list ap;

	va_start(ap, fmt);
	f = klp_finding_add(v->arena, v->findings, KLP_ERROR, code, "%s",
			    klp_vsprintf(v->arena, fmt, ap));
	va_end(ap);
	f->symbol = symbol;
	f->hint = hint;
	return f;
}

void klp_verify__kernel_says(struct klp_verify *v, struct klp_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	f->kernel = klp_vsprintf(v->arena, fmt, ap);
	va_end(ap);
}

const struct klp_sym *klp_verify__resolve(struct klp_verify *v, const struct klp_symtab *object,
					  const char *object_name, const char *name,
					  uint64_t sympos, struct klp_unresolved *ret)
{
	bool vmlinux = klp_verify__is_vmlinux(object_name);
	const struct klp_sym *found = klp_symtab_at(object, name, sympos);
	bool any = false;

	*ret = (struct klp_unresolved){};
	for (const struct klp_sym *s = klp_symtab_get(object, name); s && !any; s = s->same)
		any = s->kept;
	if (!any) {
		ret->why = "isn't there";
		ret->kernel = klp_sprintf(v->arena,
					  "livepatch: symbol '%s' not found in symbol table", name);
	} else if (!found && sympos) {
		ret->why = "isn't there at that position";
		ret->kernel = klp_sprintf(
			v->arena,
			"livepatch: symbol position %llu for symbol '%s' in object '%s' not found",
			(unsigned long long)sympos, name, object_name);
	} else if (!found) {
		ret->why = "isn't unique there";
		/* the name that the kernel prints is NULL for vmlinux */
		ret->kernel = klp_sprintf(
			v->arena,
			"livepatch: unresolvable ambiguity for symbol '%s' in object '%s'", name,
			vmlinux ? "(null)" : object_name);
	} else if (klp_symtab_sympos_varies(object, found)) {
		ret->why = "changes its position when the module is done loading";
	} else if (!object->relocatable && !found->value) {
		ret->why = "has the address 0, which the kernel takes for absence";
	} else {
		return found;
	}
	return NULL;
}

const struct klp_verify_rule klp_verify_rules[] = {
	{ "KLP-V-TABLES", NULL, "what it patches can be read from it",
	  "include/linux/livepatch.h struct klp_patch" },
	{ "KLP-V-LIVEPATCH", klp_verify__livepatch, "marked as a livepatch",
	  "kernel/module/main.c check_modinfo_livepatch()" },
	{ "KLP-V-ELF", klp_verify__file, "the file is one that the loader can load",
	  "kernel/module/main.c load_module(), arch/*/kernel/module.c apply_relocate_add()" },
	{ "KLP-V-ENABLE", klp_verify__enable, "its init function enables it, and it does something",
	  "kernel/module/main.c do_init_module(), kernel/livepatch/core.c klp_enable_patch()" },
	{ "KLP-V-VERMAGIC", klp_verify__vermagic, "made for this kernel",
	  "kernel/module/version.c same_magic()" },
	{ "KLP-V-DEPENDS", klp_verify__depends, "needs no other module", "modprobe(8)" },
	{ "KLP-V-UNDEFINED", klp_verify__undefined,
	  "undefined symbols are exports of vmlinux, open to its licence and namespaces",
	  "kernel/module/main.c simplify_symbols(), find_symbol(), "
	  "verify_namespace_is_imported()" },
	{ "KLP-V-VERSION", klp_verify__versions, "symbol versions are those of the build",
	  "kernel/module/version.c check_version()" },
	{ "KLP-V-SECTION", klp_verify__sections,
	  "livepatch relocation sections are read and applied",
	  "kernel/livepatch/core.c klp_apply_section_relocs()" },
	{ "KLP-V-RELOCATION", klp_verify__relocations, "relocations are applied at the right time",
	  "kernel/livepatch/core.c klp_resolve_symbols(), kernel/module/main.c load_module()" },
	{ "KLP-V-SYMBOL", klp_verify__symbols, "every livepatch symbol leads to one symbol",
	  "kernel/livepatch/core.c klp_resolve_symbols(), klp_find_object_symbol()" },
	{ "KLP-V-POINTER", klp_verify__pointers,
	  "every symbol that the module looks up for itself is there when it does",
	  "none: the module's own externs.c would refuse, or use memory that was freed" },
	{ "KLP-V-INIT", klp_verify__init_references, "nothing refers to memory that was freed",
	  "kernel/module/main.c do_init_module(), init/main.c free_initmem()" },
	{ "KLP-V-RELOAD", klp_verify__reload, "patched modules can go and come back",
	  "arch/x86/kernel/module.c __apply_relocate_add()" },
	{ "KLP-V-OBJECT", klp_verify__objects, "objects have the names that the kernel gives them",
	  "kernel/livepatch/core.c klp_init_object(), klp_find_object_module()" },
	{ "KLP-V-FUNCTION", klp_verify__functions, "what is patched exists and can be traced",
	  "kernel/livepatch/core.c klp_find_object_symbol(), patch.c klp_patch_func()" },
	{ "KLP-V-REPLACEMENT", klp_verify__replacements, "what takes its place is code that stays",
	  "kernel/livepatch/core.c klp_init_func(), klp_init_object_loaded()" },
	{ "KLP-V-TWICE", klp_verify__twice, "nothing is patched twice",
	  "kernel/livepatch/core.c klp_init_object(), klp_init_func(); patch.c klp_patch_func()" },
	{ "KLP-V-STATE", NULL, "a newer livepatch handles the states of the older ones",
	  "kernel/livepatch/state.c klp_is_patch_compatible()" },
	{ "KLP-V-RETURNS", NULL, "a newer livepatch patches what the older one did",
	  "kernel/livepatch/core.c klp_add_nops()" },
	{ "KLP-V-HANDOVER", NULL, "what the older one set up is taken over or taken back",
	  "Documentation/livepatch/cumulative-patches.rst" },
	{ "KLP-V-PLAN", klp_verify__plan, "it is what the plan says", "NAME.plan.json" },
	{ "KLP-V-STALL", klp_verify__stall, "no task stays in what is patched",
	  "kernel/livepatch/transition.c klp_check_stack()" },
	{ "KLP-V-LAYOUT", klp_verify__layouts, "structs are those of the kernel",
	  "none: no check at load time sees it" },
	{ "KLP-V-SIGNATURE", klp_verify__signature, "signed where the kernel wants it",
	  "kernel/module/signing.c module_sig_check()" },
	{},
};
