/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pipeline: knows the order of the stages and hands each one's result to the next. What
 * klp-prep is, without the printing.
 */
#ifndef KLP_RUN_RUN_H
#define KLP_RUN_RUN_H

#include "base/error.h"
#include "base/log.h"
#include "model/report.h"

/* How references are resolved that the module loader doesn't resolve. */
enum klp_run_externs {
	KLP_EXTERNS_DEFAULT, /* as in the base; else by livepatch relocations */
	KLP_EXTERNS_RELOC,
	KLP_EXTERNS_KALLSYMS, /* pointers that the module sets */
};

enum klp_run_layout {
	KLP_LAYOUT_MODULE, /* a directory that Kbuild makes a module of */
	KLP_LAYOUT_SUSE,   /* klp_render_suse(): the module is made to be checked, and not kept */
};

struct klp_run_opts {
	struct klp_strs patches;		/* files; "-" is standard input */
	const char *base;			/* the output directory of an earlier run, or NULL:
						   the livepatch holds its fixes, too, with or
						   without others */
	struct klp_strs named;			/* FUNCTION or FUNCTION@file.c: patched as they are,
						   for somebody to edit; with or without patches */
	struct klp_strs functions;		/* the same, as if a fix changed them; instead of
						   both; needs no source; no further than check */
	const char *ipa_dumps, *build, *source; /* as in tree/tree.h */
	const char *output;			/* NULL: livepatch-NAME; NAME for KLP_LAYOUT_SUSE */
	const char *name;			/* NULL: from the first patch's file name, or the
						   first function */
	bool no_output;				/* write nothing at all: the report is enough */
	enum klp_stage stop_after;		/* KLP_STAGE_VERIFY for all */
	const char *keep;			/* directory for the stages' artifacts, or NULL */
	bool no_proof;
	unsigned int jobs; /* 0: one per core */
	/* What stands around the functions: model/plan.h */
	bool no_replace;
	enum klp_run_externs externs;
	enum klp_run_layout layout;
	struct klp_table_states states;
	bool callbacks;		    /* the module gets them: skeletons, or... */
	const char *callbacks_file; /* ... what this file defines */
	struct klp_strs shadows;    /* "STRUCT.MEMBER": members that the fix adds, for which
				       accessors of shadow variables are written; it is refused
				       all the same */
	const char *policy;	    /* what is decided against the defaults: a file, or NULL */
	struct klp_log log;
};

/*
 * docs/libklp.md tells what the caller provides: programs, temporary files, libclang. Two runs may
 * go on at once, in threads as in processes, on one build, too; not into one output directory.
 *
 * Runs the stages up to stop_after, until one refuses, or until there is nothing to do. The
 * output directory holds report.json afterwards, and the module's files when render was
 * reached, or the accessors of opts->shadows; on an error (return < 0) it is untouched. Strings of
 * the report live in arena.
 */
int klp_run(struct klp_arena *arena, const struct klp_run_opts *opts, struct klp_report *ret,
	    struct klp_error *err);

#endif
