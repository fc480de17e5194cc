// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/cc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/small_unit.h"

static struct small s;
static struct klp_error err;

static int setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	small_begin(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	small_end(&s);
	return 0;
}

static struct klp_unit *with_argv0(const char *argv0)
{
	struct klp_unit *unit = small_unit(&s, "x.c", "");

	unit->argv.v[0] = argv0;
	return unit;
}

static void test_compilers(void **state)
{
	static const char *const good[] = {
		"gcc",
		"cc",
		"clang",
		"/usr/bin/gcc",
		"gcc-12",
		"clang-14",
		"x86_64-linux-gnu-gcc-12",
		"/opt/x/bin/aarch64-linux-gnu-gcc",
		"gcc-4.8",
		"./bin/gcc",
		"arm-none-eabi-gcc",
	};
	static const char *const bad[] = {
		"rm",	  "gccx",	  "xgcc",      "gcc-",	    "gcc-x", "gcc-12-rm", "sh",
		"gcc/rm", "/bin/ccache",  "gcc-12;rm", "distcc",    "g++",   "gcc ",	  "",
		"clangd", "clang-format", "gcc-ar",    "gcc-nm-12", "cc1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (klp_cc_check(with_argv0(good[i]), &err) < 0)
			fail_msg("%s: %s", good[i], err.text);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memset(&err, 0, sizeof(err));
		if (klp_cc_check(with_argv0(bad[i]), &err) != KLP_EINPUT)
			fail_msg("'%s' is taken for a compiler", bad[i]);
		assert_non_null(strstr(err.text, "'x.o'"));
		assert_true(err.hint[0]);
	}
}

static void test_no_command(void **state)
{
	struct klp_unit *unit = small_unit(&s, "x.c", "");

	(void)state;
	unit->argv.n = 0;
	assert_int_equal(klp_cc_check(unit, &err), KLP_EINPUT);
}

static void test_hostile_options(void **state)
{
	static const char *const bad[] = {
		"-wrapper rm",
		"-B/tmp/evil",
		"-B /tmp/evil",
		"-specs=/tmp/evil",
		"--specs=/tmp/evil",
		"-specs /tmp/evil",
		"-fplugin=/tmp/evil.so",
		"-fplugin-arg-evil-x=1",
		"@/tmp/evil",
		"-Wp,-o,/etc/passwd",
		"-Wp,-imacros,x",
		"-Wa,-al=/etc/passwd",
		"-Wa,--MD,/etc/passwd",
		"-Wa,-o,/etc/passwd",
		"-Wa,--fatal-warnings,-o,/etc/passwd",
		"-Wa,--fatal-warnings,@x",
		"-Wa,x.s",
		"-Wl,-o,/etc/passwd",
		"-Xassembler -o",
		"-Xpreprocessor -o",
		"-Xlinker -o",
		"-Xclang -load",
		"-load evil.so",
		"-fuse-ld=/tmp/evil",
		"-aux-info /etc/passwd",
		"--output=/etc/passwd",
		"--output /etc/passwd",
		"-fdump-tree-all=/etc/passwd -dumpbase x -fplugin=y",
		"-no-canonical-prefixes --config=/tmp/evil",
		"--config /tmp/evil",
		"--sysroot=/tmp -wrapper x",
		/* by their form: what isn't known to leave everything alone */
		"-time=/etc/passwd",
		"-coverage",
		"-T/tmp/evil.ld",
		"-u",
		"-L/tmp/evil",
		"-x lto",
		"-xf95",
		"-x",
		"-iplugindir=/tmp/evil",
		"-Wa,--M,/etc/passwd",
		"-ftest-path=/etc/passwd",
		"-fsome-file=x",
		"-fthin-link-bitcode=x",
		"-fltrans-output-list=x",
		"-mllvm -load=/tmp/evil.so",
		"-mllvm",
		"-Xanalyzer -o",
		"-ccc-gcc-name rm",
		"-cc1 -o x",
		"-dependency-dot /etc/passwd",
		"-working-directory=/",
		"-gcc-toolchain /tmp/evil",
		"-gen-decls",
		"-wrap",
		"-###",
		"-",
		"second.c",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memset(&err, 0, sizeof(err));
		if (klp_cc_check(small_unit(&s, "x.c", bad[i]), &err) != KLP_EINPUT)
			fail_msg("'%s' is let through", bad[i]);
		assert_non_null(strstr(err.text, "'x.o'"));
		assert_true(err.hint[0]);
	}
}

static void test_other_languages(void **state)
{
	static const char *const bad[] = { "x.f90", "x.o", "x.ads", "x", ".c", "x.cc" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct klp_unit *unit = small_unit(&s, "x.c", "");

		memset(&err, 0, sizeof(err));
		unit->source_arg = bad[i];
		if (klp_cc_check(unit, &err) != KLP_EINPUT)
			fail_msg("'%s' is let through", bad[i]);
		assert_non_null(strstr(err.text, bad[i]));
	}
}

/* An option that takes the next argument must not hide a hostile one, nor be one itself. */
static void test_operands(void **state)
{
	(void)state;
	assert_int_equal(klp_cc_check(small_unit(&s, "x.c", "-D @x -I -B -include -specs"), &err),
			 0);
	assert_int_equal(klp_cc_check(small_unit(&s, "x.c", "-DX -B."), &err), KLP_EINPUT);
}

static const char *joined(const struct klp_strs *strs)
{
	struct klp_buf out;

	klp_buf_init(&out, s.arena);
	for (size_t i = 0; i < strs->n; i++)
		klp_buf_addf(&out, "%s%s", i ? " " : "", strs->v[i]);
	return out.p;
}

static void test_flags(void **state)
{
	static const struct {
		const char *flags, *want;
	} cases[] = {
		{ "", "-O2" },
		{ "-Wp,-MMD,./.x.o.d", "-O2" },
		{ "-Wp,-MMD,x.d,-o,/etc/passwd", "-O2" },
		{ "-Wp,-MD,./.x.o.d -MF x.d -MT x.o -MQ y -MP -MMD", "-O2" },
		{ "-oother.o", "-O2" },
		{ "-fdump-ipa-clones -fdump-tree-optimized=/tmp/x -save-temps=obj", "-O2" },
		{ "-dumpdir x -dumpbase y -fstack-usage -fcallgraph-info=su", "-O2" },
		{ "-E -S -pipe", "-O2" },
		{ "-I ../a -I../b -include ./c.h -D X -DY=1 -U Z --param ssp=4",
		  "-O2 -I ../a -I../b -include ./c.h -D X -DY=1 -U Z --param ssp=4" },
		{ "-std=gnu11 -Wall -fno-PIE -mcmodel=kernel -g",
		  "-O2 -std=gnu11 -Wall -fno-PIE -mcmodel=kernel -g" },
		{ "-isystem /a -iquote b -idirafter c -imacros d -x c -target t",
		  "-O2 -isystem /a -iquote b -idirafter c -imacros d -x c -target t" },
		{ "-Wa,-gdwarf-5,--fatal-warnings", "-O2 -Wa,-gdwarf-5,--fatal-warnings" },
		{ "-fdiagnostics-format=json-file --serialize-diagnostics x", "-O2" },
		{ "-mfentry -mrecord-mcount", "-O2 -mfentry -mrecord-mcount" },
		{ "-da -dx -foptimization-record-file=/etc/passwd -save-stats=obj "
		  "-fdiagnostics-add-output=sarif:file=/etc/passwd -fdeps-file=/etc/passwd "
		  "-fcompare-debug",
		  "-O2" },
		{ "-fmacro-prefix-map=../= -frandom-seed=a/b -mllvm -asan-stack=0",
		  "-O2 -fmacro-prefix-map=../= -frandom-seed=a/b -mllvm -asan-stack=0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_unit *unit = small_unit(&s, "x.c", cases[i].flags);
		struct klp_strs got = {};

		if (klp_cc_check(unit, &err) < 0)
			fail_msg("%s: %s", cases[i].flags, err.text);
		klp_cc_flags(s.arena, unit, &got);
		assert_string_equal(joined(&got), cases[i].want);
	}
}

static struct klp_proc_result run(const struct klp_cc_job *job)
{
	struct klp_proc_result result = {};

	if (klp_cc_run(s.arena, job, &result, &err) < 0)
		fail_msg("%s", err.text);
	return result;
}

static bool defines(const char *object, const char *symbol)
{
	const char *const argv[] = { "nm", object, NULL };
	const char *found = strstr(small_run(&s, argv), klp_sprintf(s.arena, " %s\n", symbol));

	return found && found[-1] != 'U';
}

static void test_compile(void **state)
{
	static const char other[] = "#include \"mine.h\"\nint g = MINE;\n";
	char *object = klp_path_join(s.arena, s.work, "out.o");
	struct klp_cc_job job = { .mode = KLP_CC_COMPILE, .output = object };
	struct klp_unit *unit;
	char *before;

	(void)state;
	small_put(&s, "sub/x.c", "#include \"mine.h\"\nint f(void) { return MINE; }\n");
	small_put(&s, "sub/mine.h", "#define MINE 1\n");
	unit = small_unit(&s, "sub/x.c",
			  "-Wp,-MMD,sub/.x.o.d -fdump-ipa-clones -save-temps=obj -fstack-usage");
	job.unit = unit;
	before = small_state(&s);
	assert_int_equal(run(&job).status, 0);
	assert_true(defines(object, "f"));
	/* another text in its place finds the private headers of the original */
	job.source = klp_path_join(s.arena, s.work, "other.c");
	assert_int_equal(klp_file_write(job.source, other, strlen(other), &err), 0);
	assert_int_equal(run(&job).status, 0);
	assert_true(defines(object, "g"));
	assert_false(defines(object, "f"));
	assert_string_equal(small_state(&s), before);
}

static void test_failing_compile(void **state)
{
	struct klp_cc_job job = { .mode = KLP_CC_PREPROCESS };
	struct klp_proc_result result;

	(void)state;
	small_put(&s, "x.c", "#include \"none.h\"\n");
	job.unit = small_unit(&s, "x.c", "");
	result = run(&job);
	assert_int_not_equal(result.status, 0);
	assert_non_null(strstr(result.err, "none.h"));
	/* a hostile one isn't run at all */
	job.unit = small_unit(&s, "x.c", "-wrapper touch");
	assert_int_equal(klp_cc_run(s.arena, &job, &result, &err), KLP_EINPUT);
}

static struct klp_overlay overlay(const char *file, const char *text)
{
	struct klp_overlay o = { .dir = klp_path_join(s.arena, s.work, "overlay") };
	const char *path = klp_path_join(s.arena, o.dir, file);

	assert_int_equal(klp_mkdirs(klp_path_dir(s.arena, path), &err), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
	klp_vec_push(s.arena, &o.files, file);
	return o;
}

static void test_overlay_source(void **state)
{
	struct klp_overlay o =
		overlay("sub/x.c", "#include \"mine.h\"\nchar *p = __FILE__;\nint f = MINE;\n");
	struct klp_cc_job job = { .mode = KLP_CC_PREPROCESS, .overlay = &o };
	struct klp_proc_result result;

	(void)state;
	small_put(&s, "sub/x.c", "int old;\n");
	small_put(&s, "sub/mine.h", "#define MINE 4711\n");
	job.unit = small_unit(&s, "sub/x.c", "");
	job.source = klp_path_join(s.arena, o.dir, "sub/x.c");
	result = run(&job);
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.out, "int f = 4711;"));
	assert_null(strstr(result.out, "old"));
	/* both versions of a source tell the same __FILE__ */
	assert_non_null(strstr(result.out, "\"sub/x.c\";"));
}

/* A changed header is found wherever the unchanged one is: by -I, by <> and by "". */
static void test_overlay_header(void **state)
{
	struct klp_overlay o = overlay("include/a.h", "#define A 2\n");
	struct klp_cc_job job = { .mode = KLP_CC_PREPROCESS, .overlay = &o };
	static const char *const flags[] = { "-Iinclude", "-I include", "-I./sub/../include" };

	(void)state;
	small_put(&s, "include/a.h", "#define A 1\n");
	small_put(&s, "include/b.h", "#include <a.h>\nint b = A;\n");
	small_put(&s, "sub/x.c", "#include <b.h>\n#include \"a.h\"\nint x = A;\n");
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct klp_proc_result result;

		job.unit = small_unit(&s, "sub/x.c", flags[i]);
		result = run(&job);
		assert_int_equal(result.status, 0);
		assert_non_null(strstr(result.out, "int b = 2;"));
		assert_non_null(strstr(result.out, "int x = 2;"));
	}
}

/* Headers of one name in two directories: only the one that is overlaid is another one. */
static void test_overlay_of_one_name(void **state)
{
	struct klp_overlay o = overlay("uapi/a.h", "#define A 2\n");
	struct klp_cc_job job = { .mode = KLP_CC_PREPROCESS, .overlay = &o };
	struct klp_proc_result result;

	(void)state;
	small_put(&s, "include/a.h", "#define A 1\n");
	small_put(&s, "uapi/a.h", "#define A 0\n");
	small_put(&s, "x.c", "#include <a.h>\nint x = A;\n");
	job.unit = small_unit(&s, "x.c", "-Iinclude -Iuapi");
	result = run(&job);
	assert_non_null(strstr(result.out, "int x = 1;"));
	job.unit = small_unit(&s, "x.c", "-Iuapi -Iinclude");
	result = run(&job);
	assert_non_null(strstr(result.out, "int x = 2;"));
	/* -include names a file, not a directory */
	job.unit = small_unit(&s, "x.c", "-include uapi/a.h -Inone");
	small_put(&s, "x.c", "int x = A;\n");
	result = run(&job);
	assert_non_null(strstr(result.out, "int x = 2;"));
}

/* A sibling that includes an overlaid header by "" would find the one that stands beside it. */
static void test_overlay_siblings(void **state)
{
	struct klp_overlay o = overlay("include/a.h", "#define A 2\n");
	struct klp_cc_job job = { .mode = KLP_CC_PREPROCESS, .overlay = &o };
	struct klp_proc_result result;

	(void)state;
	small_put(&s, "include/a.h", "#define A 1\n");
	small_put(&s, "include/b.h", "#include \"a.h\"\n");
	small_put(&s, "include/c.h", "#include \"b.h\"\nint c = A;\n");
	small_put(&s, "include/d.h", "int d;\n");
	small_put(&s, "x.c", "#include <c.h>\n");
	job.unit = small_unit(&s, "x.c", "-Iinclude");
	result = run(&job);
	assert_non_null(strstr(result.out, "int c = 1;"));
	assert_int_equal(klp_overlay_link(s.arena, &o, s.dir, &err), 0);
	result = run(&job);
	assert_non_null(strstr(result.out, "int c = 2;"));
	assert_false(klp_file_exists(klp_path_join(s.arena, o.dir, "include/d.h")));
}

static void test_macros(void **state)
{
	struct klp_cc_job job = { .mode = KLP_CC_MACROS };
	struct klp_proc_result result;

	(void)state;
	small_put(&s, "x.c", "#define A(x) ((x) + 1)\n#define B 2\n#undef B\nint x;\n");
	job.unit = small_unit(&s, "x.c", "-DC=3");
	result = run(&job);
	assert_non_null(strstr(result.out, "#define A(x) ((x) + 1)\n"));
	assert_non_null(strstr(result.out, "#define C 3\n"));
	assert_null(strstr(result.out, "#define B "));
}

static void test_neutral(void **state)
{
	struct klp_cc_job job = { .mode = KLP_CC_PREPROCESS_NEUTRAL };
	struct klp_proc_result one, two;

	(void)state;
	job.unit = small_unit(&s, "x.c", "-Wall -Werror");
	small_put(&s, "x.c", "#line 10\nint a = __LINE__, b = __COUNTER__;\n");
	one = run(&job);
	small_put(&s, "x.c",
		  "int pad = __COUNTER__;\n#line 10\nint a = __LINE__, b = __COUNTER__;\n");
	two = run(&job);
	assert_int_equal(one.status, 0);
	assert_int_equal(two.status, 0);
	assert_non_null(strstr(one.out, "int a = "));
	assert_null(strstr(one.out, "int a = 10"));
	assert_string_equal(strstr(one.out, "int a = "), strstr(two.out, "int a = "));
}

static void test_sectioned(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "");
	char *object, *again, *before, *headers;

	(void)state;
	small_put(&s, "sub/x.c", "int f(void) { return 1; }\nint g(void) { return 2; }\n");
	before = small_state(&s);
	assert_int_equal(klp_cc_sectioned(s.arena, unit, s.work, &object, &err), 0);
	assert_int_equal(klp_cc_sectioned(s.arena, unit, s.work, &again, &err), 0);
	assert_string_equal(object, again);
	assert_non_null(klp_path_below(object, s.work));
	assert_string_equal(small_state(&s), before);
	headers = small_run(&s, (const char *const[]){ "objdump", "-h", object, NULL });
	assert_non_null(strstr(headers, ".text.f"));
	assert_non_null(strstr(headers, ".text.g"));

	unit->object = "../x.o";
	assert_int_equal(klp_cc_sectioned(s.arena, unit, s.work, &object, &err), KLP_EINPUT);
	memset(&err, 0, sizeof(err));
	small_put(&s, "sub/y.c", "no C\n");
	unit = small_unit(&s, "sub/y.c", "");
	assert_int_equal(klp_cc_sectioned(s.arena, unit, s.work, &object, &err), KLP_ETROUBLE);
	assert_non_null(strstr(err.text, "'sub/y.o'"));
	assert_string_equal(err.file, "sub/y.c");
}

/* A unit with its shipped object; its lean text, or NULL when there is none. */
static char *lean_of(const char *flags, const char *text, enum klp_rebuild want)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", flags);
	enum klp_rebuild got;
	const char *path;
	char *before;

	small_put(&s, "sub/x.c", text);
	small_compile(&s, unit);
	unit->object_path = klp_path_join(s.arena, s.dir, unit->object);
	if (want == KLP_REBUILD_DIFFERS)
		small_put(&s, "sub/x.c", klp_sprintf(s.arena, "%s\nint more;\n", text));
	before = small_state(&s);
	if (klp_cc_rebuild(s.arena, unit, s.work, &got, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(small_state(&s), before);
	assert_int_equal(got, want);
	path = klp_cc_lean(s.arena, unit, s.work);
	if (!path)
		return NULL;
	text = small_get(&s, path);
	assert_int_equal(unlink(path), 0);
	return (char *)(uintptr_t)text;
}

/*
 * The unit is compiled once for both objects: the one with sections is there, as if it had been
 * compiled by itself.
 */
static void try_both(const char *text)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "-fno-pie -mno-red-zone");
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		.output = klp_path_join(s.arena, s.work, "by-itself.o"),
	};
	char *object = klp_path_join(s.arena, s.work, "sectioned/sub/x.o");
	enum klp_rebuild got;

	klp_rmtree(s.work);
	assert_int_equal(klp_mkdirs(s.work, &err), 0);
	small_put(&s, "sub/x.c", text);
	small_compile(&s, unit);
	assert_int_equal(klp_cc_rebuild(s.arena, unit, s.work, &got, &err), 0);
	assert_int_equal(got, KLP_REBUILD_EQUAL);
	if (!klp_file_exists(object))
		fail_msg("compiled twice: %s", text);
	assert_int_equal(run(&job).status, 0);
	small_run(&s, (const char *const[]){ "cmp", object, job.output, NULL });
}

static void test_both(void **state)
{
	(void)state;
	try_both("int f(void) { return 1; }\nint g(void) { return 2; }\nstatic int z[4], *p = z;\n"
		 "int *h(int i) { static int n; n++; return i ? p : &n; }\nint v = 3, w;\n"
		 "const char *const names[] = { \"a\", \"b\" };\n");
	/* a cold part, and one behind an asm statement, which ends the function */
	try_both("void cold(void) __attribute__((cold));\nint g(int);\n"
		 "int f(int x)\n{\n\tif (g(x))\n\t\tcold();\n\treturn g(x + 1);\n}\n");
	try_both("void cold(void) __attribute__((cold));\nint g(int);\n"
		 "int f(int x)\n{\n\tif (g(x)) {\n\t\tcold();\n\t\treturn g(2);\n\t}\n"
		 "\tasm volatile(\"ud2\");\n\t__builtin_unreachable();\n}\n");
	/* strings behind an asm statement of the file */
	try_both("void say(const char *);\nasm(\".set x, 1\");\nvoid f(void) { say(\"one\"); }\n"
		 "void h(void) { say(\"another\"); }\n");
	/* sections that the source names stay */
	try_both("#define SECTION(x) __attribute__((section(x)))\n"
		 "SECTION(\".text.f\") int f(void) { return 1; }\nint g(void) { return f(); }\n"
		 "SECTION(\".data.v\") int v = 1;\n"
		 "asm(\"\\t.section\\t.text.f\\n\\tnop\\n\\t.previous\");\n");
}

static void test_lean(void **state)
{
	char *text;

	(void)state;
	small_put(&s, "sub/x.h",
		  "static inline int unused(int a)\n{\n\treturn a;\n}\n"
		  "static inline int below(void) { return __LINE__; }\n"
		  "static inline int used(void) { return below(); }\n"
		  "static inline int other_unused(void)\n{\n#pragma GCC diagnostic push\n\treturn "
		  "2; }\n"
		  "static inline void only_asm(void) {}\n"
		  "static inline __attribute__((used)) int asked(void) { return 3; }\n"
		  "static int plain(void) { return 4; }\n");
	text = lean_of("",
		       "#include \"x.h\"\nint f(void) { return used() + __LINE__; }\n"
		       "asm(\"call only_asm\");\n",
		       KLP_REBUILD_EQUAL);
	assert_non_null(text);
	assert_null(strstr(text, "unused"));
	assert_non_null(strstr(text, "int below(void) { return 5; }"));
	assert_non_null(strstr(text, "int used(void)"));
	assert_non_null(strstr(text, "only_asm(void)"));
	assert_non_null(strstr(text, "asked(void)"));
	assert_null(strstr(text, "plain(void)"));
	assert_non_null(strstr(text, "#pragma GCC diagnostic push"));

	/* what the left out return stays the file's type: else a warning would say it isn't */
	text = lean_of("-Wall -Werror",
		       "static inline struct first *unused(void) { return 0; }\n"
		       "int f(struct first *p);\nint g(struct first *p) { return f(p); }\n",
		       KLP_REBUILD_EQUAL);
	assert_non_null(text);
	assert_null(strstr(text, "unused"));
	assert_non_null(strstr(text, "struct first;"));

	/* static variables are numbered through the unit: whoever has one stays, used or not */
	small_put(&s, "sub/y.h",
		  "static inline int *has_key(void)\n{\n\tstatic int key;\n\treturn &key;\n}\n"
		  "static inline const char *says(void) { return __func__; }\n");
	text = lean_of("",
		       "#include \"y.h\"\n#include \"x.h\"\n"
		       "int *f(void) { static int key; return &key; }\n",
		       KLP_REBUILD_EQUAL);
	assert_non_null(text);
	assert_non_null(strstr(text, "*has_key(void)"));
	assert_non_null(strstr(text, "*says(void)"));
	assert_null(strstr(text, "other_unused"));

	/* no text is taken whose object is another one, or isn't known to be the same */
	assert_null(lean_of("", "int f(void) { return 1; }\n", KLP_REBUILD_DIFFERS));
	text = lean_of("-g", "#include \"x.h\"\nint f(void) { return used(); }\n",
		       KLP_REBUILD_EQUAL);
	assert_null(text);
}

/*
 * The assembly with sections, without them, is that of the shipped object: it was compiled once,
 * and the object with sections is there.
 */
static void test_compiled_once(void **state)
{
	char *object, *headers;

	(void)state;
	assert_non_null(lean_of(
		"-O2 -fno-pic -fno-asynchronous-unwind-tables",
		"extern void out(const char *s);\n"
		"static int count; int shared; static char flag = 1; static struct {} nothing;\n"
		"static int once __attribute__((section(\".data.other\"))) = 1;\n"
		"void *keep(void) { return &nothing; }\n"
		"__attribute__((cold)) int rare(int x)\n"
		"{ out(\"a text that is so long that its section is an aligned one\"); return x; "
		"}\n"
		"int f(int x)\n"
		"{\n"
		"	static int calls;\n"
		"	if (__builtin_expect(x > 9, 0)) { out(\"much\"); calls += rare(x); }\n"
		"	return x + ++calls + count++ + flag + shared + once++;\n"
		"}\n"
		"__attribute__((section(\".text.else\"))) int own(int x) { return f(x) + f(x + 1); "
		"}\n"
		"static int zeros[100]; int *get(int i) { zeros[i] = i; return &zeros[i]; }\n"
		"const int table[] = { 1, 2, 3 }; void (*const fn)(const char *) = out;\n",
		KLP_REBUILD_EQUAL));
	object = klp_path_join(s.arena, s.work, "sectioned/sub/x.o");
	assert_true(klp_file_exists(object));
	headers = small_run(&s, (const char *const[]){ "objdump", "-h", object, NULL });
	assert_non_null(strstr(headers, " .text.f "));
	assert_non_null(strstr(headers, " .text.else "));
	assert_non_null(strstr(headers, " .data.other "));
	assert_non_null(strstr(headers, " .bss.count"));

	/* what the source calls as the compiler would is left alone */
	assert_int_equal(unlink(object), 0);
	assert_non_null(lean_of("-O2", "__attribute__((section(\".data.x\"))) int x = 1;\n",
				KLP_REBUILD_EQUAL));
	assert_true(klp_file_exists(object));
}

/* What the text lacks after all is compiled from the source. */
static void test_lean_fails(void **state)
{
	struct klp_unit *unit = small_unit(&s, "x.c", "");
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_COMPILE,
		.text = small_put(&s, "x.i", "no C\n"),
		.output = klp_path_join(s.arena, s.work, "x.o"),
	};
	struct klp_proc_result result;

	(void)state;
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	assert_int_equal(klp_cc_run(s.arena, &job, &result, &err), 0);
	assert_int_equal(result.status, 0);
	assert_true(klp_file_exists(job.output));
}

static void test_predefined(void **state)
{
	struct klp_unit *unit = small_unit(&s, "x.c", "-std=gnu11 -DMINE -fPIC");
	char *macros, *version;

	(void)state;
	assert_int_equal(klp_cc_predefined(s.arena, unit, &macros, &err), 0);
	assert_non_null(strstr(macros, "#define __GNUC__ "));
	assert_non_null(strstr(macros, "#define __OPTIMIZE__ 1\n"));
	assert_non_null(strstr(macros, "#define __STDC_VERSION__ 201112L\n"));
	assert_non_null(strstr(macros, "#define __pic__ 2\n"));
	assert_null(strstr(macros, "__clang__"));
	assert_null(strstr(macros, "MINE"));
	assert_int_equal(klp_cc_version(s.arena, unit, &version, &err), 0);
	assert_ptr_equal(strstr(version, "gcc"), version);
	assert_null(strchr(version, '\n'));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_compilers),
		TEST(test_no_command),
		TEST(test_hostile_options),
		TEST(test_operands),
		TEST(test_other_languages),
		TEST(test_flags),
		TEST(test_compile),
		TEST(test_failing_compile),
		TEST(test_overlay_source),
		TEST(test_overlay_header),
		TEST(test_overlay_of_one_name),
		TEST(test_overlay_siblings),
		TEST(test_macros),
		TEST(test_neutral),
		TEST(test_sectioned),
		TEST(test_both),
		TEST(test_lean),
		TEST(test_compiled_once),
		TEST(test_lean_fails),
		TEST(test_predefined),
	};

	return cmocka_run_group_tests_name("cc", tests, NULL, NULL);
}
