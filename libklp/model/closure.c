// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/closure.h"

#include <stdlib.h>
#include <string.h>

static struct klp_patched *find(const struct klp_patched_vec *list, const struct klp_unit *unit,
				const char *symbol)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].unit == unit && !strcmp(list->v[i].symbol, symbol))
			return &list->v[i];
	return NULL;
}

struct klp_patched *klp_closure_find(struct klp_closure *closure, const struct klp_unit *unit,
				     const char *symbol)
{
	return find(&closure->patch, unit, symbol);
}

struct klp_patched *klp_closure_left_out(struct klp_closure *closure, const struct klp_unit *unit,
					 const char *symbol)
{
	return find(&closure->left_out, unit, symbol);
}

struct klp_copied *klp_closure_copied(struct klp_closure *closure, const struct klp_unit *unit,
				      const char *symbol)
{
	for (size_t i = 0; i < closure->copied.n; i++)
		if (closure->copied.v[i].unit == unit &&
		    !strcmp(closure->copied.v[i].symbol, symbol))
			return &closure->copied.v[i];
	return NULL;
}

static int compare_patched(const void *a, const void *b)
{
	const struct klp_patched *x = a, *y = b;
	int vx = strcmp(x->object, "vmlinux"), vy = strcmp(y->object, "vmlinux");
	int rc;

	/* vmlinux first, then the modules by name */
	if (!vx != !vy)
		return vx ? 1 : -1;
	rc = strcmp(x->object, y->object);
	if (!rc)
		rc = strcmp(x->file, y->file);
	if (!rc)
		rc = strcmp(x->symbol, y->symbol);
	return rc ? rc : strcmp(x->unit->object, y->unit->object);
}

static int compare_copied(const void *a, const void *b)
{
	const struct klp_copied *x = a, *y = b;
	int rc = strcmp(x->file, y->file);

	if (!rc)
		rc = strcmp(x->symbol, y->symbol);
	return rc ? rc : strcmp(x->unit->object, y->unit->object);
}

void klp_closure_sort(struct klp_closure *closure)
{
	if (closure->patch.n)
		qsort(closure->patch.v, closure->patch.n, sizeof(*closure->patch.v),
		      compare_patched);
	if (closure->left_out.n)
		qsort(closure->left_out.v, closure->left_out.n, sizeof(*closure->left_out.v),
		      compare_patched);
	if (closure->copied.n)
		qsort(closure->copied.v, closure->copied.n, sizeof(*closure->copied.v),
		      compare_copied);
}

const char *klp_reason_kind_name(enum klp_reason_kind kind)
{
	static const char *const names[] = {
		"changed",	 "inlined",	      "clone", "part",
		"not-traceable", "hidden-dependency", "named",
	};

	return names[kind];
}

const char *klp_copy_reason_name(enum klp_copy_reason reason)
{
	static const char *const names[] = { "no-symbol", "specialised", "inline", "new", "asked" };

	return names[reason];
}

const char *klp_reason_says(enum klp_reason_kind kind)
{
	static const char *const texts[] = {
		[KLP_REASON_CHANGED] = "the fix changes it",
		[KLP_REASON_INLINED] = "holds an inlined copy of ",
		[KLP_REASON_CLONE] = "calls a clone that GCC made of ",
		[KLP_REASON_PART] = "calls a part that GCC split off ",
		[KLP_REASON_NOT_TRACEABLE] = "calls what can't be redirected, ",
		[KLP_REASON_HIDDEN] = "was compiled by what GCC knew of ",
		[KLP_REASON_NAMED] = "it was asked for",
	};

	return texts[kind];
}

bool klp_reason_is_of_another(enum klp_reason_kind kind)
{
	return kind != KLP_REASON_CHANGED && kind != KLP_REASON_NAMED;
}

const char *klp_copy_reason_says(enum klp_copy_reason reason)
{
	static const char *const texts[] = {
		[KLP_COPY_NO_SYMBOL] = "has no symbol to call",
		[KLP_COPY_SPECIALISED] = "what is left of it fits its old callers only",
		[KLP_COPY_INLINE] = "is inline",
		[KLP_COPY_NEW] = "is new",
		[KLP_COPY_ASKED] = "was asked for",
	};

	return texts[reason];
}
