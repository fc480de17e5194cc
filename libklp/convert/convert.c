// SPDX-License-Identifier: GPL-2.0-or-later
#include "convert/convert.h"

#include <elf.h>
#include <string.h>

#include "base/file.h"
#include "convert/private.h"
#include "elf/livepatch.h"
#include "model/plan_check.h"

int klp_convert__fail(struct klp_conversion *c)
{
	return klp_error_at(c->err, c->image.path, 0, 0);
}

static int refuse_converted(struct klp_conversion *c)
{
	klp_error_set(c->err, KLP_EINPUT, "'%s' is converted already", c->image.path);
	klp_error_hint(c->err, "give the module as Kbuild made it");
	return klp_convert__fail(c);
}

static int check_sections(struct klp_conversion *c)
{
	for (size_t i = 1; i < c->image.sections.n; i++) {
		const struct klp_image_section *s = &c->image.sections.v[i];

		if ((s->flags & KLP_SHF_RELA_LIVEPATCH) ||
		    !strncmp(s->name, KLP_RELA_PREFIX, sizeof(KLP_RELA_PREFIX) - 1))
			return refuse_converted(c);
		if (s->type == SHT_REL) {
			klp_error_set(c->err, KLP_EINPUT,
				      "section '%s' of '%s' has relocations "
				      "without addends",
				      s->name, c->image.path);
			klp_error_hint(c->err, "the kernel has no livepatches on such a machine");
			return klp_convert__fail(c);
		}
	}
	return 0;
}

/* What is no plain, finished module as Kbuild leaves it. */
static int check_input(struct klp_conversion *c)
{
	if (c->image.is_signed) {
		klp_error_set(c->err, KLP_EINPUT,
			      "'%s' is signed, and converting it would make "
			      "the signature wrong",
			      c->image.path);
		klp_error_hint(c->err, "build it with CONFIG_MODULE_SIG_ALL off, and sign "
				       "the converted module");
		return klp_convert__fail(c);
	}
	for (size_t i = 1; i < c->image.syms.n; i++)
		if (c->image.syms.v[i].shndx == KLP_SHN_LIVEPATCH)
			return refuse_converted(c);
	return check_sections(c);
}

static int choose(struct klp_conversion *c)
{
	c->refs = klp_alloc_array(c->arena, c->image.syms.n, sizeof(struct klp_symref *));
	if ((c->opts->plan && klp_convert__plan(c) < 0) || klp_convert__annotations(c) < 0 ||
	    (!c->opts->plan && klp_convert__lookup(c) < 0))
		return c->err->code;
	return klp_convert__limits(c) < 0 ? c->err->code : klp_convert__undefined(c);
}

/* One section is gone through, and for each object there is one that relocations move to. */
struct move {
	uint32_t from;
	bool early;		 /* not all references may stand there: early.c */
	struct klp_map sections; /* object -> index, as a pointer */
	const char *last_object; /* asked for, and the answer: mostly it is the same again */
	uint32_t last;
};

static uint32_t find_section(struct klp_conversion *c, struct move *move, const char *object)
{
	void *known = klp_map_get(&move->sections, object);
	uint32_t info = c->image.sections.v[move->from].info;
	char *name;

	if (known)
		return (uint32_t)(uintptr_t)known;
	name = klp_lp_section_name(c->arena, object, c->image.sections.v[info].name);
	klp_vec_push(c->arena, &c->image.sections,
		     (struct klp_image_section){
			     .name = name,
			     .type = SHT_RELA,
			     .link = c->image.symtab,
			     .info = info,
			     .flags = SHF_ALLOC | SHF_INFO_LINK | KLP_SHF_RELA_LIVEPATCH,
			     .align = 8,
			     .entsize = sizeof(Elf64_Rela),
		     });
	klp_vec_push(c->arena, &c->stats.sections, name);
	klp_map_put(&move->sections, object, (void *)(uintptr_t)(c->image.sections.n - 1));
	return (uint32_t)c->image.sections.n - 1;
}

static uint32_t section_for(struct klp_conversion *c, struct move *move, const char *object)
{
	if (object != move->last_object) {
		move->last = find_section(c, move, object);
		move->last_object = object;
	}
	return move->last;
}

static int move_one(struct klp_conversion *c, struct move *move, const struct klp_image_rela *rela)
{
	uint32_t target = c->image.sections.v[move->from].info;
	const struct klp_symref *ref = c->refs[rela->sym];
	const char *object;
	uint32_t to;

	if ((move->early && klp_convert__percpu(c, target, rela, ref) < 0) ||
	    klp_convert__owner(c, ref, target, rela->offset, &object) < 0 ||
	    (move->early && klp_convert__early(c, target, rela, ref, object) < 0))
		return c->err->code;
	to = section_for(c, move, object);
	klp_vec_push(c->arena, &c->image.sections.v[to].relas, *rela);
	c->stats.relocations++;
	return 0;
}

static int move_relocations(struct klp_conversion *c, uint32_t index)
{
	const struct klp_image_section *from = &c->image.sections.v[index];
	struct klp_image_relas all = from->relas, kept = {};
	struct move move = { .from = index };

	/* The loader passes over the relocations of what isn't loaded, debugging sections. */
	if (!(c->image.sections.v[from->info].flags & SHF_ALLOC))
		return 0;
	klp_map_init(&move.sections, c->arena);
	move.early = klp_convert__may_refuse(c, from->info);
	for (size_t i = 0; i < all.n; i++) {
		if (!c->refs[all.v[i].sym])
			klp_vec_push(c->arena, &kept, all.v[i]);
		else if (move_one(c, &move, &all.v[i]) < 0)
			return c->err->code;
	}
	c->image.sections.v[index].relas = kept; /* the table may have moved */
	return 0;
}

/*
 * A symbol that was a function or object by its declaration stays without a type: the kernel
 * reads the name only.
 */
static void rename_symbols(struct klp_conversion *c)
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

static int convert(struct klp_conversion *c)
{
	size_t n = c->image.sections.n; /* without those that are added meanwhile */

	if (check_input(c) < 0 || choose(c) < 0)
		return c->err->code;
	for (size_t i = 1; i < n; i++)
		if (c->image.sections.v[i].type == SHT_RELA && move_relocations(c, (uint32_t)i) < 0)
			return c->err->code;
	klp_convert__depends(c);
	rename_symbols(c);
	return 0;
}

/* Written over the input, the module that Kbuild made is gone when something is to be mended. */
static int check_paths(struct klp_arena *arena, const char *in, const char *out,
		       struct klp_error *err)
{
	char *real_in, *real_out;

	if (klp_realpath(arena, in, &real_in, err) < 0)
		return err->code;
	if (!klp_file_exists(out))
		return 0;
	if (klp_realpath(arena, out, &real_out, err) < 0)
		return err->code;
	if (strcmp(real_in, real_out))
		return 0;
	klp_error_set(err, KLP_EUSAGE, "input and output are the same file, '%s'", in);
	return klp_error_hint(err, "write to another one: the plain module is needed to convert it "
				   "again");
}

int klp_convert(struct klp_arena *arena, const char *in, const char *out,
		const struct klp_convert_opts *opts, struct klp_convert_stats *ret,
		struct klp_error *err)
{
	struct klp_conversion c = { .arena = arena, .opts = opts, .err = err };
	int r = opts->plan ? klp_plan_check(arena, opts->plan, err) : 0;

	klp_symtabs_init(&c.symtabs, arena);
	klp_map_init(&c.objects, arena);
	if (!r)
		r = check_paths(arena, in, out, err);
	if (!r)
		r = klp_image_load(arena, in, &c.image, err);
	if (!r)
		r = convert(&c);
	if (!r)
		r = klp_image_write(arena, &c.image, out, err);
	if (r < 0) {
		err->stage = "convert";
		return klp_error_hint(err, "are the paths right, and may they be read and written?");
	}
	*ret = c.stats;
	return 0;
}
