// SPDX-License-Identifier: GPL-2.0-or-later
/* A livepatch as it stands in its file: what it patches, and who refers to what. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "elf/livepatch.h"
#include "elf/tables.h"
#include "verify/private.h"

static int by_function(const void *a, const void *b)
{
	const struct klp_table_reference *x = a, *y = b;
	int d = strcmp(x->function, y->function);

	if (!d)
		d = strcmp(x->object, y->object);
	if (!d)
		d = strcmp(x->symbol, y->symbol);
	if (!d)
		d = x->sympos < y->sympos ? -1 : x->sympos > y->sympos;
	return d ? d : strcmp(x->section_object, y->section_object);
}

static void merge(struct klp_table_references *list)
{
	size_t n = 0;

	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_function);
	for (size_t i = 0; i < list->n; i++) {
		if (n && !by_function(&list->v[n - 1], &list->v[i]))
			list->v[n - 1].count++;
		else
			list->v[n++] = list->v[i];
	}
	list->n = n;
}

void klp_verify__references(struct klp_arena *arena, const struct klp_image *image,
			    struct klp_table_references *ret)
{
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];
		struct klp_lp_name name;
		const char *object;

		if (!(s->flags & KLP_SHF_RELA_LIVEPATCH) ||
		    !klp_lp_parse_section(arena, s->name, &object))
			continue;
		for (size_t k = 0; k < s->relas.n; k++)
			if (klp_lp_parse_symbol(arena, image->syms.v[s->relas.v[k].sym].name,
						&name))
				klp_vec_push(arena, ret,
					     (struct klp_table_reference){
						     klp_verify__user(image, s, &s->relas.v[k]),
						     name.object, name.symbol, name.sympos, object,
						     1 });
	}
	merge(ret);
}

/* scripts/mod/modpost.c writes it; modules before 4.13 or so have it by their file only. */
static const char *module_name(struct klp_arena *arena, const struct klp_image *image)
{
	const char *name = klp_image_modinfo(image, "name", 0);
	const char *base = klp_path_base(image->path);

	return name ? name : klp_strndup(arena, base, strcspn(base, "."));
}

const char *klp_verify__user(const struct klp_image *image, const struct klp_image_section *s,
			     const struct klp_image_rela *rela)
{
	const struct klp_image_sym *user = klp_image_user(image, s->info, rela->offset);

	return user ? user->name : image->sections.v[s->info].name;
}

/* Sections from which modules of some tools put their tables together when they are loaded. */
static const char *put_together_from(const struct klp_image *image)
{
	static const char *const sections[] = { ".kpatch.funcs", ".init.klp_funcs",
						".init.klp_objects", "__klp_objects" };

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (klp_image_section(image, sections[i]))
			return sections[i];
	return NULL;
}

static void say_unreadable(struct klp_arena *arena, const struct klp_image *image,
			   const struct klp_error *why, struct klp_findings *findings)
{
	const char *from = put_together_from(image);
	struct klp_finding *f;

	if (!from) {
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-V-TABLES", "%s", why->text);
		f->hint = klp_strdup(arena, why->hint);
		return;
	}
	f = klp_finding_add(arena, findings, KLP_WARNING, "KLP-V-TABLES",
			    "the module puts its klp_patch together from section '%s' when it is "
			    "loaded: what it patches isn't known, and wasn't looked at",
			    from);
	f->hint = "ask the tool that made it, and load it on a machine that may fail";
}

static void say_changed(struct klp_arena *arena, const struct klp_livepatch *livepatch,
			struct klp_findings *findings)
{
	struct klp_finding *f = klp_finding_add(arena, findings, KLP_WARNING, "KLP-V-TABLES",
						"'%s' refers into the tables and may change them "
						"before they are read: what is told "
						"of them is what the file has",
						livepatch->tables.changed_by);

	f->symbol = livepatch->tables.changed_by;
	f->hint = "give the tables their values where they are defined, or read that function";
}

void klp_verify__read(struct klp_arena *arena, const struct klp_image *image,
		      struct klp_livepatch *ret)
{
	struct klp_error why = {};

	*ret = (struct klp_livepatch){ .path = image->path, .name = module_name(arena, image) };
	/* the headers that it was compiled with say how the tables are laid out */
	ret->readable = klp_tables_read(arena, image, klp_image_modinfo(image, "vermagic", 0),
					&ret->tables, &why) == 0;
	if (!ret->readable)
		say_unreadable(arena, image, &why, &ret->findings);
	else if (ret->tables.changed_by)
		say_changed(arena, ret, &ret->findings);
}

int klp_verify_read(struct klp_arena *arena, const char *module, struct klp_livepatch *ret,
		    struct klp_error *err)
{
	struct klp_image image;

	if (klp_image_load(arena, module, &image, err) < 0)
		return err->code;
	klp_verify__read(arena, &image, ret);
	klp_verify__references(arena, &image, &ret->references);
	return 0;
}
