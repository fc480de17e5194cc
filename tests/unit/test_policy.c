// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct klp_arena *arena;
static struct klp_error err;
static struct klp_policy policy;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&policy, 0, sizeof(policy));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_arena_free(arena);
	return 0;
}

static int parse(const char *text)
{
	memset(&err, 0, sizeof(err));
	return klp_policy_parse(arena, "x.policy", text, strlen(text), &policy, &err);
}

static void every_rule_is_read(void **state)
{
	const struct klp_policy_rule *r;

	(void)state;
	if (parse("# what this livepatch does otherwise\n"
		  "copy note_cost\n"
		  "\n"
		  "  reference\tnote_len@notes.c   # 3 users : it has a symbol\r\n") == 0)
		fail_msg("a comment behind a rule isn't one");
	if (parse("# what this livepatch does otherwise\n"
		  "copy note_cost\n"
		  "\n"
		  "  reference\tnote_len@notes.c : it has: a symbol\r\n"
		  "leave-out note_erase@fs/notes.c: nobody erases #1\n"
		  "name note_read klpp_note_get\n"
		  "include <linux/list.h>\n"
		  "accept KLP-LOCK-CHANGED note.isra.0: both orders are fine\n"
		  "accept KLP-NO-STATE: nothing stays"))
		fail_msg("%u: %s", err.line, err.text);
	assert_int_equal(policy.rules.n, 7);
	assert_string_equal(policy.name, "x.policy");
	r = policy.rules.v;
	assert_int_equal(r[0].kind, KLP_POLICY_COPY);
	assert_string_equal(r[0].subject, "note_cost");
	assert_null(r[0].file);
	assert_null(r[0].reason);
	assert_int_equal(r[0].line, 2);
	assert_int_equal(r[1].kind, KLP_POLICY_REFERENCE);
	assert_string_equal(r[1].subject, "note_len");
	assert_string_equal(r[1].file, "notes.c");
	assert_string_equal(r[1].reason, "it has: a symbol");
	assert_string_equal(r[1].text, "reference note_len@notes.c");
	assert_int_equal(r[2].kind, KLP_POLICY_LEAVE_OUT);
	assert_string_equal(r[2].reason, "nobody erases #1");
	assert_int_equal(r[3].kind, KLP_POLICY_NAME);
	assert_string_equal(r[3].object, "klpp_note_get");
	assert_int_equal(r[4].kind, KLP_POLICY_INCLUDE);
	assert_string_equal(r[4].subject, "<linux/list.h>");
	assert_int_equal(r[5].kind, KLP_POLICY_ACCEPT);
	assert_string_equal(r[5].subject, "KLP-LOCK-CHANGED");
	assert_string_equal(r[5].object, "note.isra.0");
	assert_null(r[6].object);
	assert_int_equal(r[6].line, 9);
}

/* Each with its line, and what to write instead. */
static void what_is_no_rule_is_named(void **state)
{
	static const struct {
		const char *line, *says;
	} bad[] = {
		{ "leave_out note_read: x", "there is no rule 'leave_out'" },
		{ ": x", "there is no rule" },
		{ "copy", "this is no 'copy'" },
		{ "copy a b", "this is no 'copy'" },
		{ "copy a b c", "this is no 'copy'" },
		{ "copy a.isra.0", "names no function" },
		{ "copy a@", "names no function" },
		{ "copy @a.c", "names no function" },
		{ "leave-out note_read", "'leave-out' needs a reason" },
		{ "leave-out note_read:  ", "'leave-out' needs a reason" },
		{ "accept KLP-NO-STATE", "'accept' needs a reason" },
		{ "accept NO-STATE: x", "this is no 'accept'" },
		{ "accept KLP-: x", "this is no 'accept'" },
		{ "accept klp-no-state: x", "this is no 'accept'" },
		{ "name a", "begins with 'klpp_'" },
		{ "name a b", "begins with 'klpp_'" },
		{ "name a klpp_", "begins with 'klpp_'" },
		{ "name a klpp_b-c", "begins with 'klpp_'" },
		{ "include linux/list.h", "this is no 'include'" },
		{ "include \"notes.h\"", "this is no 'include'" },
		{ "include </etc/passwd.h>", "this is no 'include'" },
		{ "include <../x.h>", "this is no 'include'" },
		{ "include <x.h>\\n#error", "this is no 'include'" },
		{ "include <x>", "this is no 'include'" },
		{ "copy a: \033[2J", "a control character" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		int rc = parse(klp_sprintf(arena, "copy fine\n\n%s\n", bad[i].line));

		if (rc != KLP_EINPUT || !strstr(err.text, bad[i].says))
			fail_msg("'%s' gives %d '%s'", bad[i].line, rc, err.text);
		assert_string_equal(err.file, "x.policy");
		assert_int_equal(err.line, 3);
		assert_true(err.hint[0]);
	}
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_policy_parse(arena, "x", "copy a: x\0y", 11, &policy, &err),
			 KLP_EINPUT);
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_policy_parse(arena, "x", "\0", 1, &policy, &err), KLP_EINPUT);
}

static void rules_that_collide_are_refused(void **state)
{
	static const char *const bad[] = {
		"copy a\ncopy a: b",
		"copy a\nreference a",
		"reference a@x.c\ncopy a",
		"name a klpp_a\nname a klpp_b",
		"accept KLP-NO-CODE a: b\naccept KLP-NO-CODE a: c",
		"include <a.h>\ninclude <a.h>",
	};
	static const char *const good[] = {
		"copy a@x.c\nreference a@y.c",
		"leave-out a: b\ncopy a",
		"accept KLP-NO-CODE a: b\naccept KLP-NO-CODE: c",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(parse(bad[i]), KLP_EINPUT);
		assert_int_equal(err.line, 2);
		assert_non_null(strstr(err.text, "in line 1 already"));
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (parse(good[i]))
			fail_msg("'%s': %s", good[i], err.text);
}

static void sizes_are_bounded(void **state)
{
	char *text = klp_strdup(arena, ""), *line = klp_alloc(arena, KLP_POLICY_MAX_LINE + 20);

	(void)state;
	memset(line, 'x', KLP_POLICY_MAX_LINE + 10);
	memcpy(line, "copy a: ", 8);
	assert_int_equal(parse(line), KLP_EINPUT);
	assert_non_null(strstr(err.text, "too long"));
	/* a comment may be as long as it likes */
	line[0] = '#';
	assert_int_equal(parse(line), 0);
	for (int i = 0; i <= KLP_POLICY_MAX_RULES; i++)
		text = klp_sprintf(arena, "%scopy f%d\n", text, i);
	assert_int_equal(parse(text), KLP_EINPUT);
	assert_int_equal(err.line, KLP_POLICY_MAX_RULES + 1);
}

static void files_tell_functions_apart(void **state)
{
	(void)state;
	assert_int_equal(parse("copy a@notes.c\ncopy b\nleave-out a@fs/notes.c: x\nname c "
			       "klpp_any\nname c@x.c klpp_x"),
			 0);
#define FINDS(kind, function, file, unit) klp_policy_find(&policy, kind, function, file, unit)
	assert_ptr_equal(FINDS(KLP_POLICY_COPY, "a", "fs/notes.c", NULL), &policy.rules.v[0]);
	assert_ptr_equal(FINDS(KLP_POLICY_COPY, "a", "fs/x.h", "fs/notes.c"), &policy.rules.v[0]);
	assert_null(FINDS(KLP_POLICY_COPY, "a", "fs/footnotes.c", NULL));
	assert_null(FINDS(KLP_POLICY_COPY, "a", NULL, NULL));
	assert_ptr_equal(FINDS(KLP_POLICY_COPY, "b", NULL, NULL), &policy.rules.v[1]);
	assert_ptr_equal(FINDS(KLP_POLICY_LEAVE_OUT, "a", "fs/notes.c", NULL), &policy.rules.v[2]);
	assert_null(FINDS(KLP_POLICY_LEAVE_OUT, "a", "notes.c", NULL));
	assert_null(FINDS(KLP_POLICY_REFERENCE, "a", "fs/notes.c", NULL));
	assert_ptr_equal(FINDS(KLP_POLICY_NAME, "c", "fs/x.c", NULL), &policy.rules.v[4]);
	assert_ptr_equal(FINDS(KLP_POLICY_NAME, "c", "fs/y.c", NULL), &policy.rules.v[3]);
	assert_null(klp_policy_find(NULL, KLP_POLICY_COPY, "a", NULL, NULL));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(every_rule_is_read),
		T(what_is_no_rule_is_named),
		T(rules_that_collide_are_refused),
		T(sizes_are_bounded),
		T(files_tell_functions_apart),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
