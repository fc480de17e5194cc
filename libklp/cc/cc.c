// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/cc.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "cc/head.h"
#include "cc/options.h"
#include "cc/overlay.h"
#include "cc/run.h"

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static enum klp_cc_treatment treatment_of(const struct klp_unit *unit, size_t i)
{
	return klp_cc__treatment(unit->argv.v[i],
				 i + 1 < unit->argv.n ? unit->argv.v[i + 1] : NULL);
}

/* Of another language the driver would run another compiler, with outputs of its own. */
static bool is_c(const char *source)
{
	size_t n = strlen(source);

	return n > 2 && source[n - 2] == '.' && strchr("cSsi", source[n - 1]);
}

int klp_cc_check(const struct klp_unit *unit, struct klp_error *err)
{
	if (!unit->argv.n || !klp_cc__is_compiler(unit->argv.v[0])) {
		klp_error_set(err, KLP_EINPUT,
			      "the recorded command of '%s' runs '%s', no C compiler", unit->object,
			      unit->argv.n ? unit->argv.v[0] : "");
		return klp_error_hint(
			err, "only gcc and clang commands are run again; see the .cmd file "
			     "of the object");
	}
	if (unit->source_arg && !is_c(unit->source_arg)) {
		klp_error_set(err, KLP_EINPUT, "the recorded command of '%s' compiles '%s'",
			      unit->object, unit->source_arg);
		return klp_error_hint(err, "only C and assembly are compiled again; see the .cmd "
					   "file of the object");
	}
	for (size_t i = 1; i < unit->argv.n; i++) {
		enum klp_cc_treatment t = treatment_of(unit, i);

		if (t == KLP_CC_REFUSE) {
			klp_error_set(err, KLP_EINPUT,
				      "the recorded command of '%s' has the option '%s'",
				      unit->object, unit->argv.v[i]);
			return klp_error_hint(err,
					      "it may make the compiler run or write something of "
					      "its own, so the command is not run again");
		}
		if (t == KLP_CC_DROP_NEXT || t == KLP_CC_KEEP_NEXT) {
			i++;
		} else if (unit->argv.v[i][0] != '-' && unit->source_arg &&
			   strcmp(unit->argv.v[i], unit->source_arg) != 0) {
			klp_error_set(err, KLP_EINPUT,
				      "the recorded command of '%s' has '%s' besides its source",
				      unit->object, unit->argv.v[i]);
			return klp_error_hint(err, "only the compilation of one file is run again; "
						   "see the .cmd file of the object");
		}
	}
	return 0;
}

void klp_cc_flags(struct klp_arena *arena, const struct klp_unit *unit, struct klp_strs *ret)
{
	for (size_t i = 1; i < unit->argv.n; i++) {
		const char *arg = unit->argv.v[i];
		enum klp_cc_treatment t = treatment_of(unit, i);

		if (t == KLP_CC_KEEP || t == KLP_CC_KEEP_NEXT)
			klp_vec_push(arena, ret, arg);
		if ((t == KLP_CC_KEEP_NEXT || t == KLP_CC_DROP_NEXT) && ++i < unit->argv.n &&
		    t == KLP_CC_KEEP_NEXT)
			klp_vec_push(arena, ret, unit->argv.v[i]);
	}
}

/* -w: with -Werror (CONFIG_WERROR) gcc doesn't take these, whatever -Wno- option is given. */
static const char *const neutral[] = {
	"-D__LINE__=__klp_line__",
	"-D__COUNTER__=__klp_counter__",
	"-w",
};

/*
 * Where a macro's tokens come from is kept for diagnostics, at a third of the preprocessor's time;
 * what it writes doesn't depend on it (GCC manual, "Preprocessor Options"). Others don't know the
 * option.
 */
static void drop_origins(struct klp_arena *arena, const struct klp_unit *unit,
			 struct klp_strs *argv)
{
	if (klp_cc__is_gcc(unit->argv.v[0]))
		klp_vec_push(arena, argv, "-ftrack-macro-expansion=0");
}

/* Headers that the command line includes; what they define is there already. */
static void drop_includes(struct klp_strs *flags)
{
	size_t n = 0;

	for (size_t i = 0; i < flags->n; i++)
		if (!strcmp(flags->v[i], "-include") || !strcmp(flags->v[i], "-imacros"))
			i++;
		else
			flags->v[n++] = flags->v[i];
	flags->n = n;
}

static void build_argv(struct klp_arena *arena, const struct klp_cc_job *job, const char *macros,
		       struct klp_strs *argv)
{
	const struct klp_unit *unit = job->unit;
	struct klp_strs flags = {};

	klp_cc_flags(arena, unit, &flags);
	if (macros)
		drop_includes(&flags);
	klp_vec_push(arena, argv, unit->argv.v[0]);
	if (job->source) {
		/* Where the original's own "quoted" includes are looked up first. */
		klp_vec_push(arena, argv, "-iquote");
		klp_vec_push(arena, argv, klp_path_dir(arena, unit->source_arg));
	}
	if (job->overlay)
		klp_cc__overlay_flags(arena, unit, job->overlay, &flags, argv);
	for (size_t i = 0; !job->overlay && i < flags.n; i++)
		klp_vec_push(arena, argv, flags.v[i]);
	if (macros) {
		klp_vec_push(arena, argv, "-imacros");
		klp_vec_push(arena, argv, macros);
	}
	if (job->overlay)
		klp_vec_push(arena, argv,
			     klp_sprintf(arena, "-fmacro-prefix-map=%s/=", job->overlay->dir));
	for (const char *const *more = job->more; more && *more; more++)
		klp_vec_push(arena, argv, *more);
	switch (job->mode) {
	case KLP_CC_PREPROCESS_NEUTRAL:
		for (size_t i = 0; i < sizeof(neutral) / sizeof(*neutral); i++)
			klp_vec_push(arena, argv, neutral[i]);
		/* fall through */
	case KLP_CC_PREPROCESS:
	case KLP_CC_PREPROCESS_CODE:
		if (job->mode == KLP_CC_PREPROCESS_CODE)
			klp_vec_push(arena, argv, KLP_CC_NO_ERRORS);
		drop_origins(arena, unit, argv);
		klp_vec_push(arena, argv, "-E");
		break;
	case KLP_CC_MACROS:
		drop_origins(arena, unit, argv);
		klp_vec_push(arena, argv, "-E");
		klp_vec_push(arena, argv, "-dM");
		break;
	case KLP_CC_COMPILE_SECTIONS:
	case KLP_CC_ASSEMBLY_SECTIONS:
		klp_vec_push(arena, argv, "-ffunction-sections");
		klp_vec_push(arena, argv, "-fdata-sections");
		/* fall through */
	case KLP_CC_COMPILE:
		klp_vec_push(arena, argv, job->mode == KLP_CC_ASSEMBLY_SECTIONS ? "-S" : "-c");
		klp_vec_push(arena, argv, "-o");
		klp_vec_push(arena, argv, job->output);
		break;
	}
	/* what is left out may be all that uses something */
	if (job->text && !job->warnings)
		klp_vec_push(arena, argv, "-w");
	klp_vec_push(arena, argv,
		     job->text	   ? job->text
		     : job->source ? job->source
				   : unit->source_arg);
	klp_vec_push(arena, argv, NULL);
}

int klp_cc__run_one(struct klp_arena *arena, const struct klp_cc_job *job, const char *macros,
		    struct klp_proc_result *ret, struct klp_error *err)
{
	struct klp_strs argv = {};
	struct klp_proc_opts opts = { .cwd = job->unit->cwd, .max_output = KLP_MAX_TEXT };

	build_argv(arena, job, macros, &argv);
	opts.argv = argv.v;
	return klp_proc_run(arena, &opts, ret, err);
}

int klp_cc__run_parts(struct klp_arena *arena, const struct klp_cc_job *job,
		      struct klp_cc__pieces *ret_pieces, bool *ret_parts,
		      struct klp_proc_result *ret, struct klp_error *err)
{
	if (klp_cc_check(job->unit, err) < 0 ||
	    klp_cc__head_run(arena, job, ret_pieces, ret_parts, err) < 0)
		return err->code;
	return *ret_parts ? 0 : klp_cc__run_one(arena, job, NULL, ret, err);
}

int klp_cc_run(struct klp_arena *arena, const struct klp_cc_job *job, struct klp_proc_result *ret,
	       struct klp_error *err)
{
	struct klp_cc__pieces pieces;
	bool parts;

	if (klp_cc__run_parts(arena, job, &pieces, &parts, ret, err) < 0)
		return err->code;
	if (parts) {
		klp_cc__join(arena, &pieces, ret);
		return 0;
	}
	if (job->text && !job->text_alone && (ret->status || (job->warnings && ret->err_len))) {
		struct klp_cc_job source = *job;

		source.text = NULL;
		return klp_cc_run(arena, &source, ret, err);
	}
	return 0;
}

int klp_cc_tokens(struct klp_arena *arena, const struct klp_cc_job *job, const char *name,
		  struct klp_ctoks *ret, struct klp_cdecls *ret_decls,
		  struct klp_proc_result *ret_result, struct klp_error *err)
{
	struct klp_cc__pieces pieces;
	bool parts;

	if (klp_cc__run_parts(arena, job, &pieces, &parts, ret_result, err) < 0)
		return err->code;
	if (parts) {
		*ret_result = pieces.rest;
		return klp_cc__join_tokens(arena, &pieces, name, ret, ret_decls, err);
	}
	if (ret_result->status)
		return 0;
	if (klp_ctok_preprocessed(arena, name, ret_result->out, ret_result->out_len, ret, err) < 0)
		return err->code;
	return klp_cdecl_split(arena, ret, ret_decls, err);
}

/* Runs the compiler on an empty input and gives its standard output. */
static int ask(struct klp_arena *arena, const struct klp_unit *unit, const struct klp_strs *args,
	       char **ret, struct klp_error *err)
{
	struct klp_strs argv = {};
	struct klp_proc_opts opts = { .cwd = unit->cwd };
	struct klp_proc_result result;

	if (klp_cc_check(unit, err) < 0)
		return err->code;
	klp_vec_push(arena, &argv, unit->argv.v[0]);
	for (size_t i = 0; i < args->n; i++)
		klp_vec_push(arena, &argv, args->v[i]);
	klp_vec_push(arena, &argv, NULL);
	opts.argv = argv.v;
	if (klp_proc_run(arena, &opts, &result, err) < 0)
		return err->code;
	if (result.status)
		return klp_error_set(err, KLP_ETROUBLE, "'%s' fails: %.*s", unit->argv.v[0],
				     (int)strcspn(result.err, "\n"), result.err);
	*ret = result.out;
	return 0;
}

/* Options that take part in the predefined macros: not the includes, not -D. */
static bool shapes_predefines(const char *flag)
{
	return starts(flag, "-m") || starts(flag, "-f") || starts(flag, "-O") ||
	       starts(flag, "-std") || starts(flag, "-pg") || starts(flag, "-ansi") ||
	       starts(flag, "--target") || starts(flag, "-g");
}

int klp_cc_predefined(struct klp_arena *arena, const struct klp_unit *unit, char **ret,
		      struct klp_error *err)
{
	struct klp_strs flags = {}, args = {};

	klp_cc_flags(arena, unit, &flags);
	for (size_t i = 0; i < flags.n; i++)
		if (shapes_predefines(flags.v[i]))
			klp_vec_push(arena, &args, flags.v[i]);
	klp_vec_push(arena, &args, "-dM");
	klp_vec_push(arena, &args, "-E");
	klp_vec_push(arena, &args, "-xc");
	klp_vec_push(arena, &args, "/dev/null");
	return ask(arena, unit, &args, ret, err);
}

int klp_cc_version(struct klp_arena *arena, const struct klp_unit *unit, char **ret,
		   struct klp_error *err)
{
	struct klp_strs args = {};
	char *out;

	klp_vec_push(arena, &args, "--version");
	if (ask(arena, unit, &args, &out, err) < 0)
		return err->code;
	out[strcspn(out, "\n")] = '\0';
	*ret = out;
	return 0;
}
