// SPDX-License-Identifier: GPL-2.0-or-later
#include "convert/convert.h"

#include "parsers/symvers.h"
#include "tests/unit/lab.h"

static struct klp_tree tree;
static struct klp_plan plan;
static struct klp_convert_opts opts;

static void export(const char *symbol, const char *module)
{
	struct klp_export *e = klp_new(arena, struct klp_export);

	*e = (struct klp_export){ symbol, module, "EXPORT_SYMBOL", "", 0 };
	klp_map_put(&tree.exports, symbol, e);
}

static void ref(const char *link_name, const char *object, const char *symbol, unsigned int pos)
{
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ link_name, object, symbol, pos, object, KLP_HOW_RELOC,
					  "klpp_f" });
}

static int setup(void **state)
{
	int r = lab_setup(state);

	tree = (struct klp_tree){ .arena = arena, .build = lab, .release = "6.1.170" };
	klp_map_init(&tree.exports, arena);
	opts = (struct klp_convert_opts){ .plan = &plan, .tree = &tree };
	plan = (struct klp_plan){ .name = "fix" };
	klp_vec_push(arena, &plan.funcs, (struct klp_plan_func){ "vmlinux", "f", 0, "klpp_f" });
	klp_vec_push(arena, &plan.funcs, (struct klp_plan_func){ "ext4", "g", 0, "klpp_g" });
	export("printk", "vmlinux");
	export("jbd2_start", "fs/jbd2/jbd2");
	return r;
}

static const char text[] =
	"extern int printk(const char *, ...); extern int klpe_helper(int); extern int "
	"klpe_count;\n"
	"extern int klpe_ext4_do(int); extern int weak_one(void) __attribute__((weak));\n"
	"extern int klpe_unused; extern char klpe_key;\n"
	"extern int klpe_table_fn(int);\n"
	"int (*const table[])(int) = { klpe_table_fn, klpe_ext4_do };\n"
	"int klpp_f(int x) { printk(\"x\"); klpe_count += 5; return klpe_helper(x) + klpe_count; "
	"}\n"
	"int klpp_g(int x)\n"
	"{\n"
	"	if (weak_one) weak_one();\n"
	"	return klpe_ext4_do(x) + klpe_helper(x) + printk(\"y\");\n"
	"}\n"
	"asm(\".globl klpe_unused\");\n";

static void planned(void)
{
	ref("klpe_helper", "vmlinux", "helper", 2);
	ref("klpe_count", "vmlinux", "count.3", 0);
	ref("klpe_table_fn", "vmlinux", "table_fn", 0);
	ref("klpe_ext4_do", "ext4", "ext4_do.isra.0", 0);
	ref("klpe_unused", "vmlinux", "unused", 0);
	ref("klpe_absent", "vmlinux", "absent", 0);
}

static void put_plain(const char *more, const char *flags)
{
	lab_cc("c.o", klp_sprintf(arena, "%s%s", text, more), flags);
	lab_run("ld -r -o in.ko c.o");
}

static struct klp_convert_stats convert(const char *in, const char *out)
{
	struct klp_convert_stats stats = {};
	struct klp_error err = {};

	if (klp_convert(arena, lab_path(in), lab_path(out), &opts, &stats, &err) < 0)
		fail_msg("%s (%s)", err.text, err.hint);
	return stats;
}

static bool has(const char *haystack, const char *needle)
{
	return strstr(haystack, needle) != NULL;
}

/* The line of a text that holds both parts. */
static const char *line(const char *out, const char *a, const char *b)
{
	while (*out) {
		char *l = klp_strndup(arena, out, strcspn(out, "\n"));

		if (strstr(l, a) && strstr(l, b))
			return l;
		out += strlen(l) + (out[strlen(l)] == '\n');
	}
	fail_msg("no line with '%s' and '%s'", a, b);
	return NULL;
}

/* The relocations of one section, as readelf prints them. */
static const char *relocations(const char *file, const char *section)
{
	const char *out = lab_run(klp_sprintf(arena, "readelf -rW %s", file));
	const char *at = strstr(out, klp_sprintf(arena, "section '%s'", section));
	const char *end;

	if (!at)
		fail_msg("no section '%s' in:\n%s", section, out);
	end = strstr(at, "\n\n");
	return end ? klp_strndup(arena, at, (size_t)(end - at)) : at;
}

static size_t count(const char *haystack, const char *needle)
{
	size_t n = 0;

	while ((haystack = strstr(haystack, needle))) {
		n++;
		haystack += strlen(needle);
	}
	return n;
}

static void references_become_livepatch_ones(void **state)
{
	struct klp_convert_stats stats;
	const char *symbols, *sections, *relas;

	(void)state;
	put_plain("", "");
	planned();
	stats = convert("in.ko", "out.ko");
	assert_int_equal(stats.symbols, 5);
	assert_int_equal(stats.sections.n, 4);
	symbols = lab_run("readelf -sW out.ko");
	assert_true(has(line(symbols, ".klp.sym.vmlinux.helper,2", "GLOBAL"), "OS [0xff20]"));
	line(symbols, ".klp.sym.vmlinux.count.3,0", "OS [0xff20]");
	line(symbols, ".klp.sym.ext4.ext4_do.isra.0,0", "OS [0xff20]");
	line(symbols, ".klp.sym.vmlinux.unused,0", "OS [0xff20]");
	line(symbols, " printk", "UND");
	line(symbols, " weak_one", "UND");
	assert_false(has(symbols, "klpe_"));
	sections = lab_run("readelf -SW out.ko");
	line(sections, ".klp.rela.vmlinux..text", " AIo ");
	line(sections, ".klp.rela.vmlinux..rodata", " AIo ");
	line(sections, ".klp.rela.ext4..text", "RELA");
	line(sections, ".klp.rela.ext4..rodata", "RELA");
	relas = relocations("out.ko", ".klp.rela.vmlinux..text");
	assert_int_equal(count(relas, "helper,2"), 2);
	assert_int_equal(count(relas, "R_X86_64"), count(relas, ".klp.sym.vmlinux."));
	relas = relocations("out.ko", ".klp.rela.ext4..text");
	assert_int_equal(count(relas, ".klp.sym.ext4.ext4_do.isra.0,0"), 1);
	assert_int_equal(count(relas, "R_X86_64"), 1);
	assert_false(has(relocations("out.ko", ".rela.text"), ".klp.sym"));
	assert_true(has(relocations("out.ko", ".rela.text"), "printk"));
}

/* Every relocation is still there once, at its offset, of its type, with its addend. */
static void nothing_is_lost(void **state)
{
	const char *before, *after;
	unsigned int moved;

	(void)state;
	put_plain("", "-g -ffunction-sections");
	planned();
	moved = convert("in.ko", "out.ko").relocations;
	before = lab_run("readelf -rW in.ko");
	after = lab_run("readelf -rW out.ko");
	assert_int_equal(count(before, "R_X86_64_"), count(after, "R_X86_64_"));
	assert_int_equal(count(before, " klpe_"), count(after, " .klp.sym."));
	assert_int_equal(moved, count(before, " klpe_"));
	for (const char *p = strstr(before, "R_X86_64_PLT32"); p;
	     p = strstr(p + 1, "R_X86_64_PLT32")) {
		/* offset, symbol index and type; only the symbol's name may change */
		char *entry = klp_strndup(arena, p - 35, 35 + 14);

		assert_true(has(after, entry));
	}
}

/* The few complaints that the format itself causes; any other one is a fault of ours. */
static void eu_elflint_has_nothing_else_to_say(void **state)
{
	const char *lint;

	(void)state;
	put_plain("", LAB_TRACED);
	export("__fentry__", "vmlinux");
	planned();
	convert("in.ko", "out.ko");
	lint = lab_lint("out.ko");
	for (const char *p = lint; *p;) {
		char *l = klp_strndup(arena, p, strcspn(p, "\n"));

		p += strlen(l) + (p[strlen(l)] == '\n');
		if (!*l || (strstr(l, "invalid section index") && strstr(l, "(.klp.sym.")) ||
		    (strstr(l, "unknown flag(s) 0x100000") && strstr(l, "'.klp.rela.")) ||
		    strstr(lab_lint("in.ko"), l))
			continue;
		fail_msg("%s", l);
	}
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	(void)state;
	put_plain("", "");
	planned();
	convert("in.ko", "one.ko");
	convert("in.ko", "two.ko");
	lab_run("cmp one.ko two.ko");
}

/* Expects an error, and no output: its text and hint. */
static const char *refusal(void)
{
	struct klp_convert_stats stats = {};
	struct klp_error err = {};

	assert_true(klp_convert(arena, lab_path("in.ko"), lab_path("out.ko"), &opts, &stats, &err) <
		    0);
	assert_string_equal(err.stage, "convert");
	assert_string_not_equal(err.hint, "");
	assert_false(klp_file_exists(lab_path("out.ko")));
	assert_int_equal(stats.symbols, 0);
	return klp_sprintf(arena, "%s %s", err.text, err.hint);
}

/* It holds all of the words ... */
static void refused(const char *words)
{
	const char *all = refusal();
	char *save = NULL;

	for (char *w = strtok_r(klp_strdup(arena, words), " ", &save); w;
	     w = strtok_r(NULL, " ", &save))
		if (!strstr(all, w))
			fail_msg("no '%s' in: %s", w, all);
}

/* ... or the phrase. */
static void refused_with(const char *phrase)
{
	const char *all = refusal();

	if (!strstr(all, phrase))
		fail_msg("no '%s' in: %s", phrase, all);
}

static void unplanned_references_are_refused(void **state)
{
	(void)state;
	put_plain("extern int klpe_helpers(int);\n"
		  "int klpp_user(int x) { return klpe_helpers(x); }\n",
		  "");
	planned();
	refused("'klpe_helpers' 'klpp_user' undefined plan");
}

static void candidates_are_named(void **state)
{
	(void)state;
	put_plain("extern int klpe_printk(int), helper(int);\n"
		  "int klpp_user(int x) { return klpe_printk(x); }\n",
		  "");
	planned();
	refused("'klpe_printk' 'klpp_user' 'printk', exported vmlinux");
	put_plain("extern int helper(int);\nint klpp_user(int x) { return helper(x); }\n", "");
	refused("'helper' 'klpp_user' 'klpe_helper', planned 'helper' vmlinux");
}

static void exports_of_modules_are_refused(void **state)
{
	(void)state;
	put_plain("extern int jbd2_start(int);\nint klpp_j(int x) { return jbd2_start(x); }\n", "");
	planned();
	refused("'jbd2_start' 'klpp_j' 'fs/jbd2/jbd2' 'klpe_jbd2_start'");
}

static void a_build_without_exports_is_named_as_such(void **state)
{
	(void)state;
	put_plain("", "");
	planned();
	klp_map_init(&tree.exports, arena);
	refused("'printk' 'klpp_f' Module.symvers");
}

#define JUMP_ENTRY                                                                 \
	"int klpp_s(int x)\n{\n"                                                   \
	"	asm(\"1: nop\\n.pushsection __jump_table, \\\"aw\\\"\\n.balign 8\\n\"\n" \
	"	    \".long 1b - ., 1b - .\\n.quad klpe_key - .\\n.popsection\");\n"     \
	"	return x;\n}\n"

static void early_sections_may_refer_to_vmlinux_only(void **state)
{
	(void)state;
	put_plain(JUMP_ENTRY, "");
	planned();
	ref("klpe_key", "ext4", "the_key", 0);
	refused("'klpp_s' 'the_key' 'ext4' '__jump_table' static_key_enabled()");
	plan.refs.v[plan.refs.n - 1].object = "vmlinux";
	plan.refs.v[plan.refs.n - 1].section_object = "vmlinux";
	convert("in.ko", "out.ko");
	assert_true(has(relocations("out.ko", ".klp.rela.vmlinux.__jump_table"), "the_key,0"));
}

/* A site in a function that is inlined in klpp_s, as macros of the kernel make them. */
static void refused_site(const char *section, const char *entry, const char *symbol,
			 const char *words)
{
	size_t before = count(text, "\n"); /* lines above site() */

	put_plain(klp_sprintf(arena,
			      "static inline __attribute__((always_inline)) void site(void)\n{\n"
			      "	asm volatile(\"1: nop\\n.pushsection %s, \\\"aw\\\"\\n\"\n"
			      "	    \"%s\\n.popsection\");\n}\n"
			      "int klpp_s(int x)\n{\n	site();\n	return x;\n}\n",
			      section, entry),
		  "-g");
	plan.refs.n = 0;
	planned();
	ref("klpe_key", "ext4", symbol, 0);
	refused(klp_sprintf(arena,
			    "'klpp_s' (c.c:%zu: inlined site() at c.c:%zu) '%s' 'ext4' '%s' %s",
			    before + 8, before + 3, symbol, section, words));
}

/* Function, line, what was inlined, key, and how the source spells it. */
static void early_references_are_explained(void **state)
{
	static const char jump[] = ".balign 8\\n.long 1b - ., 1b - .\\n.quad klpe_key - .";
	static const char call[] = ".balign 4\\n.long 1b - ., klpe_key - .";

	(void)state;
	refused_site("__jump_table", jump, "the_key",
		     "static_branch_likely(&the_key) static_key_enabled()");
	refused_site("__jump_table", jump, "__tracepoint_ext4_sync",
		     "trace_ext4_sync() __traceiter_EVENT()");
	refused_site(".static_call_sites", call, "__SCK__ext4_call",
		     "static_call(ext4_call) static_call_query()");
	refused_site(".static_call_sites", call, "__SCK__tp_func_ext4_sync",
		     "trace_ext4_sync() __traceiter_EVENT()");
	refused_site(".altinstructions", call, "ext4_do", "plain form");
	refused_site(".parainstructions", call, "ext4_do", "plain form");
	refused_site("__bug_table", call, "ext4_do", "without the construct");
	refused_site("__ex_table", call, "ext4_do", "without the construct");
	refused_site(".orc_unwind_ip", call, "ext4_do", "without the construct");
	/* without debug information it is said how to be told more */
	put_plain(JUMP_ENTRY, "");
	refused("'klpp_s' '__jump_table' debug information");
}

/* What a macro makes of a line is told by the headers that the unit was made of. */
static void macros_on_the_way_are_named(void **state)
{
	/* in site.h there is code, in the others nothing but macros; what is jumped to counts for
	 * nothing */
	static const char site[] =
		"#include \"switch.h\"\n"
		"#define keyed() ON(&the_key)\n"
		"static inline __attribute__((always_inline)) void site(void)\n{\n"
		"	asm volatile(\"1: nop\\n.pushsection __jump_table, \\\"aw\\\"\\n\"\n"
		"	    \".balign 8\\n.long 1b - ., elsewhere - .\\n.quad klpe_key - .\\n\"\n"
		"	    \".popsection\");\n}\n"
		"static inline __attribute__((always_inline)) int check(void)\n"
		"{ return outer(1); }\n",
			  one[] = "#ifndef NEVER\n#define ON(key) site()\n#endif\n"
				  "#include <deep/outer.h>\n",
			  outer[] = "#define outer(keyed) (\\\n	inner(keyed), 1)\n"
				    "#define inner(x) keyed()\n#define made_of(x) ON(&x##_key)\n";
	const struct {
		const char *statement, *words;
	} cases[] = {
		{ "return outer(\n1);", ": macro outer, macro inner, macro keyed, inlined site()" },
		{ "return check();", ": inlined check() at inc/site.h:10, macro outer, macro inner,"
				     " macro keyed, inlined site() at inc/site.h:5)" },
		{ "made_of(the); return 1;", ": macro made_of, inlined site()" },
		/* the key is there to be seen */
		{ "ON(&the_key); return 1;", ": inlined site()" },
	};
	size_t line = count(text, "\n") + 4;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		lab_put("inc/site.h", site, sizeof(site) - 1);
		lab_put("inc/switch.h", one, sizeof(one) - 1);
		lab_put("inc/deep/outer.h", outer, sizeof(outer) - 1);
		put_plain(klp_sprintf(arena,
				      "#include <site.h>\nint klpp_s(int x)\n{\n	%s\n}\n"
				      "void elsewhere(void) {}\n",
				      cases[i].statement),
			  "-g -Iinc");
		plan.refs.n = 0;
		planned();
		ref("klpe_key", "ext4", "the_key", 0);
		refused_with(klp_sprintf(arena, "'klpp_s' (c.c:%zu%s", line, cases[i].words));
	}
	/* without the headers the line is left, and what was inlined */
	klp_rmtree(lab_path("inc"));
	refused_with(klp_sprintf(arena, "(c.c:%zu: inlined site() at inc/site.h:5)", line));
	lab_run("mkdir inc");
	lab_run("mkfifo inc/site.h");
	refused_with(klp_sprintf(arena, "(c.c:%zu: inlined site() at inc/site.h:5)", line));
}

/* Before 5.8 references to vmlinux were resolved as late as those to modules. */
static void old_kernels_resolve_all_late(void **state)
{
	(void)state;
	put_plain(JUMP_ENTRY, "");
	planned();
	ref("klpe_key", "vmlinux", "the_key", 0);
	tree.release = "5.7.19";
	refused("'klpp_s' 'the_key' 'vmlinux' '__jump_table'");
	tree.release = "5.8.0";
	convert("in.ko", "out.ko");
}

static void who_resolves_must_fit(void **state)
{
	(void)state;
	put_plain("", "");
	planned();
	plan.refs.v[0].section_object = "ext4";
	refused("'helper' 'vmlinux' 'ext4' section_object");
	plan.refs.v[0].section_object = "vmlinux";
	plan.refs.v[3].section_object = "vmlinux";
	refused("'ext4_do.isra.0' 'vmlinux' section_object");
	/* another module's symbol may be resolved when the patched module arrives */
	plan.refs.v[3].section_object = "jbd2";
	convert("in.ko", "out.ko");
	relocations("out.ko", ".klp.rela.jbd2..text");
}

static void other_inputs_are_refused(void **state)
{
	char *data, *with;
	size_t len;

	(void)state;
	put_plain("", "");
	planned();
	convert("in.ko", "out.ko");
	lab_run("mv out.ko in.ko");
	refused("converted already Kbuild");
	put_plain("", "");
	data = lab_get("in.ko", &len);
	with = klp_alloc(arena, len + 64);
	memcpy(with, data, len);
	strcpy(with + len, "~Module signature appended~\n");
	lab_put("in.ko", with, len + strlen(with + len));
	refused("signed CONFIG_MODULE_SIG_ALL");
}

static void definitions_are_no_references(void **state)
{
	struct klp_convert_stats stats;
	struct klp_error err = {};

	(void)state;
	put_plain("int klpe_absent;\n", "");
	planned();
	assert_true(klp_convert(arena, lab_path("in.ko"), lab_path("out.ko"), &opts, &stats, &err) <
		    0);
	assert_true(has(err.text, "defines 'klpe_absent'"));
}

static void try_convert(const char *path)
{
	struct klp_convert_stats stats;
	struct klp_error err = {};

	if (klp_convert(arena, path, lab_path("out.ko"), &opts, &stats, &err) < 0)
		assert_string_not_equal(err.text, "");
}

static void hostile_files_do_no_harm(void **state)
{
	(void)state;
	put_plain(JUMP_ENTRY, "");
	planned();
	ref("klpe_key", "ext4", "the_key", 0);
	lab_torture("in.ko", try_convert);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(references_become_livepatch_ones),
		T(nothing_is_lost),
		T(eu_elflint_has_nothing_else_to_say),
		T(the_same_input_gives_the_same_bytes),
		T(unplanned_references_are_refused),
		T(candidates_are_named),
		T(exports_of_modules_are_refused),
		T(a_build_without_exports_is_named_as_such),
		T(early_sections_may_refer_to_vmlinux_only),
		T(early_references_are_explained),
		T(macros_on_the_way_are_named),
		T(old_kernels_resolve_all_late),
		T(who_resolves_must_fit),
		T(other_inputs_are_refused),
		T(definitions_are_no_references),
		T(hostile_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
