// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/tree.h"

#include <string.h>

#include "base/file.h"
#include "cc/cc.h"
#include "parsers/kbuild_cmd.h"
#include "parsers/kconfig.h"
#include "tree/index.h"
#include "tree/private.h"

static int open_dir(struct klp_arena *arena, const char *path, const char *what, const char **ret,
		    struct klp_error *err)
{
	char *real = NULL;

	if (klp_is_dir(path))
		return klp_realpath(arena, path, &real, err) < 0 ? err->code : (*ret = real, 0);
	klp_error_set(err, KLP_ETROUBLE, "the %s directory '%s' does not exist", what, path);
	klp_error_at(err, path, 0, 0);
	return klp_error_hint(err,
			      "give the directory in which the kernel was built (make O=), with "
			      "its objects and .cmd files kept");
}

static int open_dirs(const struct klp_tree_opts *opts, struct klp_tree *tree, struct klp_error *err)
{
	const char *source = opts->source;

	if (open_dir(tree->arena, opts->ipa_dumps ? opts->ipa_dumps : opts->build, "dump",
		     &tree->ipa_dumps, err) < 0)
		return err->code;
	if (open_dir(tree->arena, opts->build ? opts->build : opts->ipa_dumps, "build",
		     &tree->build, err) < 0)
		return err->code;
	if (!source) {
		source = klp_path_join(tree->arena, tree->build, "source");
		/* decided by recorded_source(), when the commands have been listed */
		if (!klp_is_dir(source))
			return tree->source = tree->build, 0;
	}
	return open_dir(tree->arena, source, "source", &tree->source, err);
}

/* Dumps and commands mostly lie in the same directories: those are walked once. */
static int walk_dirs(struct klp_tree *tree, struct klp_error *err)
{
	struct klp_listed kinds[] = { { KLP_DUMP_SUFFIX, false, {} },
				      { KLP_CMD_SUFFIX, true, {} } };
	bool one = !strcmp(tree->ipa_dumps, tree->build);

	if (klp_tree__list(tree->arena, tree->ipa_dumps, kinds, one ? 2 : 1, KLP_TREE_MAX_FILES, 0,
			   tree->listed, err) < 0 ||
	    (!one && klp_tree__list(tree->arena, tree->build, kinds + 1, 1, KLP_TREE_MAX_FILES, 1,
				    tree->listed, err) < 0))
		return err->code;
	tree->dumps = kinds[0].files;
	tree->cmds = kinds[1].files;
	return 0;
}

/* A compiler that writes no dumps: the first command of a C file says which it is. */
static bool is_of_clang(const struct klp_tree *tree)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();

	for (size_t i = 0; i < tree->cmds.n; i++) {
		const char *path = klp_path_join(scratch, tree->build, tree->cmds.v[i]);
		struct klp_error ignored = {};
		struct klp_cmd cmd;
		char *text;
		size_t len;

		if (klp_file_read(scratch, path, KLP_MAX_TEXT, &text, &len, &ignored) == 0 &&
		    klp_cmd_parse(scratch, path, text, len, &cmd, &ignored) == 0 &&
		    cmd.commands.n && klp_strs_has(&cmd.commands.v[0], "-c"))
			return strstr(klp_path_base(cmd.commands.v[0].v[0]), "clang") != NULL;
	}
	return false;
}

static int list_files(struct klp_tree *tree, unsigned int jobs, struct klp_error *err)
{
	tree->index = klp_index_open(tree->arena, tree->ipa_dumps, tree->build, jobs);
	if (tree->index)
		klp_index_files(tree->arena, tree->index, &tree->dumps, &tree->cmds);
	else if (walk_dirs(tree, err) < 0)
		return err->code;
	if (!tree->cmds.n) {
		klp_error_set(err, KLP_ETROUBLE, "no '.NAME.o.cmd' file anywhere below '%s'",
			      tree->build);
		klp_error_at(err, tree->build, 0, 0);
		return klp_error_hint(err,
				      "this is no kernel build directory; give the one that "
				      "'make O=' wrote, before any 'make clean', with --build");
	}
	if (!tree->dumps.n && !is_of_clang(tree)) {
		klp_error_set(err, KLP_ETROUBLE, "no '*%s' file anywhere below '%s'",
			      KLP_DUMP_SUFFIX, tree->ipa_dumps);
		klp_error_at(err, tree->ipa_dumps, 0, 0);
		return klp_error_hint(err,
				      "build the kernel with 'make KCFLAGS=-fdump-ipa-clones'; "
				      "dumps collected elsewhere are given with --ipa-dumps");
	}
	return 0;
}

/*
 * A build that was copied without its source still says where that was: the command that made
 * fs/namei.o names .../fs/namei.c. The place need not exist here; it is what the paths in
 * commands and dumps begin with.
 */
static int recorded_source(struct klp_tree *tree, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();

	for (size_t i = 0; i < tree->cmds.n; i++) {
		const char *path = klp_path_join(scratch, tree->build, tree->cmds.v[i]);
		char *object = klp_tree_object_of(scratch, tree->cmds.v[i]), *text;
		struct klp_error ignored = {};
		struct klp_cmd cmd;
		size_t len, n, stem;

		if (!object)
			continue;
		if (klp_file_read(scratch, path, KLP_MAX_TEXT, &text, &len, err) < 0)
			return err->code;
		/* Not every one compiles something; those that should are read again. */
		if (klp_cmd_parse(scratch, path, text, len, &cmd, &ignored) < 0 || !cmd.source)
			continue;
		stem = strlen(object) - 1; /* with the dot */
		n = strlen(cmd.source);
		if (n <= stem + 1 || strncmp(cmd.source + n - stem - 1, object, stem))
			continue;
		if (n - stem - 1 > 0 && cmd.source[n - stem - 2] == '/')
			tree->source = klp_path_clean(tree->arena,
						      klp_path_join(tree->arena, tree->build,
								    klp_sprintf(scratch, "%.*s",
										(int)(n - stem - 1),
										cmd.source)));
		return 0;
	}
	return 0;
}

/* The file's text when it exists; *ret stays NULL when it doesn't. */
static int read_optional(struct klp_tree *tree, const char *name, char **ret, size_t *ret_len,
			 struct klp_error *err)
{
	const char *path = klp_path_join(tree->arena, tree->build, name);

	if (!klp_file_exists(path))
		return 0;
	return klp_file_read(tree->arena, path, KLP_MAX_TEXT, ret, ret_len, err);
}

static int read_modules(struct klp_tree *tree, struct klp_error *err)
{
	char *text = NULL;
	size_t len;

	if (read_optional(tree, "modules.order", &text, &len, err) < 0)
		return err->code;
	for (char *p = text; p && *p;) {
		size_t n = strcspn(p, "\n");
		const char *dot = memrchr(p, '.', n);

		/* .ko before Linux 6.3, .o from then on */
		if (dot)
			klp_vec_push(tree->arena, &tree->modules,
				     klp_sprintf(tree->arena, "%.*s.ko", (int)(dot - p), p));
		p += n;
		p += *p == '\n';
	}
	return 0;
}

static int read_texts(struct klp_tree *tree, bool exports, struct klp_error *err)
{
	char *text = NULL;
	size_t len;

	klp_map_init(&tree->config, tree->arena);
	klp_map_init(&tree->exports, tree->arena);
	klp_map_init(&tree->units, tree->arena);
	klp_map_init(&tree->files, tree->arena);
	if (read_optional(tree, ".config", &text, &len, err) < 0 ||
	    (text && klp_kconfig_parse(tree->arena, ".config", text, len, &tree->config, err) < 0))
		return err->code;
	text = NULL;
	if ((exports && read_optional(tree, "Module.symvers", &text, &len, err) < 0) ||
	    (text &&
	     klp_symvers_parse(tree->arena, "Module.symvers", text, len, &tree->exports, err) < 0))
		return err->code;
	text = NULL;
	if (read_optional(tree, "include/config/kernel.release", &text, &len, err) < 0)
		return err->code;
	if (text)
		tree->release = klp_strndup(tree->arena, text, strcspn(text, "\n"));
	return read_modules(tree, err);
}

static int list_units(const struct klp_tree_opts *opts, struct klp_tree *tree,
		      struct klp_error *err)
{
	if (list_files(tree, opts->jobs, err) < 0)
		return err->code;
	return !opts->source && tree->source == tree->build ? recorded_source(tree, err) : 0;
}

static int is_kernel_build(const struct klp_tree *tree, struct klp_error *err)
{
	static const char *const signs[] = { "vmlinux", "Module.symvers", ".config" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (klp_file_exists(klp_path_join(tree->arena, tree->build, signs[i])))
			return 0;
	klp_error_set(err, KLP_ETROUBLE, "neither vmlinux nor Module.symvers in '%s'", tree->build);
	klp_error_at(err, tree->build, 0, 0);
	return klp_error_hint(err, "this is no kernel build directory; give the one that 'make O=' "
				   "wrote");
}

int klp_tree_open(struct klp_arena *arena, const struct klp_tree_opts *opts, struct klp_tree *ret,
		  struct klp_error *err)
{
	struct klp_tree tree = { .arena = arena, .listed = klp_new(arena, struct klp_listed_dirs) };
	const char *vmlinux;

	if (!opts->ipa_dumps && !opts->build) {
		klp_error_set(err, KLP_EUSAGE, "no kernel build given");
		return klp_error_hint(err, "give the directory in which the kernel was built");
	}
	if (open_dirs(opts, &tree, err) < 0 ||
	    (opts->no_units ? is_kernel_build(&tree, err) : list_units(opts, &tree, err)) < 0 ||
	    read_texts(&tree, !opts->no_exports, err) < 0)
		return err->code;
	vmlinux = klp_path_join(arena, tree.build, "vmlinux");
	if (klp_file_exists(vmlinux))
		tree.vmlinux = vmlinux;
	tree.lone = !tree.vmlinux && !klp_file_exists(klp_path_join(arena, tree.build, ".config"));
	*ret = tree;
	return 0;
}

/* CONFIG_CC_VERSION_TEXT is `CC --version | head -n 1`: scripts/cc-version.sh's caller. */
static int check_compiler(struct klp_arena *arena, const struct klp_tree *tree,
			  const struct klp_unit *unit, struct klp_findings *findings,
			  struct klp_error *err)
{
	const char *built_by = klp_tree_config(tree, "CONFIG_CC_VERSION_TEXT");
	struct klp_finding *f;
	char *now;

	if (!built_by)
		return 0;
	if (klp_cc_version(arena, unit, &now, err) < 0)
		return err->code;
	if (!strcmp(now, built_by))
		return 0;
	f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-COMPILER",
			    "the kernel was built by '%s', but '%s' is '%s' here", built_by,
			    unit->argv.v[0], now);
	f->file = ".config";
	f->hint = klp_sprintf(arena,
			      "install the compiler that built the kernel; another one inlines "
			      "differently, so its answers would be about another kernel");
	return 0;
}

static void check_config(struct klp_arena *arena, const struct klp_tree *tree,
			 struct klp_findings *findings)
{
	struct klp_finding *f;

	if (!klp_tree_config_is(tree, "CONFIG_LIVEPATCH")) {
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-NO-LIVEPATCH",
				    "the kernel was built without CONFIG_LIVEPATCH");
		f->file = ".config";
		f->hint =
			"no livepatch can be loaded there; build with CONFIG_LIVEPATCH=y (it needs "
			"DYNAMIC_FTRACE_WITH_REGS or _WITH_ARGS, MODULES, SYSFS and KALLSYMS_ALL)";
	}
	/* What gcc did at link time it says itself, unit by unit: tree/lto.h. */
	if (klp_tree_config_is(tree, "CONFIG_LTO_CLANG")) {
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-LTO",
				    "the kernel was built with clang's link-time optimisation");
		f->file = ".config";
		f->hint = "functions were inlined across files, and nothing tells of it; only a "
			  "kernel built without LTO can be analysed";
	}
}

void klp_tree_say_no_config(struct klp_arena *arena, struct klp_findings *findings)
{
	struct klp_finding *f =
		klp_finding_add(arena, findings, KLP_NOTE, "KLP-NO-CONFIG",
				"the build holds no .config: whether the kernel allows "
				"livepatching and which compiler built it isn't known");

	f->hint = "keep the .config of the kernel in the build directory";
}

int klp_tree_check(struct klp_arena *arena, const struct klp_tree *tree,
		   const struct klp_unit *unit, struct klp_findings *findings,
		   struct klp_error *err)
{
	if (tree->lone)
		return 0;
	if (!tree->config.n) {
		klp_tree_say_no_config(arena, findings);
		return 0;
	}
	check_config(arena, tree, findings);
	return unit ? check_compiler(arena, tree, unit, findings, err) : 0;
}

const char *klp_tree_config(const struct klp_tree *tree, const char *name)
{
	return klp_map_get(&tree->config, name);
}

bool klp_tree_config_is(const struct klp_tree *tree, const char *name)
{
	const char *value = klp_tree_config(tree, name);

	return value && !strcmp(value, "y");
}

const struct klp_export *klp_tree_export(const struct klp_tree *tree, const char *symbol)
{
	return klp_map_get(&tree->exports, symbol);
}
