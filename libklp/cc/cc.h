/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recorded compiler: runs the command that compiled a unit again, with other outputs.
 * Always in the build directory (its relative paths need it), always with every output in
 * a private directory: -Wp,-MMD and the like are dropped, they would write into the build.
 *
 * The .cmd file is untrusted: argv[0] must look like a C compiler (gcc, clang, cc, with a
 * cross prefix or a version), and options that make it run or load something else (-wrapper,
 * -B, -specs, -fplugin, @file, -fuse-ld, -Wp/-Wa with outputs) are refused.
 */
#ifndef KLP_CC_CC_H
#define KLP_CC_CC_H

#include <stdbool.h>

#include "base/error.h"
#include "base/proc.h"
#include "model/unit.h"
#include "parsers/cdecl.h"

/* A version of the source tree in which some files stand elsewhere. */
struct klp_overlay {
	const char *dir;       /* absolute: DIR/fs/namei.c stands for SOURCE/fs/namei.c */
	struct klp_strs files; /* which files are there, relative to dir */
};

/*
 * A header beside an overlaid one that includes it by "its name" would find the original, which
 * stands beside it: such headers are linked into the overlay. Call when all files are there.
 * That no original is read after all, klp_views_load() checks.
 */
int klp_overlay_link(struct klp_arena *arena, const struct klp_overlay *overlay,
		     const char *source_root, struct klp_error *err);

/* The recorded command is one that may be run. */
int klp_cc_check(const struct klp_unit *unit, struct klp_error *err);

/*
 * The flags of the recorded command that tell how the unit is compiled: without the
 * compiler, -c, -o, the source, dependency and dump options.
 */
void klp_cc_flags(struct klp_arena *arena, const struct klp_unit *unit, struct klp_strs *ret);

enum klp_cc_mode {
	KLP_CC_PREPROCESS,	   /* -E: into ret->out */
	KLP_CC_PREPROCESS_CODE,	   /* -E -D__error__=__warning__ (KLP_CC_NO_ERRORS), to compile */
	KLP_CC_PREPROCESS_NEUTRAL, /* with __LINE__ and __COUNTER__ replaced by fixed names */
	KLP_CC_MACROS,		   /* -E -dM: all macros as they are at the end of the unit */
	KLP_CC_COMPILE,		   /* -c to `output` */
	KLP_CC_COMPILE_SECTIONS,   /* and -ffunction-sections -fdata-sections */
	KLP_CC_ASSEMBLY_SECTIONS,  /* likewise, -S */
};

/*
 * For klp_cc_job.more: makes __attribute__((__error__("..."))) a warning. GCC decides behind all
 * optimisation whether the call is there (expand_call() in calls.c), and makes the same code of
 * both. Calls that must not be there (BUILD_BUG) are there where less is optimised; in what was
 * extracted, one that isn't removed is found as a name that nothing resolves. That spelling is the
 * kernel's; one without underscores stays an error.
 */
#define KLP_CC_NO_ERRORS "-D__error__=__warning__"

struct klp_cc_job {
	const struct klp_unit *unit;
	enum klp_cc_mode mode;
	const char *source; /* compile this file instead of the unit's; NULL: the unit's.
			       Quoted includes are still found beside the original. */
	const struct klp_overlay *overlay; /* or NULL */
	const char *text; /* preprocessed text or assembly of the same, to compile without
			     warnings in its place (see klp_cc_lean()); NULL: the source */
	bool text_alone;  /* a text that doesn't compile: the source isn't compiled in its place */
	bool warnings;	  /* of the text are wanted, too: when it gives some, the source is
			     compiled in its place, for it to say them */
	const char *output;	 /* for the compile modes: absolute path */
	const char *const *more; /* further arguments, ends in NULL; or NULL */
};

/*
 * What the unit, its versions and what is extracted of it have in common for the preprocessor: with
 * it in unit->heads, klp_cc_run() reads the headers at their top only once (cc/head.h). It lives as
 * long as the arena, and several threads may use it; dir: a private directory of its own.
 */
struct klp_cc_heads *klp_cc_heads_new(struct klp_arena *arena, const char *dir);

/*
 * Reads the headers at the top of a version (overlay: or NULL) in one of the two modes that are
 * kept, KLP_CC_PREPROCESS_CODE or _NEUTRAL: for who has several cores, as whoever wants them first
 * would read them otherwise. *ret_apart: they could be read apart from the rest.
 */
int klp_cc_heads_read(const struct klp_unit *unit, const struct klp_overlay *overlay,
		      enum klp_cc_mode mode, bool *ret_apart, struct klp_error *err);

/* A compiler that fails is no error here: see ret->status and ret->err. */
int klp_cc_run(struct klp_arena *arena, const struct klp_cc_job *job, struct klp_proc_result *ret,
	       struct klp_error *err);

/*
 * Runs a job that preprocesses, and gives its tokens and declarations; name stands for it in errors
 * (klp_ctok_preprocessed()). Nothing where the compiler fails: see ret_result, of which the output
 * isn't the whole text otherwise.
 */
int klp_cc_tokens(struct klp_arena *arena, const struct klp_cc_job *job, const char *name,
		  struct klp_ctoks *ret, struct klp_cdecls *ret_decls,
		  struct klp_proc_result *ret_result, struct klp_error *err);

/*
 * The unit's preprocessed text without static functions that nothing uses, which compiles in a
 * fraction of the time: a path in workdir, or NULL. It is there when klp_cc_rebuild() has found
 * that it gives the shipped object. What doesn't compile of such a text is compiled from the
 * source.
 */
char *klp_cc_lean(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir);

/*
 * Likewise of another source that the unit's command compiles, made beside it. The headers are
 * those of the unit, so it is worth as much as the unit's own text: whoever compiles it must find
 * klp_cc_lean() there.
 */
int klp_cc_make_lean(struct klp_arena *arena, const struct klp_unit *unit, const char *source,
		     const struct klp_overlay *overlay, struct klp_error *err);
/* Its path, or NULL where it wasn't made: the preprocessor has something to say, or a bracket isn't
 * closed. */
char *klp_cc_lean_beside(struct klp_arena *arena, const char *source);

/* klp_cc_rebuild() will try to make such a text: worth waiting for. */
bool klp_cc_may_be_lean(const struct klp_unit *unit);

/* Compiles with KLP_CC_COMPILE_SECTIONS into workdir; the object's path. */
int klp_cc_sectioned(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir,
		     char **ret_object, struct klp_error *err);

/*
 * Makes the unit's object again as Kbuild did, compiler and objtool, in workdir. Whether it
 * equals the shipped one tells whether this is the environment that the kernel was built in.
 * Where it can be, it is made of the assembly that gives klp_cc_sectioned()'s object, which is
 * made then, too.
 */
enum klp_rebuild {
	KLP_REBUILD_EQUAL,
	KLP_REBUILD_DIFFERS,
	KLP_REBUILD_UNKNOWN, /* steps were recorded that aren't repeated here */
};
int klp_cc_rebuild(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir,
		   enum klp_rebuild *ret, struct klp_error *err);

/* The predefined macros (-dM -E of nothing) under the unit's flags, as text. */
int klp_cc_predefined(struct klp_arena *arena, const struct klp_unit *unit, char **ret,
		      struct klp_error *err);

/* `CC --version`, first line. */
int klp_cc_version(struct klp_arena *arena, const struct klp_unit *unit, char **ret,
		   struct klp_error *err);

#endif
