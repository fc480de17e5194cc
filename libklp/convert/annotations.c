// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What symbols stand for, by what the author wrote into the module; the forms are those of the
 * klp-convert patches for the kernel:
 *
 *   extern int foo KLP_RELOC_SYMBOL(ext4, jbd2, foo);
 *	an asm label ".klp.sym.rela.ext4.jbd2.foo,0": the patched object, the symbol's, its name and
 *	position. clang-extract has written a dot in the place of the comma.
 *   KLP_MODULE_RELOC(ext4) relocs[] = { KLP_SYMPOS(foo, 2) };
 *	entries in section ".klp.module_relocs.ext4": a pointer, which is a relocation to the
 *	undefined symbol, and a position (32 bits). The structure is packed there, so that an entry
 *	has 12 bytes; without that it has 16.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "convert/private.h"
#include "model/plan_check.h"

#define LABEL_PREFIX	KLP_LABEL_PREFIX
#define SECTION_PREFIX	".klp.module_relocs."
#define PACKED_ENTRY	12
#define ALIGNED_ENTRY	16
#define POSITION_OFFSET 8

static int refuse(struct klp_conversion *c, const char *hint, const char *text)
{
	klp_error_set(c->err, KLP_EINPUT, "%s", text);
	klp_error_hint(c->err, "%s", hint);
	return klp_convert__fail(c);
}

static int refuse_label(struct klp_conversion *c, const char *label, const char *why)
{
	return refuse(c,
		      "it has the form " LABEL_PREFIX
		      "PATCHED.OBJECT.NAME,POSITION, with position 0 "
		      "for a name that is unique in OBJECT",
		      klp_sprintf(c->arena, "annotation '%.500s' %s", label, why));
}

/* Up to the next dot, which is passed; NULL when there is none. */
static const char *take_object(struct klp_arena *arena, const char **p)
{
	const char *dot = strchr(*p, '.'), *object;

	if (!dot)
		return NULL;
	object = klp_strndup(arena, *p, (size_t)(dot - *p));
	*p = dot + 1;
	return klp_is_object(object) ? object : NULL;
}

/* Digits alone; false for anything else. What is too large is cut to more than any limit. */
static bool take_position(const char *p, unsigned int *ret)
{
	size_t n = strspn(p, "0123456789");

	if (!n || p[n])
		return false;
	*ret = n > 9 ? 1000000000 : (unsigned int)strtoul(p, NULL, 10);
	return true;
}

/*
 * "NAME,POSITION", or "NAME.POSITION" where that can be nothing else: "count.3.0" is count.3, but
 * "count.3" may be count at 3 as well as count.3 without a position.
 */
static int take_name(struct klp_conversion *c, const char *label, const char *p,
		     struct klp_symref *ref)
{
	const char *comma = strchr(p, ','), *end = comma ? comma : strrchr(p, '.');

	if (comma && strchr(comma + 1, ','))
		return refuse_label(c, label, "has a comma in the name");
	if (!end || end == p || !take_position(end + 1, &ref->sympos))
		return refuse_label(c, label, "has no position");
	ref->symbol = klp_strndup(c->arena, p, (size_t)(end - p));
	if (!comma && klp_convert__has_symbol(c, ref->object, p))
		return refuse_label(
			c, label,
			klp_sprintf(c->arena,
				    "can be read in two ways: '%s' has a symbol '%s', too",
				    ref->object, p));
	return c->err->code;
}

static int read_label(struct klp_conversion *c, const char *label, struct klp_symref *ref)
{
	const char *p = label + sizeof(LABEL_PREFIX) - 1;

	*ref = (struct klp_symref){ .link_name = label, .how = KLP_HOW_RELOC };
	ref->section_object = take_object(c->arena, &p);
	if (!ref->section_object)
		return refuse_label(c, label, "names no object that is patched");
	ref->object = take_object(c->arena, &p);
	if (!ref->object)
		return refuse_label(c, label, "names no object that has the symbol");
	if (take_name(c, label, p, ref) < 0)
		return c->err->code;
	/* The kernel resolves what vmlinux has at once, and refuses it in a module's section. */
	if (!strcmp(ref->object, "vmlinux"))
		ref->section_object = "vmlinux";
	else if (!strcmp(ref->section_object, "vmlinux"))
		return refuse_label(c, label,
				    "has a module's symbol resolved with vmlinux, when the module "
				    "may not be there");
	return 0;
}

/* The function (or variable) that refers to a symbol first; the symbol itself when none does. */
static const char *first_user(struct klp_conversion *c, uint32_t symbol)
{
	const struct klp_image *image = &c->image;

	for (size_t i = 1; i < image->sections.n; i++)
		for (size_t k = 0; k < image->sections.v[i].relas.n; k++) {
			const struct klp_image_section *s = &image->sections.v[i];
			const struct klp_image_sym *user;

			if (s->relas.v[k].sym != symbol)
				continue;
			user = klp_image_user(image, s->info, s->relas.v[k].offset);
			if (user)
				return user->name;
		}
	return image->syms.v[symbol].name;
}

static int choose(struct klp_conversion *c, uint32_t symbol, struct klp_symref *ref)
{
	const struct klp_image_sym *sym = &c->image.syms.v[symbol];
	const struct klp_symref *other = c->refs[symbol];

	if (sym->shndx != SHN_UNDEF || ELF64_ST_BIND(sym->info) == STB_LOCAL || !*sym->name)
		return refuse(c, "an annotation is for a symbol of the kernel, declared extern",
			      klp_sprintf(c->arena,
					  "the module defines '%.500s', which is annotated as a "
					  "symbol of '%s'",
					  sym->name, ref->object));
	if (other && (strcmp(other->object, ref->object) || strcmp(other->symbol, ref->symbol) ||
		      other->sympos != ref->sympos))
		return refuse(
			c, "leave one of them, the right one",
			klp_sprintf(c->arena,
				    "'%.400s' is '%s' of '%s' (position %u) by one annotation or "
				    "the plan, '%s' of '%s' (position %u) by another",
				    sym->name, other->symbol, other->object, other->sympos,
				    ref->symbol, ref->object, ref->sympos));
	if (other)
		return 0;
	if (klp_convert__check_symbol(c, ref, sym->name) < 0)
		return c->err->code;
	ref->needed_by = first_user(c, symbol);
	c->refs[symbol] = klp_new(c->arena, struct klp_symref);
	*(struct klp_symref *)(uintptr_t)c->refs[symbol] = *ref;
	if (c->opts->plan && ref->section_object)
		klp_vec_push(c->arena, &c->stats.annotated, *ref);
	return 0;
}

static int read_labels(struct klp_conversion *c)
{
	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_image_sym *sym = &c->image.syms.v[i];
		struct klp_symref ref;

		if (strncmp(sym->name, LABEL_PREFIX, sizeof(LABEL_PREFIX) - 1))
			continue;
		if (read_label(c, sym->name, &ref) < 0)
			return klp_convert__fail(c);
		if (ref.sympos > KLP_MAX_SYMPOS)
			return refuse_label(c, sym->name, "has a position above 999");
		if (choose(c, (uint32_t)i, &ref) < 0)
			return c->err->code;
	}
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct klp_image_rela *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* All relocations of a section, by their places. */
static struct klp_image_relas entries_of(struct klp_conversion *c, uint32_t section)
{
	struct klp_image_relas all = {};

	for (uint32_t i = 0; (i = klp_image_relas_of(&c->image, section, i));)
		for (size_t k = 0; k < c->image.sections.v[i].relas.n; k++)
			klp_vec_push(c->arena, &all, c->image.sections.v[i].relas.v[k]);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_offset);
	return all;
}

static int malformed(struct klp_conversion *c, const struct klp_image_section *s, uint64_t offset)
{
	return refuse(
		c, "it is an array of struct klp_module_reloc { void *sym; unsigned int sympos; }",
		klp_sprintf(c->arena,
			    "section '%.200s' has no entry at offset %llu that could be read",
			    s->name, (unsigned long long)offset));
}

/* The name as it is written, or without klpe_ when the object has only that. */
static const char *name_there(struct klp_conversion *c, const char *object, const char *name)
{
	const char *base = klp_convert__without_prefix(name);

	if (base != name && !klp_convert__has_symbol(c, object, name))
		return base;
	return name;
}

static int read_entries(struct klp_conversion *c, uint32_t section, const char *object)
{
	const struct klp_image_section *s = &c->image.sections.v[section];
	struct klp_image_relas entries = entries_of(c, section);
	uint64_t size =
		entries.n && s->size / entries.n == ALIGNED_ENTRY ? ALIGNED_ENTRY : PACKED_ENTRY;

	if (s->size != entries.n * size || (entries.n && !s->data))
		return malformed(c, s, entries.n ? entries.n * size : 0);
	for (size_t i = 0; i < entries.n; i++) {
		const struct klp_image_rela *r = &entries.v[i];
		struct klp_symref ref = { .object = object, .how = KLP_HOW_RELOC };
		const char *name = c->image.syms.v[r->sym].name;

		if (r->offset != i * size || r->addend)
			return malformed(c, s, i * size);
		ref.link_name = name;
		ref.symbol = name_there(c, object, name);
		ref.sympos = (unsigned int)klp_image_number(
			&c->image, s->data + r->offset + POSITION_OFFSET, 4);
		if (!strcmp(object, "vmlinux"))
			ref.section_object = "vmlinux";
		if (c->err->code || choose(c, r->sym, &ref) < 0)
			return klp_convert__fail(c);
	}
	return 0;
}

/*
 * Read, the section is of no use. It stays in the file, as debugging information may refer to it,
 * but the kernel doesn't load it, and nothing is to be resolved in it.
 */
static void retire(struct klp_conversion *c, uint32_t section)
{
	c->image.sections.v[section].flags &= ~(uint64_t)(SHF_ALLOC | SHF_WRITE);
	for (uint32_t i = 0; (i = klp_image_relas_of(&c->image, section, i));)
		c->image.sections.v[i].relas.n = 0;
}

static int read_arrays(struct klp_conversion *c)
{
	for (size_t i = 1; i < c->image.sections.n; i++) {
		const char *name = c->image.sections.v[i].name, *object;

		if (strncmp(name, SECTION_PREFIX, sizeof(SECTION_PREFIX) - 1))
			continue;
		object = name + sizeof(SECTION_PREFIX) - 1;
		if (!klp_is_object(object))
			return refuse(
				c, "it ends in vmlinux, or a module's name as in /proc/modules",
				klp_sprintf(c->arena, "section '%.200s' names no object", name));
		if (read_entries(c, (uint32_t)i, object) < 0)
			return c->err->code;
		retire(c, (uint32_t)i);
	}
	return 0;
}

int klp_convert__annotations(struct klp_conversion *c)
{
	return read_labels(c) < 0 || read_arrays(c) < 0 ? c->err->code : 0;
}
