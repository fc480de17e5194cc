/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of run/ share. */
#ifndef KLP_RUN_PRIVATE_H
#define KLP_RUN_PRIVATE_H

#include "base/error.h"
#include "base/vec.h"
#include "detect/detect.h"
#include "elf/symtab.h"
#include "elf/symtabs.h"
#include "extract/extract.h"
#include "model/fidelity.h"
#include "model/plan.h"
#include "parsers/policy.h"
#include "prove/prove.h"
#include "render/around.h"
#include "run/run.h"
#include "tree/tree.h"

/* A run under way. Everything a stage gives lies here until the next ones have used it. */
struct klp_run {
	struct klp_arena *arena;
	const struct klp_run_opts *opts;
	struct klp_report *report;
	struct klp_error *err;
	unsigned int jobs;
	char *workdir;		 /* private; removed at the end */
	char *rendered;		 /* WORKDIR/output: what becomes the output directory */
	char *output;		 /* clean path of the output directory */
	struct klp_strs patches; /* paths, the base's first; standard input has become a file */
	const char *stdin_copy;	 /* that file, NULL without */
	struct klp_around_opts around; /* of the options, and the base */
	struct klp_plan *base;	       /* NULL without */
	size_t base_fixes;	       /* so many of `patches` are the base's */
	struct klp_policy policy;      /* without rules when there is none */
	struct klp_tree tree;
	struct klp_symtabs symtabs; /* of the tree's files */
	struct klp_detect_result detected;
	struct klp_prove_ahead *ahead; /* of the proof, from closure to extract; else NULL */
	char *plain; /* the .ko as Kbuild made it */
};

/* The path of something in the private directory. */
char *klp__run_workdir(struct klp_run *r, const char *name);
/*
 * Checks the options and fills in everything up to `patches`; makes the private directory,
 * which the caller removes when it is set, also on an error.
 */
int klp__run_prepare(struct klp_run *r);
/* In r->err: the user knows standard input as "-". */
void klp__run_rename_stdin(struct klp_run *r);

/*
 * A module name from a patch file's name: "samples/x/fix.diff" gives "fix",
 * "CVE-2024-1.patch" "cve_2024_1", "0001-fs.patch" "klp_0001_fs"; or from a function's:
 * "__x64_sys_sync" gives "klp___x64_sys_sync".
 */
char *klp__run_name(struct klp_arena *arena, const char *patch);

/*
 * May `output` be written? It may when there is no such file, when it is an empty directory,
 * or when it is the output of an earlier run (its report.json says so). *ret is its clean,
 * real path.
 */
int klp__output_check(struct klp_arena *arena, const char *output, char **ret,
		      struct klp_error *err);
/*
 * Puts the files of the directory `from` (no subdirectories) in place as the directory
 * `output`, all at once: until then the old one stands, afterwards only the new one.
 */
int klp__output_install(struct klp_arena *arena, const char *from, const char *output,
			struct klp_error *err);
/* Copies the files of a directory (no subdirectories) into another, which is made. */
int klp__copy_files(struct klp_arena *arena, const char *from, const char *to,
		    struct klp_error *err);

/* base.c */
/*
 * Reads opts->base: its fixes come before those of the options, its states and callbacks are
 * taken over where the options don't say otherwise. An error with a hint: no output of klp-prep, or
 * one that can't be built upon (its C was edited, its functions weren't changed by a fix), the same
 * name.
 */
int klp__base_take(struct klp_run *r);
/* Findings: callbacks of the base that the author's file, given beside it, lacks. */
int klp__base_callbacks(struct klp_run *r);
/* The base's functions in what a diff didn't apply to, for the hint in r->err. */
void klp__base_blame(struct klp_run *r);
/* The finished module takes the base's place: report->upgrade, and findings. */
int klp__base_compare(struct klp_run *r, const struct klp_livepatch *livepatch);
/* Copies the fixes into the output directory: plan->fixes. */
int klp__base_keep_fixes(struct klp_run *r);
/* What was written there: plan->written. */
int klp__base_record(struct klp_run *r);

/* plan.c */
/* NAME.plan.json, among what is rendered. */
int klp__plan_write(struct klp_run *r);
/*
 * What the author's own C refers to by asm labels is seen when that is converted: the plan gets it,
 * too, and is written again. An error when the plan's references are pointers: then the directory's
 * Makefile converts nothing.
 */
int klp__plan_annotated(struct klp_run *r, const struct klp_symrefs *annotated);

/* accept.c */
int klp__policy_read(struct klp_run *r);
/* Copies it into the output directory, for a livepatch with this one as its base. */
int klp__policy_keep(struct klp_run *r);
/* Holds the findings so far against the policy; after each stage. */
void klp__accept(struct klp_run *r);
/* When no stage follows: rules that nothing went by. */
void klp__policy_finish(struct klp_run *r);

/* keep.c */
/* With --keep: the stage's result, and what a human wants to see of it. */
int klp__keep(struct klp_run *r, enum klp_stage stage);

/* review.c */
/* Writes report.html into dir. */
int klp__review_write(struct klp_run *r, const char *dir);

/* fidelity.c */
/* With lists of its own, which can be added to and sorted. */
struct klp_closure klp__closure_copy(struct klp_arena *arena, const struct klp_closure *closure);
/* closure, extract and the proof want the units as they are, compiled: made once, in here. */
char *klp__units_dir(struct klp_run *r);
/* r->ahead: what can be begun of the proof while other stages work; it may be ended twice. */
void klp__fidelity_begin(struct klp_run *r);
void klp__fidelity_end(struct klp_run *r);
/* A unit of which the proof will want to know, and a text that is to be shipped, whenever it is
 * written; ctx is a struct klp_prove_ahead. */
void klp__fidelity_unit(void *ctx, struct klp_unit *unit);
void klp__fidelity_shipped(void *ctx, const struct klp_plan_source *source);
/* All units of the patch set. */
void klp__fidelity_units(struct klp_prove_ahead *ahead, const struct klp_closure *closure);
/*
 * Extracts again as `extract` says, but unpatched, and proves the result. closure: as it was
 * before extract added to it; plan: what extract made.
 */
int klp__fidelity(struct klp_arena *arena, struct klp_tree *tree, const struct klp_closure *closure,
		  const struct klp_extract_opts *extract, const struct klp_plan *plan,
		  struct klp_prove_ahead *ahead, struct klp_fidelities *ret,
		  struct klp_findings *findings, struct klp_error *err);

#endif
