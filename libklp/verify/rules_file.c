// SPDX-License-Identifier: GPL-2.0-or-later
/* What the module loader makes of the file: kernel/module/main.c, arch/.../kernel/module.c. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "elf/livepatch.h"
#include "verify/private.h"

static const char rebuild[] = "build it with the Kbuild and the flags of that kernel";

static void check_machine(struct klp_verify *v, const char *code)
{
	const struct klp_symtab *object = v->objects.n ? v->objects.entries[0].value : NULL;
	struct klp_finding *f;

	if (!object || object->machine == v->image.machine)
		return;
	f = klp_verify__refuse(v, code, NULL, "build it for the machine of the kernel",
			       "the module is for machine %u, the kernel for %u", v->image.machine,
			       object->machine);
	klp_verify__kernel_says(v, f, "Invalid architecture in ELF header: %u", v->image.machine);
}

/* simplify_symbols() */
static void check_common(struct klp_verify *v, const char *code)
{
	for (size_t i = 1; i < v->image.syms.n; i++) {
		const struct klp_image_sym *sym = &v->image.syms.v[i];
		struct klp_finding *f;

		if (sym->shndx != SHN_COMMON)
			continue;
		f = klp_verify__refuse(v, code, sym->name, rebuild,
				       "'%s' is a common symbol, which the loader doesn't place",
				       sym->name);
		klp_verify__kernel_says(v, f, "%s: please compile with -fno-common",
					v->module.name);
	}
}

/* module_enforce_rwx_sections(); setup_load_info(), check_modinfo(): find_sec() */
static void check_sections(struct klp_verify *v, const char *code)
{
	enum { MODINFO, THIS_MODULE };
	static const char *const kept[] = {
		[MODINFO] = ".modinfo", [THIS_MODULE] = ".gnu.linkonce.this_module"
	};
	bool strict = klp_tree_config_is(v->tree, "CONFIG_STRICT_MODULE_RWX");
	struct klp_finding *f;

	for (size_t i = 1; i < v->image.sections.n; i++) {
		const struct klp_image_section *s = &v->image.sections.v[i];
		const uint64_t both = SHF_EXECINSTR | SHF_WRITE;

		if (!strict || (s->flags & both) != both)
			continue;
		f = klp_verify__refuse(v, code, NULL, rebuild,
				       "section '%s' is code and can be written to", s->name);
		klp_verify__kernel_says(v, f,
					"%s: section %s (index %zu) has invalid WRITE|EXEC "
					"flags",
					v->module.name, s->name, i);
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		uint32_t at = klp_image_section(&v->image, kept[i]);

		if (at && (v->image.sections.v[at].flags & SHF_ALLOC))
			continue;
		f = klp_verify__refuse(v, code, NULL, rebuild,
				       "the loader doesn't find section '%s'", kept[i]);
		if (i == THIS_MODULE)
			klp_verify__kernel_says(v, f, "%s: No module found in object",
						v->module.name);
	}
}

/* arch/x86/kernel/module.c __apply_relocate_add(): how much is filled; 0 for an unknown type. */
static unsigned int x86_room(uint32_t type)
{
	switch (type) {
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return 4;
	default:
		return 0;
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct klp_image_rela *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool is_zero(const unsigned char *p, unsigned int n)
{
	while (n && !*p)
		p++, n--;
	return !n;
}

/* One that is filled already, or will be by another relocation, isn't filled. */
static void check_filled(struct klp_verify *v, const char *code, const struct klp_image_section *s,
			 const struct klp_image_rela *rela, const struct klp_image_rela *next)
{
	const struct klp_image_section *in = &v->image.sections.v[s->info];
	unsigned int room = x86_room(rela->type);
	struct klp_finding *f;

	if (rela->type == R_X86_64_NONE)
		return;
	if (!room) {
		f = klp_verify__refuse(v, code, klp_verify__user(&v->image, s, rela), rebuild,
				       "section '%s' has a relocation of type %u, which the loader "
				       "doesn't know",
				       s->name, rela->type);
		klp_verify__kernel_says(v, f, "module: %s: Unknown rela relocation: %u",
					v->module.name, rela->type);
		return;
	}
	if (in->size - rela->offset >= room &&
	    (!in->data || is_zero(in->data + rela->offset, room)) &&
	    (!next || next->type == R_X86_64_NONE || next->offset - rela->offset >= room))
		return;
	f = klp_verify__refuse(v, code, klp_verify__user(&v->image, s, rela), rebuild,
			       "the place at 0x%llx of '%s' that a relocation fills isn't empty",
			       (unsigned long long)rela->offset, in->name);
	klp_verify__kernel_says(
		v, f,
		"x86/modules: Skipping invalid relocation target, existing value is "
		"nonzero");
}

/* All relocations of one section, whoever applies them. */
static void check_places(struct klp_verify *v, const char *code, const struct klp_image_section *s)
{
	const struct klp_image_section *in = &v->image.sections.v[s->info];
	struct klp_image_rela *sorted = klp_alloc_array(v->arena, s->relas.n + 1, sizeof(*sorted));
	size_t n = s->relas.n;

	memcpy(sorted, s->relas.v ? s->relas.v : sorted, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_offset);
	for (size_t i = 0; i < n; i++) {
		if (sorted[i].offset >= in->size) {
			klp_verify__refuse(v, code, in->name, rebuild,
					   "a relocation of '%s' lies at 0x%llx, outside of it",
					   in->name, (unsigned long long)sorted[i].offset);
			return;
		}
		if (v->image.machine == EM_X86_64)
			check_filled(v, code, s, &sorted[i], i + 1 < n ? &sorted[i + 1] : NULL);
	}
}

/*
 * layout_sections() leaves the per-CPU section to percpu_modalloc(): its relocations find the copy
 * in the file, which nobody reads any more.
 */
static void check_percpu(struct klp_verify *v, const char *code, const struct klp_image_section *s)
{
	const struct klp_image_section *in = &v->image.sections.v[s->info];

	if (s->relas.n && klp_lp_is_percpu(in->name))
		klp_verify__refuse(v, code, klp_verify__user(&v->image, s, &s->relas.v[0]),
				   "assign the pointer in code, from a pre-patch callback for one",
				   "a per-CPU variable in '%s' has a pointer as its initial value, "
				   "which the loader doesn't fill in",
				   in->name);
}

void klp_verify__file(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	check_machine(v, code);
	check_common(v, code);
	check_sections(v, code);
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (s->type != SHT_RELA || s->info >= image->sections.n ||
		    !(image->sections.v[s->info].flags & SHF_ALLOC))
			continue;
		check_places(v, code, s);
		check_percpu(v, code, s);
	}
}

/* Of struct module's relocations, the one that isn't cleanup_module's is for init. */
static bool has_init(const struct klp_image *image)
{
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (s->type != SHT_RELA ||
		    strcmp(image->sections.v[s->info].name, ".gnu.linkonce.this_module") != 0)
			continue;
		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_sym *to = &image->syms.v[s->relas.v[k].sym];

			if (strcmp(to->name, "cleanup_module") != 0 &&
			    to->shndx < image->sections.n &&
			    strncmp(image->sections.v[to->shndx].name, ".exit", strlen(".exit")) !=
				    0)
				return true;
		}
	}
	return false;
}

static bool code_refers_to(const struct klp_image *image, const char *symbol)
{
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (s->type != SHT_RELA || !(image->sections.v[s->info].flags & SHF_EXECINSTR))
			continue;
		for (size_t k = 0; k < s->relas.n; k++)
			if (!strcmp(image->syms.v[s->relas.v[k].sym].name, symbol))
				return true;
	}
	return false;
}

/* do_init_module() calls what struct module's init points to: that calls klp_enable_patch(). */
void klp_verify__enable(struct klp_verify *v, const char *code)
{
	const struct klp_table_objects *objects = &v->module.tables.objects;
	bool does = false;

	if (!has_init(&v->image))
		klp_verify__refuse(v, code, NULL, "give the module a module_init() function",
				   "the module has no init function: it would be loaded, and do "
				   "nothing");
	else if (!code_refers_to(&v->image, "klp_enable_patch"))
		klp_verify__refuse(
			v, code, NULL, "call klp_enable_patch() from module_init()",
			"nothing calls klp_enable_patch(): the module would be loaded, and "
			"patch nothing");
	for (size_t i = 0; i < objects->n; i++) {
		does = does || objects->v[i].funcs.n;
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			does = does || objects->v[i].callbacks[k];
	}
	if (v->module.readable && !does && !v->module.tables.changed_by)
		klp_verify__refuse(v, code, NULL, "fill in the functions of its objects",
				   "the livepatch has neither a function to patch nor a callback");
}
