// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/small_unit.h"
#include "tu/flags.h"

static struct small s;
static struct klp_error err;
static struct klp_tu_record record;

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

/* x.c holds the text, x.h the header that it may include. */
static void look(const char *name, const char *text, const char *header)
{
	const struct klp_overlay *overlay = NULL;
	struct klp_tu_problem problem = {};
	struct klp_tu tu = {};
	struct klp_unit *unit;
	char *preamble;

	small_put(&s, "x.c", text);
	if (header)
		small_put(&s, "x.h", header);
	unit = small_unit(&s, "x.c", "-I.");
	if (klp_tu_preamble(s.arena, unit, s.work, &overlay, 1, &preamble, &err) < 0 ||
	    klp_tu_parse(s.arena, unit, NULL, preamble, NULL, &tu, &problem, &err) < 0 ||
	    klp_tu_record(s.arena, &tu, NULL, name, &record, &err) < 0)
		fail_msg("%s", err.text);
	if (problem.text)
		fail_msg("%s:%u: %s", problem.file, problem.line, problem.text);
}

static void has_fields(const char *want)
{
	struct klp_buf all;

	klp_buf_init(&all, s.arena);
	for (size_t i = 0; i < record.fields.n; i++) {
		const struct klp_tu_field *f = &record.fields.v[i];

		klp_buf_addf(&all, "%s: %s%s%s%s\n", f->path, f->unnamed ? "" : f->declaration,
			     f->bits ? " bits" : "", f->unnamed ? " unnamed" : "",
			     f->sized ? "" : " unsized");
	}
	assert_string_equal(all.p, want);
}

static void has_uses(const char *want)
{
	static const char *const words[] = { "named", "read", "address", "written" };
	struct klp_buf all;

	klp_buf_init(&all, s.arena);
	for (size_t i = 0; i < record.uses.n; i++) {
		const struct klp_tu_use *u = &record.uses.v[i];

		klp_buf_addf(&all, "%s:%u %s %s %s\n", u->file, u->line,
			     u->function ? u->function : "-", u->path, words[u->access]);
	}
	assert_string_equal(all.p, want);
}

static void has_objects(const char *want)
{
	static const char *const words[] = { "allocated", "freed", "static", "automatic",
					     "copied" };
	struct klp_buf all;

	klp_buf_init(&all, s.arena);
	for (size_t i = 0; i < record.objects.n; i++) {
		const struct klp_tu_object *o = &record.objects.v[i];

		klp_buf_addf(&all, "%u %s %s by %s\n", o->line, o->function ? o->function : "-",
			     words[o->what], o->by);
	}
	assert_string_equal(all.p, want);
}

static void members_are_declared(void **state)
{
	(void)state;
	look("note",
	     "typedef unsigned int u32;\nstruct list;\n#define SIZE 64\n"
	     "struct note { u32 a, *b; char text[SIZE], grid[2][3]; const struct list *next;\n"
	     "\tint (*op)(int, u32); void (*ops[4])(void); int (*row)[7]; unsigned int bit : 1;\n"
	     "\tstruct { int x; } at; union { int i; long l; }; __typeof__(int) t; char end[]; };\n"
	     "struct other { int a; };\n",
	     NULL);
	assert_true(record.found);
	assert_false(record.is_union);
	assert_string_equal(record.type, "struct note");
	has_fields("a: u32 a\nb: u32 *b\ntext: char text[64]\ngrid: char grid[2][3]\n"
		   "next: const struct list *next\nop: int (*op)(int, u32)\n"
		   "ops: void (*ops[4])(void)\nrow: int (*row)[7]\nbit: unsigned int bit bits\n"
		   "at:  unnamed\nat.x: int x\ni: int i\n"
		   "l: long l\nt:  unnamed\nend: char end[] unsized\n");
}

static void structs_within_belong_to_it(void **state)
{
	static const char text[] =
		"struct apart { int p; };\n"
		"struct outer { struct inner { int x; struct { int y; } deep; } in; struct apart "
		"o; };\n"
		"typedef struct { int z; } note_t;\nunion u { int i; };\nstruct declared;\n"
		"static int f(struct outer *o, note_t *n) { return o->in.x + o->in.deep.y + n->z; "
		"}\n"
		"int (*keep)(struct outer *, note_t *) = f;\n";

	(void)state;
	look("outer", text, NULL);
	assert_string_equal(record.fields.v[1].path, "in.x");
	assert_string_equal(record.fields.v[3].path, "in.deep.y");
	assert_string_equal(record.fields.v[4].path, "o");
	assert_int_equal(record.fields.n, 5);
	assert_string_equal(record.uses.v[0].path, "in.x");
	look("inner", text, NULL);
	assert_true(record.found);
	look("note_t", text, NULL);
	assert_string_equal(record.type, "note_t");
	has_uses("x.c:6 f z read\n");
	look("u", text, NULL);
	assert_true(record.is_union);
	look("declared", text, NULL);
	assert_false(record.found);
	look("nothing", text, NULL);
	assert_false(record.found);
}

static void uses_are_told_apart(void **state)
{
	(void)state;
	look("note",
	     "#include \"x.h\"\n"
	     "#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))\n"
	     "#define TWICE(x) ((x) + (x))\n"
	     "#define SEEN(n) ((n)->seen)\n"
	     "extern int sink(const char *);\n"
	     "struct other { int seen; };\n"
	     "struct note first = { .seen = 1 };\n"
	     "int reads(struct note *n) { return n->seen; }\n"
	     "void writes(struct note *n) { n->seen = 1; }\n"
	     "void adds(struct note *n) { n->seen += 2; }\n"
	     "int counts(struct note *n) { return n->seen++; }\n"
	     "int *points(struct note *n) { return &n->seen; }\n"
	     "int passes(struct note *n) { return sink(n->text); }\n"
	     "int element(struct note *n) { return n->text[1]; }\n"
	     "void to_element(struct note *n) { (n->text)[1] = 0; }\n"
	     "int size(struct note *n) { return sizeof(n->seen); }\n"
	     "void once(struct note *n) { WRITE_ONCE(n->seen, 3); }\n"
	     "int twice(struct note *n) { return TWICE(n->seen); }\n"
	     "int by_macro(struct note *n) { return SEEN(n); }\n"
	     "int anothers(struct other *o) { return o->seen; }\n"
	     "int branch(struct note n) { if (n.seen) return 1; return !n.seen; }\n",
	     "struct note { int seen; char text[8]; };\n"
	     "static inline int in_header(struct note *n) { return n->seen; }\n");
	has_uses(
		"x.h:2 in_header seen read\nx.c:7 - seen named\nx.c:8 reads seen read\n"
		"x.c:9 writes seen written\n"
		"x.c:10 adds seen written\nx.c:11 counts seen written\nx.c:12 points seen address\n"
		"x.c:13 passes text address\nx.c:14 element text read\n"
		"x.c:15 to_element text written\nx.c:16 size seen named\nx.c:17 once seen address\n"
		"x.c:18 twice seen read\nx.c:19 by_macro seen read\nx.c:21 branch seen read\n"
		"x.c:21 branch seen read\n");
}

static void objects_come_and_go(void **state)
{
	(void)state;
	look("note",
	     "struct note { int seen; };\nstruct other { int a; };\n"
	     "void *kzalloc(unsigned long size, int gfp);\nvoid kfree(const void *p);\n"
	     "void kmem_cache_free(void *cache, void *p);\nint sink(struct note *n);\n"
	     "static struct note notes[4];\nextern struct note elsewhere;\n"
	     "struct note *make(void) { struct note *n = kzalloc(sizeof(*n), 0); return n; }\n"
	     "struct note *make2(void) { return (struct note *)kzalloc(4, 0); }\n"
	     "void *other(void) { struct other *o = kzalloc(4, 0); return o; }\n"
	     "void drop(struct note *n) { kfree(n); }\n"
	     "void drop2(void *c, struct note *n) { kmem_cache_free(c, n); }\n"
	     "void drop_other(struct other *o) { kfree(o); }\n"
	     "int on_stack(void) { struct note n = { 1 }; return sink(&n); }\n"
	     "void copies(int i) { notes[i] = notes[i + 1]; }\n"
	     "void copies_one(int i) { notes[i].seen = notes[i + 1].seen; }\n",
	     NULL);
	has_objects(
		"7 - static by notes\n9 make allocated by kzalloc\n10 make2 allocated by kzalloc\n"
		"12 drop freed by kfree\n13 drop2 freed by kmem_cache_free\n"
		"15 on_stack automatic by n\n16 copies copied by =\n");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(members_are_declared),
		T(structs_within_belong_to_it),
		T(uses_are_told_apart),
		T(objects_come_and_go),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
