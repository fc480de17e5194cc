// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stage closure on small files that are compiled here as the kernel compiles its own: the
 * cases of tests/golden/closure (before.c, the fix, and in expect.json what must be
 * redirected), and single rules.
 */
#include "closure/closure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/file.h"
#include "base/proc.h"

#define GOLDEN "tests/golden/closure"

struct lab {
	struct klp_arena *arena;
	char *dir; /* a lone build: x.c, x.o, .x.o.cmd, the dump */
	struct klp_tree tree;
	struct klp_unit *unit;
	struct klp_changes changes;
	struct klp_policy policy;
	struct klp_closure closure;
	struct klp_findings findings;
	struct klp_error err;
};

static int setup(void **state)
{
	struct klp_arena *arena = klp_arena_new();
	struct lab *lab = klp_new(arena, struct lab);

	lab->arena = arena;
	assert_int_equal(klp_tmpdir_new(arena, &lab->dir, &lab->err), 0);
	*state = lab;
	return 0;
}

static int teardown(void **state)
{
	struct lab *lab = *state;

	klp_rmtree(lab->dir);
	klp_arena_free(lab->arena);
	return 0;
}

/* The flags of the kernel, without those that a case takes away. */
static void kernel_flags(struct lab *lab, json_t *removed, struct klp_strs *argv)
{
	size_t len, i;
	json_t *value;
	char *flags, *rest;

	assert_int_equal(
		klp_file_read(lab->arena, GOLDEN "/kflags", 65536, &flags, &len, &lab->err), 0);
	klp_vec_push(lab->arena, argv, "gcc");
	for (char *flag = strtok_r(flags, " \n", &rest); flag;
	     flag = strtok_r(NULL, " \n", &rest)) {
		bool keep = true;

		json_array_foreach(removed, i, value) if (!strcmp(json_string_value(value), flag))
			keep = false;
		if (keep)
			klp_vec_push(lab->arena, argv, flag);
	}
}

static void put(struct lab *lab, const char *name, const char *text)
{
	assert_int_equal(klp_file_write(klp_path_join(lab->arena, lab->dir, name), text,
					strlen(text), &lab->err),
			 0);
}

/* Compiles DIR/STEM.c as Kbuild would and records how. deps: what else it read. */
static void compile_unit(struct lab *lab, const char *stem, const char *deps, json_t *removed)
{
	const char *object = klp_sprintf(lab->arena, "%s.o", stem);
	const char *const rest[] = { "-fdump-ipa-clones", "-c", "-o", object,
				     klp_sprintf(lab->arena, "%s.c", stem) };
	struct klp_strs argv = {};
	struct klp_proc_opts proc = { .cwd = lab->dir };
	struct klp_proc_result result;
	char *cmd = klp_sprintf(lab->arena, "cmd_%s :=", object);

	kernel_flags(lab, removed, &argv);
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
		klp_vec_push(lab->arena, &argv, rest[i]);
	for (size_t i = 0; i < argv.n; i++)
		cmd = klp_sprintf(lab->arena, "%s %s", cmd, argv.v[i]);
	klp_vec_push(lab->arena, &argv, NULL);
	proc.argv = argv.v;
	assert_int_equal(klp_proc_run(lab->arena, &proc, &result, &lab->err), 0);
	if (result.status)
		fail_msg("gcc: %s", result.err);
	put(lab, klp_sprintf(lab->arena, ".%s.cmd", object),
	    klp_sprintf(lab->arena, "%s\n\ndeps_%s := %s\n", cmd, object, deps));
}

static void open_lab(struct lab *lab)
{
	const struct klp_tree_opts opts = { .ipa_dumps = lab->dir };

	assert_int_equal(klp_tree_open(lab->arena, &opts, &lab->tree, &lab->err), 0);
	assert_int_equal(klp_tree_unit(&lab->tree, "x.o", &lab->unit, &lab->err), 0);
}

static void source(struct lab *lab, const char *text)
{
	put(lab, "x.c", text);
	compile_unit(lab, "x", "", NULL);
	open_lab(lab);
}

static struct klp_change *change(struct lab *lab, const char *function)
{
	struct klp_change *c = klp_vec_add(lab->arena, &lab->changes);

	*c = (struct klp_change){
		.function = function,
		.file = "x.c",
		.line = 7,
		.kind = KLP_MODIFIED,
		.unit = lab->unit,
	};
	return c;
}

static void run(struct lab *lab)
{
	const struct klp_closure_opts opts = {
		.jobs = 2,
		.workdir = klp_path_join(lab->arena, lab->dir, "work"),
		.policy = &lab->policy,
	};

	if (klp_closure_run(lab->arena, &lab->tree, &lab->changes, &opts, &lab->closure,
			    &lab->findings, &lab->err) < 0)
		fail_msg("%s", lab->err.text);
}

static const char *patched(const struct lab *lab)
{
	char *names = klp_strdup(lab->arena, "");

	for (size_t i = 0; i < lab->closure.patch.n; i++)
		names = klp_sprintf(lab->arena, "%s%s%s", names, i ? " " : "",
				    lab->closure.patch.v[i].symbol);
	return names;
}

static const char *copied(const struct lab *lab)
{
	char *names = klp_strdup(lab->arena, "");

	for (size_t i = 0; i < lab->closure.copied.n; i++)
		names = klp_sprintf(lab->arena, "%s%s%s:%s", names, i ? " " : "",
				    lab->closure.copied.v[i].symbol,
				    klp_copy_reason_name(lab->closure.copied.v[i].reason));
	return names;
}

static const char *codes(const struct lab *lab)
{
	char *names = klp_strdup(lab->arena, "");

	for (size_t i = 0; i < lab->findings.n; i++) {
		assert_true(lab->findings.v[i].message[0] && lab->findings.v[i].hint);
		names = klp_sprintf(lab->arena, "%s%s%s", names, i ? " " : "",
				    lab->findings.v[i].code);
	}
	return names;
}

static void policy(struct lab *lab, const char *text)
{
	if (klp_policy_parse(lab->arena, "x.policy", text, strlen(text), &lab->policy, &lab->err))
		fail_msg("%s", lab->err.text);
}

/* ---- the golden cases ---- */

static bool names(json_t *expect, const char *key, const char *name)
{
	json_t *list = json_object_get(expect, key), *value;
	size_t i;

	json_array_foreach(list, i, value) if (!strcmp(json_string_value(value), name)) return true;
	return false;
}

/* NULL, or what is not patched and not copied though it must be. */
static const char *missing(struct lab *lab, json_t *expect)
{
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(expect, "must_patch"), i, value)
	{
		const char *symbol = json_string_value(value);

		if (!klp_closure_find(&lab->closure, lab->unit, symbol))
			return klp_sprintf(lab->arena, "'%s' is not patched", symbol);
	}
	json_array_foreach(json_object_get(expect, "must_copy"), i, value)
	{
		const char *symbol = json_string_value(value);

		if (!klp_closure_copied(&lab->closure, lab->unit, symbol))
			return klp_sprintf(lab->arena, "'%s' is not copied", symbol);
	}
	return NULL;
}

/* NULL, or what is patched or refused though it must not be. */
static const char *surplus(struct lab *lab, json_t *expect)
{
	for (size_t i = 0; i < lab->closure.patch.n; i++) {
		const char *symbol = lab->closure.patch.v[i].symbol;

		assert_true(lab->closure.patch.v[i].reasons.n > 0);
		if (names(expect, "must_not_patch", symbol))
			return klp_sprintf(lab->arena, "'%s' is patched", symbol);
		/* Which of two merged functions a caller means isn't known here: all callers are.
		 */
		if (json_object_get(expect, "aliases"))
			continue;
		/* What runs only at boot is dropped by stage check. */
		if (!names(expect, "must_patch", symbol) && !names(expect, "init", symbol) &&
		    !names(expect, "extra_ok", symbol) && !names(expect, "graph_over", symbol))
			return klp_sprintf(lab->arena, "'%s' is patched", symbol);
	}
	if (klp_findings_refuse(&lab->findings) &&
	    !json_is_true(json_object_get(expect, "refuse_ok")))
		return klp_sprintf(lab->arena, "refused: %s", codes(lab));
	return NULL;
}

struct golden {
	const char *name;
	char wrong[256]; /* "" when the patch set is as expected */
};

/*
 * What the dump and the relocations can't show is found by compiling the fix as well, which
 * isn't done here (tests/unit/test_cases.c): symbols may be missing, but none be too many.
 */
static bool is_hidden(json_t *expect)
{
	const char *hidden = json_string_value(json_object_get(expect, "hidden"));

	return hidden && strcmp(hidden, "ipa-sra (signature)");
}

static json_t *load_expect(struct klp_arena *arena, const char *name)
{
	return json_load_file(klp_sprintf(arena, GOLDEN "/%s/expect.json", name), 0, NULL);
}

static void run_case(struct golden *golden)
{
	struct lab *lab;
	json_t *expect, *value;
	const char *wrong;
	size_t i;

	setup((void **)&lab);
	expect = load_expect(lab->arena, golden->name);
	assert_non_null(expect);
	assert_int_equal(klp_file_copy(klp_sprintf(lab->arena, GOLDEN "/%s/before.c", golden->name),
				       klp_path_join(lab->arena, lab->dir, "x.c"), &lab->err),
			 0);
	compile_unit(lab, "x", "", json_object_get(expect, "cflags_remove"));
	open_lab(lab);
	json_array_foreach(json_object_get(expect, "changed"), i, value)
		change(lab, json_string_value(value));
	run(lab);
	wrong = is_hidden(expect) ? NULL : missing(lab, expect);
	if (!wrong)
		wrong = surplus(lab, expect);
	if (wrong)
		snprintf(golden->wrong, sizeof(golden->wrong),
			 "%s (patch {%s} copied {%s} findings {%s})", wrong, patched(lab),
			 copied(lab), codes(lab));
	json_decref(expect);
	teardown((void **)&lab);
}

static void test_golden(void **state)
{
	struct golden *golden = *state;

	run_case(golden);
	if (golden->wrong[0])
		fail_msg("%s", golden->wrong);
}

/* ---- single rules ---- */

static void test_reasons_and_places(void **state)
{
	struct lab *lab = *state;
	const struct klp_patched *p;

	source(lab, "extern int io(int, int);\n"
		    "static int leaf(int a) { return a > 4 ? io(a, 1) : 0; }\n"
		    "static int mid(int a) { return leaf(a + 1) + 1; }\n"
		    "int top(int a) { return mid(a * 2); }\n"
		    "int other(int a) { return a; }\n");
	change(lab, "leaf");
	change(lab, "other")->line = 5;
	run(lab);
	assert_string_equal(patched(lab), "other top");
	assert_string_equal(copied(lab), "leaf:no-symbol");
	assert_string_equal(lab->closure.copied.v[0].needed_by, "top");
	assert_string_equal(lab->closure.copied.v[0].file, "x.c");
	p = &lab->closure.patch.v[0];
	assert_int_equal(p->line, 5);
	assert_int_equal(p->reasons.n, 1);
	assert_int_equal(p->reasons.v[0].kind, KLP_REASON_CHANGED);
	p = &lab->closure.patch.v[1];
	assert_string_equal(p->object, "vmlinux");
	assert_string_equal(p->file, "x.c");
	assert_int_equal(p->line, 4);
	assert_ptr_equal(p->unit, lab->unit);
	assert_int_equal(p->reasons.n, 1);
	assert_int_equal(p->reasons.v[0].kind, KLP_REASON_INLINED);
	assert_string_equal(p->reasons.v[0].of, "mid");
	assert_non_null(strstr(p->reasons.v[0].evidence, "x.c.000i.ipa-clones:"));
	assert_non_null(strstr(p->reasons.v[0].evidence, "mid inlining to top"));
	assert_string_equal(codes(lab), "");
}

static void test_new_and_removed_functions_need_nothing(void **state)
{
	struct lab *lab = *state;

	source(lab, "int f(int a) { return a; }\n");
	change(lab, "f")->kind = KLP_REMOVED;
	change(lab, "g")->kind = KLP_ADDED;
	run(lab);
	assert_string_equal(patched(lab), "");
	assert_string_equal(copied(lab), "");
	assert_string_equal(codes(lab), "");
}

static void test_dropped_function_is_noted(void **state)
{
	struct lab *lab = *state;

	source(lab, "static inline int unused(int a) { return a; }\n"
		    "int f(int a) { return a; }\n"
		    "extern int used(int); int g(int a) { return used(a); }\n");
	change(lab, "unused");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NO-CODE");
	assert_int_equal(lab->findings.v[0].severity, KLP_WARNING);
	assert_string_equal(lab->findings.v[0].symbol, "unused");
	assert_string_equal(patched(lab), "");
	assert_string_equal(copied(lab), "");
}

#define NOINLINE "__attribute__((__noinline__)) "
#define NOCLONE	 "__attribute__((__noinline__, __noclone__)) "
#define NOTRACE	 "__attribute__((__no_instrument_function__)) "

static void test_clone_of_a_clone_leads_on(void **state)
{
	struct lab *lab = *state;
	const struct klp_patched *p;

	source(lab, "struct s { int a, b, c[9]; };\nextern int sink(int);\n"
		    "static " NOINLINE "int inner(struct s *s, int k)\n"
		    "{ int x = s->a * k, y = s->b; return sink(x) + sink(y); }\n"
		    "static " NOINLINE "int outer(struct s *s, int k, int always)\n"
		    "{ return inner(s, k) + sink(always) + inner(s, k + always); }\n"
		    "int top(struct s *s, int k) { return outer(s, k, 3) + 1; }\n"
		    "int top2(struct s *s) { return outer(s, sink(2), 3) + 2; }\n"
		    "int apart(int a) { return sink(a); }\n");
	change(lab, "inner");
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "top top2");
	assert_string_equal(copied(lab), "inner:specialised outer:specialised");
	p = &lab->closure.patch.v[0];
	assert_int_equal(p->reasons.v[0].kind, KLP_REASON_CLONE);
	assert_memory_equal(p->reasons.v[0].of, "outer.", 6);
	assert_non_null(strstr(p->reasons.v[0].evidence, "x.o: .text+0x"));
}

static void test_static_with_new_signature_goes_to_its_callers(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int);\n"
		    "static " NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "int one(int a) { return f(a) + 1; }\n"
		    "int two(int a) { sink(a); return f(a); }\n"
		    "int apart(int a) { return sink(a); }\n");
	change(lab, "f")->signature = true;
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "one two");
	assert_string_equal(copied(lab), "f:specialised");
	assert_int_equal(lab->closure.patch.v[0].reasons.v[0].kind, KLP_REASON_CHANGED);
	assert_string_equal(lab->closure.patch.v[0].reasons.v[0].of, "f");
}

/* The callers of what can't be redirected, and what is inlined there: each may be left out. */
static void test_callers_are_left_out(void **state)
{
	struct lab *lab = *state;
	const struct klp_patched *p;

	policy(lab, "leave-out two: its old code does no harm\n"
		    "leave-out three@y.c: another file's\n"
		    "leave-out apart: nobody wants it patched\n");
	source(lab, "extern int sink(int);\n"
		    "static " NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "int one(int a) { return f(a) + 1; }\n"
		    "int two(int a) { sink(a); return f(a); }\n"
		    "int three(int a) { return f(a) * 3; }\n"
		    "int apart(int a) { return sink(a); }\n");
	change(lab, "f")->signature = true;
	run(lab);
	assert_string_equal(codes(lab), "KLP-LEFT-OUT");
	assert_int_equal(lab->findings.v[0].severity, KLP_WARNING);
	assert_string_equal(lab->findings.v[0].symbol, "two");
	assert_non_null(strstr(lab->findings.v[0].message, "'f'"));
	assert_non_null(strstr(lab->findings.v[0].message, "its old code does no harm"));
	assert_string_equal(patched(lab), "one three");
	assert_int_equal(lab->closure.left_out.n, 1);
	p = klp_closure_left_out(&lab->closure, lab->unit, "two");
	assert_non_null(p);
	assert_int_equal(p->reasons.n, 1);
	assert_string_equal(p->reasons.v[0].of, "f");
	assert_true(lab->policy.rules.v[0].used);
	assert_false(lab->policy.rules.v[1].used);
	assert_false(lab->policy.rules.v[2].used);
}

/* By one of its names, so by all: they share the address that would be redirected. */
static void test_left_out_by_another_name(void **state)
{
	struct lab *lab = *state;

	policy(lab, "leave-out alias_of_host: as it is\n");
	source(lab, "extern int sink(int);\n"
		    "static inline __attribute__((__always_inline__)) int f(int a)\n"
		    "{ return sink(a) + 1; }\n"
		    "int host(int a) { return f(a) + 1; }\n"
		    "int alias_of_host(int a) __attribute__((__alias__(\"host\")));\n"
		    "int other(int a) { return f(a) + 2; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "KLP-LEFT-OUT");
	assert_string_equal(lab->findings.v[0].symbol, "host");
	assert_string_equal(patched(lab), "other");
}

static void test_what_the_fix_changes_is_not_left_out(void **state)
{
	struct lab *lab = *state;

	policy(lab, "leave-out f: not today\n");
	source(lab, "extern int sink(int);\nint f(int a) { return sink(a) + 1; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "KLP-POLICY");
	assert_int_equal(lab->findings.v[0].severity, KLP_ERROR);
	assert_int_equal(lab->closure.left_out.n, 0);
}

static void test_something_must_be_left(void **state)
{
	struct lab *lab = *state;

	policy(lab, "leave-out one: a\nleave-out two: b\n");
	source(lab, "extern int sink(int);\n"
		    "static inline __attribute__((__always_inline__)) int f(int a)\n"
		    "{ return sink(a) + 1; }\n"
		    "int one(int a) { return f(a) + 1; }\n"
		    "int two(int a) { return f(a) + 2; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "KLP-LEFT-OUT KLP-LEFT-OUT KLP-POLICY");
	assert_true(klp_findings_refuse(&lab->findings));
	assert_string_equal(patched(lab), "");
}

static void test_global_with_new_signature_is_refused(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int);\nint f(int a) { return sink(a) + 1; }\n");
	change(lab, "f")->signature = true;
	run(lab);
	assert_string_equal(codes(lab), "KLP-PROTOTYPE");
	assert_int_equal(lab->findings.v[0].severity, KLP_ERROR);
	assert_string_equal(lab->findings.v[0].symbol, "f");
	assert_string_equal(lab->findings.v[0].file, "x.c");
	assert_int_equal(lab->findings.v[0].line, 7);
	assert_string_equal(patched(lab), "");
}

static void test_pointer_to_a_function_with_new_signature_is_refused(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int);\n"
		    "static " NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "struct ops { int (*f)(int); } ops = { .f = f };\n"
		    "int one(int a) { return f(a) + 1; }\n");
	change(lab, "f")->signature = true;
	run(lab);
	assert_string_equal(codes(lab), "KLP-PROTOTYPE");
	assert_non_null(strstr(lab->findings.v[0].message, "'ops'"));
}

static void test_static_without_entry_goes_to_its_callers(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int);\n"
		    "static " NOTRACE NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "static " NOTRACE NOCLONE "int between(int a) { return f(a) + sink(2); }\n"
		    "int one(int a) { return between(a) + 1; }\n"
		    "int two(int a) { return f(a) * 3; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "one two");
	assert_string_equal(copied(lab), "between:specialised f:specialised");
	assert_int_equal(lab->closure.patch.v[0].reasons.v[0].kind, KLP_REASON_NOT_TRACEABLE);
	assert_string_equal(lab->closure.patch.v[0].reasons.v[0].of, "between");
	assert_string_equal(lab->closure.patch.v[1].reasons.v[0].of, "f");
}

static void test_what_else_has_no_entry_is_refused(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int); extern void take(int (*)(int));\n" NOTRACE
		    "int global(int a) { return sink(a) + 1; }\n"
		    "static " NOTRACE "int pointed(int a) { return sink(a) + 2; }\n"
		    "static " NOTRACE "int passed(int a) { return sink(a) + 3; }\n"
		    "int (*pointer)(int) = pointed;\n"
		    "void pass(void) { take(passed); }\n");
	change(lab, "global");
	change(lab, "pointed");
	change(lab, "passed");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NOT-TRACEABLE KLP-NOT-TRACEABLE KLP-NOT-TRACEABLE");
	assert_string_equal(lab->findings.v[0].symbol, "global");
	assert_non_null(strstr(lab->findings.v[1].message, "'pointer'"));
	assert_non_null(strstr(lab->findings.v[2].message, "'pass'"));
	assert_string_equal(patched(lab), "");
}

/* A build of two units, with something that stands for the kernel. */
static void whole_build(struct lab *lab, const char *x, const char *other)
{
	put(lab, "x.c", x);
	compile_unit(lab, "x", "", NULL);
	put(lab, "other.c", other);
	compile_unit(lab, "other", "", NULL);
	put(lab, "vmlinux", "");
	open_lab(lab);
}

static const char without_entry[] =
	"extern int sink(int);\n" NOTRACE NOCLONE "int global(int a) { return sink(a) + 1; }\n"
	"int one(int a) { return global(a) + 1; }\n"
	"int two(int a) { return global(a) * 3; }\n";

static void test_global_of_one_unit_goes_to_its_callers(void **state)
{
	struct lab *lab = *state;

	whole_build(lab, without_entry,
		    "extern int globally(int); int user(int a) { return globally(a); }\n");
	change(lab, "global");
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "one two");
	assert_string_equal(copied(lab), "global:specialised");
}

static void test_global_of_several_units_is_refused(void **state)
{
	struct lab *lab = *state;

	whole_build(lab, without_entry,
		    "extern int global(int); int user(int a) { return global(a); }\n");
	change(lab, "global");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NOT-TRACEABLE");
	assert_non_null(strstr(lab->findings.v[0].message, "(see 'other.o')"));
	assert_string_equal(patched(lab), "");
}

static void test_exported_global_is_refused(void **state)
{
	struct lab *lab = *state;

	whole_build(lab,
		    klp_sprintf(lab->arena,
				"%sstatic const void *const __ksymtab_global __attribute__((used, "
				"section(\"___ksymtab+global\"))) = global;\n",
				without_entry),
		    "int user;\n");
	change(lab, "global");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NOT-TRACEABLE");
	assert_non_null(strstr(lab->findings.v[0].message, "(it is exported)"));
}

/* What isn't there may have called it. */
static void test_global_of_an_incomplete_build_is_refused(void **state)
{
	struct lab *lab = *state;

	whole_build(lab, without_entry, "int user;\n");
	assert_int_equal(unlink(klp_path_join(lab->arena, lab->dir, "other.o")), 0);
	change(lab, "global");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NOT-TRACEABLE");
	assert_non_null(strstr(lab->findings.v[0].message, "(see 'other.o')"));
}

/* The assembler leaves no relocation there. */
static void test_callers_in_a_shared_section(void **state)
{
	struct lab *lab = *state;

	source(lab, "#define __sched __attribute__((__section__(\".sched.text\")))\n"
		    "extern int sink(int);\n"
		    "static __sched " NOTRACE NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "int __sched one(int a) { return f(a) + 1; }\n"
		    "int __sched apart(int a) { return sink(a); }\n"
		    "int __sched tail(int a) { return f(a * 2); }\n"
		    "int outside(int a) { return f(a) + 3; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "one outside tail");
	assert_non_null(
		strstr(klp_closure_find(&lab->closure, lab->unit, "one")->reasons.v[0].evidence,
		       ".sched.text+0x"));
}

static void test_address_taken_in_a_shared_section(void **state)
{
	struct lab *lab = *state;

	/* without -fPIE gcc would load it as a constant, with a relocation */
	source(lab, "extern int sink(int); extern void take(int (*)(int));\n"
		    "static " NOTRACE NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "void pass(void) { int (*p)(int); __asm__(\"leaq f(%%rip), %0\" : \"=r\"(p));"
		    " take(p); }\n"
		    "int one(int a) { return f(a) + 1; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NOT-TRACEABLE");
	assert_non_null(strstr(lab->findings.v[0].message, "'pass'"));
}

/* As kvm and the performance events do: the table lies in .init, and is copied when it is chosen. */
static void test_pointer_in_init_data_is_refused(void **state)
{
	struct lab *lab = *state;

	source(lab, "struct ops { int (*f)(int); int limits[50]; } live;\n"
		    "extern int sink(int);\n"
		    "static " NOTRACE NOCLONE "int f(int a) { return sink(a) + 1; }\n"
		    "static const struct ops all[] __attribute__((__section__(\".init.rodata\")))\n"
		    "= { { f, { 1, 2, 3 } }, { sink, { 3, 2, 1 } } };\n"
		    "__attribute__((__section__(\".init.text\"))) void start(int i)\n"
		    "{ live = all[i]; }\n"
		    "int direct(int a) { return f(a) * 5; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "KLP-NOT-TRACEABLE");
	assert_non_null(strstr(lab->findings.v[0].message, "'all'"));
}

static void test_init_code_does_not_go_up(void **state)
{
	struct lab *lab = *state;

	source(lab, "#define __init __attribute__((__section__(\".init.text\")))\n"
		    "extern int sink(int);\n"
		    "static " NOTRACE NOCLONE "int __init f(int a) { return sink(a) + 1; }\n"
		    "int __init one(int a) { return f(a) + 1; }\n");
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "f"); /* for stage check to judge */
}

static void test_inline_that_is_also_emitted(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int);\n"
		    "static inline int f(int a) { return sink(a) + 1; }\n"
		    "int (*pointer)(int) = f;\n"
		    "int host(int a) { return f(a) + 1; }\n");
	change(lab, "f")->is_inline = true;
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "f host");
	assert_string_equal(copied(lab), "");
}

static void test_header_function_is_followed_in_each_unit_that_has_code_of_it(void **state)
{
	struct lab *lab = *state;
	const char *of_y = "#include \"h.h\"\nint in_y(int a) { return f(a) * 2; }\n";
	const char *of_z = "#include \"h.h\"\nint in_z(int a) { return a * 2; }\n";
	const char *of_w = "#include \"h.h\"\nint (*in_w)(int) = f;\n";
	struct klp_change *c;

	put(lab, "h.h",
	    "extern int sink(int);\nstatic inline int f(int a) { return sink(a) + 1; }\n");
	put(lab, "y.c", of_y);
	put(lab, "z.c", of_z);
	put(lab, "w.c", of_w);
	compile_unit(lab, "y", "h.h", NULL);
	compile_unit(lab, "z", "h.h", NULL);
	compile_unit(lab, "w", "h.h", NULL);
	put(lab, "x.c", "#include \"h.h\"\nint in_x(int a) { return f(a); }\n");
	compile_unit(lab, "x", "h.h", NULL);
	open_lab(lab);
	c = change(lab, "f");
	c->kind = KLP_HEADER;
	c->file = "h.h";
	c = change(lab, "f");
	c->kind = KLP_HEADER;
	c->file = "h.h";
	c = change(lab, "f");
	c->kind = KLP_HEADER;
	c->file = "h.h";
	assert_int_equal(klp_tree_unit(&lab->tree, "y.o", &c->unit, &lab->err), 0);
	c = change(lab, "f");
	c->kind = KLP_HEADER;
	c->file = "h.h";
	assert_int_equal(klp_tree_unit(&lab->tree, "z.o", &c->unit, &lab->err), 0);
	c = change(lab, "f");
	c->kind = KLP_HEADER;
	c->file = "h.h";
	/* In w.o the function is emitted and nothing happened to it that a dump would tell. */
	assert_int_equal(klp_tree_unit(&lab->tree, "w.o", &c->unit, &lab->err), 0);
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "f in_x in_y");
	assert_string_equal(lab->closure.patch.v[0].unit->object, "w.o");
	assert_string_equal(lab->closure.patch.v[2].unit->object, "y.o");
	assert_string_equal(copied(lab), "f:no-symbol f:no-symbol");
}

#define LEAF	   "leaf;1;x.c;1;5;"
#define MID	   "mid;2;x.c;2;5;"
#define HOST	   "host;3;x.c;3;5;"
#define EARLY_COPY "Callgraph clone;" MID HOST "inlining to\n"

/* A dump by hand: what gcc does in which order can't be asked for. */
static void dump(struct lab *lab, const char *text)
{
	source(lab, "int leaf(int a) { return a; }\nint mid(int a) { return a; }\n"
		    "int host(int a) { return a; }\n");
	put(lab, "x.c.000i.ipa-clones", text);
	change(lab, "leaf");
	run(lab);
}

static void test_early_copy_lacks_what_came_later(void **state)
{
	struct lab *lab = *state;

	dump(lab, EARLY_COPY "Callgraph clone;" LEAF MID "inlining to\n");
	assert_string_equal(patched(lab), "leaf mid");
	assert_int_equal(lab->closure.steps.n, 1);
	assert_string_equal(lab->closure.steps.v[0].from, "leaf");
	assert_string_equal(lab->closure.steps.v[0].to, "mid");
}

static void test_repeated_copy_has_what_came_between(void **state)
{
	struct lab *lab = *state;

	dump(lab, EARLY_COPY "Callgraph clone;" LEAF MID "inlining to\n" EARLY_COPY);
	assert_string_equal(patched(lab), "host leaf mid");
	assert_int_equal(lab->closure.steps.n, 2);
	assert_non_null(strstr(lab->closure.steps.v[1].evidence, "ipa-clones:3: mid inlining"));
}

/* Inlined bodies have numbers of their own. */
static void test_nodes_of_one_name_are_one(void **state)
{
	struct lab *lab = *state;

	dump(lab, "Callgraph clone;" LEAF "mid;9;x.c;2;5;inlining to\n" EARLY_COPY);
	assert_string_equal(patched(lab), "host leaf mid");
}

static void test_without_a_dump_nothing_is_claimed(void **state)
{
	struct lab *lab = *state;
	struct klp_error err = {};

	source(lab, "int f(int a) { return a; }\n");
	assert_int_equal(klp_file_write(lab->unit->dump, "Callgraph nonsense\n", 19, &err), 0);
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "KLP-BAD-DUMP");
	assert_string_equal(patched(lab), "");
	lab->findings.n = 0;
	lab->unit->dump = NULL;
	run(lab);
	assert_string_equal(codes(lab), "KLP-NO-DUMP");
	assert_true(klp_findings_refuse(&lab->findings));
}

static void test_callers_are_known_without_the_source(void **state)
{
	struct lab *lab = *state;

	source(lab, "extern int sink(int);\n"
		    "static " NOTRACE NOCLONE "int f(int a)\n"
		    "{ switch (a) { case 1: return sink(1); case 2: return sink(9) + 2;"
		    " case 3: return sink(7) * 3; case 4: return sink(5) / 4; case 5: return 3;"
		    " case 6: return sink(2) - 9; default: return sink(a) + 1; } }\n"
		    "int one(int a) { return f(a) + 1; }\n"
		    "int apart(int a) { return sink(a); }\n");
	assert_int_equal(remove(lab->unit->source_path), 0);
	change(lab, "f");
	run(lab);
	assert_string_equal(codes(lab), "");
	assert_string_equal(patched(lab), "one");
}

/* One test a case, named as its directory. */
static int run_golden(void)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_strs files = {};
	struct klp_error err = {};
	struct CMUnitTest *tests;
	struct golden *cases;

	if (klp_find_files(arena, GOLDEN, "expect.json", 1000, &files, &err) < 0) {
		print_error("%s (run the tests from the top directory)\n", err.text);
		return 1;
	}
	tests = klp_alloc_array(arena, files.n, sizeof(*tests));
	cases = klp_alloc_array(arena, files.n, sizeof(*cases));
	for (size_t i = 0; i < files.n; i++) {
		cases[i] = (struct golden){ .name = klp_path_dir(arena, files.v[i]) };
		tests[i] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = test_golden,
			.initial_state = &cases[i],
		};
	}
	return _cmocka_run_group_tests("closure golden", tests, files.n, NULL, NULL);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_reasons_and_places),
		T(test_new_and_removed_functions_need_nothing),
		T(test_dropped_function_is_noted),
		T(test_clone_of_a_clone_leads_on),
		T(test_static_with_new_signature_goes_to_its_callers),
		T(test_callers_are_left_out),
		T(test_left_out_by_another_name),
		T(test_what_the_fix_changes_is_not_left_out),
		T(test_something_must_be_left),
		T(test_global_with_new_signature_is_refused),
		T(test_pointer_to_a_function_with_new_signature_is_refused),
		T(test_static_without_entry_goes_to_its_callers),
		T(test_what_else_has_no_entry_is_refused),
		T(test_global_of_one_unit_goes_to_its_callers),
		T(test_global_of_several_units_is_refused),
		T(test_exported_global_is_refused),
		T(test_global_of_an_incomplete_build_is_refused),
		T(test_callers_in_a_shared_section),
		T(test_address_taken_in_a_shared_section),
		T(test_pointer_in_init_data_is_refused),
		T(test_init_code_does_not_go_up),
		T(test_inline_that_is_also_emitted),
		T(test_header_function_is_followed_in_each_unit_that_has_code_of_it),
		T(test_early_copy_lacks_what_came_later),
		T(test_repeated_copy_has_what_came_between),
		T(test_nodes_of_one_name_are_one),
		T(test_without_a_dump_nothing_is_claimed),
		T(test_callers_are_known_without_the_source),
	};
	int failed = cmocka_run_group_tests_name("closure", tests, NULL, NULL);

	return failed + run_golden();
}
