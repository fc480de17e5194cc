/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the checks of stage 8 share. Inside verify/ only.
 */
#ifndef KLP_VERIFY_PRIVATE_H
#define KLP_VERIFY_PRIVATE_H

#include "elf/image.h"
#include "elf/symtab.h"
#include "elf/symtabs.h"
#include "verify/verify.h"

struct klp_verify;

/* A rule, and how it is looked at. */
struct klp_verify__check {
	struct klp_verify_rule rule;
	void (*check)(struct klp_verify *v, const char *code); /* NULL: said by read.c, or of
								  several livepatches */
};
/* Ends in an entry without a code. */
extern const struct klp_verify__check klp_verify__checks[];

struct klp_verify {
	struct klp_arena *arena;
	const struct klp_verify_opts *opts;
	struct klp_tree *tree; /* that of opts */
	struct klp_image image;
	struct klp_livepatch module;
	struct klp_findings *findings;
	unsigned int release;	/* KLP_RELEASE() of the build's, 0 when unknown */
	struct klp_map objects; /* name -> struct klp_symtab, of all that the module names; without
				   those that the build doesn't have */
	const char *peer_vermagic; /* of another module of the build, NULL when there is none */
	bool versions;		   /* the kernel wants symbol versions */
	struct klp_error *err;	   /* a check that needs more files sets it, and is then the last */
};

/* Adds a finding of severity error; symbol may be NULL. */
struct klp_finding *klp_verify__refuse(struct klp_verify *v, const char *code, const char *symbol,
				       const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* The line that the kernel will log: PREFIX is "livepatch" or the module's name. */
void klp_verify__kernel_says(struct klp_verify *v, struct klp_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The symbol that kernel/livepatch/core.c klp_find_object_symbol() comes to; else NULL, and why,
 * for a message, and what the kernel logs (NULL: nothing).
 */
struct klp_unresolved {
	const char *why;
	const char *kernel;
};
const struct klp_sym *klp_verify__resolve(struct klp_verify *v, const struct klp_symtab *object,
					  const char *object_name, const char *name,
					  uint64_t sympos, struct klp_unresolved *ret);

bool klp_verify__is_vmlinux(const char *object);
/*
 * NULL, or why the kernel can't read a symbol's name that is too long for it; *ret_hint is what to
 * do about that.
 */
const char *klp_verify__too_long(struct klp_verify *v, const char *name, const char **ret_hint);
/* Does the livepatch patch a function of it, or at least name it? */
bool klp_verify__names_object(const struct klp_verify *v, const char *object);
/* The function that a relocation serves, or else the section, for messages. */
const char *klp_verify__user(const struct klp_image *image, const struct klp_image_section *s,
			     const struct klp_image_rela *rela);

/*
 * Whether a module that is wanted is loaded whenever `module` is: the same one, or one that it
 * depends on. vmlinux depends on none.
 */
bool klp_verify__is_there_with(const struct klp_verify *v, const char *module, const char *wanted);
/* What isn't so then, for a message; and what to do about it. */
char *klp_verify__is_not_there(struct klp_verify *v, const char *object, const char *wanted);
extern const char klp_verify__without[];

/* read.c: who refers to what; and all the rest */
void klp_verify__references(struct klp_arena *arena, const struct klp_image *image,
			    struct klp_table_references *ret);
void klp_verify__read(struct klp_arena *arena, const struct klp_image *image,
		      struct klp_livepatch *ret);

/* What the module loader looks at: rules_loader.c */
void klp_verify__livepatch(struct klp_verify *v, const char *code);
void klp_verify__vermagic(struct klp_verify *v, const char *code);
void klp_verify__signature(struct klp_verify *v, const char *code);
void klp_verify__depends(struct klp_verify *v, const char *code);
void klp_verify__undefined(struct klp_verify *v, const char *code);
void klp_verify__versions(struct klp_verify *v, const char *code);

/* What the loader makes of the file itself: rules_file.c */
void klp_verify__file(struct klp_verify *v, const char *code);
void klp_verify__enable(struct klp_verify *v, const char *code);

/* Livepatch symbols and relocations: rules_relocations.c */
void klp_verify__sections(struct klp_verify *v, const char *code);
void klp_verify__relocations(struct klp_verify *v, const char *code);
void klp_verify__symbols(struct klp_verify *v, const char *code);
void klp_verify__init_references(struct klp_verify *v, const char *code);
void klp_verify__reload(struct klp_verify *v, const char *code);

/* References through pointers, of which the plan alone tells: rules_pointers.c */
void klp_verify__pointers(struct klp_verify *v, const char *code);

/* The tables, none of which is run without them: rules_tables.c */
void klp_verify__objects(struct klp_verify *v, const char *code);
void klp_verify__functions(struct klp_verify *v, const char *code);
void klp_verify__replacements(struct klp_verify *v, const char *code);
void klp_verify__twice(struct klp_verify *v, const char *code);
void klp_verify__plan(struct klp_verify *v, const char *code);

/* What happens once it is loaded: rules_running.c */
void klp_verify__stall(struct klp_verify *v, const char *code);
void klp_verify__layouts(struct klp_verify *v, const char *code);

#endif
