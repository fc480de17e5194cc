// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Livepatch symbols, the sections of relocations to them, and when each is applied:
 * kernel/livepatch/core.c klp_apply_section_relocs(), klp_resolve_symbols().
 */
#include <elf.h>
#include <string.h>

#include "elf/livepatch.h"
#include "model/release.h"
#include "verify/private.h"

static const char again[] = "convert the plain module again with the plan that belongs to it";
static const char mixed[] = "give the build directory of the kernel that the livepatch is for";

/* Sections that the kernel couldn't read, or would never apply. */
static void check_section(struct klp_verify *v, const char *code, const struct klp_image_section *s)
{
	const struct klp_image *image = &v->image;
	struct klp_finding *f;
	const char *object;

	if (s->type != SHT_RELA || !(s->flags & SHF_ALLOC) ||
	    !(s->flags & KLP_SHF_RELA_LIVEPATCH) || s->link != image->symtab ||
	    !(image->sections.v[s->info].flags & SHF_ALLOC)) {
		klp_verify__refuse(v, code, NULL, again,
				   "section '%s' isn't one that the loader keeps", s->name);
	} else if (!klp_lp_parse_section(v->arena, s->name, &object)) {
		f = klp_verify__refuse(v, code, NULL, again,
				       "section '%s' names no object and section", s->name);
		/* its sscanf() wants one character of the object, and nothing behind that */
		if (strchr(".", s->name[strlen(KLP_RELA_PREFIX)]))
			klp_verify__kernel_says(
				v, f, "livepatch: section %s has an incorrectly formatted name",
				s->name);
	} else if (!klp_verify__is_vmlinux(object) && v->module.readable &&
		   !klp_verify__names_object(v, object)) {
		klp_verify__refuse(v, code, NULL,
				   "patch a function of that module, or resolve the references "
				   "with one that is patched",
				   "section '%s' is never applied: the livepatch patches no "
				   "function of '%s'",
				   s->name, object);
	}
}

void klp_verify__sections(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if ((s->flags & KLP_SHF_RELA_LIVEPATCH) ||
		    !strncmp(s->name, KLP_RELA_PREFIX, sizeof(KLP_RELA_PREFIX) - 1))
			check_section(v, code, s);
	}
}

/* The module that a section is for is there when it is applied, and what that depends on. */
static bool depends_on(const struct klp_verify *v, const char *module, const char *wanted,
		       struct klp_strs *seen)
{
	const struct klp_symtab *symtab = klp_map_get(&v->objects, module);
	char *names, *save = NULL;

	if (!strcmp(module, wanted))
		return true;
	klp_vec_push(v->arena, seen, module);
	if (!symtab || !symtab->depends)
		return false;
	names = klp_strdup(v->arena, symtab->depends);
	for (char *p = strtok_r(names, ",", &save); p; p = strtok_r(NULL, ",", &save))
		if (!klp_strs_has(seen, p) && depends_on(v, p, wanted, seen))
			return true;
	return false;
}

bool klp_verify__is_there_with(const struct klp_verify *v, const char *module, const char *wanted)
{
	struct klp_strs seen = {};

	return !klp_verify__is_vmlinux(module) && depends_on(v, module, wanted, &seen);
}

char *klp_verify__is_not_there(struct klp_verify *v, const char *object, const char *wanted)
{
	if (klp_verify__is_vmlinux(object))
		return klp_sprintf(v->arena, "module '%s' need not be loaded", wanted);
	return klp_sprintf(v->arena, "module '%s' doesn't depend on '%s'", object, wanted);
}

const char klp_verify__without[] =
	"write the fix without what that module has: it may be absent when the reference is "
	"resolved, and be removed while the livepatch uses it";

/* Before 5.8 a module's section could refer to vmlinux, too. */
static bool may_resolve(const struct klp_verify *v, const char *section_object,
			const char *symbol_object)
{
	if (klp_verify__is_vmlinux(symbol_object))
		return klp_verify__is_vmlinux(section_object) ||
		       (v->release && v->release < KLP_RELEASE(5, 8));
	return klp_verify__is_there_with(v, section_object, symbol_object);
}

/* A section that is applied when the symbol may not be there, or may not be looked up. */
static void refuse_section(struct klp_verify *v, const char *code, const char *user,
			   const char *symbol, const struct klp_lp_name *name, const char *section,
			   const char *section_object)
{
	struct klp_finding *f;

	if (!klp_verify__is_vmlinux(name->object)) {
		klp_verify__refuse(v, code, user, klp_verify__without,
				   "'%s' can't be resolved by section '%s': %s", symbol, section,
				   klp_verify__is_not_there(v, section_object, name->object));
		return;
	}
	f = klp_verify__refuse(v, code, user, again, "'%s' can't be resolved by section '%s'",
			       symbol, section);
	klp_verify__kernel_says(v, f,
				"livepatch: invalid access to vmlinux symbol '%s' "
				"from module-specific livepatch relocation section",
				name->symbol);
}

/* klp_resolve_symbols(), for one relocation of a livepatch section. */
static void check_late(struct klp_verify *v, const char *code, const struct klp_image_section *s,
		       const struct klp_image_rela *rela, const char *section_object)
{
	const struct klp_image_sym *sym = &v->image.syms.v[rela->sym];
	const char *target = v->image.sections.v[s->info].name;
	const char *instead;
	struct klp_finding *f;
	struct klp_lp_name name;

	if (sym->shndx != KLP_SHN_LIVEPATCH) {
		f = klp_verify__refuse(v, code, klp_verify__user(&v->image, s, rela), again,
				       "section '%s' refers to '%s', which is no livepatch symbol",
				       s->name, sym->name);
		klp_verify__kernel_says(v, f,
					"livepatch: symbol %s is not marked as a livepatch symbol",
					sym->name);
		return;
	}
	if (!klp_lp_parse_symbol(v->arena, sym->name, &name))
		return; /* said by klp_verify__symbols() */
	if (!may_resolve(v, section_object, name.object))
		refuse_section(v, code, klp_verify__user(&v->image, s, rela), sym->name, &name,
			       s->name, section_object);
	instead = klp_lp_early(target, section_object, v->release);
	if (instead) {
		const char *user = klp_verify__user(&v->image, s, rela);

		klp_verify__refuse(v, code, user, instead,
				   "'%s' refers to '%s' of %s'%s' from section '%s', which "
				   "the kernel uses before it can resolve that",
				   user, name.symbol,
				   klp_verify__is_vmlinux(name.object) ? "" : "module ",
				   name.object, target);
	}
}

void klp_verify__relocations(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];
		bool late = s->flags & KLP_SHF_RELA_LIVEPATCH;
		const char *object;

		if (s->type != SHT_RELA || !(image->sections.v[s->info].flags & SHF_ALLOC) ||
		    (late && !klp_lp_parse_section(v->arena, s->name, &object)))
			continue;
		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_rela *rela = &s->relas.v[k];
			const struct klp_image_sym *sym = &image->syms.v[rela->sym];

			if (late)
				check_late(v, code, s, rela, object);
			else if (sym->shndx == KLP_SHN_LIVEPATCH)
				klp_verify__refuse(v, code, klp_verify__user(&v->image, s, rela),
						   again,
						   "section '%s' would be applied before '%s' is "
						   "resolved",
						   s->name, sym->name);
		}
	}
}

static void check_symbol(struct klp_verify *v, const char *code, const char *symbol)
{
	const struct klp_symtab *object;
	const char *why, *hint = again;
	struct klp_unresolved unresolved;
	struct klp_finding *f;
	struct klp_lp_name name;

	if (!klp_lp_parse_symbol(v->arena, symbol, &name))
		why = "it isn't .klp.sym.OBJECT.NAME,POSITION, each within its length";
	else
		why = klp_verify__too_long(v, name.symbol, &hint);
	if (why) {
		f = klp_verify__refuse(v, code, NULL, hint,
				       "the kernel can't read the name '%s': %s", symbol, why);
		if (hint == again || v->release)
			klp_verify__kernel_says(
				v, f, "livepatch: symbol %s has an incorrectly formatted name",
				symbol);
		return;
	}
	object = klp_map_get(&v->objects, name.object);
	if (!object) {
		klp_verify__refuse(v, code, name.symbol, mixed,
				   "'%s' names '%s', which isn't in the build", symbol,
				   name.object);
		return;
	}
	if (klp_verify__resolve(v, object, name.object, name.symbol, name.sympos, &unresolved))
		return;
	f = klp_verify__refuse(v, code, name.symbol, mixed, "'%s' of '%s' (position %lu) %s",
			       name.symbol, name.object, name.sympos, unresolved.why);
	f->kernel = unresolved.kernel;
}

void klp_verify__symbols(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	for (size_t i = 1; i < image->syms.n; i++) {
		const struct klp_image_sym *sym = &image->syms.v[i];

		if (sym->shndx == KLP_SHN_LIVEPATCH)
			check_symbol(v, code, sym->name);
		else if (!strncmp(sym->name, KLP_SYM_PREFIX, sizeof(KLP_SYM_PREFIX) - 1))
			klp_verify__refuse(v, code, NULL, again,
					   "'%s' isn't marked as a livepatch symbol", sym->name);
	}
}

/* Freed when the livepatch's own init is done (kernel/module/main.c do_init_module()). */
static bool is_own_init(const struct klp_image *image, uint32_t shndx)
{
	return shndx < image->sections.n && (image->sections.v[shndx].flags & SHF_ALLOC) &&
	       !strncmp(image->sections.v[shndx].name, ".init", 5);
}

/* Code, and variables that are no table of places in code. */
static bool lasts(const struct klp_image *image, uint32_t shndx)
{
	const struct klp_image_section *s = &image->sections.v[shndx];
	static const char *const data[] = { ".data", ".data." };

	if (!(s->flags & SHF_ALLOC) || is_own_init(image, shndx))
		return false;
	return (s->flags & SHF_EXECINSTR) ||
	       ((s->flags & SHF_WRITE) &&
		(!strcmp(s->name, data[0]) || !strncmp(s->name, data[1], strlen(data[1]))));
}

static void refuse_own_init(struct klp_verify *v, const char *code, const char *user,
			    const char *what)
{
	klp_verify__refuse(
		v, code, user, "take __init off what lasts longer than loading",
		"'%s' refers to '%s' of the livepatch, which is freed when that has been "
		"loaded",
		user, what);
}

static void check_own_init(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (s->type != SHT_RELA || !lasts(image, s->info))
			continue;
		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_sym *to = &image->syms.v[s->relas.v[k].sym];

			if (to->shndx != SHN_UNDEF && is_own_init(image, to->shndx))
				refuse_own_init(v, code, klp_verify__user(image, s, &s->relas.v[k]),
						*to->name ? to->name
							  : image->sections.v[to->shndx].name);
		}
	}
}

/* The kernel keeps using the tables for as long as the livepatch is there. */
static void check_tables_in_init(struct klp_verify *v, const char *code)
{
	const struct klp_tables *tables = &v->module.tables;

	for (size_t i = 0; i < tables->extents.n; i++)
		if (is_own_init(&v->image, tables->extents.v[i].shndx)) {
			klp_verify__refuse(
				v, code, NULL, "take __initdata off the tables",
				"a table of the klp_patch lies in '%s', which is freed when "
				"the livepatch has been loaded",
				v->image.sections.v[tables->extents.v[i].shndx].name);
			break;
		}
	for (size_t i = 0; i < tables->objects.n; i++)
		for (int k = 0; k < KLP_NCALLBACKS; k++) {
			const struct klp_table_object *o = &tables->objects.v[i];

			if (o->callbacks[k] && is_own_init(&v->image, o->callback_places[k].shndx))
				klp_verify__refuse(
					v, code, o->callbacks[k], "take __init off the callback",
					"the %s callback '%s' of '%s' is init code, which "
					"is freed when the livepatch has been loaded",
					klp_callback_name((enum klp_callback)k), o->callbacks[k],
					klp_table_object_name(o));
		}
}

/* What gives the memory back: kernel/module/main.c do_init_module(), init/main.c free_initmem(). */
void klp_verify__init_references(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	check_own_init(v, code);
	check_tables_in_init(v, code);
	for (size_t i = 1; i < image->syms.n; i++) {
		struct klp_unresolved ignored;
		const struct klp_symtab *object;
		const struct klp_sym *sym;
		struct klp_lp_name name;

		if (image->syms.v[i].shndx != KLP_SHN_LIVEPATCH ||
		    !klp_lp_parse_symbol(v->arena, image->syms.v[i].name, &name))
			continue;
		object = klp_map_get(&v->objects, name.object);
		sym = object ? klp_verify__resolve(v, object, name.object, name.symbol, name.sympos,
						   &ignored)
			     : NULL;
		if (sym && klp_sym_is_init(sym))
			klp_verify__refuse(v, code, name.symbol,
					   "keep init code out of the fix: it has run already",
					   "'%s' of '%s' lies in '%s', whose memory was freed",
					   name.symbol, name.object, sym->section);
	}
}

/*
 * arch/x86/kernel/module.c before 6.3 has no clear_relocate_add(): what a module's relocations
 * wrote stays in the livepatch when the module goes, and is refused to be written again when it
 * comes back.
 */
void klp_verify__reload(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;
	struct klp_strs said = {};

	if (image->machine != EM_X86_64 || !v->release || v->release >= KLP_RELEASE(6, 3))
		return;
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];
		struct klp_finding *f;
		const char *object;

		if (!(s->flags & KLP_SHF_RELA_LIVEPATCH) || !s->relas.n ||
		    !klp_lp_parse_section(v->arena, s->name, &object) ||
		    klp_verify__is_vmlinux(object) || klp_strs_has(&said, object))
			continue;
		klp_vec_push(v->arena, &said, object);
		f = klp_verify__refuse(v, code, NULL,
				       "disable and remove the livepatch before that module is "
				       "loaded again",
				       "module '%s' can't be unloaded and loaded again while the "
				       "livepatch is there: kernels before 6.3 don't take the "
				       "references back",
				       object);
		f->severity = KLP_WARNING;
		klp_verify__kernel_says(v, f,
					"x86/modules: Skipping invalid relocation target, existing "
					"value is nonzero");
	}
}
