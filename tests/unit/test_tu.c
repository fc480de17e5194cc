// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/flags.h"
#include "tu/tu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/small_unit.h"

static struct small s;
static struct klp_error err;
static struct klp_tu tu;
static struct klp_tu_problem problem;

static int setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	memset(&tu, 0, sizeof(tu));
	memset(&problem, 0, sizeof(problem));
	small_begin(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	small_end(&s);
	return 0;
}

static void parse_unit(const struct klp_unit *unit, const struct klp_overlay *overlay)
{
	char *preamble;

	if (klp_tu_preamble(s.arena, unit, s.work, &overlay, 1, &preamble, &err) < 0 ||
	    klp_tu_parse(s.arena, unit, overlay, preamble, NULL, &tu, &problem, &err) < 0)
		fail_msg("%s", err.text);
}

static void parse_with(const char *flags, const struct klp_overlay *overlay)
{
	parse_unit(small_unit(&s, "x.c", flags), overlay);
}

/* x.c holds the text; it must parse. */
static void parse(const char *text)
{
	small_put(&s, "x.c", text);
	parse_with("", NULL);
	if (problem.text)
		fail_msg("%s:%u: %s", problem.file, problem.line, problem.text);
}

static const struct klp_tu_decl *find(const char *name)
{
	const struct klp_tu_decl *d = klp_tu_find(&tu, name);

	if (!d)
		fail_msg("no '%s'", name);
	return d;
}

static const char *text_of(const struct klp_tu_decl *d)
{
	return klp_strndup(s.arena, tu.files.v[d->file].text + d->from, d->to - d->from);
}

static const char *at(uint32_t file, uint32_t offset, size_t n)
{
	return klp_strndup(s.arena, tu.files.v[file].text + offset, n);
}

static void test_declarations(void **state)
{
	static const char *const kinds[] = { "function", "variable", "type", "typedef", "other" };
	static const char *const want[] = {
		"type s struct s { int a; }",
		"type  enum { RED, GREEN = 3 }",
		"type e enum e { BLUE }",
		"typedef t typedef int (*t)(int)",
		"function p int p(int a)",
		"variable v static const char *const v[] = { \"x\" }",
		"variable w extern int w",
		"function f static inline int f(void)\n{\n\treturn 1;\n}",
		"type u union u { int i; }",
		"variable g union u { int i; } g",
	};
	struct klp_buf all;

	(void)state;
	parse("struct s { int a; };\nenum { RED, GREEN = 3 };\nenum e { BLUE };\n"
	      "typedef int (*t)(int);\nint p(int a);\n"
	      "static const char *const v[] = { \"x\" };\nextern int w;\n"
	      "static inline int f(void)\n{\n\treturn 1;\n}\nunion u { int i; } g;\n");
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const struct klp_tu_decl *d = &tu.decls.v[i];

		assert_true(i < tu.decls.n);
		klp_buf_init(&all, s.arena);
		klp_buf_addf(&all, "%s %s %s", kinds[d->kind], d->name, text_of(d));
		assert_string_equal(all.p, want[i]);
	}
	assert_int_equal(tu.decls.n, sizeof(want) / sizeof(*want));
	assert_string_equal(tu.decls.v[1].enumerators.v[0], "RED");
	assert_string_equal(tu.decls.v[1].enumerators.v[1], "GREEN");
	assert_int_equal(tu.decls.v[1].enumerators.n, 2);
	assert_true(find("v")->is_const && find("v")->is_static && find("v")->definition);
	assert_true(find("w")->is_extern && !find("w")->definition && !find("w")->is_const);
	assert_true(find("f")->is_inline && find("f")->is_static && find("f")->definition);
	assert_false(find("p")->definition);
	assert_int_equal(find("f")->line, 8);
	assert_string_equal(find("v")->type, "const char *const[1]");
	assert_null(klp_tu_find(&tu, "nothing"));
}

static void test_places(void **state)
{
	const struct klp_tu_decl *d;

	(void)state;
	parse("#define ATTR __attribute__((noinline))\n"
	      "/* f */\nstatic ATTR int\nf(int a)\n\n{\n\treturn a;\n}\n"
	      "int (*fp(void))(int)\n{\n\treturn f;\n}\nint abc, ab;\n");
	d = find("f");
	assert_string_equal(at(d->file, d->name_at, 5), "f(int");
	assert_string_equal(at(d->file, d->body_at, 3), "{\n\t");
	assert_int_equal(d->line, 4);
	assert_string_equal(at(d->file, d->from, 11), "static ATTR");
	assert_string_equal(at(d->file, d->to - 2, 2), "\n}");
	d = find("fp");
	assert_string_equal(at(d->file, d->name_at, 4), "fp(v");
	assert_string_equal(at(d->file, d->body_at, 8), "{\n\tretur");
	d = find("ab");
	assert_string_equal(at(d->file, d->name_at, 3), "ab;");
}

/* A definition wins over declarations, whichever comes first. */
static void test_find(void **state)
{
	(void)state;
	parse("static int f(void);\nstatic int f(void) { return 1; }\nint f2(void) { return f(); "
	      "}\n"
	      "int f2(void);\nint v;\nextern int v;\nint t;\nint t = 3;\n");
	assert_true(find("f")->definition);
	assert_int_equal(find("f")->line, 2);
	assert_int_equal(find("f2")->line, 3);
	assert_int_equal(find("v")->line, 5);
}

/* "name[call|addr][,macro][,internal][,own][,inline][,local]" of each reference, in order. */
static const char *refs(const char *function)
{
	const struct klp_tu_decl *d = find(function);
	struct klp_buf out;

	klp_buf_init(&out, s.arena);
	for (size_t i = 0; i < d->refs.n; i++) {
		const struct klp_tu_ref *r = &d->refs.v[i];

		klp_buf_addf(&out, "%s%s %s%s%s%s%s%s", i ? "; " : "", r->name,
			     r->kind == KLP_TU_VARIABLE ? "var"
			     : r->call			? "call"
							: "addr",
			     r->offset == KLP_NOWHERE ? " macro" : "",
			     r->internal ? " internal" : "", r->own ? " own" : "",
			     r->is_inline ? " inline" : "", r->local_static ? " local" : "");
		if (r->offset != KLP_NOWHERE)
			assert_string_equal(at(r->file, r->offset, strlen(r->name)), r->name);
	}
	return out.p;
}

static void test_refs(void **state)
{
	(void)state;
	small_put(&s, "h.h",
		  "int ext(int);\nextern int evar;\nstatic inline int hin(int a) { return a; }\n"
		  "#define HCALL(x) ext(x)\n#define SECRET() hidden()\n");
	parse("#include \"h.h\"\n"
	      "static int st(int a) { return a; }\nstatic int sv;\nint gv;\n"
	      "static int hidden(void) { return 2; }\n"
	      "struct o { int (*st)(int); int sv; };\n"
	      "#define TWICE(x) ((x) + (x))\n"
	      "int calls(int a) { return st(a) + (st)(1) + ext(a) + hin(a) + evar + sv + gv; }\n"
	      "void *addr(int a) { int (*p)(int) = st; p(1); (&ext)(1); (*ext)(a); return &sv; }\n"
	      "int macros(void) { return TWICE(st(3)) + HCALL(sv) + SECRET(); }\n"
	      "int members(struct o *o) { return o->st(o->sv); }\n"
	      "int shadow(int st) { int sv = st; { int gv = sv; return gv; } }\n"
	      "int local(void) { static int n; static const int c = 3; extern int gv; return n++ + "
	      "c + gv; }\n"
	      "static int (*const table[])(int) = { st, ext };\n"
	      "int types(void) { return sizeof(st(1)) + sizeof(sv) + (int)(sizeof(typeof(gv))); }\n"
	      "int use(void) { return table[0](1); }\n");
	assert_string_equal(
		refs("calls"),
		"st call internal own; st call internal own; ext call; hin call internal inline; "
		"evar var; sv var internal own; gv var own");
	assert_string_equal(refs("addr"),
			    "st addr internal own; ext addr; ext addr; sv var internal own");
	assert_string_equal(refs("macros"),
			    "st call internal own; st call internal own; ext call macro; "
			    "sv var internal own; hidden call macro internal own");
	assert_string_equal(refs("members"), "");
	assert_string_equal(refs("shadow"), "");
	assert_string_equal(refs("table"), "st addr internal own; ext addr");
	assert_string_equal(refs("use"), "table var internal own");
	assert_string_equal(refs("local"), "n var own local; c var own local; gv var own");
	assert_non_null(strstr(refs("types"), "st "));
	assert_non_null(strstr(refs("types"), "sv "));
	/* a macro's body is used at a place of its own, where the use begins */
	for (size_t i = 0; i < find("macros")->refs.n; i++) {
		const struct klp_tu_ref *r = &find("macros")->refs.v[i];

		if (!strcmp(r->name, "hidden"))
			assert_string_equal(at(r->file, r->at, 8), "SECRET()");
	}
}

static void test_names(void **state)
{
	const struct klp_strs *names;

	(void)state;
	parse("struct o { int mem; };\nint f(struct o *par)\n{\n\tint var = par->mem;\n"
	      "\tstruct o in = { .mem = 3 };\n\tgoto out;\nout:\n\treturn var + in.mem;\n}\n");
	names = &find("f")->names;
	assert_true(klp_strs_has(names, "par"));
	assert_true(klp_strs_has(names, "var"));
	assert_true(klp_strs_has(names, "mem"));
	assert_true(klp_strs_has(names, "in"));
	assert_true(klp_strs_has(names, "out"));
	assert_false(klp_strs_has(names, "f"));
}

static void test_locals(void **state)
{
	static const struct {
		const char *name, *type, *text;
		uint32_t declared;
		bool is_const, macro;
	} want[] = {
		{ "one", "int", "static int one = 3;", 1, false, false },
		{ "k", "const char *const[2]", "static const char *const k[2] = { \"a\", \"b\" };",
		  1, true, false },
		{ "pk", "const char *", "static const char *pk;", 1, false, false },
		{ "two", "int", "static int two, three;", 2, false, false },
		{ "three", "int", "static int two, three;", 2, false, false },
		{ "born", "int", "COUNT()", 1, false, true },
		{ "inner", "struct q", "static struct q { int i; } inner;", 1, false, false },
	};
	const struct klp_tu_locals *locals;

	(void)state;
	parse("#define COUNT() ({ static int born; born++; })\n"
	      "int f(int a)\n{\n\tstatic int one = 3;\n"
	      "\tstatic const char *const k[2] = { \"a\", \"b\" };\n\tstatic const char *pk;\n"
	      "\tstatic int two, three;\n\tint no = 0;\n\tCOUNT();\n"
	      "\tif (a) {\n\t\tstatic struct q { int i; } inner;\n\t\tinner.i++;\n\t}\n"
	      "\treturn one + k[0][0] + pk[0] + two + three + no;\n}\n");
	locals = &find("f")->locals;
	assert_int_equal(locals->n, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < locals->n; i++) {
		const struct klp_tu_local *l = &locals->v[i];

		assert_string_equal(l->name, want[i].name);
		assert_string_equal(l->type, want[i].type);
		assert_string_equal(at(l->file, l->from, l->to - l->from), want[i].text);
		assert_int_equal(l->declared, want[i].declared);
		assert_int_equal(l->is_const, want[i].is_const);
		assert_int_equal(l->macro, want[i].macro);
	}
}

/* Of constant tables: which are only looked into, and whose address somebody may keep. */
static void test_escapes(void **state)
{
	const struct klp_tu_locals *locals;

	(void)state;
	parse("#define SIZE(a) (sizeof(a) / sizeof((a)[0]) + \\\n"
	      "\t!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])))\n"
	      "struct s { int a; char n[4]; struct { int q; } in; };\n"
	      "int g(const void *);\nconst void *kept;\n"
	      "int f(int a)\n{\n"
	      "\tstatic const int in_index[3], in_element[2], in_argument[2], in_loop[3];\n"
	      "\tstatic const int in_read = 1, in_compare, in_size, in_cast;\n"
	      "\tstatic const char in_character[2][4], in_row[2][4];\n"
	      "\tstatic const struct s in_member, in_copy, in_array[2], in_store, in_moved[2];\n"
	      "\tstruct s c = in_copy;\n\tconst int *p;\n"
	      "\ta += in_index[a] + *in_index + SIZE(in_index) + in_read + in_character[a][1];\n"
	      "\ta += in_member.a + in_member.n[a] + in_array[a].in.q + (&in_array[1])->a + c.a;\n"
	      "\ta += sizeof(&in_size) + (in_moved + 1)->a + (a ? in_index : in_index)[1];\n"
	      "\tfor (p = in_loop; a; p++)\n\t\ta += *p;\n"
	      "\tkept = &in_store.in;\n"
	      "\treturn g(in_argument) + g(&in_element[1]) + g(in_row[0]) +\n"
	      "\t       (kept == &in_compare) + ((unsigned long)&in_cast & 1);\n}\n");
	locals = &find("f")->locals;
	assert_int_equal(locals->n, 15);
	for (size_t i = 0; i < locals->n; i++) {
		static const char *const kept[] = { "in_element", "in_argument", "in_loop",
						    "in_compare", "in_cast",	 "in_row",
						    "in_store" };
		bool want = false;

		for (size_t j = 0; j < sizeof(kept) / sizeof(*kept); j++)
			want = want || !strcmp(kept[j], locals->v[i].name);
		if (locals->v[i].escapes != want)
			fail_msg("%s", locals->v[i].name);
	}
}

/* What the memory of a static local looks like, whatever stands above it in the file. */
static void test_local_layout(void **state)
{
	static const char text[] =
		"typedef unsigned int u32;\nstruct far { int x; };\n"
		"int f(void)\n{\n\tstatic struct { u32 a; struct { char b : 3; } in[2]; } box = { "
		"1 };\n"
		"\tstruct near { int n; struct near *next; };\n\tstatic struct near *list;\n"
		"\tstatic struct far *far;\n\tstatic u32 count = 5, none = 0;\n"
		"\tstatic struct {} empty;\n\treturn count + none;\n}\n";
	static const struct {
		const char *name, *canonical, *layout;
		int64_t size;
		bool initialised, nonzero;
	} want[] = {
		{ "box", "struct (unnamed)",
		  "{unsigned int a @0:-1;struct (unnamed)[2] in @32:-1{char b @0:3;};}", 8, true,
		  false },
		{ "list", "struct near *", "{int n @0:-1;struct near * next @64:-1;}", 8, false,
		  false },
		{ "far", "struct far *", "", 8, false, false },
		{ "count", "unsigned int", "", 4, true, true },
		{ "none", "unsigned int", "", 4, true, false },
		{ "empty", "struct (unnamed)", "{}", 0, false, false },
	};

	(void)state;
	for (int moved = 0; moved < 2; moved++) {
		const struct klp_tu_locals *locals;

		parse(klp_sprintf(s.arena, "%s%s", moved ? "int more;\n" : "", text));
		locals = &find("f")->locals;
		assert_int_equal(locals->n, sizeof(want) / sizeof(*want));
		for (size_t i = 0; i < locals->n; i++) {
			const struct klp_tu_local *l = &locals->v[i];

			assert_string_equal(l->name, want[i].name);
			assert_string_equal(l->canonical, want[i].canonical);
			assert_string_equal(l->layout, want[i].layout);
			assert_int_equal(l->size, want[i].size);
			assert_true(l->sized);
			assert_int_equal(l->initialised, want[i].initialised);
			assert_int_equal(l->nonzero, want[i].nonzero);
		}
	}
}

/* What a macro makes has the place of the macro's use, whole. */
static void test_macro_born(void **state)
{
	const struct klp_tu_decl *d;

	(void)state;
	small_put(&s, "h.h",
		  "#define DEFINE_FN(n, ...) \\\n\tlong sys_##n(__VA_ARGS__); \\\n"
		  "\tlong sys_##n(__VA_ARGS__)\n"
		  "#define DEFINE_V(n) int v_##n = 3\n#define NAMED(n) int n(void)\n");
	parse("#include \"h.h\"\nstatic DEFINE_V(a);\nDEFINE_FN(open, int a,\n\t  int b)\n{\n"
	      "\treturn a + b;\n}\nNAMED(given) { return 1; }\n");
	d = find("v_a");
	assert_string_equal(text_of(d), "static DEFINE_V(a)");
	assert_int_equal(d->name_at, KLP_NOWHERE);
	d = find("sys_open");
	assert_true(d->definition);
	assert_int_equal(d->name_at, KLP_NOWHERE);
	assert_string_equal(text_of(d),
			    "DEFINE_FN(open, int a,\n\t  int b)\n{\n\treturn a + b;\n}");
	assert_string_equal(at(d->file, d->body_at, 2), "{\n");
	assert_int_equal(d->line, 3);
	d = find("given");
	assert_string_equal(at(d->file, d->name_at, 6), "given)");
}

static void test_skipped(void **state)
{
	static const char text[] = "#if 0\nint a;\n#elif 1\nint b;\n#else\nint c;\n#endif\n"
				   "#ifdef NOPE\nint d;\n#endif\nint e;\n";
	const struct klp_tu_file *f = NULL;

	(void)state;
	parse(text);
	for (size_t i = 0; i < tu.files.n; i++)
		if (tu.files.v[i].own)
			f = &tu.files.v[i];
	assert_non_null(f);
	assert_string_equal(f->text, text);
	for (const char *p = strstr(text, "int "); p; p = strstr(p + 1, "int ")) {
		bool skipped = false;

		for (size_t i = 0; i < f->skipped.n; i++)
			skipped = skipped || (p - text > f->skipped.v[i].from &&
					      p - text < f->skipped.v[i].to);
		assert_int_equal(skipped, strchr("acd", p[4]) != NULL);
	}
}

static void test_files(void **state)
{
	static const struct {
		const char *name, *from;
		bool own;
	} want[] = {
		{ "x.c", NULL, true },	      { "first.h", NULL, false },
		{ "inc/h.h", "x.c", false },  { "part.c", "x.c", true },
		{ "deep.c", "part.c", true }, { "via.h", "x.c", false },
		{ "no.c", "via.h", false },
	};

	(void)state;
	small_put(&s, "inc/h.h", "#define H 1\n");
	small_put(&s, "first.h", "#define FIRST 1\n");
	small_put(&s, "deep.c", "static int deep(void) { return H + FIRST; }\n");
	small_put(&s, "part.c", "#include \"deep.c\"\nint part(void) { return deep(); }\n");
	small_put(&s, "no.c", "static inline int no(void) { return 1; }\n");
	small_put(&s, "via.h", "#include \"no.c\"\n");
	small_put(&s, "x.c", "#include <h.h>\n#include \"part.c\"\n#include \"via.h\"\nint x;\n");
	parse_with("-Iinc -include first.h", NULL);
	assert_null(problem.text);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const struct klp_tu_file *f = NULL;

		for (size_t j = 0; j < tu.files.n; j++)
			if (!strcmp(tu.files.v[j].name, want[i].name))
				f = &tu.files.v[j];
		if (!f)
			fail_msg("no '%s'", want[i].name);
		assert_int_equal(f->own, want[i].own);
		assert_int_equal(f->text != NULL, want[i].own);
		if (!want[i].from) {
			assert_int_equal(f->included_from, -1);
			continue;
		}
		assert_string_equal(tu.files.v[f->included_from].name, want[i].from);
		if (!strcmp(want[i].name, "part.c"))
			assert_non_null(memmem(tu.files.v[f->included_from].text + f->included_at,
					       16, "\"part.c\"", 8));
	}
	assert_string_equal(tu.files.v[find("deep")->file].name, "deep.c");
	assert_null(klp_tu_find(&tu, "no"));
	assert_string_equal(refs("part"), "deep call internal own");
}

/* libclang is to see what the recorded compiler saw. */
static void test_macros_of_gcc(void **state)
{
	const char *const argv[] = { "gcc", "-dumpversion", NULL };
	const char *version;

	(void)state;
	parse("#ifdef __clang__\n#error it says clang\n#endif\n"
	      "#ifndef __OPTIMIZE__\n#error -O2 is lost\n#endif\n"
	      "int gnuc_is = __GNUC__;\n"
	      "#if __has_attribute(__no_such_attribute__)\n#error answers anything\n#endif\n"
	      "#if !__has_attribute(__externally_visible__)\n#error gcc has it, clang not\n#endif\n"
	      "#if __has_attribute(__overloadable__)\n#error clang has it, gcc not\n#endif\n"
	      "#if !__has_builtin(__builtin_va_arg_pack)\n#error gcc has it, clang not\n#endif\n"
	      "#if defined(__has_feature) || defined(__has_extension) || defined(__has_warning)\n"
	      "#error gcc has none of them\n#endif\n"
	      "#ifdef __has_attribute\nint asked;\n#endif\n"
	      "#if __has_include(\"x.c\")\nint included;\n#endif\n");
	find("asked");
	find("included");
	version = small_run(&s, argv);
	small_put(&s, "x.c",
		  klp_sprintf(s.arena, "#if __GNUC__ != %d\n#error other\n#endif\n",
			      atoi(version)));
	parse_with("", NULL);
	assert_null(problem.text);
}

/* Flags that shape what is read, in a directory that isn't the current one. */
static void test_flags(void **state)
{
	(void)state;
	small_put(&s, "inc/a.h", "#define A 1\n");
	small_put(&s, "pre/b.h", "#define B 1\n");
	small_put(&s, "x.c",
		  "#include <a.h>\n#if A + B + C != 3 || defined(D)\n#error\n#endif\n"
		  "_Static_assert((char)-1 > 0, \"-funsigned-char\");\n"
		  "_Static_assert(sizeof(L' ') == 2, \"-fshort-wchar\");\n"
		  "struct in { int a; }; struct out { struct in; };\n"
		  "int f(struct out *o) { return o->a; }\n");
	parse_with("-nostdinc -I inc -include pre/b.h -D C=1 -DD -UD -funsigned-char -fshort-wchar "
		   "-fms-extensions -fconserve-stack -mrecord-mcount -pg -mfentry "
		   "-fno-allow-store-data-races -Wno-no-such -ftrivial-auto-var-init=zero "
		   "-mpreferred-stack-boundary=3 --param=max-inline-insns-single=9 -Werror",
		   NULL);
	if (problem.text)
		fail_msg("%s:%u: %s", problem.file, problem.line, problem.text);
}

static void test_overlay(void **state)
{
	struct klp_overlay overlay = { .dir = klp_path_join(s.arena, s.work, "after") };
	static const struct {
		const char *file, *text;
	} files[] = {
		{ "x.c", "#include \"inc/h.h\"\n#if !__has_attribute(noclone)\n#error\n#endif\n"
			 "int now(void) { return 2; }\nint of_header[H];\n" },
		{ "inc/h.h", "#define H 2\n" },
	};
	char *before;

	(void)state;
	small_put(&s, "x.c",
		  "#include \"inc/h.h\"\nint then(void) { return 1; }\nint of_header[H];\n");
	small_put(&s, "inc/h.h", "#define H 1\n");
	for (size_t i = 0; i < 2; i++) {
		const char *path = klp_path_join(s.arena, overlay.dir, files[i].file);

		assert_int_equal(klp_mkdirs(klp_path_dir(s.arena, path), &err), 0);
		assert_int_equal(klp_file_write(path, files[i].text, strlen(files[i].text), &err),
				 0);
		klp_vec_push(s.arena, &overlay.files, files[i].file);
	}
	before = small_state(&s);
	parse_with("", &overlay);
	if (problem.text)
		fail_msg("%s:%u: %s", problem.file, problem.line, problem.text);
	assert_null(klp_tu_find(&tu, "then"));
	assert_string_equal(text_of(find("now")), "int now(void) { return 2; }");
	assert_string_equal(find("of_header")->canonical, "int[2]");
	assert_string_equal(tu.files.v[find("now")->file].name, "x.c");
	assert_string_equal(small_state(&s), before);
}

static void test_problems(void **state)
{
	static const struct {
		const char *text, *header, *file;
		unsigned int line;
	} cases[] = {
		{ "int a;\n\nint f(void) { return b; }\n", "", "x.c", 3 },
		{ "#include \"inc/h.h\"\nint a;\n", "int b;\nint c = ;\n", "inc/h.h", 2 },
		{ "int a;\n#include \"none.h\"\n", "", "x.c", 2 },
		{ "int f(void) {\n", "", "x.c", 1 },
		{ "\n#error stop\n", "", "x.c", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		small_put(&s, "x.c", cases[i].text);
		small_put(&s, "inc/h.h", cases[i].header);
		memset(&problem, 0, sizeof(problem));
		/* what the files read can't always be listed then: the recorded list says */
		struct klp_unit *unit = small_unit(&s, "x.c", "");

		klp_vec_push(s.arena, &unit->deps, "inc/h.h");
		parse_unit(unit, NULL);
		assert_non_null(problem.text);
		assert_string_equal(problem.file, cases[i].file);
		assert_true(problem.line >= cases[i].line && problem.line <= cases[i].line + 1);
	}
}

static void test_types(void **state)
{
	(void)state;
	parse("typedef unsigned int u32;\nu32 a;\nstatic struct { int x; } anon[3];\n"
	      "struct s;\nstruct s *f(u32 a, struct s *b);\nint tab[];\nint tab[4];\n"
	      "const int c = 1;\nconst int *pc;\nint *const cp = 0;\n"
	      "static const struct { int x; } ca[] = { { 1 } };\ntypeof(&f) pf;\n");
	assert_string_equal(find("a")->type, "u32");
	assert_string_equal(find("a")->canonical, "unsigned int");
	assert_true(find("anon")->anonymous_type);
	assert_true(find("ca")->anonymous_type && find("ca")->is_const);
	assert_false(find("a")->anonymous_type);
	assert_string_equal(find("f")->type, "struct s *(u32, struct s *)");
	assert_string_equal(find("pf")->type, find("pf")->canonical);
	assert_null(strstr(find("pf")->type, "typeof"));
	assert_true(find("c")->is_const && find("cp")->is_const && !find("pc")->is_const);
}

static void test_in_header(void **state)
{
	(void)state;
	small_put(&s, "h.h", "int declared(void);\nextern int var;\n");
	parse("#include \"h.h\"\nint declared(void) { return 1; }\nint alone(void) { return 1; }\n"
	      "int var = 3;\n");
	assert_true(find("declared")->in_header);
	assert_true(find("var")->in_header);
	assert_false(find("alone")->in_header);
}

static void test_version(void **state)
{
	const char *version = klp_tu_version(s.arena);

	(void)state;
	assert_true(atoi(version) >= 14);
	assert_int_equal(strspn(version, "0123456789."), strlen(version));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_declarations),  TEST(test_places),  TEST(test_find),
		TEST(test_refs),	  TEST(test_names),   TEST(test_locals),
		TEST(test_macro_born),	  TEST(test_skipped), TEST(test_files),
		TEST(test_macros_of_gcc), TEST(test_flags),   TEST(test_overlay),
		TEST(test_problems),	  TEST(test_types),   TEST(test_in_header),
		TEST(test_version),	  TEST(test_escapes), TEST(test_local_layout),
	};

	return cmocka_run_group_tests_name("tu", tests, NULL, NULL);
}
