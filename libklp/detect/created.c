// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/created.h"

#include <string.h>

#include "base/file.h"

static bool same_dir(struct klp_arena *arena, const char *a, const char *b)
{
	return !strcmp(klp_path_dir(arena, a), klp_path_dir(arena, b));
}

/* A unit that is compiled as the file would be: touched by the fix, or the first of its directory.
 */
static int find_like(struct klp_arena *arena, struct klp_tree *tree, const char *file,
		     const struct klp_units *touched, struct klp_unit **ret, struct klp_error *err)
{
	struct klp_strs objects = {};
	struct klp_units units = {};

	*ret = NULL;
	for (size_t i = 0; i < touched->n && !*ret; i++)
		if (!touched->v[i]->created && same_dir(arena, touched->v[i]->source, file))
			*ret = touched->v[i];
	if (*ret)
		return 0;
	for (size_t i = 0; i < tree->cmds.n; i++) {
		const char *base = klp_path_base(tree->cmds.v[i]);
		size_t n = strlen(base);

		/* "fs/proc/.util.o.cmd" */
		if (same_dir(arena, tree->cmds.v[i], file) && n > 5 && *base == '.')
			klp_vec_push(arena, &objects,
				     klp_sprintf(arena, "%s/%.*s", klp_path_dir(arena, file),
						 (int)(n - 5), base + 1));
	}
	if (klp_tree_units_in(arena, tree, &objects, &units, err) < 0)
		return err->code;
	for (size_t i = 0; i < units.n && !*ret; i++)
		if (same_dir(arena, units.v[i]->source, file))
			*ret = units.v[i];
	return 0;
}

/*
 * -DKBUILD_BASENAME='"util"' and its kin, and the operand, name the file; the rest is how it is
 * compiled.
 */
static void copy_command(struct klp_arena *arena, const struct klp_unit *like, const char *file,
			 const char *basename, struct klp_strs *ret)
{
	static const char *const names[] = { "-DKBUILD_BASENAME=", "-DKBUILD_MODNAME=",
					     "-D__KBUILD_MODNAME=" };

	for (size_t i = 0; i < like->argv.n; i++) {
		const char *arg = like->argv.v[i];

		if (like->source_arg && !strcmp(arg, like->source_arg))
			arg = file;
		for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
			/* a module's name stays */
			bool is_its = k == 0 || !strcmp(like->modname, like->basename);

			if (strncmp(arg, names[k], strlen(names[k])) || !is_its)
				continue;
			arg = k < 2 ? klp_sprintf(arena, "%s\"%s\"", names[k], basename)
				    : klp_sprintf(arena, "%skmod_%s", names[k], basename);
			break;
		}
		klp_vec_push(arena, ret, arg);
	}
}

static struct klp_unit *unit_like(struct klp_arena *arena, const struct klp_unit *like,
				  const char *file, const char *workdir)
{
	struct klp_unit *unit = klp_new(arena, struct klp_unit);
	const char *base = klp_path_base(file);
	const char *stem = klp_strndup(arena, file, strlen(file) - 2);
	char *basename = klp_strndup(arena, base, strlen(base) - 2);

	/* Kbuild makes a C name of it */
	for (char *p = basename; *p; p++)
		if (*p == '-' || *p == '.')
			*p = '_';
	*unit = *like;
	unit->created = true;
	unit->object = klp_sprintf(arena, "%s.o", stem);
	unit->object_path = klp_sprintf(arena, "%s/created/%s.o", workdir, stem);
	unit->source = unit->source_arg = file;
	unit->source_path = klp_path_join(arena, like->source_root, file);
	unit->modname = strcmp(like->modname, like->basename) ? like->modname : basename;
	unit->basename = basename;
	unit->dump = NULL;
	unit->argv = (struct klp_strs){};
	unit->objtool = (struct klp_strs){};
	copy_command(arena, like, file, basename, &unit->argv);
	return unit;
}

/* As it was before the fix: empty. */
static int compile_empty(struct klp_arena *arena, const struct klp_unit *unit,
			 struct klp_overlay *before, struct klp_error *err)
{
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_COMPILE,
		.source = klp_path_join(arena, before->dir, unit->source),
		.output = unit->object_path,
	};
	struct klp_proc_result result;

	if (klp_mkdirs(klp_path_dir(arena, job.source), err) < 0 ||
	    klp_mkdirs(klp_path_dir(arena, job.output), err) < 0 ||
	    klp_file_write(job.source, "", 0, err) < 0 || klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	if (result.status)
		return klp_error_set(err, KLP_ETROUBLE,
				     "the recorded command of '%s' fails on an empty file: %.*s",
				     unit->object, (int)strcspn(result.err, "\n"), result.err);
	klp_vec_push(arena, &before->files, unit->source);
	return 0;
}

int klp_detect__created_unit(struct klp_arena *arena, struct klp_tree *tree, const char *file,
			     const struct klp_units *touched, const char *workdir,
			     struct klp_overlay *before, struct klp_unit **ret,
			     const struct klp_unit **ret_like, struct klp_error *err)
{
	struct klp_unit *like, *unit;

	*ret = NULL;
	*ret_like = NULL;
	if (find_like(arena, tree, file, touched, &like, err) < 0)
		return err->code;
	if (!like)
		return 0;
	unit = unit_like(arena, like, file, workdir);
	if (compile_empty(arena, unit, before, err) < 0)
		return err->code;
	*ret = unit;
	*ret_like = like;
	return 0;
}
