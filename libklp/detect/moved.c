// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/moved.h"

#include <string.h>

struct moved {
	struct klp_arena *arena;
	const struct klp_views *views;
	struct klp_findings *findings;
};

/* Where a variable is: of the unit, or of one of its functions. */
struct place {
	const struct klp_view *view;
	const struct klp_tu_decl *decl;	  /* the variable, or the function */
	const struct klp_tu_local *local; /* NULL at file scope */
};

static const struct klp_tu_decl *definition(const struct klp_tu *tu, const char *name,
					    enum klp_tu_kind kind)
{
	const struct klp_tu_decl *d = klp_tu_find(tu, name);

	return d && d->definition && d->kind == kind ? d : NULL;
}

static const char *type_of(const struct place *p)
{
	return p->local ? p->local->canonical : p->decl->canonical;
}

static const struct klp_tu_local *local_of(const struct klp_tu_decl *d, const char *name)
{
	for (size_t i = 0; i < d->locals.n; i++)
		if (!d->locals.v[i].macro && !strcmp(d->locals.v[i].name, name))
			return &d->locals.v[i];
	return NULL;
}

static bool is_function(const struct klp_tu_decl *d)
{
	return d->kind == KLP_TU_FUNCTION && d->definition;
}

/* Of a function of the unit: that has such a variable, and had none of the name. */
static bool has_new_local(const struct klp_view *view, const char *name, struct place *ret)
{
	for (size_t i = 0; i < view->tu.decls.n; i++) {
		const struct klp_tu_decl *d = &view->tu.decls.v[i], *old;
		const struct klp_tu_local *l = is_function(d) ? local_of(d, name) : NULL;

		if (!l || l->is_const)
			continue;
		old = definition(&view->before->tu, d->name, KLP_TU_FUNCTION);
		if (old && local_of(old, name))
			continue;
		*ret = (struct place){ view, d, l };
		return true;
	}
	return false;
}

static bool has_new(const struct klp_view *view, const char *name, struct place *ret)
{
	const struct klp_tu_decl *d = definition(&view->tu, name, KLP_TU_VARIABLE);

	if (d && !d->is_const && !definition(&view->before->tu, name, KLP_TU_VARIABLE)) {
		*ret = (struct place){ view, d, NULL };
		return true;
	}
	return has_new_local(view, name, ret);
}

/* In the same unit; or, when it was no function's own, in another one of the fix. */
static bool find_new(const struct moved *m, const struct place *old, struct place *ret)
{
	const char *name = old->local ? old->local->name : old->decl->name;

	if (has_new(old->view, name, ret) && !strcmp(type_of(ret), type_of(old)))
		return true;
	for (size_t i = 0; !old->local && i < m->views->n; i++) {
		const struct klp_view *view = m->views->v[i];

		if (view != old->view && view->loaded && view->before && has_new(view, name, ret) &&
		    !strcmp(type_of(ret), type_of(old)))
			return true;
	}
	return false;
}

/* A variable of the unit that is new, and of the same type: perhaps the old one renamed. */
static const char *alike(const struct place *old)
{
	const struct klp_view *view = old->view;

	for (size_t i = 0; i < view->tu.decls.n; i++) {
		const struct klp_tu_decl *d = &view->tu.decls.v[i];

		if (d->kind == KLP_TU_VARIABLE && d->definition && !d->is_const &&
		    !strcmp(d->canonical, old->decl->canonical) &&
		    !definition(&view->before->tu, d->name, KLP_TU_VARIABLE))
			return d->name;
	}
	return NULL;
}

static const char *where(struct moved *m, const struct place *p)
{
	return p->local ? klp_sprintf(m->arena, "the function '%s'", p->decl->name)
			: klp_sprintf(m->arena, "'%s'", p->view->tu.files.v[p->decl->file].name);
}

static struct klp_finding *add(struct moved *m, enum klp_severity severity, const char *code,
			       const struct place *old, const char *message)
{
	struct klp_finding *f =
		klp_finding_add(m->arena, m->findings, severity, code, "%s", message);

	f->symbol = old->local ? old->local->name : old->decl->name;
	f->file = old->view->before->tu.files.v[old->decl->file].name;
	f->line = old->decl->line;
	return f;
}

static void is_moved(struct moved *m, const struct place *old, const struct place *new)
{
	const char *name = old->local ? old->local->name : old->decl->name;

	add(m, KLP_ERROR, "KLP-DATA-MOVED", old,
	    klp_sprintf(m->arena, "the fix moves the variable '%s' from %s to %s", name,
			where(m, old), where(m, new)))
		->hint = "the running kernel goes on with the variable that it has, and the new "
			 "one would begin with its initial value: leave it where it is in the fix";
}

static void is_gone(struct moved *m, const struct place *old)
{
	const char *other = alike(old);

	add(m, KLP_WARNING, "KLP-DATA-REMOVED", old,
	    klp_sprintf(m->arena, "the fix takes the variable '%s' away%s", old->decl->name,
			other ? klp_sprintf(m->arena, ", and adds '%s' of the same type", other)
			      : ""))
		->hint =
		"the running kernel still has it, with what it holds: if another one takes "
		"its place, that begins with its initial value. Leave the old name in the "
		"fix if the state matters";
}

/* Statics of functions come and go with the code that they count; those of macros don't count. */
static void locals(struct moved *m, const struct klp_view *view, const struct klp_tu_decl *old)
{
	const struct klp_tu_decl *new = definition(&view->tu, old->name, KLP_TU_FUNCTION);

	for (size_t i = 0; i < old->locals.n; i++) {
		struct place here = { view, old, &old->locals.v[i] }, there;

		if (here.local->is_const || here.local->macro ||
		    (new &&local_of(new, here.local->name)))
			continue;
		if (find_new(m, &here, &there))
			is_moved(m, &here, &there);
	}
}

static bool is_used(const struct klp_tu *tu, const char *name)
{
	for (size_t i = 0; i < tu->decls.n; i++)
		for (size_t k = 0; k < tu->decls.v[i].refs.n; k++)
			if (!strcmp(tu->decls.v[i].refs.v[k].name, name))
				return true;
	return false;
}

static void variable(struct moved *m, const struct klp_view *view, const struct klp_tu_decl *old)
{
	struct place here = { view, old, NULL }, there;

	if (old->is_const || old->name_at == KLP_NOWHERE ||
	    definition(&view->tu, old->name, KLP_TU_VARIABLE))
		return;
	if (find_new(m, &here, &there))
		is_moved(m, &here, &there);
	else if (!old->is_static || is_used(&view->before->tu, old->name))
		is_gone(m, &here);
}

void klp_detect__moved(struct klp_arena *arena, const struct klp_views *views,
		       struct klp_findings *findings)
{
	struct moved m = { arena, views, findings };

	for (size_t i = 0; i < views->n; i++) {
		const struct klp_view *view = views->v[i];

		if (!view->loaded || !view->before)
			continue;
		for (size_t k = 0; k < view->before->tu.decls.n; k++) {
			const struct klp_tu_decl *d = &view->before->tu.decls.v[k];

			if (is_function(d))
				locals(&m, view, d);
			else if (d->kind == KLP_TU_VARIABLE && d->definition)
				variable(&m, view, d);
		}
	}
}
