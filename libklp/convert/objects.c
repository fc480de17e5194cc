// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "convert/private.h"

const char *klp_convert__module_name(struct klp_conversion *c, const char *path)
{
	char *name = klp_strdup(c->arena, klp_path_base(path));

	for (char *p = name; *p; p++)
		if (*p == '-' || *p == ',')
			*p = '_';
	return name;
}

/* NULL symtab: the build doesn't hold it. */
struct object {
	const struct klp_symtab *symtab;
};

static int load(struct klp_conversion *c, const char *name, struct object *ret)
{
	const char *path = klp_tree_running_file(c->opts->tree, name);

	if (!path)
		return 0;
	ret->symtab = klp_symtabs_get(&c->symtabs, path, c->err);
	return ret->symtab ? 0 : c->err->code;
}

int klp_convert__object(struct klp_conversion *c, const char *name, const struct klp_symtab **ret)
{
	struct object *object = klp_map_get(&c->objects, name);

	if (!object) {
		object = klp_new(c->arena, struct object);
		if (load(c, name, object) < 0)
			return c->err->code;
		klp_map_put(&c->objects, klp_strdup(c->arena, name), object);
	}
	*ret = object->symtab;
	return 0;
}

static bool counted(const struct klp_sym *sym)
{
	return sym->kept || sym->early;
}

static int by_position(const void *a, const void *b)
{
	const struct klp_candidate *x = a, *y = b;
	int order = strcmp(x->object, y->object);

	if (order)
		return order;
	return x->sympos < y->sympos ? -1 : x->sympos > y->sympos;
}

void klp_convert__candidates(struct klp_conversion *c, const char *object,
			     const struct klp_symtab *symtab, const char *name,
			     struct klp_candidates *ret)
{
	for (const struct klp_sym *s = klp_symtab_get(symtab, name); s; s = s->same)
		if (counted(s))
			klp_vec_push(c->arena, ret,
				     (struct klp_candidate){ .object = object,
							     .symbol = name,
							     .sympos = klp_symtab_sympos(symtab, s),
							     .section = s->section,
							     .file = s->file,
							     .address = s->value });
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_position);
}

bool klp_convert__has_symbol(struct klp_conversion *c, const char *object, const char *name)
{
	const struct klp_symtab *symtab;
	struct klp_candidates found = {};

	if (klp_convert__object(c, object, &symtab) < 0 || !symtab)
		return false;
	klp_convert__candidates(c, object, symtab, name, &found);
	return found.n > 0;
}

static int refuse(struct klp_conversion *c, const char *what, const char *hint, const char *why)
{
	klp_error_set(c->err, KLP_EINPUT, "'%.600s': %s", what, why);
	klp_error_hint(c->err, "%s", hint);
	return klp_convert__fail(c);
}

/* There are some of that name, but the reference doesn't say which, or a wrong one. */
static int refuse_position(struct klp_conversion *c, const struct klp_symref *ref, const char *what,
			   struct klp_candidates *found)
{
	const char *place = klp_sprintf(c->arena, "'%s' of '%s'", ref->symbol, ref->object);

	if (c->opts->candidates)
		*c->opts->candidates = *found;
	if (ref->sympos)
		return refuse(
			c, what, "take the position of one that is there",
			klp_sprintf(c->arena,
				    "symbol position %u for symbol %s not found, there %s %zu",
				    ref->sympos, place, found->n == 1 ? "is" : "are", found->n));
	return refuse(c, what, "say by its position which one is meant: 1 for the first",
		      klp_sprintf(c->arena, "unresolvable ambiguity for symbol %s: there are %zu",
				  place, found->n));
}

int klp_convert__check_symbol(struct klp_conversion *c, const struct klp_symref *ref,
			      const char *what)
{
	const struct klp_symtab *symtab;
	struct klp_candidates found = {};
	const struct klp_sym *sym;

	if (klp_convert__object(c, ref->object, &symtab) < 0)
		return c->err->code;
	if (!symtab)
		return refuse(c, what,
			      "is it spelled as in /proc/modules, and was the module built?",
			      klp_sprintf(c->arena, "the build has no object '%s'", ref->object));
	klp_convert__candidates(c, ref->object, symtab, ref->symbol, &found);
	if (!found.n)
		return refuse(
			c, what,
			"compilers rename and remove statics: look for the name in the object "
			"with nm",
			klp_sprintf(c->arena, "symbol '%s' not found in symbol table of '%s'",
				    ref->symbol, ref->object));
	sym = klp_symtab_at(symtab, ref->symbol, ref->sympos);
	if (!sym && found.n == 1 && ref->sympos <= 1)
		return refuse(c, what, "it is gone when the module's init has returned",
			      klp_sprintf(c->arena, "'%s' of '%s' is part of its init code or data",
					  ref->symbol, ref->object));
	if (!sym)
		return refuse_position(c, ref, what, &found);
	if (klp_sym_is_init(sym))
		return refuse(c, what, "its memory is freed after boot: nothing may refer to it",
			      klp_sprintf(c->arena, "'%s' of '%s' is part of its init code or data",
					  ref->symbol, ref->object));
	if (klp_symtab_sympos_varies(symtab, sym))
		return refuse(c, what,
			      "the kernel counts init symbols too, as long as they are there",
			      klp_sprintf(c->arena,
					  "the position of '%s' in '%s' changes when the module is "
					  "done loading",
					  ref->symbol, ref->object));
	if (!symtab->relocatable && !sym->value)
		return refuse(c, what, "refer to it by another symbol near it",
			      klp_sprintf(c->arena,
					  "'%s' has the address 0, which the kernel takes for "
					  "absence",
					  ref->symbol));
	return 0;
}
