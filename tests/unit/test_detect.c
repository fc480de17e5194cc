// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/small_unit.h"

static struct small s;
static struct klp_error err;
static struct klp_detect_result result;
static struct klp_findings findings;
static struct klp_strs patches;
static unsigned int runs;

static int setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	memset(&patches, 0, sizeof(patches));
	small_begin(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	small_end(&s);
	return 0;
}

static void compile(const char *source, const char *flags)
{
	small_compile(&s, small_unit(&s, source, flags));
}

/* A diff as a file of its own, given to the next detect() behind those before it. */
static const char *patch(const char *text)
{
	const char *name = klp_sprintf(s.arena, "fix%zu.diff", patches.n + 1);
	const char *path = klp_path_join(s.arena, s.work, name);

	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
	klp_vec_push(s.arena, &patches, path);
	return path;
}

/* A diff that makes the file what `after` says; NULL deletes it. */
static void change(const char *file, const char *after)
{
	const char *new = klp_path_join(s.arena, s.work, "new");
	const char *old = klp_file_exists(klp_path_join(s.arena, s.dir, file)) ? file : "/dev/null";
	const char *const argv[] = {
		"diff",	   "-u",
		"--label", *old == '/' ? old : klp_sprintf(s.arena, "a/%s", file),
		"--label", after ? klp_sprintf(s.arena, "b/%s", file) : "/dev/null",
		old,	   after ? new : "/dev/null",
		NULL,
	};
	const struct klp_proc_opts opts = { .argv = argv, .cwd = s.dir };
	struct klp_proc_result diff;

	if (after)
		assert_int_equal(klp_file_write(new, after, strlen(after), &err), 0);
	assert_int_equal(klp_proc_run(s.arena, &opts, &diff, &err), 0);
	assert_int_equal(diff.status, 1);
	patch(diff.out);
}

static int detect(void)
{
	const struct klp_tree_opts where = { .ipa_dumps = s.dir };
	const struct klp_detect_opts opts = {
		.patches = patches,
		.jobs = 2,
		.workdir = klp_sprintf(s.arena, "%s/run%u", s.work, runs++),
	};
	struct klp_tree *tree = klp_new(s.arena, struct klp_tree);
	char *before = small_state(&s);
	int rc;

	memset(&err, 0, sizeof(err));
	memset(&result, 0, sizeof(result));
	memset(&findings, 0, sizeof(findings));
	memset(&patches, 0, sizeof(patches));
	if (klp_tree_open(s.arena, &where, tree, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(klp_mkdirs(opts.workdir, &err), 0);
	rc = klp_detect(s.arena, tree, &opts, &result, &findings, &err);
	assert_string_equal(small_state(&s), before);
	return rc;
}

/* "modified f:3; header g:1(h.h)" and what else is true of a change. */
static const char *changes(void)
{
	struct klp_buf out;

	klp_buf_init(&out, s.arena);
	for (size_t i = 0; i < result.changes.n; i++) {
		const struct klp_change *c = &result.changes.v[i];

		klp_buf_addf(&out, "%s%s %s:%u", i ? "; " : "", klp_change_kind_name(c->kind),
			     c->function, c->line);
		if (strcmp(c->file, "x.c"))
			klp_buf_addf(&out, "(%s)", c->file);
		klp_buf_addf(&out, "%s%s%s%s", c->is_static ? " static" : "",
			     c->is_inline ? " inline" : "", c->signature ? " signature" : "",
			     c->init ? " init" : "");
		assert_non_null(c->unit);
	}
	return out.p;
}

/* "error KLP-X sym:3; note KLP-Y"; those about a file say so. */
static const char *found(void)
{
	struct klp_buf out;

	klp_buf_init(&out, s.arena);
	for (size_t i = 0; i < findings.n; i++) {
		const struct klp_finding *f = &findings.v[i];

		klp_buf_addf(&out, "%s%s %s", i ? "; " : "", klp_severity_name(f->severity),
			     f->code);
		if (f->symbol)
			klp_buf_addf(&out, " %s:%u", f->symbol, f->line);
		if (f->file && strcmp(f->file, "x.c"))
			klp_buf_addf(&out, "(%s)", f->file);
		assert_true(f->severity == KLP_NOTE || f->hint);
		assert_non_null(f->message);
	}
	return out.p;
}

struct two {
	const char *what, *before, *after, *changes, *findings;
};

/* Two versions of x.c, and what is said of them. */
static void compare(const struct two *cases, size_t n)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		small_put(&s, "x.c", cases[i].before);
		compile("x.c", "");
		change("x.c", cases[i].after);
		if (detect() < 0)
			fail_msg("%s: %s", cases[i].what, err.text);
		if (strcmp(changes(), cases[i].changes) || strcmp(found(), cases[i].findings)) {
			wrong++;
			print_error("%s:\n  is  %s | %s\n  not %s | %s\n", cases[i].what, changes(),
				    found(), cases[i].changes, cases[i].findings);
		}
	}
	assert_int_equal(wrong, 0);
}
#define COMPARE(cases) compare(cases, sizeof(cases) / sizeof(*(cases)))

static void test_functions(void **state)
{
	static const struct two cases[] = {
		{ "a body",
		  "static int f(int a)\n{\n\treturn a;\n}\nint g(int a)\n{\n\treturn f(a);\n}\n",
		  "static int f(int a)\n{\n\treturn a + 1;\n}\nint g(int a)\n{\n\treturn "
		  "f(a);\n}\n",
		  "modified f:1 static", "" },
		{ "two of them, and one that only moves",
		  "int f(void)\n{\n\treturn 1;\n}\nint g(void)\n{\n\treturn 2;\n}\nint "
		  "h(void)\n{\n\treturn 3;\n}\n",
		  "int g(void)\n{\n\treturn 4;\n}\nint f(void)\n{\n\treturn 1;\n}\nint "
		  "h(void)\n{\n\treturn 5;\n}\n",
		  "modified g:1; modified h:9", "" },
		{ "a macro that two functions use",
		  "#define N 1\nint f(void)\n{\n\treturn N;\n}\nint g(void)\n{\n\treturn N + "
		  "1;\n}\nint h(void)\n{\n\treturn 1;\n}\n",
		  "#define N 2\nint f(void)\n{\n\treturn N;\n}\nint g(void)\n{\n\treturn N + "
		  "1;\n}\nint h(void)\n{\n\treturn 1;\n}\n",
		  "modified f:2; modified g:6", "" },
		{ "added", "int f(void)\n{\n\treturn 1;\n}\n",
		  "static int g(void)\n{\n\treturn 2;\n}\nint f(void)\n{\n\treturn g();\n}\n",
		  "added g:1 static; modified f:5", "" },
		{ "removed",
		  "static int g(void)\n{\n\treturn 2;\n}\nint f(void)\n{\n\treturn g();\n}\n",
		  "int f(void)\n{\n\treturn 2;\n}\n", "modified f:1; removed g:1 static", "" },
		{ "its type", "int f(int a)\n{\n\treturn a;\n}\n",
		  "int f(long a)\n{\n\treturn a;\n}\n", "modified f:1 signature", "" },
		{ "its linkage", "int f(int a)\n{\n\treturn a;\n}\n",
		  "static int f(int a)\n{\n\treturn a;\n}\nint g = sizeof(f(1));\n",
		  "linkage f:1 static", "" },
		{ "its linkage, and its body",
		  "static int f(int a)\n{\n\treturn a;\n}\nint g = sizeof(f(1));\n",
		  "int f(int a)\n{\n\treturn -a;\n}\nint g = sizeof(f(1));\n", "modified f:1", "" },
		{ "the name of a parameter", "int f(int a)\n{\n\treturn a;\n}\n",
		  "int f(int b)\n{\n\treturn b;\n}\n", "modified f:1", "" },
		{ "an inline one",
		  "static inline int f(int a)\n{\n\treturn a;\n}\nint g(void)\n{\n\treturn "
		  "f(1);\n}\n",
		  "static inline int f(int a)\n{\n\treturn a + 1;\n}\nint g(void)\n{\n\treturn "
		  "f(1);\n}\n",
		  "modified f:1 static inline", "" },
		{ "only while booting",
		  "__attribute__((__section__(\".init.text\"))) int f(void)\n{\n\treturn 1;\n}\n",
		  "__attribute__((__section__(\".init.text\"))) int f(void)\n{\n\treturn 2;\n}\n",
		  "modified f:1 init", "" },
		{ "a conditional left out",
		  "int f(void)\n{\n#ifdef NOPE\n\treturn 2;\n#endif\n\treturn 1;\n}\n",
		  "int f(void)\n{\n#ifdef NOPE\n\treturn 3;\n#endif\n\treturn 1;\n}\n", "", "" },
	};

	(void)state;
	COMPARE(cases);
}

static void test_locks(void **state)
{
#define LOCKS                                                                       \
	"struct m;\nvoid mutex_lock(struct m *);\nvoid mutex_unlock(struct m *);\n" \
	"void clock_set(int);\nextern struct m m, n;\nextern int v;\n"
	static const struct two cases[] = {
		{ "a lock more", LOCKS "int f(void) { return v++; }\n",
		  LOCKS
		  "int f(void) { int r; mutex_lock(&m); r = v++; mutex_unlock(&m); return r; }\n",
		  "modified f:7", "warning KLP-LOCK-CHANGED f:7" },
		{ "a lock that moves",
		  LOCKS "void f(void) { mutex_lock(&m); v++; mutex_unlock(&m); }\n",
		  LOCKS "void f(void) { v++; mutex_lock(&m); mutex_unlock(&m); }\n", "modified f:7",
		  "" },
		{ "another lock", LOCKS "void f(void) { mutex_lock(&m); v++; mutex_unlock(&m); }\n",
		  LOCKS "void f(void) { mutex_lock(&n); v++; mutex_unlock(&n); }\n", "modified f:7",
		  "warning KLP-LOCK-CHANGED f:7" },
		{ "another order", LOCKS "void f(void) { mutex_lock(&m); mutex_lock(&n); v++; }\n",
		  LOCKS "void f(void) { mutex_lock(&n); mutex_lock(&m); v++; }\n", "modified f:7",
		  "warning KLP-LOCK-CHANGED f:7" },
		{ "a count less",
		  LOCKS "void atomic_dec_and_test(int *);\nvoid f(int *p) { "
			"atomic_dec_and_test(p); v++; }\n",
		  LOCKS "void atomic_dec_and_test(int *);\nvoid f(int *p) { v++; }\n",
		  "modified f:8", "warning KLP-LOCK-CHANGED f:8" },
		{ "a value less",
		  LOCKS "int atomic_read(int *);\nint atomic_inch(int *);\nvoid f(int *p) { v += "
			"atomic_read(p) + atomic_inch(p); }\n",
		  LOCKS
		  "int atomic_read(int *);\nint atomic_inch(int *);\nvoid f(int *p) { v++; }\n",
		  "modified f:9", "" },
		{ "no lock", LOCKS "void f(void) { v++; }\n",
		  LOCKS "void f(void) { v++; clock_set(v); }\n", "modified f:7", "" },
		{ "an unlock in one more place",
		  LOCKS
		  "int f(void) { mutex_lock(&m); if (v) return 1; mutex_unlock(&m); return 0; }\n",
		  LOCKS "int f(void) { mutex_lock(&m); if (v) { mutex_unlock(&m); return 1; }"
			" mutex_unlock(&m); return 0; }\n",
		  "modified f:7", "warning KLP-LOCK-CHANGED f:7" },
	};

	(void)state;
	COMPARE(cases);
}

static void test_nothing(void **state)
{
	static const struct two cases[] = {
		{ "a comment", "/* x */\nint f(void)\n{\n\treturn 1; /* one */\n}\n",
		  "// y\nint f(void)\n{\n\t/* 1 */ return 1;\n}\n", "", "" },
		{ "white space", "int f(void)\n{\n\treturn 1;\n}\n",
		  "int\nf( void )\n{\n\n\n  return 1;}\n", "", "" },
		{ "a line above what depends on lines",
		  "#define U3(a, b) a##b\n#define U2(a, b) U3(a, b)\n#define U U2(u_, "
		  "__COUNTER__)\n"
		  "#define L U2(l_, __LINE__)\nvoid say(int, const char *);\n"
		  "void f(void)\n{\n\tint U = 1, L = 2;\n\tsay(__LINE__, "
		  "__FILE__);\n\t(void)sizeof(int[3]);\n}\n"
		  "static int U;\nstatic int L;\nint g(void)\n{\n\treturn 1;\n}\n",
		  "#define U3(a, b) a##b\n#define U2(a, b) U3(a, b)\n#define U U2(u_, "
		  "__COUNTER__)\n"
		  "#define L U2(l_, __LINE__)\nvoid say(int, const char *);\n\n\n\n"
		  "void f(void)\n{\n\tint U = 1, L = 2;\n\tsay(__LINE__, "
		  "__FILE__);\n\t(void)sizeof(int[3]);\n}\n"
		  "static int U;\nstatic int L;\nint g(void)\n{\n\treturn 2;\n}\n",
		  "modified g:17", "" },
		{ "a macro that nothing uses", "#define N 1\nint f(void)\n{\n\treturn 1;\n}\n",
		  "#define N 2\nint f(void)\n{\n\treturn 1;\n}\n", "", "" },
		{ "a declaration moved",
		  "struct a { int x; };\nstruct b { int x; };\nint v = 1;\nint w = 2;\nint "
		  "f(void);\nint g(void);\n",
		  "struct b { int x; };\nstruct a { int x; };\nint w = 2;\nint v = 1;\nint "
		  "g(void);\nint f(void);\n",
		  "", "" },
	};

	(void)state;
	COMPARE(cases);
}

static void test_others(void **state)
{
#define F "int f(void) { return 1; }\n"
	static const struct two cases[] = {
		{ "a struct", "struct s { int a; };\n" F, "struct s { int a, b; };\n" F, "",
		  "error KLP-TYPE-CHANGED s:1" },
#define FLEX(T, N) "struct { struct { } __empty_" N "; " T " " N "[]; };"
		{ "how a flexible array is spelled",
		  "struct s { int n; struct { long a; } v[]; };\n" F,
		  "struct s { int n; " FLEX("struct { long a; }", "v") " };\n" F, "",
		  "note KLP-TYPE-SPELLING s:1" },
		{ "one of length 0, within a union",
		  "typedef struct { int n; union { char a[0]; long b[0]; }; } s;\n" F,
		  "typedef struct { int n; union { " FLEX("char", "a")
			  FLEX("long", "b") " }; } s;\n" F,
		  "", "note KLP-TYPE-SPELLING s:1" },
		{ "one of length 1", "struct s { int n; char v[1]; };\n" F,
		  "struct s { int n; char v[]; };\n" F, "", "error KLP-TYPE-CHANGED s:1" },
		{ "a flexible array of something else", "struct s { int n; char v[]; };\n" F,
		  "struct s { int n; " FLEX("int", "v") " };\n" F, "",
		  "error KLP-TYPE-CHANGED s:1" },
		{ "an unnamed struct that pads", "struct s { int n; long a; char b; char c; };\n" F,
		  "struct s { int n; struct { long a; char b; }; char c; };\n" F, "",
		  "error KLP-TYPE-CHANGED s:1" },
		{ "one with an alignment of its own", "struct s { int n; char v[]; };\n" F,
		  "struct s { int n; struct { struct { } e; char v[] __attribute__((aligned(8))); "
		  "}; };\n" F,
		  "", "error KLP-TYPE-CHANGED s:1" },
		{ "an enum", "enum e { A, B };\n" F, "\nenum e { A, X, B };\n" F, "",
		  "warning KLP-ENUM-CHANGED e:2" },
		{ "who says the names of an enum",
		  "enum e { A, B, C = 7, D, E = B };\nint a(void) { return A; }\n"
		  "int b(void) { return B; }\nint d(void) { return D; }\n"
		  "int e(void) { return E; }\n",
		  "enum e { A, X, B, C = 7, D, E = B };\nint a(void) { return A; }\n"
		  "int b(void) { return B; }\nint d(void) { return D; }\n"
		  "int e(void) { return E; }\n",
		  "modified b:3; modified e:5", "warning KLP-ENUM-CHANGED e:1" },
		{ "a type that an enum makes", "enum { A, N };\nstruct s { int a[N]; };\n" F,
		  "enum { A, B, N };\nstruct s { int a[N]; };\n" F, "",
		  "warning KLP-ENUM-CHANGED A:1; error KLP-TYPE-CHANGED s:2" },
#define EXPORT                                                                            \
	"extern const char __kstrtab_f[];\n"                                              \
	"asm(\".section \\\"__ksymtab_strings\\\"\\n\" \"__kstrtab_\" \"f\" \":\\n\");\n" \
	"static void *__attribute__((section(\".discard.addressable\")))"                 \
	"__UNIQUE_ID___addressable_f1 = (void *)&f;\n"                                    \
	"asm(\".section \\\"___ksymtab\" \"+\" \"f\" \"\\\"\\n\" \"__ksymtab_\" \"f\" "   \
	"\":\\n\");\n"
		{ "a new export", F, F EXPORT, "", "note KLP-EXPORT f:3" },
		{ "an export that goes", F EXPORT, F, "", "note KLP-EXPORT f:3" },
		{ "an export that stays", F EXPORT, "\n" F EXPORT, "", "" },
		{ "an anonymous enum", "enum { A, B };\n" F, "enum { A, B, C };\n" F, "", "" },
		{ "an enum whose size may change", "enum __attribute__((packed)) e { A = 1 };\n" F,
		  "enum __attribute__((packed)) e { A = 1, B = 1000 };\n" F, "",
		  "error KLP-TYPE-CHANGED e:1" },
		{ "a typedef", "typedef int t;\n" F, "typedef long t;\n" F, "",
		  "error KLP-TYPE-CHANGED t:1" },
		{ "an initialiser", "static int v = 1;\nint f(void) { return v++; }\n",
		  "static int v = 2;\nint f(void) { return v++; }\n", "",
		  "error KLP-DATA-CHANGED v:1" },
		{ "an initialiser, and a declaration more", "int v = 1;\n" F,
		  "extern int v;\nint v = 2;\n" F, "", "error KLP-DATA-CHANGED v:2" },
		{ "an ops table",
		  "static int g(void) { return 2; }\nint (*const ops[])(void) = { 0, g };\n",
		  "static int g(void) { return 2; }\nint (*const ops[])(void) = { g, g };\n", "",
		  "error KLP-OPS-CHANGED ops:2" },
		{ "a macro in an initialiser", "#define N 1\nint v = N;\n" F,
		  "#define N 2\nint v = N;\n" F, "", "error KLP-DATA-CHANGED v:2" },
		{ "a type with its variable", "struct s { int a; } v;\n" F,
		  "struct s { long a; } v;\n" F, "", "error KLP-DATA-CHANGED v:1" },
		{ "assembly", "asm(\"nop\");\n" F, "asm(\"nop; nop\");\n" F, "",
		  "error KLP-ASM-CHANGED" },
		{ "a declaration", "int g(int);\nint f(void) { return g(1); }\n",
		  "int g(long);\nint f(void) { return g(1); }\n", "",
		  "warning KLP-DECL-CHANGED g:1" },
		{ "an assertion", "_Static_assert(1, \"\");\n" F, "_Static_assert(2, \"\");\n" F,
		  "", "" },
		{ "new ones", F,
		  "struct s { int a; };\nenum { A };\ntypedef int t;\nstatic int v = 1;\nint "
		  "g(int);\n" F,
		  "", "" },
		{ "a new variable where the kernel keeps such", F,
		  "static int v __attribute__((__section__(\".data..read_mostly\")));\n"
		  "static int w __attribute__((__section__(\".data\"))) = 3;\n" F,
		  "", "" },
		{ "a new entry of a table", F,
		  "static int v __attribute__((__section__(\".initcall6.init\"), __used__)) = "
		  "1;\n" F,
		  "", "warning KLP-ADDED-SECTION v:1" },
		{ "new assembly", F, "asm(\"nop\");\n" F, "", "warning KLP-ADDED-SECTION" },
		{ "gone", "struct s { int a; };\n" F, F, "", "" },
	};

	(void)state;
	COMPARE(cases);
}

/* A new variable doesn't hold what the one holds whose place it takes. */
static void test_moved(void **state)
{
#define COUNT "int f(void)\n{\n\tstatic int n;\n\n\treturn n++;\n}\n"
	static const struct two cases[] = {
		{ "gone", "static int v;\nint f(void) { return v++; }\n",
		  "int f(void) { return 0; }\n", "modified f:1", "warning KLP-DATA-REMOVED v:1" },
		{ "gone, and never used", "static int v __attribute__((unused));\n" F, F, "", "" },
		{ "gone, and never written",
		  "static const int v[2] = { 1, 2 };\nint f(int i) { return v[i]; }\n",
		  "int f(int i) { return i; }\n", "modified f:1", "" },
		{ "renamed", "static int v;\nint f(void) { return v++; }\n",
		  "static int w;\nint f(void) { return w++; }\n", "modified f:2",
		  "warning KLP-DATA-REMOVED v:1" },
		{ "into a function", "static int n;\nint f(void)\n{\n\treturn n++;\n}\n", COUNT,
		  "modified f:1", "error KLP-DATA-MOVED n:1" },
		{ "out of a function", COUNT, "static int n;\nint f(void)\n{\n\treturn n++;\n}\n",
		  "modified f:2", "error KLP-DATA-MOVED n:1" },
		{ "from function to function", COUNT,
		  "static int g(void)\n{\n\tstatic int n;\n\n\treturn n++;\n}\n"
		  "int f(void)\n{\n\treturn g();\n}\n",
		  "added g:1 static; modified f:7", "error KLP-DATA-MOVED n:1" },
		{ "one of a function, gone", COUNT, "int f(void)\n{\n\treturn 0;\n}\n",
		  "modified f:1", "" },
		{ "another one of that name", "static int n;\nint f(void)\n{\n\treturn n++;\n}\n",
		  "int f(void)\n{\n\tstatic char n[4];\n\n\treturn n[0]++;\n}\n", "modified f:1",
		  "warning KLP-DATA-REMOVED n:1" },
	};

	(void)state;
	COMPARE(cases);
	/* from one file to another */
	small_put(&s, "x.c", "int v = 3;\nint f(void) { return v++; }\n");
	small_put(&s, "y.c", "int g(void) { return 1; }\n");
	compile("x.c", "");
	compile("y.c", "");
	change("x.c", "extern int v;\nint f(void) { return v++; }\n");
	change("y.c", "int v = 3;\nint g(void) { return v; }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-DATA-MOVED v:1");
	assert_non_null(strstr(findings.v[0].message, "from 'x.c' to 'y.c'"));
}

/* The place where a type is packed is part of it, though the words aren't. */
/* The version without the fix is parsed only where it says something else of declarations. */
static void test_lent(void **state)
{
	static const struct {
		const char *before, *after;
		bool lent;
	} cases[] = {
		{ "int g;\nint f(void) { return g; }\n", "int g;\nint f(void) { return g + 1; }\n",
		  true },
		{ "int f(void) { return 1; }\n", "int f(void)\n{\n\tint l = 2;\n\n\treturn l;\n}\n",
		  true },
		/* a variable of the function's own, in one version or the other */
		{ "int f(void) { return 1; }\n", "int f(void) { static int n; return n++; }\n",
		  false },
		{ "int f(void) { static int n; return n++; }\n", "int f(void) { return 1; }\n",
		  false },
		{ "int f(void) { static int n; return n++; }\n",
		  "int f(void) { static long n; return n++; }\n", false },
		{ "int f(void) { static int n[] = { 1, 2 }; return n[0]; }\n",
		  "int f(void) { static int n[] = { 1, 3 }; return n[0]; }\n", false },
		{ "int f(void) { static int n; static int m; return n++ + m; }\n",
		  "int f(void) { static int m; static int n; return n++ + m; }\n", false },
		{ "int f(void) { static int n[] = { 1, 2 }; return n[0]; }\n",
		  "int f(void) { static int n[] = { 1, 2 }; return n[1]; }\n", true },
		{ "int f(void) { struct s { int a; }; static struct s n; return n.a++; }\n",
		  "int f(void) { struct s { long a; }; static struct s n; return n.a++; }\n",
		  false },
		{ "int f(void) { int l = 0; static char n[sizeof(l)]; return n[l]++; }\n",
		  "int f(void) { long l = 0; static char n[sizeof(l)]; return n[l]++; }\n", false },
		/* what stands outside of bodies */
		{ "int g;\nint f(void) { return g; }\n",
		  "int g = 1;\nint f(void) { return g + 1; }\n", false },
		{ "struct s { int a; };\nint f(struct s *p) { return p->a; }\n",
		  "struct s { int b, a; };\nint f(struct s *p) { return p->a; }\n", false },
		{ "int f(void) { return 1; }\n", "long f(void) { return 1; }\n", false },
		{ "int f(void) { return 1; }\n",
		  "int f(void) { return 1; }\nint g(void) { return 2; }\n", false },
		/* places are others, and the macro is another one: no code outside the body is */
		{ "#define N 1\nint f(void) { return N; }\n",
		  "#define N 2\n\nint f(void) { return N; }\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct klp_view *view;
		bool lent;

		small_put(&s, "x.c", cases[i].before);
		compile("x.c", "");
		change("x.c", cases[i].after);
		assert_int_equal(detect(), 0);
		assert_int_equal(result.views.n, 1);
		view = result.views.v[0];
		lent = view->before->tu.decls.v == view->tu.decls.v;
		if (lent != cases[i].lent)
			fail_msg("case %zu: %s", i, lent ? "lent" : "parsed");
	}
}

static void test_pragma(void **state)
{
	static const struct two cases[] = {
		{ "packed",
		  "#pragma pack(push, 4)\nstruct s { char a; long b; };\n#pragma pack(pop)\n" F,
		  "#pragma pack(push, 1)\nstruct s { char a; long b; };\n#pragma pack(pop)\n" F, "",
		  "error KLP-TYPE-CHANGED s:2" },
	};

	(void)state;
	COMPARE(cases);
}

/* A macro before an #include changes what the header's functions are here. */
static void test_header_function(void **state)
{
	(void)state;
	small_put(&s, "h.h",
		  "static inline int hin(void) { return N; }\n"
		  "static inline int same(void) { return 1; }\n");
	small_put(&s, "x.c",
		  "#define N 1\n#include \"h.h\"\n"
		  "int f(void) { return hin(); }\nint g(void) { return N + same(); }\n");
	compile("x.c", "");
	change("x.c", "#define N 2\n#include \"h.h\"\n"
		      "int f(void) { return hin(); }\nint g(void) { return N + same(); }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "header hin:1(h.h) static inline; modified g:4");
	assert_string_equal(found(), "");
}

/* Functions of a header that the fix includes newly are nobody's change. */
static void test_new_include(void **state)
{
	(void)state;
	small_put(&s, "h.h", "static inline int hin(void) { return 1; }\n");
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	compile("x.c", "");
	change("x.c", "#include \"h.h\"\nint f(void) { return hin(); }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:2");
	assert_string_equal(found(), "");
}

/* Pragmas at the end of a header don't make what follows the header's. */
static void test_header_ends_in_pragma(void **state)
{
	(void)state;
	small_put(&s, "h.h",
		  "#pragma GCC diagnostic push\nint h(void);\n#pragma GCC diagnostic pop\n");
	small_put(&s, "x.c", "#include \"h.h\"\nint f(void) { return 1; }\n");
	compile("x.c", "");
	change("x.c", "#include \"h.h\"\nint f(void) { return 2; }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:2");
}

static void test_headers(void **state)
{
	(void)state;
	small_put(&s, "h.h", "#define H 1\n");
	small_put(&s, "unused.h", "#define U 1\n");
	small_put(&s, "x.c", "#include \"h.h\"\nint f(void) { return H; }\n");
	compile("x.c", "");
	change("h.h", "#define H 2\n");
	change("unused.h", "#define U 2\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:2");
	assert_string_equal(found(), "note KLP-NOT-BUILT(unused.h)");
	change("h.h", "/* one */\n#define H 1 // 1\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "note KLP-COMMENT-ONLY(h.h)");
	change("new.h", "#define NEW\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "note KLP-NOT-BUILT(new.h)");
}

static void test_files(void **state)
{
	(void)state;
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	small_put(&s, "other.c", "int o(void) { return 1; }\n");
	small_put(&s, "Kconfig", "config X\n");
	compile("x.c", "");
	change("other.c", "int o(void) { return 2; }\n");
	change("Kconfig", "config Y\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "note KLP-NOT-BUILT(other.c); note KLP-NOT-CODE(Kconfig)");
	assert_int_equal(result.units.n, 0);
	change("x.c", NULL);
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-FILE-DELETED");
	change("dir/new.c", "int n(void) { return 1; }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-FILE-CREATED(dir/new.c)");
}

static void test_assembly(void **state)
{
	(void)state;
	small_put(&s, "lib/a.S", "#include \"a.h\"\nnop\n");
	small_put(&s, "lib/a.h", "#define A 1\n");
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	compile("x.c", "");
	small_put(&s, "lib/.a.o.cmd",
		  "cmd_lib/a.o := gcc -c -o lib/a.o lib/a.S\n\nsource_lib/a.o := lib/a.S\n\n"
		  "deps_lib/a.o := \\\n  lib/a.h \\\n");
	change("lib/a.S", "#include \"a.h\"\nnop\nnop\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-ASM-CHANGED(lib/a.S)");
	change("lib/a.h", "#define A 2\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-ASM-CHANGED(lib/a.h)");
	small_put(&s, "arch/b.S", "nop\n");
	small_put(&s, "arch/a.h", "#define A 1\n");
	change("arch/b.S", "nop\nnop\n");
	change("arch/a.h", "#define A 2\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "note KLP-NOT-BUILT(arch/b.S); note KLP-NOT-BUILT(arch/a.h)");
}

/* A .c file that another unit includes is that unit's. */
static void test_included(void **state)
{
	(void)state;
	small_put(&s, "part.c", "static int part(void)\n{\n\treturn 1;\n}\n");
	small_put(&s, "x.c", "#include \"part.c\"\nint f(void) { return part(); }\n");
	compile("x.c", "");
	change("part.c", "static int part(void)\n{\n\treturn 2;\n}\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified part:1(part.c) static");
	assert_string_equal(found(), "");
	assert_int_equal(result.units.n, 1);
	assert_string_equal(result.units.v[0]->object, "x.o");
	assert_ptr_equal(result.views.v[0]->unit, result.units.v[0]);
	assert_non_null(result.views.v[0]->before);
}

static void test_several_diffs(void **state)
{
	(void)state;
	small_put(&s, "x.c", "int f(void)\n{\n\treturn 1;\n}\n");
	compile("x.c", "");
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 1;\n+\treturn "
	      "2;\n }\n");
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 2;\n+\treturn "
	      "3;\n }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:1");
	assert_string_equal(result.views.v[0]->tu.files.v[0].text,
			    "int f(void)\n{\n\treturn 3;\n}\n");
	/* the other way round the second one doesn't fit */
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 2;\n+\treturn "
	      "3;\n }\n");
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 1;\n+\treturn "
	      "2;\n }\n");
	assert_int_equal(detect(), KLP_EINPUT);
	/* one that takes back the other */
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 1;\n+\treturn "
	      "2;\n }\n");
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 2;\n+\treturn "
	      "1;\n }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "");
}

/* A file that one diff makes and another one takes away, or goes on with. */
static void test_created_between(void **state)
{
	(void)state;
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	compile("x.c", "");
	patch("--- /dev/null\n+++ b/new.h\n@@ -0,0 +1 @@\n+#define N 1\n");
	patch("--- a/new.h\n+++ b/new.h\n@@ -1 +1 @@\n-#define N 1\n+#define N 2\n");
	patch("--- a/x.c\n+++ b/x.c\n@@ -1 +1,2 @@\n-int f(void) { return 1; }\n+#include "
	      "\"new.h\"\n"
	      "+int f(void) { return N; }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:2");
	patch("--- /dev/null\n+++ b/new.h\n@@ -0,0 +1 @@\n+#define N 1\n");
	patch("--- a/new.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-#define N 1\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "");
}

static void refuse(const char *diff, const char *says, const char *says_too)
{
	const char *path = patch(diff);

	if (detect() != KLP_EINPUT)
		fail_msg("taken: %s", diff);
	if (!strstr(err.text, says) || (says_too && !strstr(err.text, says_too)))
		fail_msg("'%s' lacks '%s' or '%s'", err.text, says, says_too ? says_too : "");
	assert_string_equal(err.file, path);
	assert_true(err.hint[0]);
	assert_int_equal(result.changes.n, 0);
}

static void test_diffs_that_do_not_fit(void **state)
{
	(void)state;
	small_put(&s, "x.c",
		  "int f(void)\n{\n\treturn 1;\n}\n\n\nint g(void)\n{\n\treturn 1;\n}\n");
	compile("x.c", "");
	refuse("--- a/x.c\n+++ b/x.c\n"
	       "@@ -1,6 +1,6 @@\n int f(void)\n {\n-\treturn 1;\n+\treturn 2;\n }\n \n \n"
	       "@@ -7,4 +7,4 @@\n int g(void)\n {\n-\treturn 7;\n+\treturn 8;\n }\n",
	       "x.c", "#2");
	refuse("--- a/gone.c\n+++ b/gone.c\n@@ -1 +1 @@\n-a\n+b\n", "'gone.c'", NULL);
	/* applied already */
	refuse("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 2;\n+\treturn "
	       "1;\n }\n",
	       "x.c", NULL);
	/* what is made is there already */
	refuse("--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+int x;\n", "x.c", NULL);
	/* context that differs a little: no fuzz */
	refuse("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int F(void)\n {\n-\treturn 1;\n+\treturn "
	       "2;\n }\n",
	       "x.c", "#1");
}

static void test_offset(void **state)
{
	(void)state;
	small_put(&s, "x.c", "\n\n\n\n\nint f(void)\n{\n\treturn 1;\n}\n");
	compile("x.c", "");
	patch("--- a/x.c\n+++ b/x.c\n@@ -1,4 +1,4 @@\n int f(void)\n {\n-\treturn 1;\n+\treturn "
	      "2;\n }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:6");
}

/* A fix that breaks the source is a finding with the place. */
static void test_broken_source(void **state)
{
	(void)state;
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	compile("x.c", "");
	change("x.c", "#include \"none.h\"\nint f(void) { return 2; }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-PREPROCESS");
	assert_non_null(strstr(findings.v[0].message, "none.h"));
	assert_int_equal(result.views.n, 0);
	change("x.c", "\nint f(void) { return undeclared; }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(found(), "error KLP-PARSE");
	assert_int_equal(findings.v[0].line, 2);
	assert_string_equal(findings.v[0].file, "x.c");
}

/* A broken file of a diff whose other files change functions. */
static void test_several_units(void **state)
{
	(void)state;
	small_put(&s, "x.c", "int f(void) { return 1; }\n");
	small_put(&s, "sub/y.c", "static int f(void) { return 1; }\nint y(void) { return f(); }\n");
	compile("x.c", "");
	compile("sub/y.c", "");
	change("x.c", "int f(void) { return 2; }\n");
	change("sub/y.c", "static int f(void) { return 2; }\nint y(void) { return f(); }\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:1(sub/y.c) static; modified f:1");
	assert_int_equal(result.units.n, 2);
	assert_string_equal(result.changes.v[0].unit->object, "sub/y.o");
	assert_string_equal(result.changes.v[1].unit->object, "x.o");
}

/* CONFIG_WERROR builds have -Werror in every command. */
static void test_werror(void **state)
{
	(void)state;
	small_put(&s, "x.c", "int f(void)\n{\n\treturn __LINE__;\n}\n");
	compile("x.c", "-Wall -Werror");
	change("x.c", "int f(void)\n{\n\treturn __LINE__ + 1;\n}\n");
	assert_int_equal(detect(), 0);
	assert_string_equal(changes(), "modified f:1");
	assert_string_equal(found(), "");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_functions),
		TEST(test_nothing),
		TEST(test_others),
		TEST(test_moved),
		TEST(test_locks),
		TEST(test_lent),
		TEST(test_pragma),
		TEST(test_header_function),
		TEST(test_new_include),
		TEST(test_header_ends_in_pragma),
		TEST(test_headers),
		TEST(test_files),
		TEST(test_assembly),
		TEST(test_included),
		TEST(test_several_diffs),
		TEST(test_created_between),
		TEST(test_diffs_that_do_not_fit),
		TEST(test_offset),
		TEST(test_broken_source),
		TEST(test_several_units),
		TEST(test_werror),
	};

	return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
