// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What matters of a static variable inside a function when its state is to be shared: what
 * the memory looks like, what it starts with, and whether anybody may hold its address.
 */
#include "tu/visit.h"

#include <string.h>

#include "base/buf.h"

/* ---- the type --------------------------------------------------------------------------- */

/* Behind "FILE:LINE:COLUMN", or NULL. A file's name may hold anything but a quote. */
static const char *place_end(const char *p)
{
	for (; (p = strchr(p, ':')) != NULL; p++) {
		size_t line = strspn(p + 1, "0123456789"), column;

		if (!line || p[1 + line] != ':')
			continue;
		column = strspn(p + 2 + line, "0123456789");
		if (column && p[2 + line + column] == ')')
			return p + 2 + line + column;
	}
	return NULL;
}

/*
 * "struct (unnamed)" for what libclang calls "struct (unnamed struct at FILE:LINE:COLUMN)",
 * up to version 15 without the second `struct`: an edit above it moves the line.
 */
char *klp_tu__type_name(struct klp_arena *arena, CXType type)
{
	const char *p = klp_tu__take(arena, clang_getTypeSpelling(clang_getCanonicalType(type)));
	const char *at, *end;
	struct klp_buf out;

	klp_buf_init(&out, arena);
	while ((at = strstr(p, " at ")) != NULL && (end = place_end(at)) != NULL) {
		while (at > p && *at != '(')
			at--;
		klp_buf_addn(&out, p, (size_t)(at - p));
		klp_buf_add(&out, "(unnamed");
		p = end;
	}
	klp_buf_add(&out, p);
	return out.p;
}

struct layout {
	struct klp_arena *arena;
	struct klp_buf out;
	KLP_VEC(, CXCursor) pointed; /* records already described because of a pointer to one */
};

static bool is_known(struct layout *l, CXCursor record)
{
	for (size_t i = 0; i < l->pointed.n; i++)
		if (clang_equalCursors(l->pointed.v[i], record))
			return true;
	klp_vec_push(l->arena, &l->pointed, record);
	return false;
}

/* What an array is of, or a pointer points to: invalid for anything else. */
static CXType element_of(CXType type, bool *pointed)
{
	CXType element = clang_getArrayElementType(type);

	if (element.kind == CXType_Invalid) {
		element = clang_getPointeeType(type);
		*pointed = *pointed || element.kind != CXType_Invalid;
	}
	return element.kind == CXType_Invalid ? element : clang_getCanonicalType(element);
}

static void add_layout(struct layout *l, CXType type);

static enum CXVisitorResult add_field(CXCursor field, CXClientData data)
{
	struct layout *l = data;
	CXType type = clang_getCursorType(field);

	klp_buf_addf(&l->out, "%s %s @%lld:%d", klp_tu__type_name(l->arena, type),
		     klp_tu__take(l->arena, clang_getCursorSpelling(field)),
		     clang_Cursor_getOffsetOfField(field), clang_getFieldDeclBitWidth(field));
	add_layout(l, type);
	klp_buf_add(&l->out, ";");
	return CXVisit_Continue;
}

/*
 * The members of a record. Of what is pointed to only such records as are defined in the
 * function: those of the file are compared by whoever compares the file's declarations.
 */
static void add_layout(struct layout *l, CXType type)
{
	CXType inner = clang_getCanonicalType(type), element;
	bool pointed = false;
	CXCursor d;

	while ((element = element_of(inner, &pointed)).kind != CXType_Invalid)
		inner = element;
	d = clang_getTypeDeclaration(inner);
	if (inner.kind != CXType_Record)
		return;
	if (pointed &&
	    (clang_getCursorKind(clang_getCursorSemanticParent(d)) != CXCursor_FunctionDecl ||
	     is_known(l, d)))
		return;
	klp_buf_add(&l->out, "{");
	clang_Type_visitFields(inner, add_field, l);
	klp_buf_add(&l->out, "}");
}

static bool is_nonzero(CXCursor initialiser)
{
	CXEvalResult result = clang_Cursor_Evaluate(initialiser);
	bool nonzero = result && clang_EvalResult_getKind(result) == CXEval_Int &&
		       clang_EvalResult_getAsLongLong(result) != 0;

	if (result)
		clang_EvalResult_dispose(result);
	return nonzero;
}

void klp_tu__describe_local(struct klp_arena *arena, CXCursor var, struct klp_tu_local *ret)
{
	CXType type = clang_getCursorType(var);
	CXCursor initialiser = clang_Cursor_getVarDeclInitializer(var);
	long long size = clang_Type_getSizeOf(type);
	struct layout layout = { .arena = arena };

	klp_buf_init(&layout.out, arena);
	add_layout(&layout, type);
	ret->canonical = klp_tu__type_name(arena, type);
	ret->layout = layout.out.p;
	ret->size = size > 0 ? size : 0;
	ret->sized = size >= 0;
	ret->initialised = !clang_Cursor_isNull(initialiser);
	ret->nonzero = ret->initialised && is_nonzero(initialiser);
}

/* ---- its address ------------------------------------------------------------------------ */

static bool is_array(CXType type)
{
	return clang_getArrayElementType(clang_getCanonicalType(type)).kind != CXType_Invalid;
}

static bool is_pointer(CXType type)
{
	return clang_getCanonicalType(type).kind == CXType_Pointer;
}

/* `&place`: what comes out points to what goes in. */
static bool points_to(CXType pointer, CXType type)
{
	CXType pointee = clang_getPointeeType(clang_getCanonicalType(pointer));

	return is_pointer(pointer) &&
	       clang_equalTypes(clang_getCanonicalType(pointee), clang_getCanonicalType(type));
}

/* A pointer to the variable is the operand of `up`. Whether it still is one, or a place. */
enum what { PLACE, POINTER, DONE, ESCAPED };

static enum what from_pointer(CXCursor up)
{
	CXType type = clang_getCursorType(up);

	switch (clang_getCursorKind(up)) {
	case CXCursor_ParenExpr:
	case CXCursor_CStyleCastExpr:
	case CXCursor_BinaryOperator:
	case CXCursor_ConditionalOperator:
		return is_pointer(type) ? POINTER : ESCAPED;
	case CXCursor_UnexposedExpr:
		/* to a truth value, or what the compiler asks of its type */
		return is_pointer(type) ? POINTER : DONE;
	case CXCursor_UnaryOperator:
	case CXCursor_ArraySubscriptExpr:
	case CXCursor_MemberRefExpr:
		return PLACE;
	case CXCursor_UnaryExpr: /* sizeof */
		return DONE;
	default:
		return ESCAPED;
	}
}

static enum what from_place(CXCursor place, CXCursor up)
{
	CXType type = clang_getCursorType(up);

	switch (clang_getCursorKind(up)) {
	case CXCursor_ParenExpr:
	case CXCursor_MemberRefExpr:
	case CXCursor_ConditionalOperator:
		return PLACE;
	case CXCursor_UnexposedExpr:
		/* an array becomes a pointer; anything else is read */
		if (!is_array(clang_getCursorType(place)))
			return DONE;
		return is_pointer(type) ? POINTER : PLACE;
	case CXCursor_UnaryOperator:
		return points_to(type, clang_getCursorType(place)) ? POINTER : DONE;
	case CXCursor_ArraySubscriptExpr:
		return is_array(clang_getCursorType(place)) ? PLACE : DONE;
	default:
		return DONE;
	}
}

bool klp_tu__escapes(const struct klp_tu__path *path)
{
	enum what what = PLACE;

	for (; path->up && (what == PLACE || what == POINTER); path = path->up)
		what = what == POINTER ? from_pointer(path->up->cursor)
				       : from_place(path->cursor, path->up->cursor);
	return what == ESCAPED || what == POINTER;
}
