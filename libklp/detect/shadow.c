// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/shadow.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/map.h"
#include "tu/record.h"

/* So many are named in a hint. */
#define MAX_OFFERED 4

struct shadows {
	struct klp_arena *arena;
	const struct klp_strs *asked;
	struct klp_strs found; /* of those, members that the fix adds */
	struct klp_shadows *ret;
	struct klp_findings *findings;
	struct klp_error *err;
};

static const struct klp_tu_field *field_of(const struct klp_tu_record *record, const char *path)
{
	for (size_t i = 0; i < record->fields.n; i++)
		if (!strcmp(record->fields.v[i].path, path))
			return &record->fields.v[i];
	return NULL;
}

/* Part of a member that is new as a whole. */
static bool is_within(const struct klp_tu_field *f, const struct klp_tu_fields *added)
{
	for (size_t i = 0; i < added->n; i++) {
		size_t n = strlen(added->v[i].path);

		if (!strncmp(f->path, added->v[i].path, n) && f->path[n] == '.')
			return true;
	}
	return false;
}

static void added_fields(struct klp_arena *arena, const struct klp_tu_record *before,
			 const struct klp_tu_record *after, struct klp_tu_fields *ret)
{
	for (size_t i = 0; i < after->fields.n; i++) {
		const struct klp_tu_field *f = &after->fields.v[i];

		if (!field_of(before, f->path) && !is_within(f, ret))
			klp_vec_push(arena, ret, *f);
	}
}

static struct klp_finding *add(struct shadows *s, enum klp_severity severity, const char *code,
			       const char *member, const char *file, uint32_t line,
			       const char *message)
{
	struct klp_finding *f;

	/* a function of a header, in each unit that reads it */
	for (size_t i = 0; i < s->findings->n; i++) {
		f = &s->findings->v[i];
		if (f->line == line && !strcmp(f->code, code) && !strcmp(f->message, message))
			return f;
	}
	f = klp_finding_add(s->arena, s->findings, severity, code, "%s", message);
	f->symbol = member;
	f->file = file;
	f->line = line;
	return f;
}

static void refuse(struct shadows *s, const struct klp_finding *type, const char *member,
		   const char *why, const char *hint)
{
	add(s, KLP_ERROR, "KLP-SHADOW", member, type->file, type->line,
	    klp_sprintf(s->arena, "'%s' can't become a shadow variable: %s", member, why))
		->hint = hint;
}

/* A type that can be said in another file, and a size. */
static bool is_plain(const struct klp_tu_field *f)
{
	return !f->bits && !f->unnamed && f->sized;
}

static bool can_be(struct shadows *s, const struct klp_finding *type, const char *member,
		   const struct klp_tu_field *f)
{
	if (is_plain(f))
		return true;
	if (f->bits)
		refuse(s, type, member, "it is a bit-field, which has no address",
		       "give it a type of its own in the fix, bool or u8");
	else if (f->unnamed)
		refuse(s, type, member, "its type has no name",
		       "give the type a tag in the fix, and define it outside of the struct");
	else
		refuse(s, type, member, "it has no size of its own",
		       "write by hand what allocates it: klp_shadow_alloc() is given a size");
	return false;
}

static void add_shadow(struct shadows *s, const struct klp_finding *type, const char *member,
		       const struct klp_tu_record *record, const struct klp_tu_field *f)
{
	struct klp_shadow shadow = { .member = member, .record = record->type };
	const char *dot = strrchr(f->path, '.');
	char *name = klp_strdup(s->arena, member);

	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
	shadow.name = name;
	shadow.field = dot ? dot + 1 : f->path;
	shadow.declaration = f->declaration;
	shadow.id = klp_sprintf(s->arena, "0x%016" PRIx64, klp_fnv1a(member, strlen(member)));
	shadow.header = klp_sprintf(s->arena, "shadow_%s.h", name);
	for (size_t i = 0; i < s->ret->n; i++) {
		const struct klp_shadow *other = &s->ret->v[i];

		if (strcmp(other->name, name) != 0)
			continue;
		if (strcmp(other->member, member) != 0)
			refuse(s, type, member,
			       klp_sprintf(s->arena,
					   "its accessors would be called as those of '%s'",
					   other->member),
			       "ask for the two in two runs, and rename the one's accessors");
		return;
	}
	klp_vec_push(s->arena, s->ret, shadow);
}

static void say_uses(struct shadows *s, const char *member, const struct klp_tu_record *record,
		     const char *path)
{
	static const char *const formats[] = {
		[KLP_TU_NAMED] = "'%s' names '%s'",
		[KLP_TU_READ] = "'%s' reads '%s'",
		[KLP_TU_ADDRESS] = "'%s' takes the address of '%s'",
		[KLP_TU_WRITTEN] = "'%s' writes '%s'",
	};
	size_t n = strlen(path);

	for (size_t i = 0; i < record->uses.n; i++) {
		const struct klp_tu_use *u = &record->uses.v[i];

		if (strncmp(u->path, path, n) || (u->path[n] && u->path[n] != '.'))
			continue;
		add(s, KLP_NOTE, "KLP-SHADOW-USE", member, u->file, u->line,
		    u->function ? klp_sprintf(s->arena, formats[u->access], u->function, member)
				: klp_sprintf(s->arena, "an initial value names '%s'", member));
	}
}

static void say_objects(struct shadows *s, const char *member, const struct klp_tu_record *record)
{
	for (size_t i = 0; i < record->objects.n; i++) {
		const struct klp_tu_object *o = &record->objects.v[i];
		const char *what = NULL;

		switch (o->what) {
		case KLP_TU_ALLOCATED:
			what = klp_sprintf(s->arena, "'%s' allocates a %s by %s()", o->function,
					   record->type, o->by);
			break;
		case KLP_TU_FREED:
			what = klp_sprintf(s->arena,
					   "'%s' frees a %s by %s(): its shadow variable goes "
					   "before that",
					   o->function, record->type, o->by);
			break;
		case KLP_TU_STATIC:
			what = klp_sprintf(s->arena, "the variable '%s' is a %s, or several", o->by,
					   record->type);
			break;
		case KLP_TU_AUTOMATIC:
			what = klp_sprintf(s->arena,
					   "'%s' of '%s' is a %s that ends with the function: its "
					   "shadow variable has to, too",
					   o->by, o->function, record->type);
			break;
		case KLP_TU_COPIED:
			what = klp_sprintf(s->arena,
					   "'%s' copies a %s as a whole: its shadow variable "
					   "doesn't follow",
					   o->function, record->type);
		}
		if (o->function || o->what == KLP_TU_STATIC)
			add(s, KLP_NOTE, "KLP-SHADOW-OBJECT", member, o->file, o->line, what);
	}
}

static void one_member(struct shadows *s, const struct klp_finding *type,
		       const struct klp_tu_record *record, const struct klp_tu_field *f,
		       const char *member)
{
	klp_strs_add(s->arena, &s->found, member);
	if (!can_be(s, type, member, f))
		return;
	add_shadow(s, type, member, record, f);
	say_uses(s, member, record, f->path);
	say_objects(s, member, record);
}

static void offer(struct shadows *s, struct klp_finding *type, const struct klp_tu_fields *added)
{
	char *options = klp_strdup(s->arena, "");
	size_t n = 0;

	for (size_t i = 0; i < added->n; i++)
		if (is_plain(&added->v[i]) && n++ < MAX_OFFERED)
			options = klp_sprintf(s->arena, "%s --shadow %s.%s", options, type->symbol,
					      added->v[i].path);
	if (!n)
		return;
	type->hint =
		klp_sprintf(s->arena,
			    "objects of the old layout exist in the running kernel, and "
			    "unpatched code goes on using it: keep the type as it is, and hold "
			    "what is new in shadow variables; run again with%s%s for accessors, "
			    "and a list of the places that use them",
			    options, n > MAX_OFFERED ? " (and so on)" : "");
}

/* Of two versions of the struct, the first ones that a unit sees. */
static int find_added(struct shadows *s, const struct klp_view *view, const char *type,
		      struct klp_tu_fields *ret)
{
	struct klp_tu_record before = {}, after = {};

	if (klp_tu_record(s->arena, &view->tu, view->overlay, type, &after, s->err) < 0 ||
	    klp_tu_record(s->arena, &view->before->tu, view->before->overlay, type, &before,
			  s->err) < 0)
		return s->err->code;
	if (after.found && before.found && !after.is_union)
		added_fields(s->arena, &before, &after, ret);
	return 0;
}

static int look(struct shadows *s, const struct klp_view *view, const struct klp_finding *type,
		const struct klp_tu_fields *added)
{
	struct klp_tu_record record = {};

	if (klp_tu_record(s->arena, &view->tu, view->overlay, type->symbol, &record, s->err) < 0)
		return s->err->code;
	for (size_t i = 0; record.found && i < added->n; i++) {
		const char *member = klp_sprintf(s->arena, "%s.%s", type->symbol, added->v[i].path);

		if (klp_strs_has(s->asked, member))
			one_member(s, type, &record, &added->v[i], member);
	}
	return 0;
}

/* In all units: one may see the type, and another one use it. */
static int one_type(struct shadows *s, const struct klp_views *views, size_t finding)
{
	/* the findings' vector moves when some are added */
	struct klp_finding type = s->findings->v[finding];
	struct klp_tu_fields added = {};

	for (size_t i = 0; i < views->n; i++) {
		const struct klp_view *view = views->v[i];

		if (!view->loaded || !view->before || !view->before->loaded)
			continue;
		if (!added.n && find_added(s, view, type.symbol, &added) < 0)
			return s->err->code;
		if (added.n && !s->asked->n)
			break;
		if (added.n && look(s, view, &type, &added) < 0)
			return s->err->code;
	}
	offer(s, &s->findings->v[finding], &added);
	return 0;
}

static void say_unknown(struct shadows *s)
{
	for (size_t i = 0; i < s->asked->n; i++)
		if (!klp_strs_has(&s->found, s->asked->v[i]))
			add(s, KLP_ERROR, "KLP-SHADOW", s->asked->v[i], NULL, 0,
			    klp_sprintf(s->arena, "the fix adds no member '%s' to a struct",
					s->asked->v[i]))
				->hint = "write STRUCT.MEMBER as the hint of KLP-TYPE-CHANGED has "
					 "it; a fix that already uses the shadow variable needs "
					 "--shadow no more";
}

int klp_detect__shadows(struct klp_arena *arena, const struct klp_detect_opts *opts,
			const struct klp_views *views, struct klp_shadows *ret,
			struct klp_findings *findings, struct klp_error *err)
{
	struct shadows s = { arena, &opts->shadows, {}, ret, findings, err };
	size_t n = findings->n;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(findings->v[i].code, "KLP-TYPE-CHANGED") && findings->v[i].symbol &&
		    one_type(&s, views, i) < 0)
			return err->code;
	say_unknown(&s);
	return 0;
}
