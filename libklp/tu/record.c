// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/record.h"

#include <string.h>

#include "base/file.h"
#include "tu/visit.h"

KLP_VEC(field_cursors, CXCursor);

struct looker {
	struct klp_arena *arena;
	const struct klp_tu *tu;
	const char *name;
	CXCursor record; /* its definition */
	struct field_cursors fields;
	struct klp_tu_record *ret;
};

/* ---- which struct ----------------------------------------------------------------------- */

static bool is_record(CXCursor cursor)
{
	enum CXCursorKind kind = clang_getCursorKind(cursor);

	return kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl;
}

static bool has_no_name(const char *spelling)
{
	return !spelling[0] || strchr(spelling, '(');
}

static enum CXChildVisitResult find_record(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct looker *l = data;
	CXCursor found = cursor;

	(void)parent;
	if (clang_getCursorKind(cursor) == CXCursor_TypedefDecl) {
		found = clang_getTypeDeclaration(
			clang_getCanonicalType(clang_getCursorType(cursor)));
		if (!is_record(found) ||
		    !has_no_name(klp_tu__take(l->arena, clang_getCursorSpelling(found))))
			return CXChildVisit_Continue;
	} else if (!is_record(cursor)) {
		/* a struct may be defined within another one, or beside a variable */
		return clang_getCursorKind(cursor) == CXCursor_FieldDecl ||
				       clang_getCursorKind(cursor) == CXCursor_VarDecl
			       ? CXChildVisit_Recurse
			       : CXChildVisit_Continue;
	}
	if (!clang_isCursorDefinition(found) ||
	    strcmp(klp_tu__take(l->arena, clang_getCursorSpelling(cursor)), l->name) != 0)
		return CXChildVisit_Recurse;
	l->record = found;
	l->ret->found = true;
	l->ret->is_union = clang_getCursorKind(found) == CXCursor_UnionDecl;
	l->ret->type = klp_tu__take(l->arena, clang_getTypeSpelling(clang_getCursorType(cursor)));
	return CXChildVisit_Break;
}

/* ---- its members ------------------------------------------------------------------------ */

/* "char [64]" and "text": "char text[64]"; "int (*)(int)" and "f": "int (*f)(int)". */
static char *declare(struct klp_arena *arena, const char *type, const char *name)
{
	const char *at = strstr(type, "(*"), *bracket = strchr(type, '[');
	size_t n = strlen(type);
	bool glued;

	if (at)
		at += 1 + strspn(at + 1, "*");
	else
		at = bracket ? bracket : type + n;
	glued = at > type && strchr("* (", at[-1]);
	return klp_sprintf(arena, "%.*s%s%s%s", (int)(at - type), type, glued ? "" : " ", name, at);
}

/* Its definition stands within that of the struct: no other struct has one of these. */
static bool is_defined_within(struct looker *l, CXCursor record)
{
	unsigned int at, from, to;
	CXFile file, outer;
	CXSourceRange extent = clang_getCursorExtent(l->record);

	clang_getFileLocation(clang_getCursorLocation(record), &file, NULL, NULL, &at);
	clang_getFileLocation(clang_getRangeStart(extent), &outer, NULL, NULL, &from);
	clang_getFileLocation(clang_getRangeEnd(extent), NULL, NULL, NULL, &to);
	return file == outer && at > from && at < to;
}

struct members {
	struct looker *l;
	const char *prefix;
};

static enum CXVisitorResult add_member(CXCursor field, CXClientData data)
{
	struct members *m = data;
	struct klp_arena *arena = m->l->arena;
	const char *name = klp_tu__take(arena, clang_getCursorSpelling(field));
	CXType type = clang_getCursorType(field);
	CXCursor d = clang_getTypeDeclaration(clang_getCanonicalType(type));
	bool nested = is_record(d) && is_defined_within(m->l, d);
	struct members inner = { m->l, m->prefix };
	struct klp_tu_field *f;
	const char *spelled;

	if (!has_no_name(name)) {
		spelled = klp_tu__take(arena, clang_getTypeSpelling(type));
		f = klp_vec_add(arena, &m->l->ret->fields);
		memset(f, 0, sizeof(*f));
		f->path = klp_sprintf(arena, "%s%s", m->prefix, name);
		f->canonical =
			klp_tu__take(arena, clang_getTypeSpelling(clang_getCanonicalType(type)));
		f->declaration = declare(arena, spelled, name);
		f->bits = clang_getFieldDeclBitWidth(field) >= 0;
		f->unnamed = strstr(spelled, "(unnamed") || strstr(spelled, "(anonymous") ||
			     strstr(spelled, "typeof");
		f->sized = clang_Type_getSizeOf(type) > 0;
		klp_vec_push(arena, &m->l->fields, field);
		inner.prefix = klp_sprintf(arena, "%s.", f->path);
	}
	if (nested)
		clang_Type_visitFields(clang_getCursorType(d), add_member, &inner);
	return CXVisit_Continue;
}

/* ---- who uses them ---------------------------------------------------------------------- */

/* Where a person would point at, and the file by the name that findings have. */
static const char *place(struct looker *l, CXCursor cursor, uint32_t *ret_line,
			 uint32_t *ret_offset)
{
	const char *path, *below;
	CXFile file;

	clang_getFileLocation(clang_getCursorLocation(cursor), &file, ret_line, NULL, ret_offset);
	if (!file)
		return l->tu->unit->source;
	path = klp_path_clean(l->arena, klp_tu__take(l->arena, clang_getFileName(file)));
	below = klp_path_below(path, l->tu->unit->source_root);
	return below ? below : path;
}

/* Of `&x` and `x++`, which libclang doesn't tell apart: by their types. */
static bool takes_address(CXCursor operator, CXCursor operand)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(operator));

	return type.kind == CXType_Pointer &&
	       clang_equalTypes(clang_getCanonicalType(clang_getPointeeType(type)),
				clang_getCanonicalType(clang_getCursorType(operand)));
}

static bool is_array(CXCursor cursor)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(cursor));

	return clang_getArrayElementType(type).kind != CXType_Invalid;
}

/*
 * By what stands around it. That it is read, C says by a conversion, which libclang shows as an
 * expression of its own; an array is converted to its address.
 */
static enum klp_tu_access access_of(const struct klp_tu__path *path)
{
	const struct klp_tu__path *up;

	/* in offsetof(), or an initialiser */
	if (clang_getCursorKind(path->cursor) == CXCursor_MemberRef)
		return KLP_TU_NAMED;
	for (; (up = path->up) != NULL; path = up) {
		switch (clang_getCursorKind(up->cursor)) {
		case CXCursor_ParenExpr:
		case CXCursor_MemberRefExpr:
			continue;
		case CXCursor_UnexposedExpr:
			if (!is_array(path->cursor))
				return KLP_TU_READ;
			if (!up->up ||
			    clang_getCursorKind(up->up->cursor) != CXCursor_ArraySubscriptExpr)
				return KLP_TU_ADDRESS;
			continue;
		case CXCursor_ArraySubscriptExpr:
			continue;
		case CXCursor_UnaryOperator:
			return takes_address(up->cursor, path->cursor) ? KLP_TU_ADDRESS
								       : KLP_TU_WRITTEN;
		case CXCursor_BinaryOperator:
		case CXCursor_CompoundAssignOperator:
			return KLP_TU_WRITTEN;
		default:
			return KLP_TU_NAMED;
		}
	}
	return KLP_TU_NAMED;
}

struct inside {
	struct looker *l;
	const char *function;
	const struct klp_tu__path *path;
};

static void add_use(struct inside *in, const struct klp_tu__path *path)
{
	CXCursor target = clang_getCursorReferenced(path->cursor);
	struct looker *l = in->l;
	struct klp_tu_use use = { .function = in->function };

	for (size_t i = 0; i < l->fields.n; i++)
		if (clang_equalCursors(l->fields.v[i], target))
			use.path = l->ret->fields.v[i].path;
	if (!use.path)
		return;
	use.file = place(l, path->cursor, &use.line, &use.offset);
	use.access = access_of(path);
	/* a macro may name its argument several times */
	for (size_t i = 0; i < l->ret->uses.n; i++) {
		struct klp_tu_use *other = &l->ret->uses.v[i];

		if (other->offset != use.offset || strcmp(other->file, use.file) ||
		    strcmp(other->path, use.path))
			continue;
		if (use.access > other->access)
			other->access = use.access;
		return;
	}
	klp_vec_push(l->arena, &l->ret->uses, use);
}

/* ---- its objects ------------------------------------------------------------------------ */

static bool is_ours(struct looker *l, CXType type)
{
	CXCursor d = clang_getTypeDeclaration(clang_getCanonicalType(type));

	return clang_equalCursors(d, l->record);
}

static bool points_to_ours(struct looker *l, CXCursor cursor)
{
	CXType type = clang_getCanonicalType(clang_getCursorType(cursor));

	return type.kind == CXType_Pointer && is_ours(l, clang_getPointeeType(type));
}

static void add_object(struct inside *in, int what, CXCursor at, const char *by)
{
	struct klp_tu_object o = { .by = by, .function = in->function };
	struct klp_tu_objects *objects = &in->l->ret->objects;
	uint32_t offset;

	o.what = what;
	o.file = place(in->l, at, &o.line, &offset);
	for (size_t i = 0; i < objects->n; i++)
		if ((int)objects->v[i].what == what && objects->v[i].line == o.line &&
		    !strcmp(objects->v[i].file, o.file) && !strcmp(objects->v[i].by, by))
			return;
	klp_vec_push(in->l->arena, objects, o);
}

struct search {
	struct looker *l;
	bool found;
};

static enum CXChildVisitResult find_ours(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct search *s = data;

	(void)parent;
	s->found = s->found || points_to_ours(s->l, cursor);
	return s->found ? CXChildVisit_Break : CXChildVisit_Recurse;
}

static void look_at_call(struct inside *in, const struct klp_tu__path *path)
{
	const char *callee = klp_tu__take(in->l->arena, clang_getCursorSpelling(path->cursor));
	struct search s = { in->l, false };
	const struct klp_tu__path *up = path->up;

	if (strstr(callee, "free")) {
		clang_visitChildren(path->cursor, find_ours, &s);
		if (s.found)
			add_object(in, KLP_TU_FREED, path->cursor, callee);
	}
	if (!strstr(callee, "alloc"))
		return;
	/* void * becomes a pointer to the struct */
	for (; up && clang_getCursorKind(up->cursor) != CXCursor_CompoundStmt; up = up->up)
		if (points_to_ours(in->l, up->cursor)) {
			add_object(in, KLP_TU_ALLOCATED, path->cursor, callee);
			return;
		}
}

static void look_at_variable(struct inside *in, CXCursor var)
{
	bool of_file = clang_getCursorLinkage(var) != CXLinkage_NoLinkage ||
		       clang_Cursor_getStorageClass(var) == CX_SC_Static;
	CXType type = clang_getCanonicalType(clang_getCursorType(var)), element;

	while ((element = clang_getArrayElementType(type)).kind != CXType_Invalid)
		type = clang_getCanonicalType(element);
	if (is_ours(in->l, type) && clang_Cursor_getStorageClass(var) != CX_SC_Extern)
		add_object(in, of_file ? KLP_TU_STATIC : KLP_TU_AUTOMATIC, var,
			   klp_tu__take(in->l->arena, clang_getCursorSpelling(var)));
}

/* ---- all declarations ------------------------------------------------------------------- */

static enum CXChildVisitResult visit_inside(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct inside *outer = data;
	const struct klp_tu__path path = { cursor, outer->path };
	struct inside in = { outer->l, outer->function, &path };

	(void)parent;
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_MemberRefExpr:
	case CXCursor_MemberRef:
		add_use(outer, &path);
		break;
	case CXCursor_CallExpr:
		look_at_call(outer, &path);
		break;
	case CXCursor_BinaryOperator:
		if (is_ours(outer->l, clang_getCursorType(cursor)))
			add_object(outer, KLP_TU_COPIED, cursor, "=");
		break;
	case CXCursor_VarDecl:
		look_at_variable(outer, cursor);
		break;
	default:
		break;
	}
	clang_visitChildren(cursor, visit_inside, &in);
	return CXChildVisit_Continue;
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent, CXClientData data)
{
	enum CXCursorKind kind = clang_getCursorKind(cursor);
	struct inside in = { .l = data };
	const struct klp_tu__path path = { cursor, NULL };

	(void)parent;
	in.path = &path;
	if (kind == CXCursor_FunctionDecl && clang_isCursorDefinition(cursor))
		in.function = klp_tu__take(in.l->arena, clang_getCursorSpelling(cursor));
	else if (kind == CXCursor_VarDecl)
		look_at_variable(&in, cursor);
	else
		return CXChildVisit_Continue;
	clang_visitChildren(cursor, visit_inside, &in);
	return CXChildVisit_Continue;
}

int klp_tu_record(struct klp_arena *arena, const struct klp_tu *tu,
		  const struct klp_overlay *overlay, const char *name, struct klp_tu_record *ret,
		  struct klp_error *err)
{
	__attribute__((cleanup(klp_tu__close))) struct klp_tu__handles h = {};
	struct klp_tu_record record = {};
	struct looker l = { .arena = arena, .tu = tu, .name = name, .ret = &record };
	struct members all = { &l, "" };
	CXCursor top;

	if (klp_tu__open(arena, tu->unit, overlay, &tu->clang_args, &h, err) < 0)
		return err->code;
	top = clang_getTranslationUnitCursor(h.unit);
	clang_visitChildren(top, find_record, &l);
	if (record.found) {
		clang_Type_visitFields(clang_getCursorType(l.record), add_member, &all);
		clang_visitChildren(top, visit_top, &l);
	}
	*ret = record;
	return 0;
}
