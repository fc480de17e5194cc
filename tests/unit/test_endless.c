// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/endless.h"

#include "tests/unit/lab.h"

/* What the kernel offers. Some of it without a return, as there. */
static const char kernel[] =
	"int kthread_should_stop(void) { return 0; }\n"
	"int kthread_should_park(void) { return 1; }\n"
	"void *kthread_create_on_node(int (*fn)(void *), void *data, int node) { return data; }\n"
	"int kernel_thread(int (*fn)(void *), void *data) { return 0; }\n"
	"void work(void) { asm volatile(\"\"); }\n"
	"int more(void) { asm volatile(\"\"); return 1; }\n"
	"void schedule(void) { asm volatile(\"\"); }\n"
	"int wait_for_completion_killable(void *c) { asm volatile(\"\"); return 0; }\n"
	"void __attribute__((noreturn)) do_task_dead(void) { for (;;) asm volatile(\"pause\"); }\n"
	"void __attribute__((noreturn)) do_exit(long x) { while (more()) work(); do_task_dead(); "
	"}\n"
	"void __attribute__((noreturn)) panic(const char *s) { for (;;) work(); }\n"
	"void __attribute__((noreturn)) halt(void) { asm volatile(\"hlt\"); "
	"__builtin_unreachable(); }\n";

#define DECLARED                                                                                \
	"extern int kthread_should_stop(void), kthread_should_park(void), more(void);\n"        \
	"extern void *kthread_create_on_node(int (*)(void *), void *, int);\n"                  \
	"extern int kernel_thread(int (*)(void *), void *);\n"                                  \
	"extern void work(void), schedule(void); extern int wait_for_completion_killable(void " \
	"*);\n"                                                                                 \
	"extern void __attribute__((noreturn)) do_exit(long), panic(const char *), halt(void);\n"

static const char threads[] = DECLARED
	/* main loops */
	"int forever(void *d) { for (;;) { work(); if (more()) work(); } }\n"
	"int warns(void *d) { for (;;) { if (more()) asm volatile(\"ud2\"); work(); } }\n"
	"int may_panic(void *d) { for (;;) { if (more()) panic(\"x\"); work(); } }\n"
	"int cold_part(void *d) { for (;;) { if (__builtin_expect(more(), 0)) "
	"{ panic(\"x\"); } work(); } }\n"
	"__attribute__((noinline)) int inner(void *d) { for (;;) work(); }\n"
	"int outer(void *d) { work(); inner(d); __builtin_unreachable(); }\n"
	"int stopped(void *d) { while (!kthread_should_stop()) work(); return 0; }\n"
	"int parked(void *d) { do { work(); } while (!kthread_should_park()); return 0; }\n"
	/* what no task stays in */
	"int returns(void *d) { while (more()) work(); return 1; }\n"
	"int tail(void *d) { while (more()) work(); return more(); }\n"
	"int maybe_tail(void *d) { for (;;) { if (more()) return more(); work(); } }\n"
	"int indirect(int (*f)(void)) { while (more()) work(); return f(); }\n"
	"int once(void *d) { work(); return kthread_should_stop() ? 5 : more(); }\n"
	"void loops_and_ends(void) { while (more()) work(); do_exit(0); }\n"
	"void ends_in_loop(void) { for (;;) { if (more()) do_exit(0); work(); } }\n"
	"void only_ends(void) { work(); panic(\"y\"); }\n"
	"void only_traps(void) { work(); __builtin_trap(); }\n"
	"void stops_twice(void) { if (more()) { work(); halt(); } asm volatile(\"ud2\"); "
	"__builtin_unreachable(); }\n"
	"void behind_trap(void) { asm volatile(\"ud2\"); for (;;) work(); }\n"
	"asm(\".pushsection .text; .type runs_on,@function; runs_on: 1: call work; "
	"test %eax,%eax; jne 1b; nop; .size runs_on,.-runs_on; ret; .popsection\");\n"
	/* what a task may sleep in; a jump has left it */
	"int sleeper(void *d) { while (more()) schedule(); return 0; }\n"
	"int waiter(void *d) { return wait_for_completion_killable(d) + 1; }\n"
	"void gone_to_sleep(void) { work(); schedule(); }\n"
	/* seen by who starts them */
	"int one(void *d) { while (more()) work(); return 0; }\n"
	"int two(void *d) { while (more()) work(); return 0; }\n"
	"int argument(void *d) { while (more()) work(); return 0; }\n"
	"void take(int (*f)(void *));\n"
	"void *start(void *d) { return kthread_create_on_node(one, d, -1); }\n"
	"int start_two(void *d) { if (d) work(); return kernel_thread(two, d) + 1; }\n"
	"void hand(void *d) { take(argument); kthread_create_on_node(d, d, -1); }\n"
	"void take(int (*f)(void *)) { asm volatile(\"\" : : \"r\"(f)); }\n";

static struct klp_symtab symtab;
static struct klp_error err;

static void load(const char *file)
{
	if (klp_symtab_load(arena, lab_path(file), &symtab, &err) < 0)
		fail_msg("%s", err.text);
}

static void expect(const char *function, enum klp_endless kind, const char *why)
{
	const struct klp_sym *sym = klp_symtab_function(&symtab, function);
	enum klp_endless got;
	const char *said;

	assert_non_null(sym);
	if (klp_endless(arena, &symtab, sym, &got, &said, &err) < 0)
		fail_msg("%s: %s", function, err.text);
	if (got != kind || strcmp(said ? said : "", why ? why : ""))
		fail_msg("%s: %d %s", function, got, said ? said : "-");
}

/* inner_known: vmlinux has the code of what doesn't return, a module only its name. */
static void expect_all(bool kernel_known)
{
	static const char *const no[] = { "returns",	    "tail",	   "maybe_tail",
					  "indirect",	    "once",	   "only_traps",
					  "loops_and_ends", "behind_trap", "runs_on",
					  "ends_in_loop",   "only_ends",   "argument",
					  "start",	    "hand" };
	static const char *const never[] = { "forever",	  "warns", "may_panic",
					     "cold_part", "inner", "outer" };

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		expect(no[i], KLP_ENDLESS_NO, NULL);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		expect(never[i], KLP_ENDLESS_NEVER_RETURNS, "has no return");
	expect("stopped", KLP_ENDLESS_KTHREAD, "calls kthread_should_stop()");
	expect("parked", KLP_ENDLESS_KTHREAD, "calls kthread_should_park()");
	expect("one", KLP_ENDLESS_KTHREAD, "is run by kthread_create_on_node()");
	expect("two", KLP_ENDLESS_KTHREAD, "is run by kernel_thread()");
	expect("sleeper", KLP_ENDLESS_SLEEPS, "calls schedule()");
	expect("waiter", KLP_ENDLESS_SLEEPS, "calls wait_for_completion_killable()");
	expect("gone_to_sleep", KLP_ENDLESS_NO, NULL);
	if (!kernel_known)
		return;
	expect("stops_twice", KLP_ENDLESS_NO, NULL);
	expect("do_task_dead", KLP_ENDLESS_NO, NULL);
	expect("do_exit", KLP_ENDLESS_NO, NULL);
	expect("panic", KLP_ENDLESS_NO, NULL);
}

static void link_vmlinux(const char *objects)
{
	lab_cc("kernel.o", kernel, "");
	lab_run(klp_sprintf(arena,
			    "ld -o vmlinux -Ttext=0xffffffff81000000 -e work "
			    "--no-warn-rwx-segments %s kernel.o",
			    objects));
}

static void in_vmlinux(void **state)
{
	(void)state;
	lab_cc("t.o", threads, "");
	link_vmlinux("t.o");
	load("vmlinux");
	expect_all(true);
	lab_cc("t.o", threads, "-ffunction-sections -fcf-protection=branch -pg -mfentry");
	lab_cc("fentry.o", "asm(\".globl __fentry__; __fentry__: ret\");\n", "");
	link_vmlinux("t.o fentry.o");
	load("vmlinux");
	expect_all(true);
	/* as a kernel with mitigations: a return is a jump, a jump goes through a thunk */
	lab_cc("t.o", threads,
	       "-mfunction-return=thunk-extern -mindirect-branch=thunk-extern -fno-jump-tables "
	       "-mharden-sls=all");
	lab_cc("thunk.o",
	       "asm(\".globl __x86_return_thunk; __x86_return_thunk: ret\");\n"
	       "asm(\".globl __x86_indirect_thunk_rax; __x86_indirect_thunk_rax: jmp *%rax\");\n"
	       "asm(\".globl __x86_indirect_thunk_rdi; __x86_indirect_thunk_rdi: jmp *%rdi\");\n"
	       "asm(\".globl __x86_indirect_thunk_rbx; __x86_indirect_thunk_rbx: jmp *%rbx\");\n",
	       "");
	lab_run("ld -r -o both.o t.o thunk.o");
	link_vmlinux("both.o");
	load("vmlinux");
	expect_all(true);
}

static void in_a_module(void **state)
{
	(void)state;
	lab_cc("t.o", threads, "");
	load("t.o");
	expect_all(false);
	lab_cc("t.o", threads, "-ffunction-sections");
	lab_run("ld -r -o whole.o t.o");
	load("whole.o");
	expect_all(false);
	lab_cc("t.o", threads, "-mfunction-return=thunk-extern -mindirect-branch=thunk-extern");
	load("t.o");
	expect_all(false);
	lab_cc("kernel.o", kernel, "");
	lab_run("ld -r -o whole.o t.o kernel.o");
	load("whole.o");
	expect_all(true);
}

/* What the compiler takes for unlikely is elsewhere, under a name of its own. */
static void cold_parts_belong_to_it(void **state)
{
	static const char text[] =
		DECLARED "void __attribute__((cold)) rare(void);\n"
			 "int leaves(void *d) { for (;;) { if (__builtin_expect(more(), 0)) "
			 "{ rare(); rare(); return 7; } work(); } }\n"
			 "int stays(void *d) { for (;;) { if (__builtin_expect(more(), 0)) "
			 "{ rare(); rare(); } work(); } }\n";

	(void)state;
	lab_cc("c.o", text, "-freorder-blocks-and-partition");
	load("c.o");
	assert_non_null(klp_symtab_function(&symtab, "leaves.cold"));
	assert_non_null(klp_symtab_function(&symtab, "stays.cold"));
	expect("leaves", KLP_ENDLESS_NO, NULL);
	expect("stays", KLP_ENDLESS_NEVER_RETURNS, "has no return");
	expect("stays.cold", KLP_ENDLESS_NEVER_RETURNS, "has no return");
	lab_cc("r.o", "void rare(void) {}\n", "");
	link_vmlinux("c.o r.o");
	load("vmlinux");
	expect("leaves", KLP_ENDLESS_NO, NULL);
	expect("stays", KLP_ENDLESS_NEVER_RETURNS, "has no return");
}

static void what_is_not_understood(void **state)
{
	struct klp_sym sym = { .name = "x", .type = STT_OBJECT, .section = ".data" };
	enum klp_endless got;
	const char *why;

	(void)state;
	lab_cc("n.o",
	       "asm(\".type bare,@function; bare: ret\");\n"
	       "asm(\".type odd,@function; odd: .byte 0x06; ret; .size odd,.-odd\");\n"
	       "asm(\".type on,@function; on: jmp 1f; 1: nop; add %eax,%eax; .size on,.-on\");\n",
	       "");
	load("n.o");
	expect("bare", KLP_ENDLESS_UNKNOWN, "has no size");
	expect("odd", KLP_ENDLESS_UNKNOWN, "has instructions that aren't known");
	expect("on", KLP_ENDLESS_NO, NULL);
	assert_int_equal(klp_endless(arena, &symtab, &sym, &got, &why, &err), 0);
	assert_int_equal(got, KLP_ENDLESS_UNKNOWN);
	assert_string_equal(why, "is no function of that file");
	symtab.machine = EM_AARCH64;
	expect("on", KLP_ENDLESS_UNKNOWN, "is code of a machine that isn't understood");
}

static void another_file_is_an_error(void **state)
{
	enum klp_endless got;
	const char *why;

	(void)state;
	lab_cc("t.o", threads, "");
	load("t.o");
	lab_put("t.o", "nonsense", 8);
	assert_int_equal(klp_endless(arena, &symtab, klp_symtab_function(&symtab, "forever"), &got,
				     &why, &err),
			 KLP_EINPUT);
	assert_string_equal(err.file, lab_path("t.o"));
	err = (struct klp_error){};
	lab_cc("kernel.o", kernel, "");
	lab_run("ld -o t.o -e work kernel.o");
	assert_int_equal(klp_endless(arena, &symtab, klp_symtab_function(&symtab, "forever"), &got,
				     &why, &err),
			 KLP_EINPUT);
	assert_non_null(strstr(err.text, "changed"));
	err = (struct klp_error){};
}

static void try(const char *path)
{
	struct klp_symtab damaged = {};
	struct klp_error said = {};
	enum klp_endless got;
	const char *why;

	if (klp_symtab_load(arena, path, &damaged, &said) < 0)
		return;
	for (size_t i = 0; i < damaged.n; i++)
		klp_endless(arena, &damaged, &damaged.v[i], &got, &why, &(struct klp_error){});
	for (size_t i = 0; i < symtab.n; i++) /* symbols of another file */
		klp_endless(arena, &damaged, &symtab.v[i], &got, &why, &(struct klp_error){});
}

static void damaged_files(void **state)
{
	(void)state;
	lab_cc("t.o", threads, "");
	load("t.o");
	lab_torture("t.o", try);
	link_vmlinux("t.o");
	lab_torture("vmlinux", try);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(in_vmlinux),
		T(in_a_module),
		T(cold_parts_belong_to_it),
		T(what_is_not_understood),
		T(another_file_is_an_error),
		T(damaged_files),
	};

	return cmocka_run_group_tests_name("endless", tests, NULL, NULL);
}
