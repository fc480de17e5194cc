// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/flags.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum action {
	KEEP,
	DROP,
	PATH,	   /* keep, with the path behind the option made absolute */
	PATH_NEXT, /* keep, with the path in the next argument made absolute */
};

struct rule {
	const char *option;
	bool prefix;
	enum action action;
	const char *why;
};

/* First match wins; what matches nothing is dropped like the last line says. */
static const struct rule rules[] = {
	{ "-I", false, PATH_NEXT, "search path" },
	{ "-I", true, PATH, "search path" },
	{ "-isystem", false, PATH_NEXT, "search path" },
	{ "-iquote", false, PATH_NEXT, "search path" },
	{ "-idirafter", false, PATH_NEXT, "search path" },
	{ "-include", false, PATH_NEXT, "read before the source" },
	{ "-imacros", false, PATH_NEXT, "read before the source" },
	{ "-nostdinc", false, KEEP, "no headers but the kernel's" },
	{ "-D", true, KEEP, "macro" },
	{ "-U", true, KEEP, "macro" },
	{ "-std=", true, KEEP, "language" },
	{ "-x", true, KEEP, "language" },
	{ "-m64", false, KEEP, "sizes of types" },
	{ "-m32", false, KEEP, "sizes of types" },
	{ "-m16", false, KEEP, "sizes of types" },
	{ "--target=", true, KEEP, "sizes of types" },
	{ "-fshort-wchar", false, KEEP, "sizes of types" },
	{ "-fshort-enums", false, KEEP, "sizes of types" },
	{ "-fsigned-char", false, KEEP, "signedness of char" },
	{ "-funsigned-char", false, KEEP, "signedness of char" },
	{ "-fms-extensions", false, KEEP, "language: anonymous members" },
	{ "-fpack-struct", true, KEEP, "layout" },
	{ "-fgnu89-inline", false, KEEP, "language: meaning of inline" },
	{ "-ffreestanding", false, KEEP, "language: library functions" },
	{ "-fno-builtin", true, KEEP, "language: library functions" },
	{ "-fno-common", false, KEEP, "language: tentative definitions" },
	{ "-W", true, DROP, "warnings are the recorded compiler's to give" },
	{ "-f", true, DROP,
	  "code generation, or unknown to clang (-fconserve-stack, "
	  "-fno-allow-store-data-races, -ftrivial-auto-var-init in 14)" },
	{ "-m", true, DROP,
	  "code generation (-mrecord-mcount, -mpreferred-stack-boundary, "
	  "-mindirect-branch are GCC's alone); the macros that come with it "
	  "are in the predefined list" },
	{ "-O", true, DROP, "code generation; __OPTIMIZE__ is in the predefined list" },
	{ "-p", true, DROP, "profiling hooks are code generation" },
	{ "-g", true, DROP, "debug information" },
	{ "", true, DROP, "nothing that a parser needs" },
};

static const struct rule *rule_of(const char *arg)
{
	const struct rule *r = rules;

	while (r->prefix ? strncmp(arg, r->option, strlen(r->option)) : strcmp(arg, r->option))
		r++;
	return r;
}

static const char *absolute(struct klp_arena *arena, const struct klp_unit *unit, const char *path)
{
	return klp_path_clean(arena, klp_path_join(arena, unit->cwd, path));
}

void klp_tu_flags(struct klp_arena *arena, const struct klp_unit *unit, const char *preamble,
		  struct klp_strs *ret)
{
	struct klp_strs flags = {};

	klp_cc_flags(arena, unit, &flags);
	klp_vec_push(arena, ret, "-undef");
	klp_vec_push(arena, ret, "-imacros");
	klp_vec_push(arena, ret, preamble);
	klp_vec_push(arena, ret, "-include");
	klp_vec_push(arena, ret, klp_sprintf(arena, "%sbuiltins", preamble));
	klp_vec_push(arena, ret, "-w");
	klp_vec_push(arena, ret, "-ferror-limit=20");
	for (size_t i = 0; i < flags.n; i++) {
		const char *arg = flags.v[i];
		const struct rule *r = rule_of(arg);
		bool separate = (!strcmp(arg, "-D") || !strcmp(arg, "-U") || !strcmp(arg, "-x")) &&
				i + 1 < flags.n;

		switch (r->action) {
		case KEEP:
			klp_vec_push(arena, ret, arg);
			if (separate)
				klp_vec_push(arena, ret, flags.v[++i]);
			break;
		case PATH:
			klp_vec_push(arena, ret,
				     klp_sprintf(arena, "%s%s", r->option,
						 absolute(arena, unit, arg + strlen(r->option))));
			break;
		case PATH_NEXT:
			klp_vec_push(arena, ret, arg);
			if (i + 1 < flags.n)
				klp_vec_push(arena, ret, absolute(arena, unit, flags.v[++i]));
			break;
		case DROP:
			break;
		}
	}
}

/* What a preprocessor can be asked by name, and the prefix of our macros for its answers. */
static const struct {
	const char *question, *prefix;
} questions[] = {
	{ "__has_attribute", "__klp_ha_" },
	{ "__has_builtin", "__klp_hb_" },
	{ "__has_c_attribute", "__klp_hc_" },
};
#define NQUESTIONS (sizeof(questions) / sizeof(*questions))

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Collects NAME of every QUESTION(NAME) in a text. */
static void names_asked(struct klp_arena *arena, const char *text, size_t len, const char *question,
			struct klp_strs *names)
{
	const char *end = text + len, *p = text;
	size_t n = strlen(question);

	while ((p = memmem(p, (size_t)(end - p), question, n))) {
		const char *start;

		p += n;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if (p >= end || *p != '(')
			continue;
		for (p++; p < end && *p == ' '; p++)
			;
		for (start = p; p < end && word_char(*p); p++)
			;
		if (p > start && !isdigit((unsigned char)*start))
			klp_strs_add(arena, names, klp_strndup(arena, start, (size_t)(p - start)));
	}
}

/* What the unit reads: as recorded, or where nothing was recorded, as the compiler says. */
static int files_read(struct klp_arena *arena, const struct klp_unit *unit, struct klp_strs *ret,
		      struct klp_error *err)
{
	static const char *const list_dependencies[] = { "-M", NULL };
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS,
		.more = list_dependencies,
	};
	struct klp_proc_result result;

	*ret = unit->deps;
	if (ret->n)
		return 0;
	if (klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	for (char *save = NULL, *word = strtok_r(result.out, " \\\n", &save); word;
	     word = strtok_r(NULL, " \\\n", &save))
		klp_vec_push(arena, ret, word);
	return 0;
}

static int collect_questions(struct klp_arena *arena, const struct klp_unit *unit,
			     const struct klp_strs *texts, struct klp_strs names[NQUESTIONS],
			     struct klp_error *err)
{
	struct klp_strs deps = {};

	if (files_read(arena, unit, &deps, err) < 0)
		return err->code;
	for (size_t i = 0; i < deps.n + texts->n; i++) {
		KLP_CLEANUP_MAPPED struct klp_mapped file = {};
		struct klp_error ignored = {};
		const char *path = i < texts->n ? texts->v[i] : deps.v[i - texts->n];

		/* A file that is gone is found missing by the parser, with a better message. */
		if (klp_mapped_open(klp_path_join(arena, unit->cwd, path), &file, &ignored) < 0 ||
		    !file.len || !memmem(file.data, file.len, "__has_", 6))
			continue;
		for (size_t q = 0; q < NQUESTIONS; q++)
			names_asked(arena, file.data, file.len, questions[q].question, &names[q]);
	}
	return 0;
}

/* One preprocessor run that answers all questions. */
static int ask_compiler(struct klp_arena *arena, const struct klp_unit *unit, const char *path,
			struct klp_strs names[NQUESTIONS], struct klp_buf *out,
			struct klp_error *err)
{
	struct klp_cc_job job = { .unit = unit, .mode = KLP_CC_PREPROCESS, .source = path };
	struct klp_proc_result result;
	struct klp_buf probe;

	klp_buf_init(&probe, arena);
	for (size_t q = 0; q < NQUESTIONS; q++) {
		klp_buf_addf(&probe, "#ifdef %s\n", questions[q].question);
		for (size_t i = 0; i < names[q].n; i++)
			klp_buf_addf(&probe, "#if %s(%s)\n@%s%s\n#endif\n", questions[q].question,
				     names[q].v[i], questions[q].prefix, names[q].v[i]);
		klp_buf_add(&probe, "#endif\n");
	}
	if (klp_file_write(path, probe.p, probe.len, err) < 0 ||
	    klp_cc_run(arena, &job, &result, err) < 0)
		return err->code;
	if (result.status)
		return klp_error_set(err, KLP_ETROUBLE, "'%s' fails: %.*s", unit->argv.v[0],
				     (int)strcspn(result.err, "\n"), result.err);
	for (const char *p = result.out; (p = strstr(p, "\n@")); p++) {
		size_t n = strcspn(p + 2, "\n ");

		klp_buf_addf(out, "#define %.*s 1\n", (int)n, p + 2);
	}
	return 0;
}

/* Builtins of GCC's that some clang lacks; all are int (int). */
static const char *const gcc_builtins[] = {
	"isalnum", "isalpha", "isascii", "isblank", "iscntrl",	"isdigit", "isgraph", "islower",
	"isprint", "ispunct", "isspace", "isupper", "isxdigit", "toascii", "tolower", "toupper",
};
#define NBUILTINS (sizeof(gcc_builtins) / sizeof(*gcc_builtins))

/* Asked while __has_builtin still is clang's own. */
static void note_missing_builtins(struct klp_buf *out)
{
	for (size_t i = 0; i < NBUILTINS; i++)
		klp_buf_addf(out,
			     "#if !__has_builtin(__builtin_%s)\n#define __klp_missing_%s\n#endif\n",
			     gcc_builtins[i], gcc_builtins[i]);
}

static int write_missing_builtins(struct klp_arena *arena, const char *path, struct klp_error *err)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	for (size_t i = 0; i < NBUILTINS; i++)
		klp_buf_addf(&out, "#ifdef __klp_missing_%s\nint __builtin_%s(int);\n#endif\n",
			     gcc_builtins[i], gcc_builtins[i]);
	return klp_file_write(path, out.p, out.len, err);
}

/* clang makes an #include "PATH" of an -include, as it stands (InitPreprocessor.cpp). */
static int check_path(const char *path, struct klp_error *err)
{
	if (!path || !strpbrk(path, "\"\n"))
		return 0;
	klp_error_set(err, KLP_EUSAGE,
		      "libclang can't be given files of a directory with a quote or a newline in "
		      "its path");
	klp_error_at(err, path, 0, 0);
	return klp_error_hint(err, "move the source or the build to another directory, or set "
				   "TMPDIR to one");
}

int klp_tu_preamble(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir,
		    const struct klp_overlay *const *overlays, size_t n, char **ret_path,
		    struct klp_error *err)
{
	/* Questions that clang answers and GCC 12 doesn't know. */
	static const char *const clang_only[] = {
		"__has_feature",     "__has_extension",		 "__has_warning",
		"__is_identifier",   "__has_declspec_attribute", "__has_constexpr_builtin",
		"__building_module",
	};
	char *probe = klp_sprintf(arena, "%s/probe-%s.c", workdir, unit->basename);
	char *path = klp_sprintf(arena, "%s/preamble-%s.h", workdir, unit->basename);
	struct klp_strs names[NQUESTIONS] = {}, texts = {};
	struct klp_buf out;
	char *macros;

	if (check_path(workdir, err) < 0 || check_path(unit->cwd, err) < 0 ||
	    check_path(unit->source_root, err) < 0)
		return err->code;
	klp_buf_init(&out, arena);
	klp_vec_push(arena, &texts, unit->source_path);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; overlays[i] && j < overlays[i]->files.n; j++)
			klp_vec_push(arena, &texts,
				     klp_path_join(arena, overlays[i]->dir,
						   overlays[i]->files.v[j]));
	if (klp_cc_predefined(arena, unit, &macros, err) < 0 ||
	    collect_questions(arena, unit, &texts, names, err) < 0)
		return err->code;
	klp_buf_add(&out, macros);
	note_missing_builtins(&out);
	for (size_t i = 0; i < sizeof(clang_only) / sizeof(*clang_only); i++)
		klp_buf_addf(&out, "#undef %s\n", clang_only[i]);
	for (size_t q = 0; q < NQUESTIONS; q++)
		klp_buf_addf(&out, "#undef %s\n#define %s(x) %s##x\n", questions[q].question,
			     questions[q].question, questions[q].prefix);
	if (ask_compiler(arena, unit, probe, names, &out, err) < 0 ||
	    klp_file_write(path, out.p, out.len, err) < 0 ||
	    write_missing_builtins(arena, klp_sprintf(arena, "%sbuiltins", path), err) < 0)
		return err->code;
	*ret_path = path;
	return 0;
}
