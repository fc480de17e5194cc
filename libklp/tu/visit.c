// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/visit.h"

#include <string.h>

#include "tu/place.h"

KLP_VEC(cursors, CXCursor);

struct visitor {
	struct klp_arena *arena;
	struct klp_tu *tu;
	struct klp_tu__places places;
	struct klp_tu_decl *decl; /* being filled */
	struct klp_map names;	  /* of decl->names, each once */
	struct cursors locals;	  /* of decl->locals */
};

static bool const_type(CXType type)
{
	for (;;) {
		CXType element = clang_getArrayElementType(type);

		if (element.kind == CXType_Invalid)
			return clang_isConstQualifiedType(clang_getCanonicalType(type));
		type = element;
	}
}

static enum klp_tu_kind kind_of(CXCursor cursor)
{
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_FunctionDecl:
		return KLP_TU_FUNCTION;
	case CXCursor_VarDecl:
		return KLP_TU_VARIABLE;
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
	case CXCursor_EnumDecl:
		return KLP_TU_TYPE;
	case CXCursor_TypedefDecl:
		return KLP_TU_TYPEDEF;
	default:
		return KLP_TU_OTHER;
	}
}

/* ---- inside a declaration --------------------------------------------------------------- */

static void add_name(struct visitor *v, CXCursor cursor)
{
	char *name = klp_tu__take(v->arena, clang_getCursorSpelling(cursor));

	if (!name[0] || klp_map_get(&v->names, name))
		return;
	klp_map_put(&v->names, name, name);
	klp_vec_push(v->arena, &v->decl->names, name);
}

/* A variable that lives as long as the kernel: at file scope, extern, or a static local. */
static bool is_static_storage(CXCursor var)
{
	enum CX_StorageClass sc = clang_Cursor_getStorageClass(var);

	if (clang_getCursorLinkage(var) != CXLinkage_NoLinkage)
		return true;
	return sc == CX_SC_Static || sc == CX_SC_Extern;
}

static uint32_t local_index(const struct visitor *v, CXCursor var)
{
	for (size_t i = 0; i < v->locals.n; i++)
		if (clang_equalCursors(v->locals.v[i], var))
			return (uint32_t)i;
	return KLP_NOWHERE;
}

/* A builtin has no declaration: clang puts one where it is used first, of its name alone. */
static bool is_undeclared(CXCursor function)
{
	return !clang_isCursorDefinition(function) &&
	       clang_equalLocations(clang_getRangeStart(clang_getCursorExtent(function)),
				    clang_getCursorLocation(function)) != 0;
}

static void add_ref(struct visitor *v, const struct klp_tu__path *path, bool call)
{
	CXCursor cursor = path->cursor, target = clang_getCursorReferenced(cursor);
	enum CXCursorKind kind = clang_getCursorKind(target);
	struct klp_tu_ref ref = { .call = call };
	struct klp_tu__place p, declared;

	if (kind == CXCursor_FunctionDecl)
		ref.kind = KLP_TU_FUNCTION;
	else if (kind == CXCursor_VarDecl && is_static_storage(target))
		ref.kind = KLP_TU_VARIABLE;
	else
		return;
	ref.name = klp_tu__take(v->arena, clang_getCursorSpelling(target));
	p = klp_tu__place_of(&v->places, clang_getCursorLocation(cursor));
	declared = klp_tu__expansion_of(&v->places, clang_getCursorLocation(target));
	ref.file = p.file;
	ref.at = p.offset;
	ref.offset = klp_tu__spelled_at(&v->places, p, ref.name);
	ref.own = declared.file != KLP_NOWHERE &&
		  (ref.kind != KLP_TU_FUNCTION || !is_undeclared(target));
	ref.internal = clang_getCursorLinkage(target) == CXLinkage_Internal;
	ref.local_static = ref.kind == KLP_TU_VARIABLE &&
			   clang_getCursorLinkage(target) == CXLinkage_NoLinkage;
	ref.local = ref.local_static ? local_index(v, target) : KLP_NOWHERE;
	if (ref.local != KLP_NOWHERE && klp_tu__escapes(path))
		v->decl->locals.v[ref.local].escapes = true;
	ref.is_inline = ref.kind == KLP_TU_FUNCTION && clang_Cursor_isFunctionInlined(target);
	klp_vec_push(v->arena, &v->decl->refs, ref);
}

/*
 * A type as the source spells it. One that it takes from an expression is spelled out: what
 * the expression names may have another name where the type is used.
 */
static char *type_text(struct visitor *v, CXType type)
{
	char *text = klp_tu__take(v->arena, clang_getTypeSpelling(type));

	if (!strstr(text, "typeof"))
		return text;
	return klp_tu__take(v->arena, clang_getTypeSpelling(clang_getCanonicalType(type)));
}

/* A static local: the statement that declares it is `parent`. */
static void add_local(struct visitor *v, CXCursor var, CXCursor parent)
{
	struct klp_tu_local l = {};
	struct klp_tu__place from, to;
	bool statement = clang_getCursorKind(parent) == CXCursor_DeclStmt;
	CXSourceRange extent = clang_getCursorExtent(statement ? parent : var);

	l.name = klp_tu__take(v->arena, clang_getCursorSpelling(var));
	l.type = type_text(v, clang_getCursorType(var));
	l.is_const = const_type(clang_getCursorType(var));
	klp_tu__describe_local(v->arena, var, &l);
	from = klp_tu__expansion_of(&v->places, clang_getRangeStart(extent));
	to = klp_tu__end_of(&v->places, clang_getRangeEnd(extent));
	l.file = from.file;
	l.from = from.offset;
	l.to = to.offset;
	l.macro = klp_tu__spelled_at(&v->places,
				     klp_tu__place_of(&v->places, clang_getCursorLocation(var)),
				     l.name) == KLP_NOWHERE;
	for (size_t i = 0; i < v->decl->locals.n; i++) {
		struct klp_tu_local *other = &v->decl->locals.v[i];

		if (!l.macro && other->file == l.file && other->from == l.from) {
			other->declared++;
			l.declared++;
		}
	}
	l.declared++;
	klp_vec_push(v->arena, &v->decl->locals, l);
	klp_vec_push(v->arena, &v->locals, var);
}

/* The name that a call calls by, below casts and parentheses; null for a computed one. */
static enum CXChildVisitResult first_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Break;
}

/* The operand of a cast stands behind the type's name. */
static enum CXChildVisitResult last_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Continue;
}

static CXCursor callee_of(CXCursor call)
{
	CXCursor c = clang_getNullCursor();

	clang_visitChildren(call, first_child, &c);
	while (clang_getCursorKind(c) == CXCursor_UnexposedExpr ||
	       clang_getCursorKind(c) == CXCursor_ParenExpr ||
	       clang_getCursorKind(c) == CXCursor_CStyleCastExpr) {
		CXCursor inner = clang_getNullCursor();

		clang_visitChildren(c, last_child, &inner);
		c = inner;
	}
	return clang_getCursorKind(c) == CXCursor_DeclRefExpr ? c : clang_getNullCursor();
}

/* The record, enum or typedef of an own file that an expression's type is, or points to. */
static void add_type(struct visitor *v, CXType type)
{
	CXCursor d;

	for (;;) {
		CXType inner = type.kind == CXType_Pointer ? clang_getPointeeType(type)
							   : clang_getArrayElementType(type);

		if (inner.kind == CXType_Invalid)
			break;
		type = inner;
	}
	d = clang_getTypeDeclaration(clang_getCanonicalType(type));
	while (kind_of(d) == KLP_TU_TYPE &&
	       klp_tu__expansion_of(&v->places, clang_getCursorLocation(d)).file != KLP_NOWHERE) {
		char *name = klp_tu__take(v->arena, clang_getCursorSpelling(d));

		if (name[0] && !strchr(name, '('))
			klp_strs_add(v->arena, &v->decl->types, name);
		d = clang_getCursorSemanticParent(d);
	}
}

struct inside {
	struct visitor *v;
	CXCursor callee; /* of the call that is being visited */
	const struct klp_tu__path *path;
};

static enum CXChildVisitResult visit_inside(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct inside *outer = data;
	const struct klp_tu__path path = { cursor, outer->path };
	struct inside in = { outer->v, outer->callee, &path };
	struct visitor *v = outer->v;

	switch (clang_getCursorKind(cursor)) {
	case CXCursor_DeclRefExpr:
		add_type(v, clang_getCursorType(cursor));
		add_ref(v, &path, clang_equalCursors(cursor, outer->callee));
		break;
	case CXCursor_CallExpr:
		add_type(v, clang_getCursorType(cursor));
		in.callee = callee_of(cursor);
		break;
	case CXCursor_VarDecl:
		add_name(v, cursor);
		if (clang_Cursor_getStorageClass(cursor) == CX_SC_Static &&
		    clang_getCursorLinkage(cursor) == CXLinkage_NoLinkage)
			add_local(v, cursor, parent);
		break;
	case CXCursor_ParmDecl:
	case CXCursor_LabelStmt:
	case CXCursor_LabelRef:
	case CXCursor_MemberRefExpr:
		add_type(v, clang_getCursorType(cursor));
		add_name(v, cursor);
		break;
	case CXCursor_MemberRef:
	case CXCursor_FieldDecl:
		add_name(v, cursor);
		break;
	default:
		break;
	}
	clang_visitChildren(cursor, visit_inside, &in);
	return CXChildVisit_Continue;
}

static enum CXChildVisitResult find_body(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_CompoundStmt)
		return CXChildVisit_Continue;
	*(CXCursor *)data = cursor;
	return CXChildVisit_Break;
}

static enum CXChildVisitResult add_enumerator(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct visitor *v = data;

	(void)parent;
	if (clang_getCursorKind(cursor) == CXCursor_EnumConstantDecl)
		klp_vec_push(v->arena, &v->decl->enumerators,
			     klp_tu__take(v->arena, clang_getCursorSpelling(cursor)));
	return CXChildVisit_Continue;
}

/* Enumerators of an enum inside a struct are names of the file too. */
static enum CXChildVisitResult nested_enumerators(CXCursor cursor, CXCursor parent,
						  CXClientData data)
{
	add_enumerator(cursor, parent, data);
	return CXChildVisit_Recurse;
}

/* ---- declarations ----------------------------------------------------------------------- */

static void fill_typed(struct visitor *v, CXCursor cursor, struct klp_tu_decl *d)
{
	enum CX_StorageClass sc = clang_Cursor_getStorageClass(cursor);
	CXType type = clang_getCursorType(cursor);

	d->is_static = sc == CX_SC_Static;
	d->in_header =
		klp_tu__expansion_of(&v->places,
				     clang_getCursorLocation(clang_getCanonicalCursor(cursor)))
			.file == KLP_NOWHERE;
	d->is_extern = sc == CX_SC_Extern;
	d->type = type_text(v, type);
	d->canonical = klp_tu__type_name(v->arena, type);
	d->anonymous_type = strstr(d->type, "(unnamed") || strstr(d->type, "(anonymous");
	if (d->kind == KLP_TU_FUNCTION) {
		d->is_inline = clang_Cursor_isFunctionInlined(cursor);
	} else {
		d->is_const = const_type(type);
		d->empty = clang_Type_getSizeOf(type) == 0;
		/* a tentative definition is one, unless a real one follows */
		d->definition = d->definition || sc != CX_SC_Extern;
	}
}

static void fill_body(struct visitor *v, CXCursor cursor, struct klp_tu_decl *d)
{
	CXCursor body = clang_getNullCursor();
	struct klp_tu__place p;

	clang_visitChildren(cursor, find_body, &body);
	if (clang_Cursor_isNull(body))
		return;
	p = klp_tu__place_of(&v->places, clang_getRangeStart(clang_getCursorExtent(body)));
	if (p.file == d->file && p.offset < v->tu->files.v[p.file].len &&
	    v->tu->files.v[p.file].text[p.offset] == '{')
		d->body_at = p.offset;
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct visitor *v = data;
	CXSourceRange extent = clang_getCursorExtent(cursor);
	struct klp_tu_decl d = { .name_at = KLP_NOWHERE, .body_at = KLP_NOWHERE };
	struct klp_tu__place from = klp_tu__expansion_of(&v->places, clang_getRangeStart(extent)),
			     to, name;
	struct inside in = { v, clang_getNullCursor(), NULL };

	(void)parent;
	/* macros and includes come as cursors too; the file's own text tells more of them */
	if (from.file == KLP_NOWHERE || clang_isPreprocessing(clang_getCursorKind(cursor)))
		return CXChildVisit_Continue;
	to = klp_tu__end_of(&v->places, clang_getRangeEnd(extent));
	d.kind = kind_of(cursor);
	d.name = klp_tu__take(v->arena, clang_getCursorSpelling(cursor));
	if (d.kind == KLP_TU_TYPE && strchr(d.name, '('))
		d.name = ""; /* libclang 16 and later describe an anonymous type here */
	d.file = from.file;
	d.from = from.offset;
	d.to = to.file == from.file ? to.offset : from.offset;
	name = klp_tu__place_of(&v->places, clang_getCursorLocation(cursor));
	d.line = name.file == d.file ? name.line : from.line;
	if (d.name[0])
		d.name_at = klp_tu__spelled_at(&v->places, name, d.name);
	d.definition = clang_isCursorDefinition(cursor);
	v->decl = &d;
	klp_map_init(&v->names, v->arena);
	v->locals.n = 0;
	if (d.kind == KLP_TU_FUNCTION || d.kind == KLP_TU_VARIABLE) {
		fill_typed(v, cursor, &d);
		clang_visitChildren(cursor, visit_inside, &in);
	}
	if (d.kind == KLP_TU_FUNCTION && d.definition)
		fill_body(v, cursor, &d);
	if (d.kind == KLP_TU_TYPE)
		clang_visitChildren(cursor, nested_enumerators, v);
	klp_vec_push(v->arena, &v->tu->decls, d);
	return CXChildVisit_Continue;
}

void klp_tu__visit(struct klp_arena *arena, CXTranslationUnit cx, struct klp_tu *tu,
		   const struct klp_map *files)
{
	struct visitor v = { .arena = arena, .tu = tu };

	klp_tu__places_init(&v.places, arena, cx, tu, files);
	clang_visitChildren(clang_getTranslationUnitCursor(cx), visit_top, &v);
}
