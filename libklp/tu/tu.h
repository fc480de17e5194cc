/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A translation unit as libclang sees it, as plain data: the file-scope declarations of the
 * unit's own files with their exact places, and what each of them refers to. The only home
 * of libclang.
 *
 * "Own" files are the unit's source, the .c files that it includes (kernel/sched/ does
 * that), and headers of its directory that define functions which aren't inline
 * (kernel/rcu/tree_stall.h); everything else is a header that stays where it is. Offsets are bytes in the file
 * as read (after the overlay).
 *
 * libclang is made to see what GCC saw: the recorded flags (tu/flags.h), GCC's predefined
 * macros in place of clang's, and GCC's answers to __has_attribute and __has_builtin.
 */
#ifndef KLP_TU_TU_H
#define KLP_TU_TU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "cc/cc.h"
#include "model/unit.h"

#define KLP_NOWHERE UINT32_MAX /* an offset that isn't spelled in any own file */

struct klp_span {
	uint32_t from, to;
};
KLP_VEC(klp_spans, struct klp_span);

struct klp_tu_file {
	const char *path; /* as opened */
	const char *name; /* relative to the source root; path itself when not below it */
	const char *text; /* NULL unless own */
	size_t len;
	bool own;
	struct klp_spans skipped; /* conditional text that isn't compiled; own files only */
	int included_from;        /* index of the file that includes it first; -1 for the main
				     file and for what the command line includes */
	uint32_t included_at;     /* offset of that #include in it, where it is an own file */
	uint32_t included_last;   /* of the last #include of this file in it */
};
KLP_VEC(klp_tu_files, struct klp_tu_file);

enum klp_tu_kind {
	KLP_TU_FUNCTION,
	KLP_TU_VARIABLE,
	KLP_TU_TYPE,    /* struct, union, enum */
	KLP_TU_TYPEDEF,
	KLP_TU_OTHER,   /* asserts, asm, empty declarations */
};

/* A use of a function or of a variable that isn't automatic. */
struct klp_tu_ref {
	const char *name;
	enum klp_tu_kind kind;  /* FUNCTION or VARIABLE */
	uint32_t file, offset;  /* of the name's token; offset is KLP_NOWHERE when a macro's body
				   spells it: `at` is then where the macro is used */
	uint32_t at;
	bool call;              /* the function called, not its address taken */
	bool internal;          /* static at file scope */
	bool own;               /* declared in an own file */
	bool is_inline;         /* a function declared inline */
	bool local_static;      /* a static variable of the function itself */
	uint32_t local;         /* then its index in locals */
};
KLP_VEC(klp_tu_refs, struct klp_tu_ref);

/* A static variable inside a function. */
struct klp_tu_local {
	const char *name;
	const char *type;       /* as spelled */
	uint32_t file, from, to; /* of the declaration statement with its ';' */
	uint32_t declared;      /* how many variables that statement declares */
	bool is_const, macro;   /* macro: the name is spelled by a macro's body */
	const char *canonical;  /* the type, typedefs resolved; no place of an unnamed one */
	const char *layout;     /* a record's members and where they lie; "" for other types */
	int64_t size;           /* sizeof */
	bool sized;             /* libclang knows the size */
	bool initialised;       /* has an initialiser */
	bool nonzero;           /* that is a number other than 0 */
	bool escapes;           /* its address is used as a value: passed, stored, compared */
};
KLP_VEC(klp_tu_locals, struct klp_tu_local);

struct klp_tu_decl {
	enum klp_tu_kind kind;
	const char *name;       /* "" for an anonymous type */
	uint32_t file, from, to; /* the text, without a variable's ';'; a macro's use whole */
	uint32_t name_at;       /* offset of the name's token, or KLP_NOWHERE */
	uint32_t body_at;       /* of a function's '{', or KLP_NOWHERE */
	uint32_t line;          /* of the name (or of the macro's use) */
	bool definition, is_static, is_inline, is_extern, is_const;
	bool in_header;         /* a header declares it first */
	bool empty;             /* of a variable: it has no size, as lock classes without lockdep */
	const char *type;       /* of functions and variables, as spelled, without typeof */
	const char *canonical;  /* likewise, typedefs resolved; no place of an unnamed one */
	bool anonymous_type;    /* the type can't be spelled: it has no name */
	struct klp_strs enumerators; /* of an enum */
	struct klp_strs names;  /* of a function: its parameters, variables, labels, and the
				   members that it names */
	struct klp_strs types;  /* types of own files that its expressions have, though the text
				   need not name them: p->poller->interval */
	struct klp_tu_refs refs;
	struct klp_tu_locals locals;
};
KLP_VEC(klp_tu_decls, struct klp_tu_decl);

struct klp_tu {
	const struct klp_unit *unit;
	struct klp_tu_files files;
	struct klp_tu_decls decls; /* of own files, in the order of the unit */
	struct klp_map by_name;    /* functions and variables: the index + 1 of the definition
				      when there is one, else of the first declaration */
	struct klp_strs clang_args; /* as libclang is given them for the whole unit */
	bool behind;            /* the headers at its top were read by the compiler alone */
};

struct klp_tu_problem {
	const char *file; /* NULL when the unit parses */
	unsigned int line, column;
	const char *text;
};

/*
 * Parses a unit, with the overlay's files in place of their originals when there is one.
 * preamble is the file that klp_tu_preamble() made for the unit, of texts that hold those of
 * the overlay. toks: the version's tokens with neutral numbers, where they are there, and then it
 * needn't read the headers at the top (tu/behind.h); or NULL. When libclang reports an error in the source, ret_problem names it and the
 * result is not to be used.
 */
int klp_tu_parse(struct klp_arena *arena, const struct klp_unit *unit,
		 const struct klp_overlay *overlay, const char *preamble,
		 const struct klp_ctoks *toks, struct klp_tu *ret,
		 struct klp_tu_problem *ret_problem, struct klp_error *err);

/* The definition of a function or variable, else its first declaration, else NULL. */
const struct klp_tu_decl *klp_tu_find(const struct klp_tu *tu, const char *name);

/* The version of libclang, "14.0.6". */
const char *klp_tu_version(struct klp_arena *arena);

#endif
