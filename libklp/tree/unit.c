// SPDX-License-Identifier: GPL-2.0-or-later
/* Units, from Kbuild's .cmd files. */
#include "tree/private.h"

#include <string.h>

#include "base/file.h"
#include "parsers/kbuild_cmd.h"

char *klp_tree__cmd_of(struct klp_arena *arena, const char *object)
{
	return klp_path_clean(arena, klp_sprintf(arena, "%s/.%s.cmd", klp_path_dir(arena, object),
						 klp_path_base(object)));
}

char *klp_tree_object_of(struct klp_arena *arena, const char *cmd)
{
	const char *base = klp_path_base(cmd);
	size_t n = strlen(base);

	if (base[0] != '.' || n <= 1 + strlen(KLP_CMD_SUFFIX) ||
	    strcmp(base + n - strlen(KLP_CMD_SUFFIX), KLP_CMD_SUFFIX))
		return NULL;
	return klp_sprintf(arena, "%.*s%.*s", (int)(base - cmd), cmd, (int)(n - 1 - strlen(".cmd")),
			   base + 1);
}

char *klp_tree__object_of_dump(struct klp_arena *arena, const char *dump)
{
	size_t n = strlen(dump) - strlen(KLP_DUMP_SUFFIX);
	const char *dot = memrchr(dump, '.', n);
	struct klp_link_dump link;

	/* a link's, which is no unit: no object has that name */
	if (klp_tree__is_link_dump(dump, &link))
		return klp_strndup(arena, dump, n);
	return klp_sprintf(arena, "%.*s.o", (int)(dot ? (size_t)(dot - dump) : n), dump);
}

/* Below the deeper one of source and build: either may lie inside the other. */
static const char *below_root(const struct klp_tree *tree, const char *path, const char **ret_root)
{
	const char *in_source = klp_path_below(path, tree->source);
	const char *in_build = klp_path_below(path, tree->build);

	if (in_build && (!in_source || strlen(in_build) < strlen(in_source))) {
		*ret_root = tree->build;
		return in_build;
	}
	*ret_root = tree->source;
	return in_source;
}

/*
 * Links are followed in the directories only (BUILD/source is one), as far as they exist: a
 * file that is a link itself, as in a tree of links, keeps its name.
 */
static const char *real_path(struct klp_arena *arena, const char *path)
{
	const char *dir = klp_path_dir(arena, path), *rest = klp_path_base(path);
	char *real;

	for (;;) {
		struct klp_error err = {};

		if (klp_realpath(arena, dir, &real, &err) == 0)
			return klp_path_clean(arena, klp_path_join(arena, real, rest));
		if (!strcmp(dir, "/"))
			return klp_path_clean(arena, path);
		rest = klp_path_join(arena, klp_path_base(dir), rest);
		dir = klp_path_dir(arena, dir);
	}
}

const char *klp_tree_relative(struct klp_arena *arena, const struct klp_tree *tree,
			      const char *path, const char **ret_root)
{
	const char *full = klp_path_join(arena, tree->build, path);
	const char *rel = below_root(tree, real_path(arena, full), ret_root);

	return rel ? rel : below_root(tree, klp_path_clean(arena, full), ret_root);
}

/* Options whose operand is an argument of its own, so that it isn't taken for the source. */
static bool takes_operand(const char *arg)
{
	static const char *const options[] = {
		"-o",		"-I",
		"-D",		"-U",
		"-x",		"-A",
		"-T",		"-u",
		"-z",		"-L",
		"-B",		"-MF",
		"-MT",		"-MQ",
		"-include",	"-imacros",
		"-isystem",	"-iquote",
		"-idirafter",	"-iprefix",
		"-iwithprefix", "-isysroot",
		"--param",	"-Xassembler",
		"-Xlinker",	"-Xpreprocessor",
		"-aux-info",	"-dumpdir",
		"-dumpbase",	"-dumpbase-ext",
		"-target",	"-wrapper",
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!strcmp(arg, options[i]))
			return true;
	return false;
}

const char *klp_tree__source_arg(const struct klp_strs *argv)
{
	const char *found = NULL;

	for (size_t i = 1; i < argv->n; i++) {
		if (takes_operand(argv->v[i]))
			i++;
		else if (argv->v[i][0] != '-')
			found = argv->v[i];
	}
	return found;
}

bool klp_tree__is_lto(const struct klp_strs *argv)
{
	bool lto = false;

	for (size_t i = 1; i < argv->n; i++) {
		if (!strcmp(argv->v[i], "-flto") || !strncmp(argv->v[i], "-flto=", 6))
			lto = true;
		else if (!strcmp(argv->v[i], "-fno-lto"))
			lto = false;
	}
	return lto;
}

/* The value of -DNAME='"value"', without the quotes; NULL when there is none. */
static const char *string_macro(struct klp_arena *arena, const struct klp_strs *argv,
				const char *name)
{
	const char *value = NULL;
	size_t n = strlen(name);

	for (size_t i = 1; i < argv->n; i++) {
		const char *arg = argv->v[i];
		size_t len;

		if (strncmp(arg, "-D", 2) || strncmp(arg + 2, name, n) || arg[2 + n] != '=')
			continue;
		arg += 2 + n + 1;
		len = strlen(arg);
		if (len > 2 && arg[0] == '"' && arg[len - 1] == '"')
			value = klp_strndup(arena, arg + 1, len - 2);
	}
	return value;
}

/*
 * Kbuild notes the source a second time, beside the command. Where that is another one, the
 * command has another form than is known here: a unit that is overlooked would be a fix that
 * changes nothing.
 */
static int check_source(struct klp_unit *unit, const char *noted, struct klp_error *err)
{
	if (!noted || !strcmp(noted, unit->source_arg))
		return 0;
	klp_error_set(err, KLP_EINPUT, "the command of '%s' compiles '%s', but it was made of '%s'",
		      unit->object, unit->source_arg, noted);
	return klp_error_hint(err,
			      "the .cmd file must begin with the compiler's command, as Kbuild "
			      "writes it: build the object again");
}

static int place_source(const struct klp_tree *tree, const char *noted, struct klp_unit *unit,
			struct klp_error *err)
{
	struct klp_arena *arena = tree->arena;

	unit->source_arg = klp_tree__source_arg(&unit->argv);
	unit->lto = klp_tree__is_lto(&unit->argv);
	if (!unit->source_arg || !klp_strs_has(&unit->argv, "-c")) {
		klp_error_set(err, KLP_EINPUT, "the command of '%s' compiles no source file",
			      unit->object);
		return klp_error_hint(err,
				      "only objects that were compiled from a source file can be "
				      "analysed");
	}
	if (check_source(unit, noted, err) < 0)
		return err->code;
	unit->source = klp_tree_relative(arena, tree, unit->source_arg, &unit->source_root);
	if (!unit->source) {
		klp_error_set(
			err, KLP_EINPUT,
			"'%s' was compiled from '%s', which is below neither the source '%s' nor "
			"the build",
			unit->object, unit->source_arg, tree->source);
		return klp_error_hint(err,
				      "give the source directory that the kernel was built from "
				      "with --source, at the place where it was then");
	}
	unit->source_path = klp_path_join(arena, unit->source_root, unit->source);
	return 0;
}

static int place_module(const struct klp_tree *tree, struct klp_unit *unit, struct klp_error *err)
{
	struct klp_arena *arena = tree->arena;
	const char *modfile = string_macro(arena, &unit->argv, "KBUILD_MODFILE");
	const char *modname = string_macro(arena, &unit->argv, "KBUILD_MODNAME");
	const char *source = klp_path_base(unit->source);

	unit->basename = string_macro(arena, &unit->argv, "KBUILD_BASENAME");
	if (!unit->basename)
		unit->basename = klp_strndup(arena, source, strcspn(source, "."));
	unit->modname = modname ? modname
				: klp_tree__fix_name(arena, unit->basename, strlen(unit->basename));
	if (!klp_strs_has(&unit->argv, "-DMODULE"))
		return 0;
	if (modfile)
		unit->module_file = klp_sprintf(arena, "%s.ko", modfile);
	else if (klp_tree__module_of(arena, tree, unit->object, modname, &unit->module_file, err) <
		 0)
		return err->code;
	if (unit->module_file)
		modname = klp_strndup(arena, klp_path_base(unit->module_file),
				      strcspn(klp_path_base(unit->module_file), "."));
	if (!modname)
		modname = unit->basename;
	unit->module = klp_tree__fix_name(arena, modname, strlen(modname));
	return 0;
}

/* gcc names the dump by the stem of -o and the suffix of the source. */
static const char *dump_of(const struct klp_tree *tree, const struct klp_unit *unit)
{
	const char *suffix = strrchr(klp_path_base(unit->source), '.');
	const char *path = klp_sprintf(tree->arena, "%s/%.*s%s%s", tree->ipa_dumps,
				       (int)(strlen(unit->object) - strlen(".o")), unit->object,
				       suffix ? suffix : "", KLP_DUMP_SUFFIX);

	return klp_file_exists(path) ? path : NULL;
}

static int read_cmd(const struct klp_tree *tree, const char *object, struct klp_cmd *ret,
		    struct klp_error *err)
{
	const char *name = klp_tree__cmd_of(tree->arena, object);
	const char *path = klp_path_join(tree->arena, tree->build, name);
	size_t len;
	char *text;

	if (!klp_file_exists(path)) {
		klp_error_set(err, KLP_EINPUT, "the build has no command for '%s'", object);
		klp_error_at(err, path, 0, 0);
		return klp_error_hint(err, "Kbuild keeps the command that made an object in a .cmd "
					   "file beside it; this object isn't part of the build");
	}
	if (klp_file_read(tree->arena, path, KLP_MAX_TEXT, &text, &len, err) < 0)
		return err->code;
	return klp_cmd_parse(tree->arena, path, text, len, ret, err);
}

/*
 * The words of objtool's command are the .cmd file's: the object, subcommands (check, orc generate)
 * and options, none of which may name another file. (tools/objtool/builtin-check.c: --output
 * does, and options may be cut short.)
 */
static bool is_plain_objtool(const struct klp_strs *argv, const char *object)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
	static const char value[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-,";

	for (size_t i = 1; i < argv->n; i++) {
		const char *arg = argv->v[i];
		size_t n = strspn(arg, letters);

		if (!strcmp(arg, object))
			continue;
		if (!strncmp(arg, "--ou", 4) || !strcmp(arg, "--o") ||
		    (arg[0] == '-' && arg[1] != '-' && strchr(arg, 'o')))
			return false;
		/* --hacks=jump_label */
		if (arg[n] == '=' && !strncmp(arg, "--", 2))
			n += 1 + strspn(arg + n + 1, value);
		if (arg[n])
			return false;
	}
	return true;
}

/* What happened to the object after the compiler: objtool of this very build, or else. */
static void place_steps(struct klp_tree *tree, const struct klp_cmd *cmd, struct klp_unit *unit)
{
	const char *objtool = klp_path_join(tree->arena, tree->build, "tools/objtool/objtool");

	for (size_t i = 1; i < cmd->commands.n; i++) {
		const struct klp_strs *argv = &cmd->commands.v[i];
		const char *program =
			argv->n ? klp_path_clean(tree->arena,
						 klp_path_join(tree->arena, tree->build,
							       argv->v[0]))
				: "";

		if (!argv->n)
			continue;
		if (!unit->objtool.n && !strcmp(program, objtool) &&
		    is_plain_objtool(argv, unit->object)) {
			unit->objtool = *argv;
			/* not by way of whatever its path, taken as text, leads through */
			unit->objtool.v[0] = objtool;
		} else {
			unit->other_steps = true;
		}
	}
}

int klp_tree_unit(struct klp_tree *tree, const char *object, struct klp_unit **ret,
		  struct klp_error *err)
{
	struct klp_arena *arena = tree->arena;
	struct klp_cmd cmd;
	struct klp_unit *unit;
	size_t n;

	object = klp_path_clean(arena, object);
	n = strlen(object);
	if (!klp_path_is_safe(object) || n < 3 || strcmp(object + n - 2, ".o"))
		return klp_error_set(err, KLP_EUSAGE, "'%s' is no object of the build", object);
	unit = klp_map_get(&tree->units, object);
	if (unit) {
		*ret = unit;
		return 0;
	}
	if (read_cmd(tree, object, &cmd, err) < 0)
		return err->code;
	unit = klp_new(arena, struct klp_unit);
	unit->object = object;
	unit->object_path = klp_path_join(arena, tree->build, object);
	unit->argv = cmd.commands.v[0];
	unit->deps = cmd.deps;
	unit->cwd = tree->build;
	place_steps(tree, &cmd, unit);
	if (place_source(tree, cmd.source, unit, err) < 0 || place_module(tree, unit, err) < 0)
		return klp_error_at(
			err, klp_path_join(arena, tree->build, klp_tree__cmd_of(arena, object)), 0,
			0);
	unit->dump = dump_of(tree, unit);
	klp_map_put(&tree->units, object, unit);
	*ret = unit;
	return 0;
}
