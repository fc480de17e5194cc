// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/file.h"
#include "model/plan_check.h"
#include "report/report.h"

static int setup(void **state)
{
	*state = klp_arena_new();
	return 0;
}

static int teardown(void **state)
{
	klp_arena_free(*state);
	return 0;
}

static struct klp_unit unit = { .object = "fs/x.o", .source = "fs/x.c" };

/* A run over one unit that did everything. */
static struct klp_report sample(struct klp_arena *arena)
{
	struct klp_report r = { .name = "fix", .last = KLP_STAGE_VERIFY };
	struct klp_patched p = { .object = "vmlinux",
				 .symbol = "g",
				 .sympos = 2,
				 .file = "fs/x.c",
				 .line = 30,
				 .unit = &unit };
	struct klp_finding *f;

	klp_vec_push(arena, &r.changed,
		     (struct klp_change){ "f", "fs/x.c", 10, KLP_MODIFIED, &unit });
	klp_vec_push(arena, &p.reasons,
		     (struct klp_reason){ KLP_REASON_INLINED, "f", "fs/x.c.000i.ipa-clones:3" });
	klp_vec_push(arena, &r.closure.patch, p);
	klp_vec_push(arena, &r.closure.copied,
		     (struct klp_copied){ "h", "fs/x.c", KLP_COPY_NO_SYMBOL, "g", &unit });
	klp_vec_push(arena, &r.plan.refs,
		     (struct klp_symref){ "klpe_s", "vmlinux", "s", 3, "vmlinux", KLP_HOW_RELOC,
					  "g" });
	f = klp_finding_add(arena, &r.findings, KLP_WARNING, "KLP-TEST", "'%s' is odd", "g");
	f->symbol = "g";
	f->file = "fs/x.c";
	f->line = 30;
	f->hint = "look at it";
	r.module = "/somewhere/out/fix.ko";
	r.ms[KLP_STAGE_DETECT] = 12.6;
	return r;
}

static json_t *parse(const char *text)
{
	json_error_t je;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &je);

	if (!json)
		fail_msg("%s at line %d of %s", je.text, je.line, text);
	return json;
}

/* The keys of an object in the order of the text, joined by spaces. */
static const char *keys(struct klp_arena *arena, json_t *o)
{
	char *all = klp_strdup(arena, "");
	const char *key;
	json_t *value;

	json_object_foreach(o, key, value) all =
		klp_sprintf(arena, "%s%s%s", all, *all ? " " : "", key);
	return all;
}

static const char *str(json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static json_t *first(json_t *root, const char *key)
{
	json_t *array = json_object_get(root, key);

	assert_int_equal(json_array_size(array), 1);
	return json_array_get(array, 0);
}

static void report_follows_the_contract(void **state)
{
	struct klp_report r = sample(*state);
	char *text = klp_report_json(*state, &r);
	json_t *root = parse(text), *o;

	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_string_equal(keys(*state, root), "version name result stage module changed patch "
						"copied externs findings proof upgrade timing_ms");
	assert_int_equal(json_integer_value(json_object_get(root, "version")), 1);
	assert_string_equal(str(root, "result"), "module");
	assert_string_equal(str(root, "module"), "fix.ko");

	o = first(root, "changed");
	assert_string_equal(keys(*state, o), "function file line kind unit");
	assert_string_equal(str(o, "kind"), "modified");
	o = first(root, "patch");
	assert_string_equal(keys(*state, o), "object symbol sympos file line reasons unit");
	assert_int_equal(json_integer_value(json_object_get(o, "sympos")), 2);
	assert_string_equal(str(o, "unit"), "fs/x.o");
	o = first(o, "reasons");
	assert_string_equal(keys(*state, o), "kind of evidence");
	assert_string_equal(str(o, "kind"), "inlined");
	o = first(root, "copied");
	assert_string_equal(str(o, "reason"), "no-symbol");
	assert_string_equal(str(o, "needed_by"), "g");
	o = first(root, "externs");
	assert_string_equal(keys(*state, o), "object symbol sympos needed_by how");
	assert_string_equal(str(o, "how"), "klp-reloc");
	o = first(root, "findings");
	assert_string_equal(keys(*state, o), "code severity symbol file line message hint");
	assert_string_equal(str(o, "severity"), "warning");
	o = json_object_get(root, "proof");
	assert_int_equal(json_integer_value(json_object_get(o, "compiled_units")), 0);
	o = json_object_get(root, "timing_ms");
	assert_string_equal(keys(*state, o),
			    "detect closure check extract render build convert verify");
	assert_int_equal(json_integer_value(json_object_get(o, "detect")), 13);
	json_decref(root);
}

static void report_says_how_it_ended(void **state)
{
	struct klp_report r = sample(*state);
	json_t *root;

	r.refused = true;
	r.last = KLP_STAGE_CHECK;
	r.module = NULL;
	root = parse(klp_report_json(*state, &r));
	assert_string_equal(str(root, "result"), "refused");
	assert_string_equal(keys(*state, json_object_get(root, "timing_ms")),
			    "detect closure check");
	assert_true(json_is_null(json_object_get(root, "module")));
	json_decref(root);

	r.refused = false;
	root = parse(klp_report_json(*state, &r));
	assert_string_equal(str(root, "result"), "stopped");
	json_decref(root);

	r.nothing_to_do = true;
	root = parse(klp_report_json(*state, &r));
	assert_string_equal(str(root, "result"), "nothing-to-do");
	json_decref(root);
}

static void unknown_places_are_null(void **state)
{
	struct klp_findings findings = {};
	json_t *root;

	klp_finding_add(*state, &findings, KLP_NOTE, "KLP-N", "text");
	root = parse(klp_findings_json(*state, &findings));
	assert_true(json_is_null(json_object_get(first(root, "findings"), "file")));
	assert_true(json_is_null(json_object_get(first(root, "findings"), "hint")));
	json_decref(root);
}

static void findings_are_found(void **state)
{
	struct klp_findings findings = {};
	struct klp_finding *f;

	klp_finding_add(*state, &findings, KLP_NOTE, "KLP-A", "about nothing");
	klp_finding_add(*state, &findings, KLP_NOTE, "KLP-B", "x")->symbol = "f";
	klp_finding_add(*state, &findings, KLP_NOTE, "KLP-A", "x")->symbol = "f";
	f = &findings.v[2];
	assert_ptr_equal(klp_findings_about(&findings, "KLP-A", "f"), f);
	assert_null(klp_findings_about(&findings, "KLP-A", "g"));
	assert_null(klp_findings_about(&findings, "KLP-C", "f"));
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
	struct klp_findings findings = {};
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "a\xff.c", "a\xef\xbf\xbd.c" },
		{ "\xc3\xa9\xc3", "\xc3\xa9\xef\xbf\xbd" }, /* cut short at the end */
		{ "\xed\xa0\x80x", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx" }, /* a surrogate */
		{ "\xf0\x9f\x90\xa7\xfe", "\xf0\x9f\x90\xa7\xef\xbf\xbd" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *root;

		findings.n = 0;
		klp_finding_add(*state, &findings, KLP_NOTE, "KLP-N", "x")->file = cases[i].in;
		root = parse(klp_findings_json(*state, &findings));
		assert_string_equal(str(first(root, "findings"), "file"), cases[i].out);
		json_decref(root);
	}
}

static void stage_artifacts_hold_their_part(void **state)
{
	static const char *const wanted[KLP_NSTAGES] = {
		"version name stage changed findings",
		"version name stage patch copied findings",
		"version name stage patch copied findings",
		"version name stage copied externs findings proof",
		"version name stage findings",
		"version name stage findings",
		"version name stage findings",
		"version name stage findings proof",
	};
	struct klp_report r = sample(*state);

	for (int i = 0; i < KLP_NSTAGES; i++) {
		json_t *root = parse(klp_report_stage_json(*state, &r, (enum klp_stage)i));

		assert_string_equal(keys(*state, root), wanted[i]);
		assert_string_equal(str(root, "stage"), klp_stage_name((enum klp_stage)i));
		json_decref(root);
	}
}

static const char *put(struct klp_arena *arena, const char *text)
{
	struct klp_error err = {};
	char *dir, *path;

	assert_int_equal(klp_tmpdir_new(arena, &dir, &err), 0);
	path = klp_path_join(arena, dir, "file.json");
	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
	return path;
}

static void drop(struct klp_arena *arena, const char *path)
{
	klp_rmtree(klp_path_dir(arena, path));
}

static void our_reports_are_known(void **state)
{
	static const struct {
		const char *text;
		bool ours;
	} cases[] = {
		{ "{\"version\": 1, \"name\": \"fix\"}", true },
		{ "{\"version\": 7, \"name\": \"fix\", \"more\": []}", true },
		{ "{\"version\": \"1\", \"name\": \"fix\"}", false },
		{ "{\"version\": 1}", false },
		{ "[1]", false },
		{ "", false },
		{ "{", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *path = put(*state, cases[i].text);

		assert_int_equal(klp_report_is_ours(path), cases[i].ours);
		drop(*state, path);
		assert_false(klp_report_is_ours(path));
	}
}

static struct klp_plan plan(struct klp_arena *arena)
{
	struct klp_plan p = { .name = "fix" };
	struct klp_plan_source s = { .file = "fs_x.c", .text = "int x;\n", .unit = &unit };

	klp_vec_push(arena, &p.funcs, (struct klp_plan_func){ "vmlinux", "g.isra.0", 2, "klpp_g" });
	klp_vec_push(arena, &p.refs,
		     (struct klp_symref){ "klpe_count", "ext4", "count.3", 0, "ext4", KLP_HOW_RELOC,
					  "g" });
	klp_vec_push(arena, &p.refs,
		     (struct klp_symref){ "printk", "vmlinux", "printk", 0, "vmlinux",
					  KLP_HOW_EXPORT, NULL });
	klp_vec_push(arena, &s.cflags, "-I$(srctree)/fs");
	klp_vec_push(arena, &s.cflags_remove, "-pg");
	klp_vec_push(arena, &p.sources, s);
	p.no_replace = true;
	klp_vec_push(arena, &p.states, ((struct klp_table_state){ UINT64_C(1) << 40, 3 }));
	klp_vec_push(arena, &p.callbacks,
		     ((struct klp_plan_callbacks){ "ext4", { "pre_patch_ext4", NULL, "undo" } }));
	klp_vec_push(arena, &p.fixes, "1-fix.diff");
	klp_vec_push(arena, &p.written,
		     ((struct klp_plan_file){ "x.c", klp_plan_sum(arena, "int x;\n", 7) }));
	return p;
}

static void plan_comes_back_as_it_went(void **state)
{
	struct klp_plan out = plan(*state), in = {};
	const char *text = klp_plan_json(*state, &out);
	const char *path = put(*state, text);
	struct klp_error err = {};

	assert_int_equal(klp_plan_read(*state, path, &in, &err), 0);
	assert_string_equal(klp_plan_json(*state, &in), text);
	assert_string_equal(in.funcs.v[0].old_name, "g.isra.0");
	assert_int_equal(in.refs.v[1].how, KLP_HOW_EXPORT);
	assert_null(in.refs.v[1].needed_by);
	assert_null(in.sources.v[0].text);
	assert_true(in.no_replace);
	assert_int_equal(in.states.v[0].id, UINT64_C(1) << 40);
	assert_null(in.callbacks.v[0].functions[KLP_POST_PATCH]);
	assert_string_equal(in.callbacks.v[0].functions[KLP_PRE_UNPATCH], "undo");
	assert_string_equal(in.fixes.v[0], "1-fix.diff");
	/* the well-known test of FNV-1a: of "" the basis */
	assert_string_equal(klp_plan_sum(*state, "", 0), "cbf29ce484222325");
	assert_string_equal(klp_plan_sum(*state, "a", 1), "af63dc4c8601ec8c");
	drop(*state, path);
}

/* One that was written before there was any of that. */
static void a_plan_may_lack_what_came_later(void **state)
{
	const char *path =
		put(*state, "{\"version\": 1, \"name\": \"fix\", \"funcs\": [], \"refs\": [], "
			    "\"sources\": []}");
	struct klp_plan in = {};
	struct klp_error err = {};

	assert_int_equal(klp_plan_read(*state, path, &in, &err), 0);
	assert_false(in.no_replace);
	assert_int_equal(in.states.n + in.callbacks.n + in.fixes.n + in.written.n, 0);
	drop(*state, path);
}

/* Of a plan with n fixes, and blanks behind it up to a size. */
static int read_of_size(struct klp_arena *arena, size_t n, size_t size, struct klp_plan *ret,
			struct klp_error *err)
{
	struct klp_buf buf;
	const char *path;
	int rc;

	klp_buf_init(&buf, arena);
	klp_buf_add(&buf, "{\"version\": 1, \"name\": \"fix\", \"funcs\": [], \"refs\": [], "
			  "\"sources\": [], \"fixes\": [");
	for (size_t i = 0; i < n; i++)
		klp_buf_addf(&buf, "%s\"%zu.diff\"", i ? "," : "", i);
	klp_buf_add(&buf, "]}");
	while (buf.len < size)
		klp_buf_add(&buf, "\n");
	path = put(arena, buf.p);
	*err = (struct klp_error){};
	*ret = (struct klp_plan){};
	rc = klp_plan_read(arena, path, ret, err);
	drop(arena, path);
	return rc;
}

static void a_plan_is_bounded(void **state)
{
	const size_t bytes = (size_t)16 << 20;
	struct klp_error err;
	struct klp_plan in;

	assert_int_equal(read_of_size(*state, 65536, 0, &in, &err), 0);
	assert_int_equal(in.fixes.n, 65536);
	assert_int_equal(read_of_size(*state, 65537, 0, &in, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "65536"));
	assert_int_equal(read_of_size(*state, 1, bytes, &in, &err), 0);
	assert_int_equal(read_of_size(*state, 1, bytes + 1, &in, &err), KLP_EINPUT);
	assert_non_null(err.hint);
}

#define HEAD "{\"version\": 1, \"name\": \"fix\", "
#define FUNCS(o, old, pos, new)                                                   \
	"\"funcs\": [{\"object\": " o ", \"old_name\": " old ", \"sympos\": " pos \
	", \"new_name\": " new "}]"
#define REF(link, o, s, pos, so, how)                                                      \
	"{\"link_name\": " link ", \"object\": " o ", \"symbol\": " s ", \"sympos\": " pos \
	", \"section_object\": " so ", \"how\": " how ", \"needed_by\": \"g\"}"
#define NOREFS	  ", \"refs\": [], \"sources\": []}"
#define REFS(...) HEAD "\"funcs\": [], \"refs\": [" __VA_ARGS__ "], \"sources\": []}"
#define MORE(s)	  HEAD "\"funcs\": [], \"refs\": [], \"sources\": [], " s "}"
#define SOURCE(s) HEAD "\"funcs\": [], \"refs\": [], \"sources\": [" s "]}"

static void hostile_plans_are_refused(void **state)
{
	static const struct {
		const char *json, *says;
	} cases[] = {
		{ "{", "no valid JSON" },
		{ "[]", "'version' of the plan" },
		{ "{\"version\": 2}", "'version' of the plan" },
		{ "{\"version\": 1, \"version\": 1}", "no valid JSON" },
		{ "{\"version\": 1, \"name\": 5}", "'name' of the plan" },
		{ "{\"version\": 1, \"name\": \"a/b\", \"funcs\": []" NOREFS,
		  "'a/b' is no name of a" },
		{ "{\"version\": 1, \"name\": \"livepatch\", \"funcs\": []" NOREFS,
		  "can't be called" },
		{ "{\"version\": 1, \"name\": \"a\\u0000b\", \"funcs\": []" NOREFS,
		  "no valid JSON" },
		{ HEAD "\"funcs\": {}" NOREFS, "'funcs' of the plan" },
		{ HEAD "\"funcs\": [7]" NOREFS, "'object' of a function" },
		{ HEAD FUNCS("\"vm.linux\"", "\"f\"", "0", "\"klpp_f\"") NOREFS,
		  "'vm.linux' is no" },
		{ HEAD FUNCS("\"fix\"", "\"f\"", "0", "\"klpp_f\"") NOREFS,
		  "has the name of a module" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f,1\"", "0", "\"klpp_f\"") NOREFS,
		  "'f,1' is no symbol" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f\\n\"", "0", "\"klpp_f\"") NOREFS, "is no symbol" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f\\\"\"", "0", "\"klpp_f\"") NOREFS,
		  "is no symbol" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f\"", "1000", "\"klpp_f\"") NOREFS,
		  "'sympos' of a" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f\"", "-1", "\"klpp_f\"") NOREFS, "'sympos' of a" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f\"", "1.0", "\"klpp_f\"") NOREFS, "'sympos' of a" },
		{ HEAD FUNCS("\"vmlinux\"", "\"f\"", "0", "\"klpp-f\"") NOREFS,
		  "'klpp-f' is no C id" },
		{ REFS(REF("\"9a\"", "\"vmlinux\"", "\"s\"", "0", "\"vmlinux\"", "\"export\"")),
		  "'9a' is no C identifier" },
		{ REFS(REF("\".klp.sym.rela.x.x.s,0\"", "\"x\"", "\"s\"", "0", "\"x\"",
			   "\"kallsyms\"")),
		  "s,0' is no C identifier" },
		{ REFS(REF("\".klp.sym.rela.x.x.s\\\",0\"", "\"x\"", "\"s\"", "0", "\"x\"",
			   "\"klp-reloc\"")),
		  "is no C identifier" },
		{ REFS(REF("\"a\"", "\"\"", "\"s\"", "0", "\"vmlinux\"", "\"export\"")),
		  "'' is no name of vmlinux" },
		{ REFS(REF("\"a\"", "\"vmlinux\"", "\"s\"", "0", "\"x,y\"", "\"klp-reloc\"")),
		  "'x,y' is no name of vmlinux" },
		{ REFS(REF("\"a\"", "\"vmlinux\"", "\"s\"", "0", "\"ext4\"", "\"magic\"")),
		  "'how' of a reference" },
		{ REFS(REF("\"a\"", "\"vmlinux\"", "\"s\"", "0", "\"ext4\"",
			   "\"klp-reloc\"") "," REF("\"a\"", "\"vmlinux\"", "\"t\"", "0",
						    "\"ext4\"", "\"klp-reloc\"")),
		  "stands for two symbols" },
		{ SOURCE("{\"file\": \"../x.c\", \"cflags\": [], \"cflags_remove\": []}"),
		  "'../x.c' is no name of a C file" },
		{ SOURCE("{\"file\": \"fix.c\", \"cflags\": [], \"cflags_remove\": []}"),
		  "is taken" },
		{ SOURCE("{\"file\": \"x.c\", \"cflags\": [1], \"cflags_remove\": []}"),
		  "'cflags' of a source" },
		{ SOURCE("{\"file\": \"x.c\", \"cflags\": [\"-a\\n\"], \"cflags_remove\": []}"),
		  "is no compiler option" },
		{ MORE("\"replace\": 1"), "'replace' of the plan" },
		{ MORE("\"states\": [{\"id\": 0, \"version\": 1}]"), "a state's id is 0" },
		{ MORE("\"states\": [{\"id\": 1, \"version\": 4294967296}]"),
		  "'version' of a state" },
		{ MORE("\"callbacks\": [{\"object\": \"vmlinux\", \"pre_patch\": \"f(); g\"}]"),
		  "is no C identifier" },
		{ MORE("\"callbacks\": [{\"object\": \"a/b\"}]"), "is no name of vmlinux" },
		{ MORE("\"fixes\": [\"../fix.diff\"]"), "is no name of a diff" },
		{ MORE("\"written\": [{\"file\": \"/etc/x\", \"sum\": \"\"}]"),
		  "is no name of a file" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *path = put(*state, cases[i].json);
		struct klp_plan in = { .name = "untouched" };
		struct klp_error err = {};

		if (klp_plan_read(*state, path, &in, &err) >= 0)
			fail_msg("accepted: %s", cases[i].json);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: says '%s'", cases[i].json, err.text);
		assert_string_equal(err.file, path);
		assert_string_equal(in.name, "untouched");
		drop(*state, path);
	}
}

static void symbol_names_are_bounded(void **state)
{
	char name[KLP_MAX_SYMBOL + 2];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_false(klp_is_symbol(name));
	assert_false(klp_is_identifier(name));
	assert_false(klp_is_object(name));
	name[KLP_MAX_SYMBOL] = '\0';
	assert_true(klp_is_symbol(name));
	assert_true(klp_is_identifier(name));
	name[KLP_MAX_OBJECT] = '\0';
	assert_true(klp_is_object(name));
	assert_true(klp_is_module_name(name));
	assert_false(klp_is_module_name("Fix"));
	assert_false(klp_is_source_name(".c"));
	assert_false(klp_is_source_name("-o.c"));
	assert_false(klp_is_source_name("a b.c"));
	assert_true(klp_is_source_name("fs_ext4_super-2.c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(report_follows_the_contract, setup, teardown),
		cmocka_unit_test_setup_teardown(report_says_how_it_ended, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_places_are_null, setup, teardown),
		cmocka_unit_test_setup_teardown(findings_are_found, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_that_are_no_utf8_are_replaced, setup,
						teardown),
		cmocka_unit_test_setup_teardown(stage_artifacts_hold_their_part, setup, teardown),
		cmocka_unit_test_setup_teardown(our_reports_are_known, setup, teardown),
		cmocka_unit_test_setup_teardown(plan_comes_back_as_it_went, setup, teardown),
		cmocka_unit_test_setup_teardown(a_plan_may_lack_what_came_later, setup, teardown),
		cmocka_unit_test_setup_teardown(a_plan_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(hostile_plans_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(symbol_names_are_bounded, setup, teardown),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
