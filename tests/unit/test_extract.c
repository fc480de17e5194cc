// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stage extract on small files: tests/golden/extract/CASE/ holds
 *
 *	before.c, *.h, *.c  the unit and what it includes; compiled here, linked to a vmlinux
 *	fix.diff            the fix
 *	patch               what closure would say: "NAME", "NAME inlined OF", or
 *	                    "copied NAME inline|no-symbol|specialised|new", one a line
 *	policy              what its author decides otherwise; not there: nothing
 *	module              the unit is a module, x.ko (the file says so by being there)
 *	pointers            references are to be pointers, as by --externs kallsyms
 *	config              lines for the kernel's .config
 *	expect.c            the source that is made of it
 *	expect.refs         its references: link name, how, object, symbol, position
 *	expect.findings     what is said of it; not there: nothing
 *	expect.fidelity     each function whose code as built differs from the original's, and why;
 *	                    in isolation, all must be identical
 *
 * UPDATE=1 writes the last four anew; git diff shows what changed. ../env.h and ../env.c are
 * the rest of the kernel, ../other.c a module beside. CASE=NAME runs one.
 */
#include "extract/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "detect/detect.h"
#include "run/private.h"
#include "tests/unit/small_unit.h"

#define GOLDEN	  "tests/golden/extract"
#define MAX_CASES 200

/* What matters of the kernel's flags to what becomes of a function. */
static const char flags[] = "-std=gnu11 -Wall -Werror=strict-prototypes -fno-strict-aliasing "
			    "-fno-common -fno-PIE -mcmodel=kernel -fno-asynchronous-unwind-tables "
			    "-ffreestanding -pg -mfentry -mrecord-mcount -I.";

static struct small s;
static struct klp_error err;

static char *golden(const char *name, const char *file)
{
	char *path = klp_sprintf(s.arena, GOLDEN "/%s/%s", name, file), *text;
	size_t len;

	if (!klp_file_exists(path))
		return NULL;
	assert_int_equal(klp_file_read(s.arena, path, KLP_MAX_TEXT, &text, &len, &err), 0);
	return text;
}

static void link_object(const char *out, const char *a, const char *b)
{
	const char *const argv[] = { "ld", "-r", "-o", out, a, b, NULL };

	small_run(&s, argv);
}

/* The case's files, the rest of the kernel, and what a kernel build has besides objects. */
static struct klp_unit *build(const char *name)
{
	static const char module_flags[] =
		" -DMODULE -DKBUILD_MODFILE=\"%s\" -DKBUILD_MODNAME=\"%s\"";
	const char *more = klp_sprintf(s.arena, module_flags, "x", "x");
	bool module = golden(name, "module") != NULL;
	struct klp_strs files = {};
	struct klp_unit *unit;

	small_put(&s, "env.h", golden(".", "env.h"));
	small_put(&s, "env.c", golden(".", "env.c"));
	small_put(&s, "other.c", golden(".", "other.c"));
	small_put(&s, "modules.order", "x.ko\nother.ko\n");
	small_put(&s, "Module.symvers", golden(".", "Module.symvers"));
	small_put(&s, ".config",
		  klp_sprintf(s.arena, "CONFIG_LIVEPATCH=y\n%s",
			      golden(name, "config") ? golden(name, "config") : ""));
	for (int i = 0; i < 2; i++) {
		files = (struct klp_strs){};
		assert_int_equal(klp_find_files(s.arena, klp_sprintf(s.arena, GOLDEN "/%s", name),
						i ? ".h" : ".c", MAX_CASES, &files, &err),
				 0);
		for (size_t j = 0; j < files.n; j++)
			if (strcmp(files.v[j], "expect.c"))
				small_put(&s, strcmp(files.v[j], "before.c") ? files.v[j] : "x.c",
					  golden(name, files.v[j]));
	}
	unit = small_unit(&s, "x.c", klp_sprintf(s.arena, "%s%s", flags, module ? more : ""));
	small_compile(&s, small_unit(&s, "env.c", flags));
	small_compile(&s, unit);
	link_object("vmlinux", "env.o", module ? NULL : "x.o");
	if (module) {
		more = klp_sprintf(s.arena, module_flags, "other", "other");
		small_compile(&s,
			      small_unit(&s, "other.c", klp_sprintf(s.arena, "%s%s", flags, more)));
		link_object("other.ko", "other.o", NULL);
		link_object("x.ko", "x.o", NULL);
	}
	return unit;
}

static enum klp_copy_reason copy_reason(const char *name)
{
	for (int i = KLP_COPY_NO_SYMBOL; i <= KLP_COPY_ASKED; i++)
		if (!strcmp(klp_copy_reason_name((enum klp_copy_reason)i), name))
			return (enum klp_copy_reason)i;
	fail_msg("no reason '%s'", name);
	return KLP_COPY_NEW;
}

static void closure_line(char *line, struct klp_unit *unit, struct klp_closure *closure)
{
	char *word = strtok(line, " "), *kind = strtok(NULL, " "), *of = strtok(NULL, " ");
	struct klp_patched *p;
	struct klp_reason reason = { .kind = KLP_REASON_CHANGED, .of = word };

	if (!strcmp(word, "copied")) {
		struct klp_copied copied = { .symbol = kind,
					     .reason = copy_reason(of),
					     .unit = unit };

		copied.file = "x.c";
		klp_vec_push(s.arena, &closure->copied, copied);
		return;
	}
	if (kind) {
		assert_string_equal(kind, "inlined");
		reason.kind = KLP_REASON_INLINED;
		reason.of = of;
	}
	p = klp_vec_add(s.arena, &closure->patch);
	*p = (struct klp_patched){ .symbol = word, .unit = unit };
	p->object = klp_unit_object_name(unit);
	p->file = "x.c";
	klp_vec_push(s.arena, &p->reasons, reason);
}

static struct klp_closure closure_of(const char *name, struct klp_unit *unit)
{
	struct klp_closure closure = {};
	char *rest = golden(name, "patch"), *line;

	assert_non_null(rest);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			closure_line(line, unit, &closure);
	klp_closure_sort(&closure);
	return closure;
}

static struct klp_policy policy_of(const char *name)
{
	const char *text = golden(name, "policy");
	struct klp_policy policy = {};

	if (text && klp_policy_parse(s.arena, "policy", text, strlen(text), &policy, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	return policy;
}

struct outcome {
	char *text, *refs, *findings, *fidelity;
};

static void show(const struct klp_plan *plan, const struct klp_closure *closure,
		 const struct klp_findings *findings, struct outcome *ret)
{
	struct klp_buf refs, said;

	klp_buf_init(&refs, s.arena);
	klp_buf_init(&said, s.arena);
	for (size_t i = 0; i < plan->funcs.n; i++)
		klp_buf_addf(&refs, "replaces %s by %s\n", plan->funcs.v[i].old_name,
			     plan->funcs.v[i].new_name);
	for (size_t i = 0; i < closure->copied.n; i++)
		klp_buf_addf(&refs, "copies %s: %s, for %s\n", closure->copied.v[i].symbol,
			     klp_copy_reason_name(closure->copied.v[i].reason),
			     closure->copied.v[i].needed_by ? closure->copied.v[i].needed_by
							    : "none");
	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *r = &plan->refs.v[i];

		klp_buf_addf(&refs, "%s is %s %s:%s,%u, for %s\n", r->link_name,
			     klp_symref_how_name(r->how), r->object, r->symbol, r->sympos,
			     r->needed_by);
	}
	for (size_t i = 0; i < findings->n; i++) {
		const struct klp_finding *f = &findings->v[i];

		klp_buf_addf(&said, "%s:%u: %s: %s: %s\n", f->file ? f->file : "", f->line,
			     klp_severity_name(f->severity), f->code, f->message);
	}
	assert_int_equal(plan->sources.n, 1);
	assert_string_equal(plan->sources.v[0].file, "x.c");
	ret->text = klp_strdup(s.arena, plan->sources.v[0].text ? plan->sources.v[0].text : "");
	ret->refs = refs.p;
	ret->findings = said.p;
}

/* The proof says nothing of a text that was refused. */
static char *prove(const char *name, struct klp_tree *tree, const struct klp_closure *closure,
		   const struct klp_extract_opts *opts, const struct klp_plan *plan)
{
	const struct klp_prove_opts prove_opts = {
		.workdir = opts->workdir,
		.views = opts->views,
		.jobs = opts->jobs,
		.log = opts->log,
	};
	struct klp_prove_ahead *ahead = klp_prove_ahead_new(s.arena, &prove_opts);
	struct klp_fidelities list = {};
	struct klp_findings findings = {};
	struct klp_buf buf;

	klp_buf_init(&buf, s.arena);
	klp__fidelity_units(ahead, closure);
	klp__fidelity(s.arena, tree, closure, opts, plan, ahead, &list, &findings, &err);
	klp_prove_ahead_end(ahead);
	if (err.code)
		fail_msg("%s: %s", name, err.text);
	for (size_t i = 0; i < list.n; i++) {
		const struct klp_fidelity *f = &list.v[i];

		if (!f->isolated || !f->tokens || f->as_built != KLP_AS_BUILT_IDENTICAL)
			klp_buf_addf(&buf, "%s: isolated %s, as built %s, tokens %s: %s\n",
				     f->function, f->isolated ? "identical" : "differs",
				     klp_as_built_name(f->as_built),
				     f->tokens ? "identical" : "differ", f->why ? f->why : "");
	}
	for (size_t i = 0; i < findings.n; i++)
		klp_buf_addf(&buf, "%s: %s\n", findings.v[i].code, findings.v[i].message);
	if (!list.n && !findings.n)
		klp_buf_add(&buf, "nothing was compared\n");
	return buf.p;
}

/* with_proof: as a run with the proof does it, and with its outcome; else as one without does. */
static struct outcome extract(const char *name, bool with_proof)
{
	const struct klp_tree_opts where = { .ipa_dumps = s.dir };
	const char *work = klp_sprintf(s.arena, "%s/%s", s.work, with_proof ? "proof" : "no-proof");
	struct klp_detect_opts detect = { .jobs = 2, .workdir = work, .unpatched = with_proof };
	struct klp_extract_opts opts = { .name = "fix", .workdir = work, .jobs = 2 };
	struct klp_policy policy = policy_of(name);
	struct klp_detect_result detected = {};
	struct klp_findings findings = {};
	struct klp_closure closure, original;
	struct klp_symtabs symtabs;
	struct klp_plan plan = {};
	struct klp_tree tree = {};
	struct outcome outcome = { .fidelity = "" };
	struct klp_unit *unit;
	char *diff = klp_path_join(s.arena, s.work, "fix.diff"), *before;

	before = small_state(&s);
	assert_int_equal(klp_mkdirs(work, &err), 0);
	assert_int_equal(
		klp_file_copy(klp_sprintf(s.arena, GOLDEN "/%s/fix.diff", name), diff, &err), 0);
	klp_vec_push(s.arena, &detect.patches, diff);
	if (klp_tree_open(s.arena, &where, &tree, &err) < 0 ||
	    klp_tree_unit(&tree, "x.o", &unit, &err) < 0 ||
	    klp_detect(s.arena, &tree, &detect, &detected, &findings, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	closure = closure_of(name, unit);
	opts.after = &detected.after;
	opts.views = &detected.views;
	opts.symtabs = &symtabs;
	opts.pointers = golden(name, "pointers") != NULL;
	opts.policy = &policy;
	klp_symtabs_init(&symtabs, s.arena);
	original = klp__closure_copy(s.arena, &closure);
	if (klp_extract(s.arena, &tree, &closure, &opts, &plan, &findings, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	assert_string_equal(small_state(&s), before);
	for (size_t i = 0; i < policy.rules.n; i++)
		if (!policy.rules.v[i].used)
			fail_msg("%s: nothing used '%s'", name, policy.rules.v[i].text);
	show(&plan, &closure, &findings, &outcome);
	if (with_proof && !klp_findings_refuse(&findings))
		outcome.fidelity = prove(name, &tree, &original, &opts, &plan);
	return outcome;
}

/* The result next to the golden one, as diff(1) tells it. */
static bool same(const char *name, const char *file, const char *got)
{
	const char *path = klp_sprintf(s.arena, GOLDEN "/%s/%s", name, file);
	char *mine = klp_sprintf(s.arena, "%s/%s", s.work, file);
	const char *want = golden(name, file);
	const char *const argv[] = { "diff", "-u", want ? path : "/dev/null", mine, NULL };
	const struct klp_proc_opts opts = { .argv = argv };
	struct klp_proc_result result = {};

	if (!strcmp(want ? want : "", got))
		return true;
	if (getenv("UPDATE")) {
		if (*got)
			assert_int_equal(klp_file_write(path, got, strlen(got), &err), 0);
		else
			unlink(path);
		return true;
	}
	assert_int_equal(klp_file_write(mine, got, strlen(got), &err), 0);
	assert_int_equal(klp_proc_run(s.arena, &opts, &result, &err), 0);
	print_error("%s", result.out);
	return false;
}

static bool same_text(const char *name, const struct outcome *outcome)
{
	bool equal = same(name, "expect.c", outcome->text);

	equal = same(name, "expect.refs", outcome->refs) && equal;
	return same(name, "expect.findings", outcome->findings) && equal;
}

/* The version without the fix is parsed for the proof, and else where it matters: no matter. */
static void run_case(void **state)
{
	const char *name = *state;
	struct outcome outcome;
	bool equal;

	memset(&err, 0, sizeof(err));
	small_begin(&s);
	build(name);
	outcome = extract(name, true);
	equal = same_text(name, &outcome);
	equal = same(name, "expect.fidelity", outcome.fidelity) && equal;
	outcome = extract(name, false);
	equal = same_text(name, &outcome) && equal;
	small_end(&s);
	assert_true(equal);
}

int main(void)
{
	struct klp_arena *arena = klp_arena_new();
	struct CMUnitTest tests[MAX_CASES] = {};
	struct klp_strs cases = {};
	const char *only = getenv("CASE");
	size_t n = 0;
	int failed;

	if (klp_find_files(arena, GOLDEN, "before.c", MAX_CASES, &cases, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	for (size_t i = 0; i < cases.n; i++) {
		char *name = klp_path_dir(arena, cases.v[i]);

		if (only && strcmp(only, name))
			continue;
		tests[n++] = (struct CMUnitTest){
			.name = name,
			.test_func = run_case,
			.initial_state = name,
		};
	}
	failed = _cmocka_run_group_tests("extract", tests, n, NULL, NULL);
	klp_arena_free(arena);
	return failed || !n;
}
