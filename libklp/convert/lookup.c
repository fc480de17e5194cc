// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What symbols stand for, by the build: the symbol tables of vmlinux and of the modules that the
 * livepatch patches, and what other modules export. Only where that leaves one.
 */
#include <elf.h>
#include <string.h>

#include "convert/private.h"
#include "parsers/symvers.h"

struct search {
	struct klp_conversion *c;
	const struct klp_strs *patched;
	struct klp_candidates found;
};

/* What isn't there can't be looked through, and may have a symbol of the name as well. */
static int refuse_missing(struct klp_conversion *c, const char *object)
{
	klp_error_set(c->err, KLP_EINPUT,
		      "the build has no '%.200s', which the livepatch patches or refers to: what it "
		      "has can't be looked up",
		      object);
	klp_error_hint(c->err, "without a plan or annotations symbols are looked up in vmlinux, the "
			       "modules that are patched, and those that export: build them, or say "
			       "by a plan or asm labels what is meant");
	return klp_convert__fail(c);
}

static int search_object(struct search *s, const char *object, const char *name)
{
	const struct klp_symtab *symtab;

	if (klp_convert__object(s->c, object, &symtab) < 0)
		return s->c->err->code;
	if (!symtab)
		return refuse_missing(s->c, object);
	klp_convert__candidates(s->c, object, symtab, name, &s->found);
	return 0;
}

static int search_name(struct search *s, const char *name)
{
	const struct klp_export *export = klp_map_get(&s->c->opts->tree->exports, name);
	const char *module;

	if (search_object(s, "vmlinux", name) < 0)
		return s->c->err->code;
	for (size_t i = 0; i < s->patched->n; i++)
		if (search_object(s, s->patched->v[i], name) < 0)
			return s->c->err->code;
	if (!export || !strcmp(export->module, "vmlinux"))
		return 0;
	module = klp_convert__module_name(s->c, export->module);
	return klp_strs_has(s->patched, module) ? 0 : search_object(s, module, name);
}

static int refuse_several(struct search *s, uint32_t symbol)
{
	struct klp_conversion *c = s->c;
	const struct klp_candidate *first = &s->found.v[0], *last = &s->found.v[s->found.n - 1];
	const char *name = c->image.syms.v[symbol].name;

	if (c->opts->candidates)
		*c->opts->candidates = s->found;
	klp_error_set(c->err, KLP_EINPUT,
		      "'%.400s' (needed by %s) may stand for %zu symbols of %s%s%s", name,
		      klp_convert__referrers(c, symbol), s->found.n, first->object,
		      strcmp(first->object, last->object) ? " to " : "",
		      strcmp(first->object, last->object) ? last->object : "");
	klp_error_hint(c->err,
		       "say which is meant, as KLP_RELOC_SYMBOL_POS(PATCHED, OBJECT, NAME, POSITION) "
		       "does: an asm label .klp.sym.rela.PATCHED.OBJECT.NAME,POSITION");
	return klp_convert__fail(c);
}

static int look_up(struct search *s, uint32_t symbol)
{
	struct klp_conversion *c = s->c;
	const char *name = c->image.syms.v[symbol].name;
	const char *base = klp_convert__without_prefix(name);
	const struct klp_candidate *one;
	struct klp_symref *ref;

	s->found.n = 0;
	if (search_name(s, name) < 0 || (base != name && search_name(s, base) < 0))
		return c->err->code;
	if (!s->found.n)
		return 0; /* said by undefined.c, which knows who needs it */
	if (s->found.n > 1)
		return refuse_several(s, symbol);
	one = &s->found.v[0];
	ref = klp_new(c->arena, struct klp_symref);
	*ref = (struct klp_symref){ .link_name = name,
				    .object = one->object,
				    .symbol = one->symbol,
				    .sympos = one->sympos,
				    .how = KLP_HOW_RELOC };
	if (!strcmp(one->object, "vmlinux"))
		ref->section_object = "vmlinux";
	if (klp_convert__check_symbol(c, ref, name) < 0 ||
	    klp_convert__check_unit(c, symbol, &s->found) < 0)
		return c->err->code;
	c->refs[symbol] = ref;
	return 0;
}

/* With no export known, each would be taken for something that only a livepatch can reach. */
static int need_exports(struct klp_conversion *c)
{
	if (c->opts->tree->exports.n)
		return 0;
	klp_error_set(c->err, KLP_EINPUT, "the build has no exports at all: it can't be told what "
					  "the module loader resolves");
	klp_error_hint(c->err, "is Module.symvers missing or empty?");
	return klp_convert__fail(c);
}

int klp_convert__lookup(struct klp_conversion *c)
{
	struct search s = { .c = c };

	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_image_sym *sym = &c->image.syms.v[i];

		if (c->refs[i] || !klp_convert__is_open(sym) ||
		    klp_convert__loader_resolves(c, sym))
			continue;
		if (!s.patched && (need_exports(c) < 0 || klp_convert__patched(c, &s.patched) < 0))
			return c->err->code;
		if (look_up(&s, (uint32_t)i) < 0)
			return c->err->code;
	}
	return 0;
}
