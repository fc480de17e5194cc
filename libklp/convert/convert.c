// SPDX-License-Identifier: GPL-2.0-or-later
#include "convert/convert.h"

#include <elf.h>
#include <string.h>

#include "convert/undefined.h"
#include "elf/image.h"
#include "elf/livepatch.h"
#include "model/plan_check.h"

struct convert {
	struct klp_arena *arena;
	struct klp_image image;
	const struct klp_plan *plan;
	const struct klp_symref **refs; /* by symbol index; NULL: not converted */
	struct klp_convert_stats stats;
	struct klp_error *err;
};

static int fail(struct convert *c)
{
	return klp_error_at(c->err, c->image.path, 0, 0);
}

/* What is no plain, finished module as Kbuild leaves it. */
static int check_input(struct convert *c)
{
	const struct klp_image *image = &c->image;

	if (image->is_signed) {
		klp_error_set(c->err, KLP_EINPUT,
			      "'%s' is signed, and converting it would make "
			      "the signature wrong",
			      image->path);
		fail(c);
		return klp_error_hint(c->err, "build it with CONFIG_MODULE_SIG_ALL off, and sign "
					      "the converted module");
	}
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if ((s->flags & KLP_SHF_RELA_LIVEPATCH) || !strncmp(s->name, ".klp.", 5)) {
			klp_error_set(c->err, KLP_EINPUT, "'%s' is converted already", image->path);
			fail(c);
			return klp_error_hint(c->err, "give the module as Kbuild made it");
		}
		if (s->type == SHT_REL) {
			klp_error_set(c->err, KLP_EINPUT,
				      "section '%s' of '%s' has relocations "
				      "without addends",
				      s->name, image->path);
			return fail(c);
		}
	}
	return 0;
}

/* kernel/livepatch/core.c klp_resolve_symbols(): who may refer to whom. */
static int check_ref(struct convert *c, const struct klp_symref *ref)
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

static int choose_symbols(struct convert *c)
{
	c->refs = klp_alloc_array(c->arena, c->image.syms.n, sizeof(struct klp_symref *));
	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_image_sym *sym = &c->image.syms.v[i];
		const struct klp_symref *ref;

		if (ELF64_ST_BIND(sym->info) == STB_LOCAL)
			continue;
		ref = klp_plan_ref(c->plan, sym->name);
		if (!ref || ref->how != KLP_HOW_RELOC)
			continue;
		if (sym->shndx != SHN_UNDEF) {
			klp_error_set(c->err, KLP_EINPUT,
				      "the module defines '%s', which the plan "
				      "has as a reference to '%s' of '%s'",
				      sym->name, ref->symbol, ref->object);
			return fail(c);
		}
		if (check_ref(c, ref) < 0)
			return fail(c);
		c->refs[i] = ref;
	}
	return 0;
}

static int refuse_early(struct convert *c, uint32_t target, const struct klp_image_rela *rela,
			const struct klp_symref *ref, const char *instead)
{
	const struct klp_image_sym *in = klp_image_user(&c->image, target, rela->offset);

	klp_error_set(c->err, KLP_EINPUT,
		      "'%s' refers to '%s' of module '%s' from section '%s', which the kernel uses "
		      "before it can resolve that",
		      in ? in->name : ref->needed_by, ref->symbol, ref->object,
		      c->image.sections.v[target].name);
	fail(c);
	return klp_error_hint(c->err, "%s", instead);
}

/* The .klp.rela section for an object, made on first use; its index. */
static uint32_t section_for(struct convert *c, uint32_t from, const char *object)
{
	const struct klp_image_section *target =
		&c->image.sections.v[c->image.sections.v[from].info];
	char *name = klp_lp_section_name(c->arena, object, target->name);
	struct klp_image_section section = {
		.name = name,
		.type = SHT_RELA,
		.link = c->image.symtab,
		.info = c->image.sections.v[from].info,
		.flags = SHF_ALLOC | SHF_INFO_LINK | KLP_SHF_RELA_LIVEPATCH,
		.align = 8,
		.entsize = sizeof(Elf64_Rela),
	};

	for (size_t i = 1; i < c->image.sections.n; i++)
		if (c->image.sections.v[i].info == section.info &&
		    !strcmp(c->image.sections.v[i].name, name))
			return (uint32_t)i;
	klp_vec_push(c->arena, &c->image.sections, section);
	klp_vec_push(c->arena, &c->stats.sections, name);
	return (uint32_t)c->image.sections.n - 1;
}

static int move_relocations(struct convert *c, uint32_t index)
{
	struct klp_image_section *from = &c->image.sections.v[index];
	const struct klp_image_section *target = &c->image.sections.v[from->info];
	const char *early = klp_lp_early_section(target->name);
	struct klp_image_relas all = from->relas, kept = {};

	/* The loader passes over the relocations of what isn't loaded, debugging sections. */
	if (!(target->flags & SHF_ALLOC))
		return 0;
	for (size_t i = 0; i < all.n; i++) {
		const struct klp_symref *ref = c->refs[all.v[i].sym];
		uint32_t to;

		if (!ref) {
			klp_vec_push(c->arena, &kept, all.v[i]);
			continue;
		}
		if (early && strcmp(ref->section_object, "vmlinux"))
			return refuse_early(c, c->image.sections.v[index].info, &all.v[i], ref,
					    early);
		to = section_for(c, index, ref->section_object);
		klp_vec_push(c->arena, &c->image.sections.v[to].relas, all.v[i]);
		c->stats.relocations++;
	}
	c->image.sections.v[index].relas = kept; /* the table may have moved */
	return 0;
}

/*
 * A symbol that was a function or object by its declaration stays without a type: the kernel
 * reads the name only.
 */
static void rename_symbols(struct convert *c)
{
	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_symref *ref = c->refs[i];
		struct klp_image_sym *sym = &c->image.syms.v[i];

		if (!ref)
			continue;
		sym->name = klp_lp_symbol_name(c->arena, ref->object, ref->symbol, ref->sympos);
		sym->shndx = KLP_SHN_LIVEPATCH;
		sym->value = 0;
		c->stats.symbols++;
	}
}

static int convert(struct convert *c, const struct klp_map *exports)
{
	size_t n = c->image.sections.n; /* without those that are added meanwhile */

	if (check_input(c) < 0 || choose_symbols(c) < 0)
		return c->err->code;
	if (klp_convert__undefined(c->arena, &c->image, c->plan, c->refs, exports, c->err) < 0)
		return c->err->code;
	for (size_t i = 1; i < n; i++)
		if (c->image.sections.v[i].type == SHT_RELA && move_relocations(c, (uint32_t)i) < 0)
			return c->err->code;
	rename_symbols(c);
	return 0;
}

int klp_convert(struct klp_arena *arena, const char *in, const char *out,
		const struct klp_plan *plan, const struct klp_map *exports,
		struct klp_convert_stats *ret, struct klp_error *err)
{
	struct convert c = { .arena = arena, .plan = plan, .err = err };
	int r;

	r = klp_plan_check(arena, plan, err);
	if (!r)
		r = klp_image_load(arena, in, &c.image, err);
	if (!r)
		r = convert(&c, exports);
	if (!r)
		r = klp_image_write(arena, &c.image, out, err);
	if (r < 0) {
		err->stage = "convert";
		return r;
	}
	*ret = c.stats;
	return 0;
}
