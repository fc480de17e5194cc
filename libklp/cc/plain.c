// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/plain.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/map.h"

/*
 * default_unique_section() and default_function_section() in GCC's varasm.cc: a kind of section, a
 * dot, and the name of what is in it. The longer one of two kinds first. as: NULL for ".section
 * KIND".
 */
static const struct kind {
	const char *name, *as;
} kinds[] = {
	{ ".text.unlikely", NULL },  { ".text.startup", NULL },
	{ ".text.exit", NULL },	     { ".text.hot", NULL },
	{ ".text", "\t.text" },	     { ".data.rel.ro.local", NULL },
	{ ".data.rel.local", NULL }, { ".data.rel.ro", NULL },
	{ ".data.rel", NULL },	     { ".data", "\t.data" },
	{ ".bss", "\t.bss" },	     { ".rodata", "\t.section\t.rodata" },
};

struct line {
	const char *p;
	size_t n;
};

struct plain {
	struct klp_arena *arena;
	const char *end;
	struct klp_map made;   /* section -> the directive in its place, once it is known */
	struct klp_map global; /* symbols */
	struct klp_map own;    /* sections that the source names */
	struct klp_buf *out;
};

static struct line line_at(const struct plain *pl, const char *p)
{
	const char *end = memchr(p, '\n', (size_t)(pl->end - p));

	return (struct line){ p, (size_t)((end ? end : pl->end) - p) };
}

static const char *behind(const struct plain *pl, struct line line)
{
	return line.p + line.n < pl->end ? line.p + line.n + 1 : pl->end;
}

/* The rest of a line that begins so, up to one of `stop`; its p is NULL for another line. */
static struct line operand(struct line line, const char *directive, const char *stop)
{
	size_t n = strlen(directive);

	if (line.n < n || memcmp(line.p, directive, n) != 0)
		return (struct line){};
	line.p += n;
	line.n -= n;
	for (size_t i = 0; i < line.n; i++)
		if (strchr(stop, line.p[i]))
			line.n = i;
	return line;
}

static bool equal(struct line line, const char *s, size_t n)
{
	return line.n == n && !memcmp(line.p, s, n);
}

/* Where the next section begins, nothing of this one is left. */
static bool leaves_section(struct line line)
{
	return operand(line, "\t.section\t", "").p || equal(line, "\t.text", 6) ||
	       equal(line, "\t.data", 6) || equal(line, "\t.bss", 5);
}

/* The label behind a section's directive, without the ':'. */
static struct line first_label(const struct plain *pl, const char *p)
{
	while (p < pl->end) {
		struct line line = line_at(pl, p);

		if (leaves_section(line))
			break;
		if (line.n && line.p[0] != '\t' && line.p[line.n - 1] == ':')
			return (struct line){ line.p, line.n - 1 };
		p = behind(pl, line);
	}
	return (struct line){};
}

/* What the section is named after is what it holds; the compiler's own labels have no such name. */
static bool is_named_after(struct line name, struct line label)
{
	static const char cold[] = ".cold";
	size_t n = sizeof(cold) - 1;

	if (!label.p)
		return false;
	if (label.n > 2 && !memcmp(label.p, ".L", 2))
		return true;
	return equal(label, name.p, name.n) ||
	       (label.n == name.n + n && !memcmp(label.p, name.p, name.n) &&
		!memcmp(label.p + name.n, cold, n));
}

static const struct kind *kind_of(struct line section, struct line *ret_name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t n = strlen(kinds[i].name);

		if (section.n <= n + 1 || memcmp(section.p, kinds[i].name, n) != 0 ||
		    section.p[n] != '.')
			continue;
		*ret_name = (struct line){ section.p + n + 1, section.n - n - 1 };
		return &kinds[i];
	}
	return NULL;
}

/*
 * What the linker merges: ".rodata.f.str1.8" holds strings of f; without sections for data it is
 * ".rodata.str1.8", as it is with them where no function is known.
 */
static const char *of_constants(struct klp_arena *arena, struct line name, struct line flags)
{
	for (size_t i = name.n; i-- > 1;)
		if (name.p[i] == '.' &&
		    (!strncmp(name.p + i, ".str", 4) || !strncmp(name.p + i, ".cst", 4)))
			return klp_sprintf(arena, "\t.section\t.rodata%.*s%.*s", (int)(name.n - i),
					   name.p + i, (int)flags.n, flags.p);
	return NULL;
}

/*
 * Without sections for data a static variable of zeros is a local common one. p: the line
 * behind the directive. Gives the end of the block, or NULL for what isn't one.
 */
static const char *zeros(struct plain *pl, const char *p, struct line name)
{
	struct line line = line_at(pl, p), align, size, label;

	align = operand(line, "\t.align ", "");
	if (align.p)
		line = line_at(pl, behind(pl, line));
	if (!equal(operand(line, "\t.type\t", ","), name.p, name.n))
		return NULL;
	line = line_at(pl, behind(pl, line));
	size = operand(line, "\t.size\t", "");
	if (size.n <= name.n + 2 || memcmp(size.p, name.p, name.n) != 0)
		return NULL;
	size.p += name.n + 2;
	size.n -= name.n + 2;
	label = line_at(pl, behind(pl, line));
	if (label.n != name.n + 1 || memcmp(label.p, name.p, name.n) != 0)
		return NULL;
	line = line_at(pl, behind(pl, label));
	klp_buf_addf(pl->out, "\t.local\t%.*s\n\t.comm\t%.*s,%.*s,%.*s\n", (int)name.n, name.p,
		     (int)name.n, name.p, (int)size.n, size.p, align.p ? (int)align.n : 1,
		     align.p ? align.p : "1");
	return operand(line, "\t.zero\t", "").p ? behind(pl, line) : line.p;
}

/* A section that isn't known yet: the directive in its place, or NULL where it stays. */
static const char *directive_for(struct plain *pl, struct line section, struct line flags,
				 const char *rest)
{
	const struct kind *kind;
	struct line name;

	kind = kind_of(section, &name);
	if (!kind || klp_map_getn(&pl->own, section.p, section.n))
		return NULL;
	if (flags.n > 4 && !memcmp(flags.p, ",\"aM", 4))
		return of_constants(pl->arena, name, flags);
	if (!is_named_after(name, first_label(pl, rest)))
		return NULL;
	return kind->as ? kind->as
			: klp_sprintf(pl->arena, "\t.section\t%s%.*s", kind->name, (int)flags.n,
				      flags.p);
}

/* The directive's line; gives where to go on. Flags are said when a section is first named. */
static const char *write_section(struct plain *pl, struct line line)
{
	struct line section = operand(line, "\t.section\t", ","), name;
	const char *rest = behind(pl, line), *as, *end = NULL;
	struct line flags = { section.p + section.n,
			      (size_t)(line.p + line.n - section.p) - section.n };
	void **known = klp_map_slotn(&pl->made, section.p, section.n);

	if (*known) {
		klp_buf_addf(pl->out, "%s\n", (const char *)*known);
		return rest;
	}
	as = directive_for(pl, section, flags, rest);
	if (!as)
		as = klp_sprintf(pl->arena, "%.*s", (int)line.n, line.p);
	*known = (void *)(uintptr_t)as;
	if (!strcmp(as, "\t.bss") && kind_of(section, &name) &&
	    !klp_map_getn(&pl->global, name.p, name.n))
		end = zeros(pl, rest, name);
	if (!end)
		klp_buf_addf(pl->out, "%s\n", as);
	return end ? end : rest;
}

/*
 * Of the compiler, which doesn't always say #NO_APP first: it goes over to the cold part of a
 * function where an asm statement ends the other one, a section that it has named before, and to
 * the strings of a function.
 */
static bool begins_section(const struct plain *pl, struct line line, bool asm_statement)
{
	struct line section = operand(line, "\t.section\t", ","), name;
	const char *end = line.p + line.n;

	if (!section.p || !asm_statement)
		return section.p;
	if (klp_map_getn(&pl->made, section.p, section.n))
		return true;
	return end - section.p > (ptrdiff_t)section.n + 4 &&
	       !memcmp(section.p + section.n, ",\"aM", 4) && kind_of(section, &name);
}

static void note_global(struct plain *pl, struct line line)
{
	struct line name = operand(line, "\t.globl\t", "");

	if (!name.p)
		name = operand(line, "\t.weak\t", "");
	if (name.p)
		*klp_map_slotn(&pl->global, name.p, name.n) = pl;
}

/* Strings that could be a section's name, of the source. */
static void note_own(struct plain *pl, const char *source, size_t len)
{
	const char *end = source + len, *p = source, *close;

	while ((p = memmem(p, (size_t)(end - p), "\".", 2))) {
		p++;
		close = memchr(p, '"', (size_t)(end - p));
		if (!close)
			break;
		*klp_map_slotn(&pl->own, p, (size_t)(close - p)) = pl;
		p = close;
	}
}

void klp_cc__plain(struct klp_arena *arena, const char *source, size_t source_len, const char *text,
		   size_t len, struct klp_buf *out)
{
	struct plain pl = { .arena = arena, .end = text + len, .out = out };
	bool asm_statement = false;

	klp_map_init(&pl.made, arena);
	klp_map_init(&pl.global, arena);
	klp_map_init(&pl.own, arena);
	note_own(&pl, source, source_len);
	for (const char *p = text; p < pl.end;) {
		struct line line = line_at(&pl, p);

		if (equal(line, "#APP", 4))
			asm_statement = true;
		if (equal(line, "#NO_APP", 7))
			asm_statement = false;
		note_global(&pl, line);
		if (begins_section(&pl, line, asm_statement)) {
			p = write_section(&pl, line);
			continue;
		}
		p = behind(&pl, line);
		klp_buf_addn(out, line.p, (size_t)(p - line.p));
	}
}
