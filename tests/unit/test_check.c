// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/check.h"

#include "tests/unit/lab.h"

static struct klp_tree tree;
static struct klp_closure closure;
static struct klp_changes changes;
static struct klp_findings findings;
static struct klp_unit a, b, m;

static const char a_text[] =
	"extern void out(void);\n"
	"static int n;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x + n++; }\n"
	"int plain(int x) { return helper(x) + 1; }\n"
	"__attribute__((no_instrument_function)) int quiet(int x) { out(); return x; }\n"
	"__attribute__((section(\".init.text\"))) int boot(void) { out(); return plain(1); }\n"
	"__attribute__((section(\".exit.text\"), no_instrument_function)) void leave(void) { "
	"out(); }\n"
	"__attribute__((weak)) int chosen(void) { out(); return 1; }\n"
	"__attribute__((noinline, used)) static int twin1(int x) { asm(\"\"); return x * 3; }\n"
	"static int twin2(int x) __attribute__((alias(\"twin1\"), used));\n"
	"__attribute__((noinline, used)) static int inner(int x) { asm(\"\"); return x * 5; }\n"
	"int syscall_name(int x) __attribute__((alias(\"inner\")));\n";

static const char b_text[] =
	"__attribute__((no_instrument_function)) void out(void) {}\n"
	"__attribute__((no_instrument_function)) void __fentry__(void) {}\n"
	"static int k;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x - k++; }\n"
	"int entry(int x) { return helper(x); }\n"
	"int chosen(void) { return 2000; }\n";

static const char script[] =
	"SECTIONS {\n"
	"  . = 0xffffffff81000000;\n"
	"  .text : { *(.text .text.*) } .data : { *(.data) } .bss : { *(.bss) }\n"
	"  __init_begin = .; .init.text : { *(.init.text) }\n"
	"  .init.data : { __start_mcount_loc = .; KEEP(*(__mcount_loc)) __stop_mcount_loc = .; }\n"
	"  __init_end = .;\n"
	"  /DISCARD/ : { *(.exit.text) }\n"
	"}\n";

static struct klp_unit unit(const char *object, const char *module)
{
	return (struct klp_unit){
		.object = object,
		.object_path = lab_path(object),
		.module = module,
		.module_file = module ? klp_sprintf(arena, "%s.ko", module) : NULL,
	};
}

static int setup(void **state)
{
	int r = lab_setup(state);

	lab_cc("fs/a.o", a_text, LAB_TRACED " -fno-ipa-icf");
	lab_cc("fs/b.o", b_text, LAB_TRACED);
	lab_put("vmlinux.lds", script, sizeof(script) - 1);
	lab_run("ld -o vmlinux -T vmlinux.lds -e plain --no-warn-rwx-segments fs/a.o fs/b.o");
	a = unit("fs/a.o", NULL);
	b = unit("fs/b.o", NULL);
	tree = (struct klp_tree){ .arena = arena, .build = lab, .vmlinux = lab_path("vmlinux") };
	closure = (struct klp_closure){};
	changes = (struct klp_changes){};
	findings = (struct klp_findings){};
	return r;
}

static void patch(struct klp_unit *u, const char *symbol, enum klp_reason_kind kind)
{
	struct klp_patched p = { .object = klp_unit_object_name(u),
				 .symbol = symbol,
				 .file = klp_sprintf(arena, "%.*s.c", (int)strlen(u->object) - 2,
						     u->object),
				 .line = 7,
				 .unit = u };

	klp_vec_push(arena, &p.reasons, (struct klp_reason){ kind, "the_changed", "evidence" });
	klp_vec_push(arena, &closure.patch, p);
}

static void check(void)
{
	struct klp_symtabs symtabs;
	struct klp_error err = {};

	klp_symtabs_init(&symtabs, arena);
	if (klp_check(arena, &tree, &changes, &symtabs, &closure, &findings, &err) < 0)
		fail_msg("%s", err.text);
}

/* The one finding there is, of that code and severity; errors and warnings have a hint. */
static const struct klp_finding *only(const char *code, enum klp_severity severity)
{
	if (findings.n != 1)
		fail_msg("%zu findings, the first: %s", findings.n,
			 findings.n ? findings.v[0].message : "-");
	assert_string_equal(findings.v[0].code, code);
	assert_int_equal(findings.v[0].severity, severity);
	assert_true(severity == KLP_NOTE || findings.v[0].hint);
	return &findings.v[0];
}

static void positions_and_addresses_are_filled_in(void **state)
{
	(void)state;
	patch(&b, "helper", KLP_REASON_CHANGED);
	patch(&a, "plain", KLP_REASON_INLINED);
	patch(&a, "helper", KLP_REASON_CHANGED);
	check();
	assert_int_equal(findings.n, 0);
	assert_int_equal(closure.patch.n, 3);
	assert_string_equal(closure.patch.v[0].symbol, "helper"); /* sorted by file */
	assert_int_equal(closure.patch.v[0].sympos, 1);
	assert_string_equal(closure.patch.v[1].symbol, "plain");
	assert_int_equal(closure.patch.v[1].sympos, 0);
	assert_int_equal(closure.patch.v[2].sympos, 2);
	assert_true(closure.patch.v[2].address > closure.patch.v[0].address);
	assert_true(closure.patch.v[0].size > 0);
}

static void edited_init_code_is_refused(void **state)
{
	const struct klp_finding *f;

	(void)state;
	patch(&a, "boot", KLP_REASON_CHANGED);
	klp_vec_push(arena, &changes,
		     (struct klp_change){
			     .function = "boot", .file = "fs/a.c", .unit = &a, .init = true });
	check();
	f = only("KLP-INIT", KLP_ERROR);
	assert_string_equal(f->symbol, "boot");
	assert_string_equal(f->file, "fs/a.c");
	assert_int_equal(f->line, 7);
	assert_non_null(strstr(f->message, "'.init.text'"));
}

static void exit_code_of_vmlinux_is_refused(void **state)
{
	(void)state;
	patch(&a, "leave", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-INIT", KLP_ERROR)->message, "no part of the kernel"));
}

static void init_hosts_are_dropped(void **state)
{
	(void)state;
	patch(&a, "boot", KLP_REASON_INLINED);
	patch(&a, "plain", KLP_REASON_INLINED);
	check();
	assert_non_null(strstr(only("KLP-INIT", KLP_NOTE)->message, "'the_changed'"));
	assert_int_equal(closure.patch.n, 1);
	assert_string_equal(closure.patch.v[0].symbol, "plain");
}

/* Edited init code that GCC put into an init caller leaves no entry, but is said. */
static void vanished_init_code_is_refused(void **state)
{
	(void)state;
	klp_vec_push(arena, &changes,
		     (struct klp_change){ .function = "vanished",
					  .file = "fs/a.c",
					  .line = 3,
					  .unit = &a,
					  .init = true });
	/* another unit sees the same header, but doesn't use its function */
	klp_vec_push(arena, &changes,
		     (struct klp_change){ .function = "unused",
					  .file = "fs/h.h",
					  .unit = &a,
					  .kind = KLP_HEADER,
					  .init = true });
	klp_vec_push(arena, &changes,
		     (struct klp_change){ .function = "removed",
					  .file = "fs/a.c",
					  .unit = &a,
					  .kind = KLP_REMOVED,
					  .init = true });
	check();
	assert_string_equal(only("KLP-INIT", KLP_ERROR)->symbol, "vanished");
}

static void absent_symbols_are_refused(void **state)
{
	(void)state;
	patch(&a, "nowhere", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-NO-SYMBOL", KLP_ERROR)->hint, "-fdump-ipa-clones"));
}

static void objects_of_another_build_are_refused(void **state)
{
	(void)state;
	lab_cc("fs/a.o", klp_sprintf(arena, "%sint fresh(int x) { return x + 9; }\n", a_text),
	       LAB_TRACED);
	patch(&a, "fresh", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-NO-SYMBOL", KLP_ERROR)->hint, "not of one build"));
}

static void variables_are_refused(void **state)
{
	(void)state;
	patch(&a, "n", KLP_REASON_CHANGED);
	check();
	only("KLP-NO-SYMBOL", KLP_ERROR);
}

static void untraceable_functions_are_refused(void **state)
{
	(void)state;
	patch(&a, "quiet", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-NOT-TRACEABLE", KLP_ERROR)->hint, "call it"));
}

static void overridden_weak_functions_are_dropped(void **state)
{
	(void)state;
	patch(&a, "chosen", KLP_REASON_CHANGED);
	patch(&b, "chosen", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-WEAK-OVERRIDDEN", KLP_NOTE)->message, "fs/a.o"));
	assert_int_equal(closure.patch.n, 1);
	assert_ptr_equal(closure.patch.v[0].unit, &b);
}

static void folded_functions_are_refused(void **state)
{
	(void)state;
	patch(&a, "twin1", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-SHARED-ADDRESS", KLP_ERROR)->message, "'twin2'"));
}

static void aliases_are_noted(void **state)
{
	(void)state;
	patch(&a, "inner", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-SHARED-ADDRESS", KLP_NOTE)->message, "'syscall_name'"));
	assert_int_equal(closure.patch.n, 1);
}

static void two_patches_for_one_address_are_refused(void **state)
{
	(void)state;
	patch(&a, "inner", KLP_REASON_CHANGED);
	patch(&a, "syscall_name", KLP_REASON_CHANGED);
	check();
	assert_int_equal(findings.n, 2);
	assert_true(klp_findings_refuse(&findings));
}

static void define(struct klp_unit *u, const char *function, enum klp_change_kind kind)
{
	klp_vec_push(arena, &changes,
		     (struct klp_change){ .function = function,
					  .file = "fs/a.c",
					  .line = 3,
					  .unit = u,
					  .kind = kind });
}

/* What isn't patched calls the one that was linked. */
static void a_second_definition_is_refused(void **state)
{
	const struct klp_finding *f;

	(void)state;
	define(&a, "entry", KLP_ADDED);
	check();
	f = only("KLP-DEFINED-ELSEWHERE", KLP_ERROR);
	assert_string_equal(f->symbol, "entry");
	assert_int_equal(f->line, 3);
	assert_non_null(strstr(f->message, "has one already"));
}

static void a_stand_in_for_a_weak_one_is_refused(void **state)
{
	(void)state;
	lab_cc("fs/w.o", "__attribute__((weak)) int by_default(void) { return 1; }\n", LAB_TRACED);
	lab_run("ld -o vmlinux -T vmlinux.lds -e plain --no-warn-rwx-segments fs/a.o fs/b.o "
		"fs/w.o");
	/* static before the fix, by the same name */
	define(&b, "by_default", KLP_MODIFIED);
	check();
	assert_non_null(strstr(only("KLP-DEFINED-ELSEWHERE", KLP_ERROR)->message, "a weak one"));
}

static void a_moved_function_is_refused(void **state)
{
	(void)state;
	define(&b, "plain", KLP_ADDED);
	define(&a, "plain", KLP_REMOVED);
	check();
	assert_non_null(strstr(only("KLP-DEFINED-ELSEWHERE", KLP_ERROR)->message, "moves 'plain'"));
}

/* Its own, new ones, and one that only looks so. */
static void definitions_of_the_unit_are_its_own(void **state)
{
	struct klp_unit created = unit("fs/new.o", NULL);

	(void)state;
	created.created = true;
	define(&a, "plain", KLP_MODIFIED);
	define(&a, "fresh", KLP_ADDED);
	define(&created, "fresher", KLP_ADDED);
	define(&a, "k", KLP_ADDED); /* static, of another unit */
	define(&a, "entry", KLP_ADDED);
	changes.v[changes.n - 1].is_static = true;
	check();
	assert_int_equal(findings.n, 0);
}

#define SAME                                                               \
	"static int n; __attribute__((noinline)) static int same(int x)\n" \
	"{ asm(\"\"); return x + n++; }\n"

static void equal_units_are_ambiguous(void **state)
{
	struct klp_unit x;

	(void)state;
	lab_cc("x/s.o", SAME "int x1(int x) { return same(x); }\n", LAB_TRACED);
	lab_cc("y/s.o", SAME "int y1(int x) { return same(x); }\n", LAB_TRACED);
	lab_run("ld -o vmlinux -T vmlinux.lds -e x1 --no-warn-rwx-segments x/s.o y/s.o fs/b.o");
	x = unit("x/s.o", NULL);
	patch(&x, "same", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-AMBIGUOUS", KLP_ERROR)->message, "2 symbols 'same'"));
}

static void put_module(const char *order)
{
	lab_cc("mod.o",
	       "__attribute__((section(\".gnu.linkonce.this_module\"), used)) char mod[8];\n", "");
	lab_cc("m/early.o",
	       "__attribute__((noinline, section(\".init.text\"))) static int probe(int x)\n"
	       "{ asm(\"\"); return x; }\nint e(int x) { return probe(x); }\n",
	       LAB_TRACED);
	lab_cc("m/core.o",
	       "__attribute__((noinline)) static int probe(int x) { asm(\"\"); return x; }\n"
	       "int c(int x) { return probe(x); }\n"
	       "__attribute__((section(\".exit.text\"), no_instrument_function)) int quit(int x)\n"
	       "{ return x; }\n",
	       LAB_TRACED);
	lab_run(klp_sprintf(arena, "ld -r -o m.ko mod.o %s", order));
	m = unit("m/core.o", "m");
}

static void moving_positions_are_refused(void **state)
{
	(void)state;
	put_module("m/early.o m/core.o");
	patch(&m, "probe", KLP_REASON_CHANGED);
	check();
	assert_non_null(strstr(only("KLP-AMBIGUOUS", KLP_ERROR)->message, "done loading"));
}

static void modules_are_checked_in_their_own_file(void **state)
{
	(void)state;
	put_module("m/core.o m/early.o");
	patch(&m, "probe", KLP_REASON_CHANGED);
	check();
	assert_int_equal(findings.n, 0);
	assert_string_equal(closure.patch.v[0].object, "m");
	assert_int_equal(closure.patch.v[0].sympos, 1);
}

/* It does run, when the module goes: that must be said louder than of init code. */
static void exit_hosts_of_modules_are_warned_of(void **state)
{
	(void)state;
	put_module("m/core.o m/early.o");
	patch(&m, "quit", KLP_REASON_INLINED);
	check();
	assert_non_null(strstr(only("KLP-INIT", KLP_WARNING)->message, "removed"));
	assert_int_equal(closure.patch.n, 0);
}

static void lone_objects_serve_with_a_note(void **state)
{
	(void)state;
	tree.vmlinux = NULL;
	tree.lone = true;
	patch(&a, "plain", KLP_REASON_CHANGED);
	check();
	only("KLP-LONE", KLP_NOTE);
	assert_int_equal(closure.patch.n, 1);
	assert_true(closure.patch.v[0].size > 0);
}

static void a_missing_file_is_an_error(void **state)
{
	struct klp_symtabs symtabs;
	struct klp_error err = {};

	(void)state;
	klp_symtabs_init(&symtabs, arena);
	tree.vmlinux = lab_path("gone");
	patch(&a, "plain", KLP_REASON_CHANGED);
	assert_true(klp_check(arena, &tree, &changes, &symtabs, &closure, &findings, &err) < 0);
	assert_non_null(strstr(err.file, "gone"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(positions_and_addresses_are_filled_in),
		T(edited_init_code_is_refused),
		T(exit_code_of_vmlinux_is_refused),
		T(init_hosts_are_dropped),
		T(vanished_init_code_is_refused),
		T(absent_symbols_are_refused),
		T(objects_of_another_build_are_refused),
		T(variables_are_refused),
		T(untraceable_functions_are_refused),
		T(overridden_weak_functions_are_dropped),
		T(folded_functions_are_refused),
		T(aliases_are_noted),
		T(two_patches_for_one_address_are_refused),
		T(a_second_definition_is_refused),
		T(a_stand_in_for_a_weak_one_is_refused),
		T(a_moved_function_is_refused),
		T(definitions_of_the_unit_are_its_own),
		T(equal_units_are_ambiguous),
		T(moving_positions_are_refused),
		T(modules_are_checked_in_their_own_file),
		T(exit_hosts_of_modules_are_warned_of),
		T(lone_objects_serve_with_a_note),
		T(a_missing_file_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
