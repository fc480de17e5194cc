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

const struct klp_verify__check klp_verify__checks[] = {
	{ { "KLP-V-TABLES", "what it patches can be read from it",
	    "include/linux/livepatch.h struct klp_patch" },
	  NULL },
	{ { "KLP-V-LIVEPATCH", "marked as a livepatch",
	    "kernel/module/main.c check_modinfo_livepatch()" },
	  klp_verify__livepatch },
	{ { "KLP-V-ELF", "the file is one that the loader can load",
	    "kernel/module/main.c load_module(), arch/*/kernel/module.c apply_relocate_add()" },
	  klp_verify__file },
	{ { "KLP-V-ENABLE", "its init function enables it, and it does something",
	    "kernel/module/main.c do_init_module(), kernel/livepatch/core.c klp_enable_patch()" },
	  klp_verify__enable },
	{ { "KLP-V-VERMAGIC", "made for this kernel", "kernel/module/version.c same_magic()" },
	  klp_verify__vermagic },
	{ { "KLP-V-DEPENDS", "needs no other module", "modprobe(8)" }, klp_verify__depends },
	{ { "KLP-V-UNDEFINED",
	    "undefined symbols are exports of vmlinux, open to its licence and namespaces",
	    "kernel/module/main.c simplify_symbols(), find_symbol(), "
	    "verify_namespace_is_imported()" },
	  klp_verify__undefined },
	{ { "KLP-V-VERSION", "symbol versions are those of the build",
	    "kernel/module/version.c check_version()" },
	  klp_verify__versions },
	{ { "KLP-V-SECTION", "livepatch relocation sections are read and applied",
	    "kernel/livepatch/core.c klp_apply_section_relocs()" },
	  klp_verify__sections },
	{ { "KLP-V-RELOCATION", "relocations are applied at the right time",
	    "kernel/livepatch/core.c klp_resolve_symbols(), kernel/module/main.c load_module()" },
	  klp_verify__relocations },
	{ { "KLP-V-SYMBOL", "every livepatch symbol leads to one symbol",
	    "kernel/livepatch/core.c klp_resolve_symbols(), klp_find_object_symbol()" },
	  klp_verify__symbols },
	{ { "KLP-V-POINTER",
	    "every symbol that the module looks up for itself is there when it does",
	    "none: the module's own externs.c would refuse, or use memory that was freed" },
	  klp_verify__pointers },
	{ { "KLP-V-INIT", "nothing refers to memory that was freed",
	    "kernel/module/main.c do_init_module(), init/main.c free_initmem()" },
	  klp_verify__init_references },
	{ { "KLP-V-RELOAD", "patched modules can go and come back",
	    "arch/x86/kernel/module.c __apply_relocate_add()" },
	  klp_verify__reload },
	{ { "KLP-V-OBJECT", "objects have the names that the kernel gives them",
	    "kernel/livepatch/core.c klp_init_object(), klp_find_object_module()" },
	  klp_verify__objects },
	{ { "KLP-V-FUNCTION", "what is patched exists and can be traced",
	    "kernel/livepatch/core.c klp_find_object_symbol(), patch.c klp_patch_func()" },
	  klp_verify__functions },
	{ { "KLP-V-REPLACEMENT", "what takes its place is code that stays",
	    "kernel/livepatch/core.c klp_init_func(), klp_init_object_loaded()" },
	  klp_verify__replacements },
	{ { "KLP-V-TWICE", "nothing is patched twice",
	    "kernel/livepatch/core.c klp_init_object(), klp_init_func(); patch.c "
	    "klp_patch_func()" },
	  klp_verify__twice },
	{ { "KLP-V-STATE", "a newer livepatch handles the states of the older ones",
	    "kernel/livepatch/state.c klp_is_patch_compatible()" },
	  NULL },
	{ { "KLP-V-RETURNS", "a newer livepatch patches what the older one did",
	    "kernel/livepatch/core.c klp_add_nops()" },
	  NULL },
	{ { "KLP-V-HANDOVER", "what the older one set up is taken over or taken back",
	    "Documentation/livepatch/cumulative-patches.rst" },
	  NULL },
	{ { "KLP-V-PLAN", "it is what the plan says", "NAME.plan.json" }, klp_verify__plan },
	{ { "KLP-V-STALL", "no task stays in what is patched",
	    "kernel/livepatch/transition.c klp_check_stack()" },
	  klp_verify__stall },
	{ { "KLP-V-LAYOUT", "structs are those of the kernel",
	    "none: no check at load time sees it" },
	  klp_verify__layouts },
	{ { "KLP-V-SIGNATURE", "signed where the kernel wants it",
	    "kernel/module/signing.c module_sig_check()" },
	  klp_verify__signature },
	{},
};

const struct klp_verify_rule *klp_verify_rule(size_t i)
{
	return i < sizeof(klp_verify__checks) / sizeof(*klp_verify__checks) - 1
		       ? &klp_verify__checks[i].rule
		       : NULL;
}
