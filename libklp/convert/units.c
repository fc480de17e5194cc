// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a symbol that was found by its name alone can be meant. A function names the statics of
 * its own unit only. When the compiler inlined that, or gave it another name, another unit's static
 * may be the only one left that is called so: it must not be taken for it.
 */
#include <elf.h>
#include <string.h>

#include "base/file.h"
#include "convert/private.h"

#define NOT_YET 0 /* looked for */
#define UNKNOWN UINT32_MAX

struct place {
	uint32_t target, type;
	uint64_t offset;
	uint32_t next; /* + 1; 0 for none */
};

struct klp_convert_units {
	uint32_t *first; /* by symbol: its first place + 1 */
	KLP_VEC(, struct place) places;
	uint32_t *unit; /* by patched function: its STT_FILE group, NOT_YET, UNKNOWN */
};

static void make_units(struct klp_conversion *c, size_t nfuncs)
{
	const struct klp_image *image = &c->image;
	struct klp_convert_units *units = klp_new(c->arena, struct klp_convert_units);

	units->first = klp_alloc_array(c->arena, image->syms.n, sizeof(uint32_t));
	units->unit = klp_alloc_array(c->arena, nfuncs + 1, sizeof(uint32_t));
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (!s->relas.n || !(image->sections.v[s->info].flags & SHF_ALLOC))
			continue;
		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_rela *r = &s->relas.v[k];

			if (!klp_convert__is_open(&image->syms.v[r->sym]))
				continue;
			klp_vec_push(c->arena, &units->places,
				     (struct place){ s->info, r->type, r->offset,
						     units->first[r->sym] });
			units->first[r->sym] = (uint32_t)units->places.n;
		}
	}
	c->units = units;
}

static bool ends(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && !strcmp(name + len - n, end);
}

/* The group of all symbols when there is one unit, besides what Kbuild adds to a module. */
static uint32_t only_unit(const struct klp_symtab *symtab)
{
	const char *file = NULL;

	for (size_t i = 1; i < symtab->n; i++) {
		const struct klp_sym *s = &symtab->v[i];

		if (s->type != STT_FILE || !*s->name || ends(s->name, ".mod.c") ||
		    ends(s->name, "module-common.c"))
			continue;
		if (file)
			return UNKNOWN;
		file = s->name;
	}
	for (size_t i = 1; file && i < symtab->n; i++)
		if (symtab->v[i].group && symtab->v[i].file && !strcmp(symtab->v[i].file, file))
			return symtab->v[i].group;
	return UNKNOWN;
}

/*
 * A global isn't in a group. But the linker lays the code of a unit out together: one that stands
 * between two statics of a unit, with none of another between them, is of that unit.
 */
static uint32_t unit_around(const struct klp_symtab *symtab, const struct klp_sym *sym)
{
	uint32_t before = UNKNOWN;
	bool behind = false;

	for (size_t i = 0; i < symtab->n_by_place; i++) {
		const struct klp_sym *s = symtab->by_place[i];

		if (s == sym)
			behind = true;
		if (s->shndx != sym->shndx || s->type != STT_FUNC || s->bind != STB_LOCAL)
			continue;
		if (behind)
			return s->group && s->group == before ? before : UNKNOWN;
		before = s->group ? s->group : UNKNOWN;
	}
	return UNKNOWN;
}

/* The group of the module that an object became: that of each static of it which is found there. */
static uint32_t group_of(const struct klp_symtab *symtab, const struct klp_symtab *unit)
{
	for (size_t i = 1; i < unit->n; i++) {
		const struct klp_sym *s = &unit->v[i], *found;
		bool ambiguous;

		if (s->bind != STB_LOCAL || (s->type != STT_FUNC && s->type != STT_OBJECT))
			continue;
		found = klp_symtab_locate(symtab, unit, s->name, &ambiguous);
		if (found && found->group)
			return found->group;
	}
	return UNKNOWN;
}

static bool defines(const struct klp_symtab *unit, const struct klp_sym *sym)
{
	const struct klp_sym *s = klp_symtab_get(unit, sym->name);

	while (s && (!klp_sym_defined(s) || s->bind != sym->bind || s->type != sym->type))
		s = s->same;
	return s != NULL;
}

/*
 * Of the objects that a module was linked from, the one that defines a global. Those that are gone,
 * or no ELF objects, define none: the answer is another's, or there is none. Weak ones may be
 * defined by several; which one it became isn't asked.
 */
static uint32_t unit_of_objects(struct klp_conversion *c, const char *module,
				const struct klp_symtab *symtab, const struct klp_sym *sym)
{
	const struct klp_symtab *found = NULL;
	struct klp_strs objects;

	if (sym->bind != STB_GLOBAL)
		return UNKNOWN;
	klp_tree_module_objects(c->arena, c->opts->tree, module, &objects);
	for (size_t i = 0; i < objects.n; i++) {
		struct klp_error ignored = {};
		const struct klp_symtab *unit =
			klp_file_exists(objects.v[i])
				? klp_symtabs_get(&c->symtabs, objects.v[i], &ignored)
				: NULL;

		if (!unit || !defines(unit, sym))
			continue;
		if (found)
			return UNKNOWN;
		found = unit;
	}
	return found ? group_of(symtab, found) : UNKNOWN;
}

static uint32_t find_unit(struct klp_conversion *c, const struct klp_symtab *symtab,
			  const struct klp_patched_func *func)
{
	const struct klp_sym *sym = NULL;
	uint32_t unit = UNKNOWN;

	if (func->old_name)
		sym = klp_symtab_at(symtab, func->old_name, func->sympos);
	if (!sym || sym->type != STT_FUNC)
		return UNKNOWN;
	if (sym->bind == STB_LOCAL)
		return sym->group ? sym->group : UNKNOWN;
	if (symtab->relocatable)
		unit = only_unit(symtab);
	if (unit == UNKNOWN)
		unit = unit_around(symtab, sym);
	if (unit == UNKNOWN && symtab->relocatable)
		unit = unit_of_objects(c, func->object, symtab, sym);
	return unit;
}

/* Is some function of a set, or of all when it is empty, in that group of the object? */
static bool belongs(struct klp_conversion *c, const struct klp_patched_funcs *funcs, uint64_t set,
		    const char *object, const struct klp_symtab *symtab, uint32_t group)
{
	for (size_t i = 0; group && i < funcs->n; i++) {
		uint32_t *unit = &c->units->unit[i];

		if ((set && !(set & klp_convert__func_bit(i))) ||
		    strcmp(funcs->v[i].object, object))
			continue;
		if (*unit == NOT_YET)
			*unit = find_unit(c, symtab, &funcs->v[i]);
		if (*unit == group)
			return true;
	}
	return false;
}

static bool is_call(const struct klp_image *image, uint32_t type)
{
	switch (image->machine) {
	case EM_X86_64:
		return type == R_X86_64_PLT32;
	case EM_S390:
		return type == R_390_PLT32DBL;
	case EM_AARCH64:
		return type == R_AARCH64_CALL26 || type == R_AARCH64_JUMP26;
	case EM_PPC64:
		return type == R_PPC64_REL24;
	default:
		return false;
	}
}

static int refuse(struct klp_conversion *c, uint32_t symbol, const struct klp_candidates *found,
		  const char *why)
{
	const struct klp_candidate *one = &found->v[0];

	if (c->opts->candidates)
		*c->opts->candidates = *found;
	klp_error_set(
		c->err, KLP_EINPUT,
		"'%.400s' (needed by %s) may not be taken for '%.300s' of %s, the only one of "
		"that name: %s",
		c->image.syms.v[symbol].name, klp_convert__referrers(c, symbol), one->symbol,
		one->object, why);
	klp_error_hint(c->err,
		       "if it is meant, say so by a plan or an asm label "
		       ".klp.sym.rela.PATCHED.%s.%.300s,%u; if not, the one that is meant was "
		       "inlined or renamed: copy it into the livepatch",
		       one->object, one->symbol, one->sympos);
	return klp_convert__fail(c);
}

int klp_convert__check_unit(struct klp_conversion *c, uint32_t symbol,
			    const struct klp_candidates *found)
{
	const struct klp_candidate *one = &found->v[0];
	const struct klp_patched_funcs *funcs;
	const struct klp_symtab *symtab;
	const struct klp_sym *sym;
	uint64_t last = 0;
	bool asked = false;

	if (klp_convert__funcs(c, &funcs) < 0 || klp_convert__object(c, one->object, &symtab) < 0)
		return c->err->code;
	if (!c->units)
		make_units(c, funcs->n);
	sym = klp_symtab_at(symtab, one->symbol, one->sympos);
	if (!sym)
		return 0; /* refused by klp_convert__check_symbol() */
	for (uint32_t i = c->units->first[symbol]; i; i = c->units->places.v[i - 1].next) {
		const struct place *p = &c->units->places.v[i - 1];
		uint64_t set;

		if (is_call(&c->image, p->type) && sym->type != STT_FUNC &&
		    (sym->type != STT_NOTYPE || sym->bind == STB_LOCAL))
			return refuse(c, symbol, found, "it is called, and that is no function");
		if (sym->bind != STB_LOCAL)
			continue;
		set = klp_convert__leads(c, p->target, p->offset);
		if (asked && set == last)
			continue;
		if (!belongs(c, funcs, set, one->object, symtab, sym->group))
			return refuse(c, symbol, found,
				      klp_sprintf(c->arena,
						  "that is a static of '%.200s', "
						  "and no patched "
						  "function that leads there is "
						  "known to be of "
						  "that file",
						  one->file ? one->file : "an unknown file"));
		last = set;
		asked = true;
	}
	return 0;
}
