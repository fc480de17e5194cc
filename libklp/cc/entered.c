// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/entered.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "parsers/ctoken.h"

/*
 * `# 12 "NAME" 1 3`: flag 1 begins a file, 2 goes back to one (GCC manual, "Preprocessor Output").
 */
struct marker {
	unsigned long line;
	const char *name; /* of it: as it stands in the quotes */
	size_t len;
	bool enters, returns;
};

static bool read_marker(const char *p, const char *end, struct marker *ret)
{
	const char *name, *last;
	char *behind;

	if (end - p < 5 || p[0] != '#' || p[1] != ' ' || p[2] < '0' || p[2] > '9')
		return false;
	ret->line = strtoul(p + 2, &behind, 10);
	name = behind + 2;
	if (name > end || behind[0] != ' ' || behind[1] != '"')
		return false;
	last = memrchr(name, '"', (size_t)(end - name));
	if (!last)
		return false;
	ret->name = name;
	ret->len = (size_t)(last - name);
	ret->enters = end - last >= 3 && !memcmp(last, "\" 1", 3);
	ret->returns = end - last >= 3 && !memcmp(last, "\" 2", 3);
	return true;
}

struct open {
	int index; /* in `entered` */
	const char *name;
};

struct reading {
	struct klp_arena *arena;
	const char *cwd;
	const struct klp_cut *cut;
	const char *source; /* the head's own file */
	struct klp_cc_entereds *entered;
	KLP_VEC(, struct open) open; /* the files that are being read */
	bool lost;
};

/* Blanks within a directive, which may go on in the next line. */
static const char *behind_blanks(const char *p, const char *end)
{
	while (p < end && (isspace((unsigned char)*p) || *p == '\\'))
		p++;
	return p;
}

/* Where the operand of an #include stands, or a comment in front of it. */
static uint32_t operand_of(const struct klp_cut *cut, const struct klp_cppline *line)
{
	const char *end = cut->text + line->to;
	const char *p = behind_blanks(cut->text + line->from + 1, end);

	while (p < end && (isalpha((unsigned char)*p) || *p == '_'))
		p++;
	return (uint32_t)(behind_blanks(p, end) - cut->text);
}

/*
 * The operand of the #include that ends in front of a line of the head's own file, in which the
 * directives stand one behind the other.
 */
static bool include_before(const struct klp_cut *cut, unsigned long behind, uint32_t *ret)
{
	unsigned long number = 1;

	for (size_t i = cut->first; i < cut->n && number < behind; i++) {
		const struct klp_cppline *line = &cut->lines.v[i];

		for (size_t at = line->from; at < line->to; at++)
			number += cut->text[at] == '\n';
		number++;
		if (number == behind && line->kind == KLP_CPP_INCLUDE) {
			*ret = operand_of(cut, line);
			return true;
		}
	}
	return false;
}

static void enter(struct reading *r, const char *name)
{
	const char *path = klp_path_join(r->arena, r->cwd, name);
	int from = r->open.n ? r->open.v[r->open.n - 1].index : KLP_CC_SOURCE;

	klp_vec_push(r->arena, &r->open, (struct open){ (int)r->entered->n, name });
	klp_vec_push(r->arena, r->entered,
		     (struct klp_cc_entered){ klp_path_clean(r->arena, path), from, 0 });
}

/* Where the source, or the command line, has included a file is told when it goes on. */
static void leave(struct reading *r, unsigned long line, const char *name)
{
	struct klp_cc_entered *e;

	if (!r->open.n) {
		r->lost = true;
		return;
	}
	e = &r->entered->v[r->open.v[--r->open.n].index];
	if (r->open.n)
		r->lost = strcmp(name, r->open.v[r->open.n - 1].name) != 0;
	else if (!strcmp(name, "<command-line>"))
		e->from = KLP_CC_COMMAND_LINE;
	else
		r->lost = strcmp(name, r->source) != 0 || !include_before(r->cut, line, &e->at);
}

/* Another line of the same file. A #line tells another name, by which nobody knows the file. */
static void go_on(struct reading *r, const char *name)
{
	r->lost = r->open.n && strcmp(name, r->open.v[r->open.n - 1].name) != 0;
}

bool klp_cc__entered(struct klp_arena *arena, const char *cwd, const struct klp_cut *cut,
		     const char *source, const char *text, size_t len, struct klp_cc_entereds *ret)
{
	struct reading r = {
		.arena = arena,
		.cwd = cwd,
		.cut = cut,
		.source = source,
		.entered = ret,
	};
	const char *end = text + len, *eol;

	for (const char *line = text; line < end && !r.lost; line = eol + 1) {
		struct marker m;
		char *name;

		eol = memchr(line, '\n', (size_t)(end - line));
		if (!eol)
			break;
		if (*line != '#' || !read_marker(line, eol, &m))
			continue;
		name = klp_tok_marker_name(arena, m.name, m.len);
		if (m.enters)
			enter(&r, name);
		else if (m.returns)
			leave(&r, m.line, name);
		else
			go_on(&r, name);
	}
	return !r.lost && !r.open.n;
}
