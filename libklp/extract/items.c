// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The unit's own text as one sequence of items, in the order in which the compiler meets
 * them: what an included .c file holds stands where its #include stood.
 */
#include "extract/fixed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *klp_extract__item_text(const struct extraction *x, const struct item *item)
{
	return x->view->tu.files.v[item->file].text + item->from;
}

static bool is_skipped(const struct klp_tu_file *f, uint32_t offset)
{
	for (size_t i = 0; i < f->skipped.n; i++)
		if (offset > f->skipped.v[i].from && offset < f->skipped.v[i].to)
			return true;
	return false;
}

/* ---- declarations of one file ----------------------------------------------------------- */

static int compare_from(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? 1 : x->to > y->to ? -1 : 0;
}

static void add_decl(struct extraction *x, struct item *item, const struct klp_tu_decl *d)
{
	klp_vec_push(x->arena, &item->decls, d);
	if (d->name[0])
		klp_strs_add(x->arena, &item->decls_names, d->name);
	for (size_t i = 0; i < d->enumerators.n; i++)
		klp_strs_add(x->arena, &item->decls_names, d->enumerators.v[i]);
	item->function = item->function || (d->kind == KLP_TU_FUNCTION && d->definition);
}

/* Declarations that share text (`struct a { } b, c;`, what one macro makes) are one item. */
static void group(struct extraction *x, uint32_t file, struct items *out)
{
	struct items all = {};

	for (size_t i = 0; i < x->view->tu.decls.n; i++) {
		const struct klp_tu_decl *d = &x->view->tu.decls.v[i];
		struct item *item;

		if (d->file != file || d->to < d->from)
			continue;
		item = klp_vec_add(x->arena, &all);
		*item = (struct item){
			.kind = ITEM_DECL,
			.file = file,
			.line = d->line,
			.from = d->from,
			.to = d->to,
		};
		add_decl(x, item, d);
	}
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), compare_from);
	for (size_t i = 0; i < all.n; i++) {
		struct item *last = out->n ? &out->v[out->n - 1] : NULL;

		if (last && (all.v[i].from < last->to || all.v[i].from == last->from)) {
			if (all.v[i].to > last->to)
				last->to = all.v[i].to;
			add_decl(x, last, all.v[i].decls.v[0]);
		} else {
			klp_vec_push(x->arena, out, all.v[i]);
		}
	}
}

/* ---- exact extents ---------------------------------------------------------------------- */

static uint32_t skip_blanks(const struct klp_tu_file *f, uint32_t i)
{
	for (;;) {
		while (i < f->len && isspace((unsigned char)f->text[i]))
			i++;
		if (i + 1 < f->len && f->text[i] == '/' && f->text[i + 1] == '*') {
			const char *end = strstr(f->text + i + 2, "*/");

			if (!end)
				return (uint32_t)f->len;
			i = (uint32_t)(end + 2 - f->text);
		} else {
			return i;
		}
	}
}

/*
 * libclang ends a declaration before its attributes and its ';'. They belong to the text, up
 * to `limit`, where the next item begins.
 */
static void extend_end(const struct klp_tu_file *f, struct item *item, uint32_t limit)
{
	int depth = 0;

	if (item->to > item->from && f->text[item->to - 1] == '}' && item->function)
		return;
	for (uint32_t i = skip_blanks(f, item->to); i < limit; i = skip_blanks(f, i + 1)) {
		char c = f->text[i];

		if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
		else if (c == '{' || c == '}' || c == '#' || c == '"')
			return;
		else if (c == ';' && depth == 0) {
			item->to = i + 1;
			return;
		}
	}
}

/*
 * Attributes that stand before the declaration (`__printf(1, 2) static int f(...)`) are
 * outside of what libclang calls its extent: whatever tokens lie between the previous item
 * and this one, after the last ';', are its own.
 */
static int extend_start(struct extraction *x, const struct klp_tu_file *f, struct item *item,
			uint32_t limit)
{
	struct klp_ctoks toks = {};

	if (limit >= item->from)
		return 0;
	if (klp_ctok_source(x->arena, f->name, f->text + limit, item->from - limit, false, &toks,
			    x->err) < 0)
		return x->err->code;
	for (size_t i = toks.v.n; i-- > 0;) {
		const struct klp_ctok *tok = &toks.v.v[i];

		if (tok->kind == KLP_TOK_PUNCT && (tok->p[0] == ';' || tok->p[0] == '}'))
			break;
		item->from = (uint32_t)(tok->p - f->text);
	}
	return 0;
}

/* A comment that ends on the line above (or on this line) belongs to what it comments on. */
static void find_lead(const struct klp_tu_file *f, struct item *item, uint32_t limit)
{
	uint32_t i = item->from;
	int newlines = 0;

	item->lead = item->from;
	while (i > limit && isspace((unsigned char)f->text[i - 1]) && newlines < 2)
		newlines += f->text[--i] == '\n';
	if (newlines > 1 || i < limit + 4 || f->text[i - 1] != '/' || f->text[i - 2] != '*')
		return;
	for (i -= 2; i > limit + 1; i--)
		if (f->text[i - 2] == '/' && f->text[i - 1] == '*')
			break;
	if (i < limit + 2)
		return;
	i -= 2;
	/* only a comment of its own: not one behind the previous item on its line */
	for (uint32_t j = i; j > limit && f->text[j - 1] != '\n'; j--)
		if (!isspace((unsigned char)f->text[j - 1]))
			return;
	if (i > 0 && i == limit && f->text[i - 1] != '\n')
		return;
	item->lead = i;
}

/* ---- directives ------------------------------------------------------------------------- */

static bool inside_any(const struct items *decls, uint32_t offset)
{
	for (size_t i = 0; i < decls->n; i++)
		if (offset > decls->v[i].from && offset < decls->v[i].to)
			return true;
	return false;
}

/*
 * A pragma says how what follows is compiled (`pack` changes layouts), so all of them stay.
 * Conditionals don't: only what is compiled becomes an item.
 */
static bool kind_of(const char *text, const struct klp_cppline *l, enum item_kind *ret)
{
	static const enum item_kind kinds[] = {
		[KLP_CPP_INCLUDE] = ITEM_INCLUDE,
		[KLP_CPP_DEFINE] = ITEM_DEFINE,
		[KLP_CPP_UNDEF] = ITEM_UNDEF,
	};
	uint32_t i = l->from + 1;

	if (l->kind <= KLP_CPP_UNDEF) {
		*ret = kinds[l->kind];
		return true;
	}
	while (i < l->to && (text[i] == ' ' || text[i] == '\t'))
		i++;
	*ret = ITEM_PRAGMA;
	return l->kind == KLP_CPP_OTHER && l->to - i >= 6 && !strncmp(text + i, "pragma", 6);
}

static void add_directives(struct extraction *x, uint32_t file, const struct items *decls,
			   struct items *out)
{
	const struct klp_tu_file *f = &x->view->tu.files.v[file];
	struct klp_cpplines lines = {};

	klp_cpplines_scan(x->arena, f->text, f->len, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct klp_cppline *l = &lines.v[i];
		struct item item = {
			.file = file,
			.line = l->line,
			.lead = l->from,
			.from = l->from,
			.to = l->to,
			.name = l->name,
		};

		if (is_skipped(f, l->from) || inside_any(decls, l->from) ||
		    !kind_of(f->text, l, &item.kind))
			continue;
		klp_vec_push(x->arena, out, item);
	}
}

/* The items of one file, in order, without what its included .c files hold. */
static int file_items(struct extraction *x, uint32_t file, struct items *out)
{
	const struct klp_tu_file *f = &x->view->tu.files.v[file];
	struct items decls = {};

	group(x, file, &decls);
	for (size_t i = 0; i < decls.n; i++)
		klp_vec_push(x->arena, out, decls.v[i]);
	add_directives(x, file, &decls, out);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_from);
	for (size_t i = 0; i < out->n; i++) {
		uint32_t behind = i ? out->v[i - 1].to : 0;
		uint32_t next = i + 1 < out->n ? out->v[i + 1].from : (uint32_t)f->len;

		if (out->v[i].kind == ITEM_DECL) {
			extend_end(f, &out->v[i], next);
			if (extend_start(x, f, &out->v[i], behind) < 0)
				return x->err->code;
		}
		find_lead(f, &out->v[i], behind);
	}
	return 0;
}

/* The own file that an #include at this place brings in, or KLP_NOWHERE. */
static uint32_t included_own(const struct extraction *x, const struct item *item)
{
	const struct klp_tu_files *files = &x->view->tu.files;

	for (uint32_t i = 0; i < files->n; i++)
		if (files->v[i].own && files->v[i].included_from == (int)item->file &&
		    files->v[i].included_at >= item->from && files->v[i].included_at <= item->to)
			return i;
	return KLP_NOWHERE;
}

static int flatten(struct extraction *x, uint32_t file, int depth)
{
	struct items own = {};

	if (depth > 16)
		return klp_error_set(x->err, KLP_EINPUT, "'%s' includes .c files too deeply",
				     x->unit->source);
	if (file_items(x, file, &own) < 0)
		return x->err->code;
	for (size_t i = 0; i < own.n; i++) {
		uint32_t sub =
			own.v[i].kind == ITEM_INCLUDE ? included_own(x, &own.v[i]) : KLP_NOWHERE;

		if (sub == KLP_NOWHERE && !klp_extract__is_created(x, &own.v[i]))
			klp_vec_push(x->arena, &x->items, own.v[i]);
		else if (sub == KLP_NOWHERE)
			continue;
		else if (flatten(x, sub, depth + 1) < 0)
			return x->err->code;
	}
	return 0;
}

/* ---- names ------------------------------------------------------------------------------ */

static void index_add(struct extraction *x, struct klp_map *map, const char *name, size_t item)
{
	struct klp_index *index = klp_map_get(map, name);

	if (!index) {
		index = klp_new(x->arena, struct klp_index);
		klp_map_put(map, name, index);
	}
	if (!index->n || index->v[index->n - 1] != item)
		klp_vec_push(x->arena, index, item);
}

static void index_decl(struct extraction *x, const struct klp_tu_decl *d, size_t item)
{
	if (d->kind == KLP_TU_FUNCTION || d->kind == KLP_TU_VARIABLE)
		index_add(x, &x->values, d->name, item);
	else if (d->name[0])
		index_add(x, &x->types, d->name, item);
	for (size_t i = 0; i < d->enumerators.n; i++)
		index_add(x, &x->types, d->enumerators.v[i], item);
}

int klp_extract__items(struct extraction *x)
{
	uint32_t main_file = KLP_NOWHERE;

	klp_map_init(&x->values, x->arena);
	klp_map_init(&x->types, x->arena);
	klp_map_init(&x->macros, x->arena);
	for (uint32_t i = 0; i < x->view->tu.files.n; i++)
		if (x->view->tu.files.v[i].own && x->view->tu.files.v[i].included_from < 0)
			main_file = i;
	if (main_file == KLP_NOWHERE)
		return klp_error_set(x->err, KLP_ETROUBLE, "libclang names no main file for '%s'",
				     x->unit->source);
	if (flatten(x, main_file, 0) < 0)
		return x->err->code;
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];

		if (item->kind == ITEM_DEFINE || item->kind == ITEM_UNDEF)
			index_add(x, &x->macros, item->name, i);
		for (size_t j = 0; j < item->decls.n; j++)
			index_decl(x, item->decls.v[j], i);
	}
	return 0;
}
