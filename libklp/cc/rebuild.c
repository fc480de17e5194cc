// SPDX-License-Identifier: GPL-2.0-or-later
/* The unit as it is, compiled again: as it was shipped, and with sections. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cc/cc.h"
#include "cc/head.h"
#include "cc/lean.h"
#include "cc/options.h"
#include "cc/plain.h"

bool klp_cc_may_be_lean(const struct klp_unit *unit)
{
	if (unit->other_steps)
		return false;
	/* debug information tells whether the text came out of a preprocessor */
	for (size_t i = 1; i < unit->argv.n; i++)
		if (!strncmp(unit->argv.v[i], "-g", 2) && strcmp(unit->argv.v[i], "-g0"))
			return false;
	return true;
}

static char *lean_path(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir)
{
	return klp_sprintf(arena, "%s/lean/%s.i", workdir, unit->object);
}

char *klp_cc_lean(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir)
{
	char *path = lean_path(arena, unit, workdir);

	return klp_path_is_safe(unit->object) && klp_file_exists(path) ? path : NULL;
}

/*
 * The text of the job's source; *ret_made is false where there is none, and where the preprocessor
 * says something, which it wouldn't of the text.
 */
static int lean_text(struct klp_arena *arena, const struct klp_cc_job *job, struct klp_buf *out,
		     bool *ret_made, struct klp_error *err)
{
	struct klp_proc_result result;
	struct klp_cc__pieces pieces;
	bool parts;

	if (klp_cc__run_parts(arena, job, &pieces, &parts, &result, err) < 0)
		return err->code;
	if (parts) {
		*ret_made = !pieces.rest.err_len && klp_cc__join_lean(&pieces, out);
		return 0;
	}
	*ret_made =
		!result.status && !result.err_len && klp_cc__lean(result.out, result.out_len, out);
	return 0;
}

/* Writes it to `path`. */
static int write_lean(const struct klp_cc_job *job, const char *path, bool *ret_made,
		      struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_buf out;

	*ret_made = false;
	klp_buf_init(&out, scratch);
	if (lean_text(scratch, job, &out, ret_made, err) < 0 || !*ret_made)
		return err->code;
	if (klp_mkdirs(klp_path_dir(scratch, path), err) < 0)
		return err->code;
	return klp_file_write(path, out.p, out.len, err);
}

char *klp_cc_lean_beside(struct klp_arena *arena, const char *source)
{
	char *path = klp_sprintf(arena, "%s.i", source);

	return klp_file_exists(path) ? path : NULL;
}

int klp_cc_make_lean(struct klp_arena *arena, const struct klp_unit *unit, const char *source,
		     const struct klp_overlay *overlay, struct klp_error *err)
{
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS_CODE,
		.source = source,
		.overlay = overlay,
	};
	char *path = klp_sprintf(arena, "%s.i", source);
	bool made;

	unlink(path); /* of a text before this one */
	return write_lean(&job, path, &made, err);
}

static char *sectioned_path(struct klp_arena *arena, const struct klp_unit *unit,
			    const char *workdir)
{
	return klp_sprintf(arena, "%s/sectioned/%s", workdir, unit->object);
}

int klp_cc_sectioned(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir,
		     char **ret_object, struct klp_error *err)
{
	char *output = sectioned_path(arena, unit, workdir);
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		.text = klp_cc_lean(arena, unit, workdir),
		.output = output,
	};
	struct klp_proc_result result;

	if (!klp_path_is_safe(unit->object))
		return klp_error_set(err, KLP_EINPUT, "'%s' is no path below a build",
				     unit->object);
	if (klp_file_exists(output)) {
		*ret_object = output;
		return 0;
	}
	if (klp_mkdirs(klp_path_dir(arena, output), err) < 0 ||
	    klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	if (result.status) {
		klp_error_set(err, KLP_ETROUBLE, "the recorded command of '%s' fails: %.*s",
			      unit->object, (int)strcspn(result.err, "\n"), result.err);
		klp_error_at(err, unit->source, 0, 0);
		return klp_error_hint(err,
				      "the unpatched source must compile as it did for the kernel: "
				      "check --source, the compiler and the build directory");
	}
	*ret_object = output;
	return 0;
}

/* objtool on the new object; its arguments name the old one. */
static int run_objtool(struct klp_arena *arena, const struct klp_unit *unit, const char *object,
		       struct klp_error *err)
{
	struct klp_strs argv = {};
	struct klp_proc_opts opts = { .cwd = unit->cwd };
	struct klp_proc_result result;

	for (size_t i = 0; i < unit->objtool.n; i++)
		klp_vec_push(arena, &argv,
			     strcmp(unit->objtool.v[i], unit->object) ? unit->objtool.v[i]
								      : object);
	klp_vec_push(arena, &argv, NULL);
	opts.argv = argv.v;
	if (klp_proc_run(arena, &opts, &result, err) < 0)
		return err->code;
	if (result.status)
		return klp_error_set(err, KLP_ETROUBLE, "objtool fails on '%s': %.*s", unit->object,
				     (int)strcspn(result.err, "\n"), result.err);
	return 0;
}

static int same_content(const char *a, const char *b, bool *ret, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped x = {}, y = {};

	if (klp_mapped_open(a, &x, err) < 0 || klp_mapped_open(b, &y, err) < 0)
		return err->code;
	*ret = x.len == y.len && (!x.len || !memcmp(x.data, y.data, x.len));
	return 0;
}

/* Compiled as Kbuild does it, of the text if it isn't NULL: is that the shipped object? */
static int is_shipped(struct klp_arena *arena, const struct klp_unit *unit, const char *text,
		      const char *output, bool *ret, struct klp_error *err)
{
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_COMPILE,
		.text = text,
		.text_alone = true,
		.output = output,
	};
	struct klp_proc_result result;

	*ret = false;
	if (klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	if (result.status)
		return 0;
	if (unit->objtool.n && run_objtool(arena, unit, output, err) < 0)
		return err->code;
	return same_content(output, unit->object_path, ret, err);
}

/* The sections taken away again, of what `source` was compiled to: writes PATH.plain.s. */
static int write_plain(struct klp_arena *arena, const char *source, const char *path, char **ret,
		       struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	size_t len, source_len;
	char *text, *from;
	struct klp_buf out;

	klp_buf_init(&out, scratch);
	if (klp_file_read(scratch, path, KLP_MAX_TEXT, &text, &len, err) < 0 ||
	    klp_file_read(scratch, source, KLP_MAX_TEXT, &from, &source_len, err) < 0)
		return err->code;
	klp_cc__plain(scratch, from, source_len, text, len, &out);
	*ret = klp_sprintf(arena, "%s.plain.s", path);
	return klp_file_write(*ret, out.p, out.len, err);
}

/*
 * Both objects of one compilation of the text. *ret: the one as Kbuild makes it is the shipped one;
 * then the other is where klp_cc_sectioned() looks for it.
 */
static int both_of(struct klp_arena *arena, const struct klp_unit *unit, const char *text,
		   const char *workdir, const char *output, bool *ret, struct klp_error *err)
{
	char *object = sectioned_path(arena, unit, workdir), *plain = NULL;
	char *assembly = klp_sprintf(arena, "%s.s", object);
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_ASSEMBLY_SECTIONS,
		.text = text,
		.text_alone = true,
		.output = assembly,
	};
	struct klp_error failed = {}; /* objtool, on what only looks like its object */
	struct klp_proc_result result;

	*ret = false;
	if (klp_mkdirs(klp_path_dir(arena, object), err) < 0 ||
	    klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	if (result.status)
		return 0;
	if (write_plain(arena, text, assembly, &plain, err) < 0)
		return err->code;
	if (is_shipped(arena, unit, plain, output, ret, &failed) < 0 || !*ret) {
		*ret = false;
		return 0;
	}
	job.mode = KLP_CC_COMPILE;
	job.text = assembly;
	job.output = object;
	if (klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	if (result.status)
		unlink(object);
	return 0;
}

int klp_cc_rebuild(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir,
		   enum klp_rebuild *ret, struct klp_error *err)
{
	char *output = klp_sprintf(arena, "%s/rebuilt/%s", workdir, unit->object);
	char *text = klp_sprintf(arena, "%s/lean/%s.try.i", workdir, unit->object);
	const struct klp_cc_job preprocess = { .unit = unit, .mode = KLP_CC_PREPROCESS_CODE };
	bool lean = false, same = false;

	if (unit->other_steps) {
		*ret = KLP_REBUILD_UNKNOWN;
		return 0;
	}
	if (klp_mkdirs(klp_path_dir(arena, output), err) < 0 ||
	    (klp_cc_may_be_lean(unit) && write_lean(&preprocess, text, &lean, err) < 0))
		return err->code;
	if (lean && klp_cc__is_gcc(unit->argv.v[0]) &&
	    both_of(arena, unit, text, workdir, output, &same, err) < 0)
		return err->code;
	if (lean && !same && is_shipped(arena, unit, text, output, &same, err) < 0)
		return err->code;
	if (same && rename(text, lean_path(arena, unit, workdir)) < 0)
		return klp_error_set(err, KLP_ETROUBLE, "can't rename '%s': %m", text);
	if (!same && is_shipped(arena, unit, NULL, output, &same, err) < 0)
		return err->code;
	*ret = same ? KLP_REBUILD_EQUAL : KLP_REBUILD_DIFFERS;
	return 0;
}
