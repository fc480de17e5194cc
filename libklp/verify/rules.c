// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/rules.h"

#include <elf.h>
#include <string.h>

#include "elf/livepatch.h"
#include "parsers/symvers.h"

/* Adds a finding of severity error with its hint; symbol may be NULL. */
static void refuse(struct klp_verify *v, const char *code, const char *symbol, const char *hint,
		   const char *message)
{
	struct klp_finding *f =
		klp_finding_add(v->arena, v->findings, KLP_ERROR, code, "%s", message);

	f->symbol = symbol;
	f->hint = hint;
}

static const char again[] = "convert the plain module again with the plan that belongs to it";
static const char mixed[] = "give the build directory of the kernel that the livepatch is for";

static bool is_vmlinux(const char *object)
{
	return !strcmp(object, "vmlinux");
}

static bool is_patched(const struct klp_verify *v, const char *object)
{
	for (size_t i = 0; i < v->plan->funcs.n; i++)
		if (!strcmp(v->plan->funcs.v[i].object, object))
			return true;
	return false;
}

/*
 * The symbol that kernel/livepatch/core.c klp_find_object_symbol() comes to; else NULL and
 * what it says, for the message.
 */
static const struct klp_sym *resolve(const struct klp_symtab *object, const char *name,
				     unsigned long sympos, const char **ret_why)
{
	const struct klp_sym *found = NULL;
	unsigned int n = klp_symtab_count(object, name);
	bool any = false;

	for (const struct klp_sym *s = klp_symtab_get(object, name); s; s = s->same) {
		bool only = n == 1 && sympos <= 1;

		if (!s->kept)
			continue;
		any = true;
		if (only || (sympos && klp_symtab_sympos(object, s) == sympos))
			found = s;
	}
	if (!any)
		*ret_why = "isn't there";
	else if (!found)
		*ret_why = sympos ? "isn't there at that position" : "isn't unique there";
	else if (klp_symtab_sympos_varies(object, found))
		*ret_why = "changes its position when the module is done loading";
	else if (!object->relocatable && !found->value)
		*ret_why = "has the address 0, which the kernel takes for absence";
	else
		return found;
	return NULL;
}

/* Sections that the kernel couldn't read, or would never apply. */
static void check_section(struct klp_verify *v, const char *code, const struct klp_image_section *s)
{
	const char *object;

	if (s->type != SHT_RELA || !(s->flags & SHF_ALLOC) || s->link != v->image.symtab ||
	    !(v->image.sections.v[s->info].flags & SHF_ALLOC)) {
		refuse(v, code, NULL, again,
		       klp_sprintf(v->arena, "section '%s' isn't one that the loader keeps",
				   s->name));
		return;
	}
	if (!klp_lp_parse_section(v->arena, s->name, &object)) {
		refuse(v, code, NULL, again,
		       klp_sprintf(v->arena, "section '%s' names no object and section", s->name));
		return;
	}
	if (!is_vmlinux(object) && !is_patched(v, object))
		refuse(v, code, NULL,
		       "patch a function of that module, or resolve the references with one that "
		       "is patched",
		       klp_sprintf(v->arena,
				   "section '%s' is never applied: the livepatch patches no "
				   "function of '%s'",
				   s->name, object));
}

static void check_sections(struct klp_verify *v, const char *code)
{
	for (size_t i = 1; i < v->image.sections.n; i++) {
		const struct klp_image_section *s = &v->image.sections.v[i];

		if ((s->flags & KLP_SHF_RELA_LIVEPATCH) ||
		    !strncmp(s->name, KLP_RELA_PREFIX, sizeof(KLP_RELA_PREFIX) - 1))
			check_section(v, code, s);
	}
}

static const char *user_name(struct klp_verify *v, const struct klp_image_section *s,
			     const struct klp_image_rela *rela)
{
	const struct klp_image_sym *user = klp_image_user(&v->image, s->info, rela->offset);

	return user ? user->name : v->image.sections.v[s->info].name;
}

/* kernel/livepatch/core.c klp_resolve_symbols(), for one relocation of a livepatch section. */
static void check_late(struct klp_verify *v, const char *code, const struct klp_image_section *s,
		       const struct klp_image_rela *rela, const char *section_object)
{
	const struct klp_image_sym *sym = &v->image.syms.v[rela->sym];
	const char *target = v->image.sections.v[s->info].name, *user = user_name(v, s, rela);
	struct klp_lp_name name;

	if (sym->shndx != KLP_SHN_LIVEPATCH) {
		refuse(v, code, user, again,
		       klp_sprintf(v->arena,
				   "section '%s' refers to '%s', which is no livepatch "
				   "symbol",
				   s->name, sym->name));
		return;
	}
	if (!klp_lp_parse_symbol(v->arena, sym->name, &name))
		return; /* said by check_symbols() */
	if (is_vmlinux(name.object) != is_vmlinux(section_object))
		refuse(v, code, user, again,
		       klp_sprintf(v->arena, "'%s' can't be resolved by section '%s'", sym->name,
				   s->name));
	if (!is_vmlinux(section_object) && klp_lp_early_section(target))
		refuse(v, code, user, klp_lp_early_section(target),
		       klp_sprintf(v->arena,
				   "'%s' refers to '%s' of module '%s' from section '%s', "
				   "which the kernel uses before it can resolve that",
				   user, name.symbol, name.object, target));
}

static void check_relocations(struct klp_verify *v, const char *code)
{
	for (size_t i = 1; i < v->image.sections.n; i++) {
		const struct klp_image_section *s = &v->image.sections.v[i];
		bool late = s->flags & KLP_SHF_RELA_LIVEPATCH;
		const char *object;

		if (s->type != SHT_RELA || !(v->image.sections.v[s->info].flags & SHF_ALLOC) ||
		    (late && !klp_lp_parse_section(v->arena, s->name, &object)))
			continue;
		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_rela *rela = &s->relas.v[k];
			const struct klp_image_sym *sym = &v->image.syms.v[rela->sym];

			if (late)
				check_late(v, code, s, rela, object);
			else if (sym->shndx == KLP_SHN_LIVEPATCH)
				refuse(v, code, user_name(v, s, rela), again,
				       klp_sprintf(v->arena,
						   "section '%s' would be applied before "
						   "'%s' is resolved",
						   s->name, sym->name));
		}
	}
}

static void check_symbols(struct klp_verify *v, const char *code)
{
	for (size_t i = 1; i < v->image.syms.n; i++) {
		const struct klp_image_sym *sym = &v->image.syms.v[i];
		const struct klp_symtab *object;
		struct klp_lp_name name;
		const char *why;

		if (sym->shndx != KLP_SHN_LIVEPATCH) {
			if (!strncmp(sym->name, KLP_SYM_PREFIX, sizeof(KLP_SYM_PREFIX) - 1))
				refuse(v, code, NULL, again,
				       klp_sprintf(v->arena,
						   "'%s' isn't marked as a livepatch symbol",
						   sym->name));
			continue;
		}
		if (!klp_lp_parse_symbol(v->arena, sym->name, &name)) {
			refuse(v, code, NULL, again,
			       klp_sprintf(v->arena, "the kernel can't read the name '%s'",
					   sym->name));
			continue;
		}
		object = klp_map_get(&v->objects, name.object);
		if (!object)
			refuse(v, code, name.symbol, mixed,
			       klp_sprintf(v->arena, "'%s' names '%s', which isn't in the build",
					   sym->name, name.object));
		else if (!resolve(object, name.symbol, name.sympos, &why))
			refuse(v, code, name.symbol, mixed,
			       klp_sprintf(v->arena, "'%s' of '%s' (position %lu) %s", name.symbol,
					   name.object, name.sympos, why));
	}
}

/* The module holds what the plan says, under the position that the plan says. */
static void check_references(struct klp_verify *v, const char *code)
{
	for (size_t i = 1; i < v->image.syms.n; i++) {
		const struct klp_image_sym *sym = &v->image.syms.v[i];
		bool found = false;

		if (sym->shndx != KLP_SHN_LIVEPATCH)
			continue;
		for (size_t k = 0; k < v->plan->refs.n && !found; k++) {
			const struct klp_symref *ref = &v->plan->refs.v[k];

			found = ref->how == KLP_HOW_RELOC &&
				!strcmp(sym->name, klp_lp_symbol_name(v->arena, ref->object,
								      ref->symbol, ref->sympos));
		}
		if (!found)
			refuse(v, code, NULL, again,
			       klp_sprintf(v->arena, "'%s' is not in the plan", sym->name));
	}
}

/* kernel/livepatch/core.c klp_init_object_loaded(), patch.c klp_patch_func() */
static void check_functions(struct klp_verify *v, const char *code)
{
	for (size_t i = 0; i < v->plan->funcs.n; i++) {
		const struct klp_plan_func *func = &v->plan->funcs.v[i];
		const struct klp_symtab *object = klp_map_get(&v->objects, func->object);
		const struct klp_sym *sym;
		const char *why;

		if (!object) {
			refuse(v, code, func->old_name, mixed,
			       klp_sprintf(v->arena,
					   "'%s' is to be patched in '%s', which isn't in "
					   "the build",
					   func->old_name, func->object));
			continue;
		}
		sym = resolve(object, func->old_name, func->sympos, &why);
		if (sym && sym->type == STT_FUNC && sym->traceable)
			continue;
		if (sym)
			why = sym->type == STT_FUNC ? "can't be traced" : "is no function";
		refuse(v, code, func->old_name, mixed,
		       klp_sprintf(v->arena,
				   "'%s' of '%s' (position %u), which is to be patched, %s",
				   func->old_name, func->object, func->sympos, why));
	}
}

static void check_replacements(struct klp_verify *v, const char *code)
{
	for (size_t i = 0; i < v->plan->funcs.n; i++) {
		const char *name = v->plan->funcs.v[i].new_name;
		bool found = false;

		for (size_t k = 1; k < v->image.syms.n && !found; k++) {
			const struct klp_image_sym *sym = &v->image.syms.v[k];

			found = !strcmp(sym->name, name) && sym->shndx != SHN_UNDEF &&
				sym->shndx < v->image.sections.n &&
				ELF64_ST_TYPE(sym->info) == STT_FUNC &&
				(v->image.sections.v[sym->shndx].flags & SHF_EXECINSTR) &&
				klp_lp_early_section(v->image.sections.v[sym->shndx].name) == NULL;
		}
		if (!found)
			refuse(v, code, name, "build the module again from the rendered directory",
			       klp_sprintf(v->arena,
					   "the module has no function '%s' to replace '%s'", name,
					   v->plan->funcs.v[i].old_name));
	}
}

static bool imports(const struct klp_image *image, const char *namespace)
{
	const char *value;

	for (unsigned int i = 0; (value = klp_image_modinfo(image, "import_ns", i)); i++)
		if (!strcmp(value, namespace))
			return true;
	return false;
}

/* kernel/module/main.c simplify_symbols(), verify_namespace_is_imported() */
static void check_undefined(struct klp_verify *v, const char *code)
{
	for (size_t i = 1; i < v->image.syms.n; i++) {
		const struct klp_image_sym *sym = &v->image.syms.v[i];
		const struct klp_export *export;

		if (sym->shndx != SHN_UNDEF || !*sym->name ||
		    ELF64_ST_BIND(sym->info) == STB_WEAK ||
		    !strcmp(sym->name, "_GLOBAL_OFFSET_TABLE_"))
			continue;
		export = klp_tree_export(v->tree, sym->name);
		if (!export)
			refuse(v, code, sym->name, "plan it as a livepatch relocation",
			       klp_sprintf(v->arena, "nobody exports '%s'", sym->name));
		else if (!is_vmlinux(export->module))
			refuse(v, code, sym->name, "plan it as a livepatch relocation",
			       klp_sprintf(v->arena,
					   "'%s' is exported by '%s', which would have to be "
					   "loaded first",
					   sym->name, export->module));
		else if (*export->namespace && !imports(&v->image, export->namespace))
			refuse(v, code, sym->name, "add MODULE_IMPORT_NS() to the livepatch",
			       klp_sprintf(v->arena,
					   "'%s' is exported to namespace '%s', which the "
					   "module doesn't import",
					   sym->name, export->namespace));
	}
}

static void check_depends(struct klp_verify *v, const char *code)
{
	const char *depends = klp_image_modinfo(&v->image, "depends", 0);

	if (depends && *depends)
		refuse(v, code, NULL,
		       "refer to that module's symbols by livepatch relocations, under names of "
		       "their own",
		       klp_sprintf(v->arena,
				   "the livepatch depends on module '%s' and can't be "
				   "loaded without it",
				   depends));
}

/* kernel/module/main.c check_modinfo_livepatch() */
static void check_livepatch(struct klp_verify *v, const char *code)
{
	const char *value = klp_image_modinfo(&v->image, "livepatch", 0);

	if (!value || strcmp(value, "Y"))
		refuse(v, code, NULL, "add MODULE_INFO(livepatch, \"Y\") to the module",
		       "the module isn't marked as a livepatch");
}

/* kernel/module/main.c check_modinfo(), version.c same_magic(): the whole string counts. */
static void check_vermagic(struct klp_verify *v, const char *code)
{
	const char *magic = klp_image_modinfo(&v->image, "vermagic", 0);
	size_t len = v->tree->release ? strlen(v->tree->release) : 0;
	const char *wanted = v->peer_vermagic;
	const char *kernel = wanted ? wanted : len ? v->tree->release : "this kernel";

	if (magic && wanted && !strcmp(magic, wanted))
		return;
	if (magic && !wanted &&
	    (!len || (!strncmp(magic, v->tree->release, len) && magic[len] == ' ')))
		return;
	refuse(v, code, NULL, "build it with `make -C BUILD M=...` of the kernel that it is for",
	       klp_sprintf(v->arena, "the module is made for '%s', not for '%s'",
			   magic ? magic : "no kernel", kernel));
}

/* kernel/module/signing.c module_sig_check(); an added signature doesn't change the rest. */
static void check_signature(struct klp_verify *v, const char *code)
{
	struct klp_finding *f;

	if (v->image.is_signed || !klp_tree_config_is(v->tree, "CONFIG_MODULE_SIG_FORCE"))
		return;
	f = klp_finding_add(v->arena, v->findings, KLP_WARNING, code,
			    "the kernel loads signed modules only, and this one isn't signed yet");
	f->hint = "sign it with scripts/sign-file of the build, as the last step";
}

const struct klp_verify_rule klp_verify__rules[] = {
	{ "KLP-V-LIVEPATCH", check_livepatch, "marked as a livepatch" },
	{ "KLP-V-VERMAGIC", check_vermagic, "made for this kernel" },
	{ "KLP-V-DEPENDS", check_depends, "needs no other module" },
	{ "KLP-V-UNDEFINED", check_undefined, "the loader resolves what it has to" },
	{ "KLP-V-SECTION", check_sections, "livepatch relocation sections are read and applied" },
	{ "KLP-V-RELOCATION", check_relocations, "relocations are applied at the right time" },
	{ "KLP-V-SYMBOL", check_symbols, "every livepatch symbol leads to one symbol" },
	{ "KLP-V-PLAN", check_references, "the module refers to what the plan says" },
	{ "KLP-V-FUNCTION", check_functions, "what is patched exists and can be traced" },
	{ "KLP-V-REPLACEMENT", check_replacements, "what takes its place exists" },
	{ "KLP-V-SIGNATURE", check_signature, "signed where the kernel wants it" },
	{},
};
