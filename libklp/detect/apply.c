// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/apply.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"

#define MAX_TOUCHED 10000

int klp_detect__add_file(struct klp_arena *arena, const char *root, const char *file,
			 struct klp_overlay *overlay, struct klp_error *err)
{
	char *to = klp_path_join(arena, overlay->dir, file);

	if (klp_strs_has(&overlay->files, file))
		return 0;
	if (klp_mkdirs(klp_path_dir(arena, to), err) < 0 ||
	    klp_file_copy(klp_path_join(arena, root, file), to, err) < 0)
		return err->code;
	klp_vec_push(arena, &overlay->files, file);
	return 0;
}

static struct klp_touched *find(struct klp_touched_vec *touched, const char *file)
{
	for (size_t i = 0; i < touched->n; i++)
		if (!strcmp(touched->v[i].file, file))
			return &touched->v[i];
	return NULL;
}

/* One file of one diff, before the diff is applied. */
static int touch(struct klp_arena *arena, const struct klp_tree *tree, const char *patch,
		 const struct klp_diff_file *d, struct klp_touched_vec *touched,
		 struct klp_overlay *before, struct klp_overlay *after, struct klp_error *err)
{
	const char *file = d->new_path ? d->new_path : d->old_path;
	struct klp_touched *t = find(touched, file);
	bool exists = klp_file_exists(klp_path_join(arena, tree->source, file));

	if (t) {
		t->deleted = !d->new_path;
		return 0;
	}
	if (touched->n >= MAX_TOUCHED)
		return klp_error_set(err, KLP_EINPUT, "'%s' touches more than %d files", patch,
				     MAX_TOUCHED);
	if (d->old_path && !exists) {
		klp_error_set(err, KLP_EINPUT, "'%s' is not in the kernel source '%s'", file,
			      tree->source);
		klp_error_at(err, patch, d->line, 0);
		return klp_error_hint(err,
				      "the diff must be made against the source of the running "
				      "kernel, in -p1 form; --source names another directory");
	}
	if (!d->old_path && exists) {
		klp_error_set(err, KLP_EINPUT,
			      "'%s' is to be created, but it is in the kernel source", file);
		klp_error_at(err, patch, d->line, 0);
		return klp_error_hint(err, "the source has the fix already, or the diff was made "
					   "against another one; --source names another directory");
	}
	klp_vec_push(arena, touched,
		     (struct klp_touched){ .file = file,
					   .patch = patch,
					   .line = d->line,
					   .created = !d->old_path,
					   .deleted = !d->new_path });
	if (!d->old_path) {
		/* patch makes the file, but not in a directory that isn't there */
		return klp_mkdirs(klp_path_dir(arena, klp_path_join(arena, after->dir, file)), err);
	}
	if (klp_detect__add_file(arena, tree->source, file, before, err) < 0)
		return err->code;
	return klp_detect__add_file(arena, tree->source, file, after, err);
}

/* What GNU patch says of the first thing that failed. */
struct failure {
	const char *file; /* that it was patching */
	const char *line; /* its words; NULL when it gave none */
};

static struct failure first_failure(char *said)
{
	static const char patching[] = "patching file ";
	struct failure f = {};

	for (char *save, *line = strtok_r(said, "\n", &save); line && !f.line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, patching, strlen(patching)))
			f.file = line + strlen(patching);
		else if (strstr(line, "FAILED") || strstr(line, "malformed"))
			f.line = line;
	}
	return f;
}

static int call_patch(struct klp_arena *arena, const char *patch, const char *dir,
		      const char *direction, struct klp_proc_result *ret, struct klp_error *err)
{
	const char *argv[] = {
		"patch",
		"-p1",
		"--fuzz=0",
		"--unified",
		"--force",
		"--no-backup-if-mismatch",
		"--reject-file=-",
		"--quoting-style=literal",
		"-d",
		dir,
		"-i",
		patch,
		direction,
		/* only asked of the reverse: would it apply? */
		strcmp(direction, "--forward") ? "--dry-run" : NULL,
		NULL,
	};
	struct klp_proc_opts opts = { .argv = argv };

	return klp_proc_run(arena, &opts, ret, err);
}

/* The diff of the series that touched a file before this one did, or NULL. */
static const char *earlier(const struct klp_touched_vec *touched, const char *file,
			   const char *patch)
{
	for (size_t i = 0; file && i < touched->n; i++)
		if (!strcmp(touched->v[i].file, file) && touched->v[i].patch != patch)
			return touched->v[i].patch;
	return NULL;
}

static int does_not_apply(struct klp_arena *arena, const char *patch, const char *dir,
			  const struct klp_touched_vec *touched,
			  const struct klp_proc_result *result, struct klp_error *err)
{
	char *said = klp_sprintf(arena, "%s%s", result->out, result->err);
	struct failure f = first_failure(klp_strdup(arena, said));
	struct klp_proc_result reverse;
	const char *before;
	bool applied;
	char *path;

	if (klp_realpath(arena, patch, &path, err) < 0 ||
	    call_patch(arena, path, dir, "--reverse", &reverse, err) < 0)
		return err->code;
	applied = reverse.status == 0;
	if (!f.line)
		f.line = klp_strndup(arena, said, strcspn(said, "\n"));
	klp_error_set(err, KLP_EINPUT, "'%s' does not apply to '%s': %s", patch,
		      f.file ? f.file : "the source", applied ? "it is applied already" : f.line);
	klp_error_at(err, patch, 0, 0);
	before = earlier(touched, f.file, patch);
	if (before)
		return klp_error_hint(
			err,
			"'%s' changes that file, too, and is applied first: make this "
			"one against the source that has it",
			before);
	if (applied)
		return klp_error_hint(err,
				      "--source must name the unpatched source, from which the "
				      "running kernel was built");
	return klp_error_hint(err, "hunks must match the source exactly (offsets are fine, fuzz is "
				   "not): rebase the diff onto the source of the running kernel");
}

static int run_patch(struct klp_arena *arena, const char *patch, const char *dir,
		     const struct klp_touched_vec *touched, struct klp_error *err)
{
	struct klp_proc_result result;
	char *path;

	if (klp_realpath(arena, patch, &path, err) < 0 ||
	    call_patch(arena, path, dir, "--forward", &result, err) < 0)
		return err->code;
	return result.status == 0 ? 0 : does_not_apply(arena, patch, dir, touched, &result, err);
}

/* After the diffs: drop what they deleted, list what they made. */
static void settle(struct klp_arena *arena, const struct klp_touched_vec *touched,
		   struct klp_overlay *after)
{
	struct klp_strs files = {};

	for (size_t i = 0; i < touched->n; i++)
		if (klp_file_exists(klp_path_join(arena, after->dir, touched->v[i].file)))
			klp_vec_push(arena, &files, touched->v[i].file);
	after->files = files;
}

static void record(struct klp_arena *arena, const char *patch, const char *text, size_t len,
		   const struct klp_diff *diff, struct klp_fixes *fixes)
{
	struct klp_fix fix = { .name = klp_path_base(patch),
			       .subject = diff->subject,
			       .text = text,
			       .len = len };

	for (size_t i = 0; i < diff->files.n; i++) {
		const struct klp_diff_file *f = &diff->files.v[i];

		klp_vec_push(
			arena, &fix.files,
			((struct klp_fix_file){ .path = f->new_path ? f->new_path : f->old_path,
						.created = !f->old_path,
						.deleted = !f->new_path,
						.line = f->line,
						.added = f->added,
						.removed = f->removed }));
	}
	klp_vec_push(arena, fixes, fix);
}

int klp_detect__apply(struct klp_arena *arena, const struct klp_tree *tree,
		      const struct klp_detect_opts *opts, struct klp_touched_vec *touched,
		      struct klp_overlay *before, struct klp_overlay *after,
		      struct klp_fixes *fixes, struct klp_error *err)
{
	before->dir = klp_path_join(arena, opts->workdir, "before");
	after->dir = klp_path_join(arena, opts->workdir, "after");
	if (klp_mkdirs(before->dir, err) < 0 || klp_mkdirs(after->dir, err) < 0)
		return err->code;
	for (size_t i = 0; i < opts->patches.n; i++) {
		const char *patch = opts->patches.v[i];
		struct klp_diff diff = {};
		char *text;
		size_t len;

		if (klp_file_read(arena, patch, KLP_MAX_TEXT, &text, &len, err) < 0 ||
		    klp_diff_parse(arena, patch, text, len, &diff, err) < 0)
			return err->code;
		record(arena, patch, text, len, &diff, fixes);
		for (size_t j = 0; j < diff.files.n; j++)
			if (touch(arena, tree, patch, &diff.files.v[j], touched, before, after,
				  err) < 0)
				return err->code;
		if (run_patch(arena, patch, after->dir, touched, err) < 0)
			return err->code;
	}
	settle(arena, touched, after);
	if (klp_overlay_link(arena, before, tree->source, err) < 0)
		return err->code;
	return klp_overlay_link(arena, after, tree->source, err);
}
