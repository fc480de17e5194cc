/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside extract/ only: one unit on its way from a parsed file to a livepatch source.
 *
 *	items.c        the file's own text as a sequence of items: includes, macros, declarations
 *	resolve.c      what stands behind a name in the running kernel
 *	headers.c      which of its macros headers need, and what else they ask for
 *	fixed*.c       what comes along because the fix changes headers (fixed.h)
 *	group.c        the units together: what one needs that the fix adds to another
 *	reach.c        which items the patched functions need, in which role
 *	words.c        ... for types and macros, which are known by words alone
 *	entities.c     what becomes of each function and variable, and every use of one that goes
 *	               elsewhere now
 *	locals.c       the static variables inside them: shared with the original, or not
 *	locals_*.c     which of the original's each is, which symbol that has, how it is defined,
 *	               what takes the place of a shared one's definition
 *	policy.c       where its author decides
 *	said.c         names that the text prints, which must stay
 *	edits.c        what the uses ask for
 *	write.c        the items as text
 *	text.c         ... with the edits
 *	declaration.c  ... and declarations of what isn't defined there
 *	declarator.c   `type name` for any type
 *	keys.c         branches on static keys of modules, which a livepatch can't have
 *	keys_place.c   ... and where they hide
 *	pointers.c     `(*klpe_foo)`, when references are to be pointers
 *	macros.c       macros of headers: the way to a word, and a use written out
 *	twice.c        what the compiled text has a second one of
 *	registers.c    what must not be registered with the kernel a second time
 *	link.c         the text compiled, its undefined symbols planned
 *	cflags.c       the flags that it needs from Kbuild
 *
 * Everything is (file, from, to) until write.c: nothing is text before that.
 */
#ifndef KLP_EXTRACT_PRIVATE_H
#define KLP_EXTRACT_PRIVATE_H

#include "base/buf.h"
#include "elf/symtab.h"
#include "extract/extract.h"
#include "extract/locals.h"
#include "parsers/cppline.h"
#include "parsers/ipa.h"

enum item_kind { ITEM_INCLUDE, ITEM_DEFINE, ITEM_UNDEF, ITEM_PRAGMA, ITEM_DECL };

/* What becomes of a declaration. */
enum role {
	ROLE_NONE,
	ROLE_COPY,   /* verbatim */
	ROLE_PATCH,  /* a function's definition, as klpp_NAME */
	ROLE_EXTERN, /* declared, and resolved when the livepatch is loaded */
};

/* How a header's branches on a module's static keys are spelled: they ask the key instead. */
enum item_asks {
	ASKS_FUNCTIONS = 1, /* static_key_false() */
	ASKS_MACROS = 2,    /* static_branch_unlikely() */
};

struct item {
	enum item_kind kind;
	enum role role;       /* ROLE_COPY for a directive that is kept */
	uint32_t file, line;
	uint32_t lead;        /* where the comment above begins; from when there is none */
	uint32_t from, to;    /* without the newline */
	const char *name;     /* of a macro; operand of an include */
	struct klp_strs decls_names; /* what it declares: functions, variables, types */
	KLP_VEC(, const struct klp_tu_decl *) decls;
	bool function;        /* defines a function */
	bool types;           /* a type that it defines beside a variable is needed */
	const char *needed_by;
	unsigned int asks;    /* of an include: enum item_asks */
};
KLP_VEC(items, struct item);

enum entity_kind {
	ENTITY_PATCHED,  /* calls go to klpp_NAME */
	ENTITY_COPIED,   /* comes along under its own name */
	ENTITY_EXTERN,   /* the running kernel's, under a link name of its own */
	ENTITY_GLOBAL,   /* keeps its name: an export, or a global of vmlinux */
	ENTITY_FIXED,    /* a header's, of which the livepatch has the fixed version: fixed.h */
};

/* A function or variable that the extracted text refers to. */
struct entity {
	enum entity_kind kind;
	const char *name;     /* in the original text */
	const char *link;     /* ENTITY_EXTERN and a patched function's original: "klpe_foo" */
	const char *new_name; /* ENTITY_PATCHED, ENTITY_FIXED: "klpp_foo" */
	bool label;           /* the text keeps `name`; an asm label gives it the link name */
	bool declared_by_type; /* not of this file: `extern typeof(name) link;` */
	bool macro_born;      /* ENTITY_PATCHED: the name is made by a macro */
	bool alias;           /* ENTITY_PATCHED: its definition stays static, an alias gives it
				 the new name */
	bool keeps_name;      /* ENTITY_PATCHED: `name` stands for the new one in the text: it is
				 macro_born, or the text says it */
	bool elsewhere;       /* another file of this livepatch defines it */
	bool gone;            /* ENTITY_EXTERN: the kernel has no symbol of it: see link.c */
	bool original;        /* ENTITY_PATCHED: its original is referred to as well */
	const struct klp_tu_decl *decl; /* in this file; NULL for one of a header */
	bool local;           /* a static local: declared where it was, see locals */
	size_t item;          /* that declares it, or SIZE_MAX */
	size_t first_use;     /* lowest item that refers to it, or SIZE_MAX */
	struct klp_symref ref; /* how link resolves */
	const char *needed_by;
};
KLP_VEC(entities, struct entity *);

/* A place in the text that refers to an entity. */
struct use {
	struct entity *entity;
	size_t item;
	uint32_t file, offset; /* KLP_NOWHERE: spelled by a macro's body */
	uint32_t len;
	bool call;
};
KLP_VEC(uses, struct use);

/* A branch on a module's static key that asks the key instead. */
struct asked_key {
	const char *key, *function; /* function: of the file or a header; or a macro */
	const char *file;
	uint32_t line;
};
KLP_VEC(asked_keys, struct asked_key);

/* Text to be replaced when the items are written. */
struct edit {
	uint32_t file, from, to;
	const char *text;
};
KLP_VEC(edits, struct edit);

/* A word that is the pointer's all over an item: see pointers.c. */
struct defined_word {
	size_t item;
	const struct entity *entity;
};
KLP_VEC(defined_words, struct defined_word);

struct extraction;
/* All units that the livepatch has a text of. */
KLP_VEC(extractions, struct extraction *);

struct around {
	const char *before, *after;
};

struct extraction {
	struct klp_arena *arena;
	struct extractions *all;
	struct klp_tree *tree;
	struct klp_unit *unit;
	struct klp_view *view;
	struct klp_closure *closure;
	const struct klp_extract_opts *opts;
	struct klp_findings *findings;
	struct klp_error *err;

	/* resolve.c */
	const struct klp_symtab *running; /* vmlinux or the module */
	const struct klp_symtab *vmlinux; /* the same as running for a unit of vmlinux */
	const struct klp_symtab *object;  /* the unit's own .o */

	/* items.c */
	struct items items;
	struct klp_map values; /* function or variable -> struct klp_index */
	struct klp_map types;  /* tag, typedef or enumerator -> struct klp_index */
	struct klp_map macros; /* -> struct klp_index, defines and undefs */

	/* headers.c */
	struct klp_map mentions; /* of those macros by headers; filled when first asked for */

	/* fixed.c */
	struct fixed *fixed; /* NULL when the unit's headers are what they were */

	/* words.c */
	struct klp_strs prefixes, suffixes; /* words that the file's macros paste to others */
	KLP_VEC(, struct around) around;    /* two of them, on both sides of another */

	/* entities.c */
	struct klp_map entities;    /* name -> struct entity; "FUNCTION.NAME.INDEX" for static
				       locals */
	struct entities order;      /* the same, in the order found */
	struct uses uses;

	/* edits.c */
	struct edits edits; /* sorted */

	/* pointers.c */
	struct defined_words defined;

	/* locals.c */
	struct shared_locals locals; /* in the order of the text, function by function */
	struct klp_map locals_of;    /* functions whose static locals are decided on */
	struct klp_map own_locals;   /* name -> how many the livepatch has itself */

	/* locals_symbol.c; loaded when first asked for */
	struct klp_ipa_dump dump; /* of the unit; empty when there is none */
	bool have_dump;
	struct references shipped, sectioned;

	const struct klp_view *own_original; /* locals_original.c: NULL until it is needed */

	/* keys.c */
	struct asked_keys asked_keys;

	/* link.c */
	struct klp_strs unseen;	    /* taken for globals of a vmlinux that isn't there */
	struct entities labels;     /* foreign names that only headers spell */
	struct klp_map *links;      /* link name -> struct klp_symref, over all units */
};

/* Items by a name. */
KLP_VEC(klp_index, size_t);

/* items.c */
int klp_extract__items(struct extraction *x);
const char *klp_extract__item_text(const struct extraction *x, const struct item *item);

/* resolve.c */
int klp_extract__resolve_open(struct extraction *x);
/*
 * The running kernel's symbol behind a file-scope name of this unit. 1 found and *ret filled
 * (object, symbol, sympos, section_object), 0 there is none, <0 error. An ambiguous or an
 * init symbol is a finding, and counts as found.
 */
int klp_extract__resolve_own(struct extraction *x, const char *name, struct klp_symref *ret);
/* A name that a header declares. 1: needs a link name (another module's, or this one's). */
int klp_extract__resolve_foreign(struct extraction *x, const char *name, struct klp_symref *ret);
/* The running kernel has a global of that name that the unit can refer to. */
bool klp_extract__is_in_kernel(const struct extraction *x, const char *name);
/* "klpp_NAME", numbered when two units patch different functions of one name. */
const char *klp_extract__new_name(struct extraction *x, const char *name);
/* "klpe_NAME" (opts->link_prefix), numbered when another unit of this livepatch means something else by it. */
const char *klp_extract__link_name(struct extraction *x, const char *name,
				   const struct klp_symref *ref);
/* A symbol that the compiled text leaves undefined and no entity stands for. */
enum undefined_is {
	UNDEFINED_EXPORT,  /* of vmlinux */
	UNDEFINED_GLOBAL,  /* of vmlinux, not exported: *ret filled, keeps its name */
	UNDEFINED_FOREIGN, /* needs a link name: *ret filled */
	UNDEFINED_UNKNOWN,
};
enum undefined_is klp_extract__resolve_undefined(struct extraction *x, const char *name,
						 struct klp_symref *ret);

/* headers.c */
/* A header needs the macro that item i defines or undefines to be as it is. */
bool klp_extract__header_wants(struct extraction *x, size_t i);
/* The #include of the unit's own text that brings a header in; NULL when there is none. */
struct item *klp_extract__include_of(struct extraction *x, const char *header);
/* A header declares static functions for the unit that defines them: not all are copied. */
bool klp_extract__undefined_statics(struct extraction *x);

/* group.c */
/* The extraction of a unit, ready for reach; made when there is none. *ret is NULL for one whose
 * view isn't loaded. `like` has everything that they share. */
int klp_extract__of_unit(const struct extraction *like, struct klp_unit *unit,
			 struct extraction **ret);
/*
 * A function or variable that this unit doesn't define: *ret is the other unit of the fix that
 * does, when the fix adds it there, or makes it global; NULL when the kernel has it.
 */
int klp_extract__definer(struct extraction *x, const char *name, struct extraction **ret);

/* reach.c */
/* What the patched functions of the unit need; may ask other units for what the fix adds. */
int klp_extract__reach(struct extraction *x);
/* Likewise for a definition that another unit needs. */
int klp_extract__want(struct extraction *x, const char *name, bool is_function, const char *by);
/* When nothing is wanted any more: directives, edits. */
int klp_extract__settle(struct extraction *x);
/* The item is needed in that role. A stronger one wins. */
int klp_extract__need(struct extraction *x, size_t item, enum role role, const char *by);
/* A word behind it isn't the name of a function or variable: "struct", "." */
bool klp_extract__names_other_space(const struct klp_ctok *tok);

/* words.c */
/* Finds what the file's macros paste names of; before klp_extract__scan_words(). */
int klp_extract__collect_pastes(struct extraction *x);
/* The types and macros that a text mentions are needed. */
int klp_extract__scan_words(struct extraction *x, const char *text, size_t len, const char *by);

/* entities.c */
struct entity *klp_extract__entity_new(struct extraction *x, const char *key, const char *name,
				       const char *by);
/* The entity of a function or variable of file scope. */
int klp_extract__entity_for(struct extraction *x, const char *name, bool is_function,
			    const char *by, struct entity **ret);
/* offset: KLP_NOWHERE when a macro's body spells it. */
int klp_extract__add_use(struct extraction *x, struct entity *e, size_t item, uint32_t file,
			 uint32_t offset, bool call, bool is_function, const char *by);
/* The original of a patched function is wanted: its address, for instance. */
int klp_extract__want_original(struct extraction *x, struct entity *e);
/* A patched function keeps its name in the text. */
void klp_extract__keep_name(struct extraction *x, struct entity *e);

/* policy.c: what the author of the livepatch wants, each rule marked as used */
bool klp_extract__wants_copy(struct extraction *x, const struct entity *e);
/* 1: the kernel's, as e->ref; 0: as by default, perhaps with a finding why the wish can't be met.
 */
int klp_extract__wants_reference(struct extraction *x, struct entity *e);
/* Of a function's replacement; NULL for the usual one. */
const char *klp_extract__wanted_name(struct extraction *x, const char *name);
/* Headers, if item i is the first one behind the file's own; false when nothing was written. */
bool klp_extract__write_wanted(const struct extraction *x, size_t i, struct klp_buf *out);

/* said.c */
/* The function's text has its name printed. */
bool klp_extract__says_itself(const struct extraction *x, const char *function);
/* An asm label may give it its symbol: the name means nothing else anywhere in the unit. */
bool klp_extract__can_label(const struct extraction *x, const struct entity *e);
/* Names that a macro makes a string of are not edited. */
void klp_extract__keep_said_names(struct extraction *x);

/* unwritten.c */
/*
 * Whether nobody in the unit, with the fix and without it, may write a variable that is
 * static and not const. type: with typedefs resolved; function: the one that it belongs to, or NULL.
 */
bool klp_extract__is_unwritten(struct extraction *x, const char *name, const char *type,
			       const char *function);

/* edits.c */
/* All edits that the uses and the definitions of patched functions ask for. */
int klp_extract__edits(struct extraction *x);
/* One more, later. */
void klp_extract__add_edit(struct extraction *x, struct edit edit);

/* write.c */
int klp_extract__write(struct extraction *x, char **ret_text);

/* text.c */
/* The text [from, to) of a file; an edit inside another one is not made. */
void klp_extract__write_range(const struct extraction *x, uint32_t file, uint32_t from, uint32_t to,
			      struct klp_buf *out);
void klp_extract__write_item(struct extraction *x, const struct item *item, struct klp_buf *out);
uint32_t klp_extract__line_at(const struct extraction *x, uint32_t file, uint32_t offset);
/* An #include; asks: whether one before had its static branches turned, and this one has. */
void klp_extract__write_include(struct extraction *x, const struct item *item, bool *asks,
				struct klp_buf *out);

/* declaration.c */
/* The text of an item, a declaration, includes a file. */
bool klp_extract__includes_within(const struct extraction *x, const struct item *item);
/* The declaration of an entity under a name, without `extern` and ';'. */
char *klp_extract__declaration(struct extraction *x, const struct entity *e, const char *link);
/*
 * The tag that a type without a name gets when it is written by itself, because its parts are
 * needed, or because several variables have it; NULL otherwise.
 */
const char *klp_extract__type_tag(struct extraction *x, const struct item *item);
/* A variable of the file that lies in the per-CPU area. */
bool klp_extract__is_percpu(const struct extraction *x, const char *name);

/* declarator.c */
/*
 * `type name`, for a type as libclang spells it. A type without a name comes from the text
 * that declares the variable; text may be NULL when there is none.
 */
char *klp_extract__declarator(struct extraction *x, const char *type, const char *text, size_t len,
			      const char *name);
/* A type that a text defines: from its keyword to the last of its attributes. */
struct type_text {
	const char *from, *body, *to; /* body: behind the keyword */
	bool tagged;
};
/* False when it defines none. */
bool klp_extract__find_type(struct extraction *x, const char *text, size_t len,
			    struct type_text *ret);
/* `struct foo { ... }` of a text that declares a variable and defines its type; or NULL. */
char *klp_extract__defined_type(struct extraction *x, const char *text, size_t len);
/* A type, as libclang spells it, that has no name or is made of one. */
bool klp_extract__is_unnamed(const char *type);
/* The same with a tag in place of the missing name. */
const char *klp_extract__with_tag(struct extraction *x, const char *type, const char *tag);
/* `struct TAG { ... }` of a text that declares a variable of a type without a name; or NULL. */
char *klp_extract__tagged_type(struct extraction *x, const char *text, size_t len, const char *tag);

/* keys.c */
/*
 * Changes the text where the compiled one branches on a static key of a module;
 * *ret_changed is set when it did, and left alone otherwise.
 */
int klp_extract__ask_keys(struct extraction *x, const struct klp_symtab *symtab, bool *ret_changed);
/* The same for a piece of text that isn't the file's. */
char *klp_extract__ask_in_piece(struct extraction *x, const char *text, const char *key,
				const char *function, const char *file, uint32_t line);
/* Says what was changed, and what could not be; source->rewritten names the functions. */
int klp_extract__say_keys(struct extraction *x, const struct klp_symtab *symtab,
			  const struct klp_plan *plan, struct klp_plan_source *source);

/* keys_place.c */
KLP_VEC(key_users, const struct klp_cdecl *);
/* The functions of headers that mention the key, among those that may be called from one. */
void klp_extract__key_users(struct extraction *x, const char *function, const char *key,
			    struct key_users *ret);
/* A word is among the preprocessed tokens of a declaration. */
bool klp_extract__mentions(const struct extraction *x, const struct klp_cdecl *d,
			   const char *word);
struct key_place {
	const char *file; /* of the function's text that leads to the key; NULL unknown */
	uint32_t line;
	const char *way;  /* by which functions or macros; NULL when the text names the key */
};
struct key_place klp_extract__key_place(struct extraction *x, const char *function,
					const char *key);

/* pointers.c */
/* How references are resolved that the module loader doesn't resolve. */
enum klp_symref_how klp_extract__how(const struct extraction *x);
/* A function or variable of this unit needs a link name to be referred to. */
bool klp_extract__has_link(const struct extraction *x, const struct entity *e);
/* What the text says for e->link: that, or `(*klpe_foo)`. */
const char *klp_extract__link_text(const struct extraction *x, const struct entity *e);
/* `char *klpe_foo` of a declaration `char (*klpe_foo)`, where it ends so; link: the latter. */
char *klp_extract__without_parentheses(const struct extraction *x, char *declaration,
				       const char *link);
/*
 * A use that no edit can reach: within its item the preprocessor makes the pointer of the word. False
 * when the word means other things there, too.
 */
bool klp_extract__define_word(struct extraction *x, const struct use *u);
bool klp_extract__is_defined_word(const struct extraction *x, const struct use *u);
/* What goes before an item for that, or behind it. */
void klp_extract__write_defined(const struct extraction *x, size_t item, bool behind,
				struct klp_buf *out);
/* The reference can't be a pointer; where: why not. Once for a name. */
void klp_extract__no_pointer(struct extraction *x, const struct use *u, const char *where);
/* Likewise for a symbol that the compiled text refers to by its own name. */
void klp_extract__not_spelled(struct extraction *x, const struct klp_symtab *symtab,
			      const char *symbol);
/* The text doesn't compile: which pointers may be why. False when none, also none before. */
bool klp_extract__blame_pointers(struct extraction *x);
/* Says that there are pointers, and refuses them where the kernel wouldn't let one be called. */
void klp_extract__check_pointers(struct klp_arena *arena, const struct klp_tree *tree,
				 const struct klp_plan *plan, struct klp_findings *findings);

/* macros.c */
/* By which macros of headers, first to last, a text comes to a word; none: not by these. */
void klp_extract__macro_way(struct extraction *x, const char *text, size_t len, const char *word,
			    struct klp_strs *ret);
/*
 * The text with a macro's use written out, and those within that lead to the word, which then
 * stands there. NULL when a macro isn't defined just once, by a header, or pastes or quotes
 * its arguments.
 */
char *klp_extract__write_out(struct extraction *x, const char *text, const char *word);

/* twice.c */
/* State that the livepatch would have for itself, and other second definitions. */
int klp_extract__check_twice(struct extraction *x, const struct klp_symtab *symtab);

/* registers.c */
/*
 * Before an item is written: what it registers is turned off. *done: what is already, 0 at
 * the beginning of a text.
 */
void klp_extract__silence(const struct extraction *x, const struct item *item, uint32_t *done,
			  struct klp_buf *out);
/* A variable that is made to register something, and not when that is turned off. */
bool klp_extract__registered(const struct extraction *x, const char *variable);
/* Nothing in the compiled text registers something. */
void klp_extract__check_registered(struct extraction *x, const struct klp_symtab *symtab);

/* link.c */
int klp_extract__link(struct extraction *x, struct klp_plan_source *source, struct klp_plan *plan);

/* cflags.c */
void klp_extract__cflags(struct extraction *x, struct klp_plan_source *source);

#endif
