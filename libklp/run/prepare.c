// SPDX-License-Identifier: GPL-2.0-or-later
/* What a run needs before its first stage: a name, directories, the patches as files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "model/plan_check.h"
#include "run/private.h"

char *klp__run_workdir(struct klp_run *r, const char *name)
{
	return klp_path_join(r->arena, r->workdir, name);
}

/* Standard input becomes a private file: the stages read patches more than once. */
static int take_patches(struct klp_run *r)
{
	for (size_t i = 0; i < r->opts->patches.n; i++) {
		const char *path = r->opts->patches.v[i];
		char *data;
		size_t len;

		if (!strcmp(path, "-")) {
			if (r->stdin_copy)
				return klp_error_set(
					r->err, KLP_EUSAGE,
					"standard input can be only one of the patches");
			path = r->stdin_copy = klp__run_workdir(r, "stdin.diff");
			if (klp_stdin_read(r->arena, KLP_MAX_TEXT, &data, &len, r->err) < 0 ||
			    klp_file_write(path, data, len, r->err) < 0)
				return r->err->code;
		} else if (!klp_file_exists(path)) {
			klp_error_set(r->err, KLP_EUSAGE,
				      "can't read '%s': No such file or directory", path);
			klp_error_at(r->err, path, 0, 0);
			return klp_error_hint(r->err, "give the fix as a unified diff; '-' reads "
						      "it from standard input");
		}
		klp_vec_push(r->arena, &r->patches, path);
	}
	return 0;
}

void klp__run_rename_stdin(struct klp_run *r)
{
	char *at;

	if (!r->stdin_copy)
		return;
	if (!strcmp(r->err->file, r->stdin_copy))
		snprintf(r->err->file, sizeof(r->err->file), "-");
	at = strstr(r->err->text, r->stdin_copy);
	if (at) {
		const char *rest = at + strlen(r->stdin_copy);

		*at = '-';
		memmove(at + 1, rest, strlen(rest) + 1);
	}
}

static char *default_name(struct klp_run *r)
{
	const struct klp_run_opts *opts = r->opts;
	const char *function;

	if (opts->patches.n)
		return klp__run_name(r->arena, opts->patches.v[0]);
	if (!opts->named.n && !opts->functions.n)
		return klp__run_name(r->arena, opts->base); /* made anew, of another build */
	function = opts->named.n ? opts->named.v[0] : opts->functions.v[0];
	return klp__run_name(r->arena, klp_strndup(r->arena, function, strcspn(function, "@")));
}

static int choose_name(struct klp_run *r)
{
	const char *name = r->opts->name;

	if (name &&
	    (!klp_is_module_name(name) || !strcmp(name, "livepatch") || !strcmp(name, "vmlinux"))) {
		klp_error_set(r->err, KLP_EUSAGE, "'%s' can't be the name of a livepatch module",
			      name);
		return klp_error_hint(r->err,
				      "take lower-case letters, digits and '_', at most %d, "
				      "and neither 'livepatch' nor 'vmlinux'",
				      KLP_MAX_OBJECT);
	}
	r->report->name = name ? klp_strdup(r->arena, name) : default_name(r);
	return 0;
}

static int check_options(const struct klp_run_opts *opts, struct klp_error *err)
{
	bool asks = opts->functions.n;

	if (asks + (opts->patches.n || opts->named.n || opts->base) != 1 || !opts->ipa_dumps)
		return klp_error_set(err, KLP_EUSAGE,
				     "patches or functions are needed, and a directory of IPA "
				     "dumps");
	if (asks && opts->stop_after > KLP_STAGE_CHECK)
		return klp_error_set(err, KLP_EUSAGE,
				     "functions that no patch changes are followed up to stage "
				     "'check' only");
	return 0;
}

/* Scripts of that tree know a livepatch by its directory's name. */
static int check_layout(struct klp_run *r, const char *output)
{
	const struct klp_run_opts *opts = r->opts;

	if (opts->layout != KLP_LAYOUT_SUSE)
		return 0;
	if (opts->externs == KLP_EXTERNS_RELOC) {
		klp_error_set(r->err, KLP_EUSAGE, "--layout suse has pointers, no relocations");
		return klp_error_hint(r->err, "leave out --externs");
	}
	if (strcmp(klp_path_base(klp_path_clean(r->arena, output)), r->report->name) != 0) {
		klp_error_set(r->err, KLP_EUSAGE,
			      "with --layout suse the output directory is called as the livepatch, "
			      "'%s'",
			      r->report->name);
		return klp_error_hint(r->err, "give --name or --output accordingly");
	}
	return 0;
}

/* The main file of that tree has no place for what else a livepatch, or its base, may have. */
static int check_layout_around(struct klp_run *r)
{
	const struct klp_around_opts *around = &r->around;
	const char *what = around->callbacks			 ? "callbacks"
			   : around->states && around->states->n ? "states"
			   : around->no_replace			 ? "--no-replace"
								 : NULL;

	if (r->opts->layout != KLP_LAYOUT_SUSE || !what)
		return 0;
	klp_error_set(r->err, KLP_EUSAGE, "there is no place for %s in --layout suse", what);
	return klp_error_hint(r->err, "make it a module of its own, without --layout, or leave "
				      "that out of it and of its base");
}

/* The author's file, before time is spent on what can't be read. */
static int take_around(struct klp_run *r)
{
	const struct klp_run_opts *opts = r->opts;
	char *text;
	size_t len;

	r->around = (struct klp_around_opts){ .no_replace = opts->no_replace,
					      .states = &opts->states,
					      .callbacks = opts->callbacks,
					      .callbacks_file = opts->callbacks_file };
	if (!opts->callbacks_file)
		return 0;
	if (klp_file_read(r->arena, opts->callbacks_file, KLP_MAX_TEXT, &text, &len, r->err) < 0)
		return klp_error_hint(r->err, "`--callbacks` without a file writes skeletons");
	if (memchr(text, '\0', len)) {
		klp_error_set(r->err, KLP_EINPUT, "the file of callbacks is no C text");
		return klp_error_at(r->err, opts->callbacks_file, 0, 0);
	}
	r->around.callbacks_text = text;
	return 0;
}

/* One name, one module: the kernel would not load the second beside the first. */
static int check_base_name(struct klp_run *r)
{
	if (!r->base || strcmp(r->base->name, r->report->name))
		return 0;
	klp_error_set(r->err, KLP_EUSAGE, "'%s' is the name of the base, too", r->report->name);
	return klp_error_hint(r->err, "two modules of one name can't be loaded: choose another one "
				      "with --name");
}

/* What replaces the base can't be written over it before it was compared. */
static int check_base_output(struct klp_run *r)
{
	char *base;

	if (!r->base || klp_realpath(r->arena, r->opts->base, &base, r->err) < 0)
		return r->err->code;
	if (r->output && !strcmp(base, r->output)) {
		klp_error_set(r->err, KLP_EUSAGE, "the output directory is the base");
		return klp_error_hint(r->err, "choose another directory with --output");
	}
	return 0;
}

int klp__run_prepare(struct klp_run *r)
{
	const struct klp_run_opts *opts = r->opts;
	const char *output = opts->output;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (check_options(opts, r->err) < 0)
		return r->err->code;
	r->jobs = opts->jobs ? opts->jobs : (unsigned int)(cores > 0 ? cores : 1);
	if (choose_name(r) < 0)
		return r->err->code;
	if (!output)
		output = klp_sprintf(r->arena,
				     opts->layout == KLP_LAYOUT_SUSE ? "%s" : "livepatch-%s",
				     r->report->name);
	if (check_layout(r, output) < 0 ||
	    (!opts->no_output && klp__output_check(r->arena, output, &r->output, r->err) < 0) ||
	    klp_tmpdir_new(r->arena, &r->workdir, r->err) < 0)
		return r->err->code;
	r->rendered = klp__run_workdir(r, "output");
	if (klp_mkdirs(r->rendered, r->err) < 0 || take_patches(r) < 0 || take_around(r) < 0 ||
	    klp__base_take(r) < 0 || check_layout_around(r) < 0 || check_base_name(r) < 0 ||
	    check_base_output(r) < 0 || klp__policy_read(r) < 0)
		return r->err->code;
	return opts->keep ? klp_mkdirs(opts->keep, r->err) : 0;
}
