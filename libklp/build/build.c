// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/build.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/proc.h"
#include "build/messages.h"
#include "model/report.h"

/* Findings for at most so many files; the build log has the rest. */
#define MAX_WARNED_FILES 20

int klp_build_path_check(const char *path, const char *hint, struct klp_error *err)
{
	/* no wonder that a kernel's own Makefile refuses blanks and colons */
	static const char bad[] = " \t\r:;#$%&|<>()[]{}*?!~`'\"\\=";

	for (const char *p = path; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c > ' ' && c != 0x7f && !strchr(bad, c))
			continue;
		klp_error_set(err, KLP_EUSAGE,
			      c > ' ' && c != 0x7f
				      ? "Kbuild can't work in a directory with '%c' in its path"
			      : c == ' '
				      ? "Kbuild can't work in a directory with a blank in its path"
				      : "Kbuild can't work in a directory with a control character "
					"in its path",
			      c);
		klp_error_at(err, path, 0, 0);
		return klp_error_hint(err, "%s", hint);
	}
	return 0;
}

static int copy_in(struct klp_arena *arena, const struct klp_plan *plan, const char *from,
		   const char *to, struct klp_error *err)
{
	const struct klp_strs files = klp_plan_files(arena, plan);

	for (size_t i = 0; i < files.n; i++)
		if (klp_file_copy(klp_path_join(arena, from, files.v[i]),
				  klp_path_join(arena, to, files.v[i]), err) < 0)
			return err->code;
	return 0;
}

/*
 * The compiler that built the kernel, where it isn't the one that Kbuild takes by itself. It
 * goes through make to a shell: only a plain name or path does.
 */
static const char *compiler(struct klp_arena *arena, const struct klp_plan *plan)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./+-";
	const struct klp_unit *unit = plan->sources.n ? plan->sources.v[0].unit : NULL;
	const char *cc = unit && unit->argv.n ? unit->argv.v[0] : "gcc";

	if (!strcmp(cc, "gcc") || cc[strspn(cc, plain)])
		return NULL;
	return klp_sprintf(arena, "CC=%s", cc);
}

static int run_make(struct klp_arena *arena, const struct klp_tree *tree,
		    const struct klp_plan *plan, const struct klp_build_opts *opts, const char *dir,
		    struct klp_proc_result *ret, struct klp_error *err)
{
	struct klp_strs argv = {};
	const char *cc = compiler(arena, plan);

	klp_vec_push(arena, &argv, "make");
	klp_vec_push(arena, &argv, "-C");
	klp_vec_push(arena, &argv, tree->build);
	klp_vec_push(arena, &argv, klp_sprintf(arena, "-j%u", opts->jobs ? opts->jobs : 1));
	klp_vec_push(arena, &argv, klp_sprintf(arena, "M=%s", dir));
	/* Undefined symbols are what the livepatch relocations are for. */
	klp_vec_push(arena, &argv, "KBUILD_MODPOST_WARN=1");
	if (cc)
		klp_vec_push(arena, &argv, cc);
	klp_vec_push(arena, &argv, "modules");
	klp_vec_push(arena, &argv, NULL);
	klp_log(opts->log, KLP_LOG_DEBUG, "make -C %s M=%s modules", tree->build, dir);
	klp_stage_progress(opts->log, KLP_STAGE_BUILD, "Kbuild");
	return klp_proc_run(arena, &(struct klp_proc_opts){ .argv = argv.v }, ret, err);
}

static int write_log(struct klp_arena *arena, const struct klp_proc_result *result,
		     const char *workdir, struct klp_error *err)
{
	struct klp_buf log;

	klp_buf_init(&log, arena);
	klp_buf_addn(&log, result->out, result->out_len);
	klp_buf_addn(&log, result->err, result->err_len);
	return klp_file_write(klp_path_join(arena, workdir, "build.log"), log.p, log.len, err);
}

static const struct klp_message *first_error(const struct klp_messages *messages)
{
	for (size_t i = 0; i < messages->n; i++)
		if (messages->v[i].kind == KLP_MESSAGE_ERROR)
			return &messages->v[i];
	return NULL;
}

static void failed(struct klp_arena *arena, const struct klp_messages *messages, int status,
		   struct klp_findings *findings)
{
	const struct klp_message *m = first_error(messages);
	struct klp_finding *finding;

	if (m)
		finding = klp_finding_add(arena, findings, KLP_ERROR, "KLP-BUILD",
					  "the module does not build: %s", m->text);
	else
		finding = klp_finding_add(arena, findings, KLP_ERROR, "KLP-BUILD",
					  "the module does not build: make exits with status %d",
					  status);
	finding->file = m ? m->file : NULL;
	finding->line = m ? m->line : 0;
	finding->hint = "run again with --keep DIR: DIR/build.log has the whole output, DIR/module "
			"the sources, to be corrected and built by hand";
}

static bool same_file(const struct klp_message *a, const struct klp_message *b)
{
	return a->file && b->file ? !strcmp(a->file, b->file) : a->file == b->file;
}

/* One finding for each file that something was said about. */
static void warn(struct klp_arena *arena, const struct klp_messages *messages,
		 struct klp_findings *findings)
{
	unsigned int warned = 0;

	for (size_t i = 0; i < messages->n && warned < MAX_WARNED_FILES; i++) {
		const struct klp_message *m = &messages->v[i];
		struct klp_finding *finding;
		unsigned int more = 0;
		size_t first = 0;

		while (!same_file(&messages->v[first], m))
			first++;
		if (first < i)
			continue;
		for (size_t k = i + 1; k < messages->n; k++)
			more += same_file(&messages->v[k], m);
		finding = klp_finding_add(arena, findings, KLP_WARNING, "KLP-BUILD-WARNING",
					  more ? "the build warns: %s (and %u more)"
					       : "the build warns: %s",
					  m->text, more);
		finding->file = m->file;
		finding->line = m->line;
		finding->hint =
			"read that place of the module's source; --keep DIR keeps the whole "
			"output as DIR/build.log";
		warned++;
	}
}

static void add_prefix(struct klp_arena *arena, struct klp_strs *prefixes, const char *dir)
{
	if (dir && strcmp(dir, "/"))
		klp_vec_push(arena, prefixes, klp_sprintf(arena, "%s/", dir));
}

int klp_build(struct klp_arena *arena, const struct klp_tree *tree, const struct klp_plan *plan,
	      const struct klp_build_opts *opts, char **ret_module, struct klp_findings *findings,
	      struct klp_error *err)
{
	char *dir = klp_path_join(arena, opts->workdir, "module");
	char *module = klp_sprintf(arena, "%s/%s.ko", dir, plan->name);
	struct klp_messages messages = {};
	struct klp_strs prefixes = {};
	struct klp_proc_result result;

	if (!klp_file_exists(klp_path_join(arena, tree->build, "Makefile"))) {
		klp_error_set(err, KLP_ETROUBLE,
			      "the build directory has no Makefile, no module "
			      "can be built against it");
		klp_error_at(err, tree->build, 0, 0);
		return klp_error_hint(err,
				      "give the whole kernel build with --build, or stop before "
				      "with --stop-after render");
	}
	if (klp_mkdirs(dir, err) < 0 || copy_in(arena, plan, opts->dir, dir, err) < 0 ||
	    run_make(arena, tree, plan, opts, dir, &result, err) < 0 ||
	    write_log(arena, &result, opts->workdir, err) < 0)
		return err->code;
	add_prefix(arena, &prefixes, dir);
	add_prefix(arena, &prefixes, tree->build);
	add_prefix(arena, &prefixes, tree->source);
	klp_messages_parse(arena, result.err, &prefixes, &messages);
	if (result.status || !klp_file_exists(module)) {
		failed(arena, &messages, result.status, findings);
		return 0;
	}
	warn(arena, &messages, findings);
	*ret_module = module;
	return 0;
}
