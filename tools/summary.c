// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"

#include <stdlib.h>
#include <string.h>

#include "common.h"

/*
 * One screen. When there is more than that, the lists share it, and each says by how much it
 * was cut: report.json has everything.
 */
#define SCREEN_LINES   40
#define SCREEN_COLUMNS 100

enum { CHANGED, PATCHED, COPIED, UPGRADE, FINDINGS, NLISTS };
/* Lines that each list gets in turn: what a human must decide before what is only told. */
static const unsigned int weights[NLISTS] = { 1, 2, 1, 1, 3 };

struct item {
	const char *text; /* lines, each with its newline */
	unsigned int lines;
};

struct list {
	const char *heading; /* NULL: the first item is one */
	KLP_VEC(items, struct item) items;
	unsigned int lines; /* of all, with the heading and the empty line before it */
	unsigned int room;
};

struct summary {
	struct klp_arena *arena;
	FILE *out; /* the part that is being written: a text in memory, of open_memstream() */
	char *part;
	size_t part_len;
	const struct klp_report *report;
	bool colour;
	struct list lists[NLISTS];
};

/* As a terminal breaks them. Colours take no room, nor do the later bytes of a character. */
static unsigned int count_lines(const char *text)
{
	unsigned int lines = 0, column = 0;

	for (; *text; text++) {
		if (*text == '\033') {
			text += strcspn(text, "m");
		} else if (*text == '\n') {
			lines += column ? (column + SCREEN_COLUMNS - 1) / SCREEN_COLUMNS : 1;
			column = 0;
		} else {
			column += (*text & 0xc0) != 0x80;
		}
	}
	return lines;
}

static void begin(struct summary *s)
{
	s->out = open_memstream(&s->part, &s->part_len);
	if (!s->out)
		abort(); /* as base/arena.c, for lack of memory */
}

static const char *end(struct summary *s)
{
	const char *text;

	fclose(s->out);
	text = klp_strndup(s->arena, s->part, s->part_len);
	free(s->part);
	return text;
}

static void add(struct summary *s, int list, const char *text)
{
	struct list *l = &s->lists[list];
	struct item item = { text, count_lines(text) };

	if (!l->items.n)
		l->lines = l->heading ? 2 : 1;
	l->lines += item.lines;
	klp_vec_push(s->arena, &l->items, item);
}

static size_t count(const struct klp_findings *findings, enum klp_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->v[i].severity == severity;
	return n;
}

static void verdict(const struct summary *s)
{
	const struct klp_report *r = s->report;
	size_t warnings = count(&r->findings, KLP_WARNING);
	size_t errors = count(&r->findings, KLP_ERROR);
	const char *plain = tool_style(TOOL_PLAIN, s->colour);

	tool_puts(s->out, r->name);
	fputs(": ", s->out);
	if (r->refused)
		fprintf(s->out, "%scan't be livepatched as it is%s, %zu error%s",
			tool_style(TOOL_RED, s->colour), plain, errors, errors == 1 ? "" : "s");
	else if (r->nothing_to_do)
		fprintf(s->out, "%snothing to livepatch%s", tool_style(TOOL_GREEN, s->colour),
			plain);
	else if (r->last == KLP_STAGE_VERIFY)
		fprintf(s->out, "%scan be livepatched%s", tool_style(TOOL_GREEN, s->colour), plain);
	else
		fprintf(s->out, "no objection up to stage '%s'", klp_stage_name(r->last));
	if (warnings)
		fprintf(s->out, ", %s%zu warning%s for a human to decide%s",
			tool_style(TOOL_YELLOW, s->colour), warnings, warnings == 1 ? "" : "s",
			plain);
	fputc('\n', s->out);
}

static void place(const struct summary *s, const char *file, unsigned int line)
{
	if (!file)
		return;
	fputs("  ", s->out);
	tool_puts(s->out, file);
	if (line)
		fprintf(s->out, ":%u", line);
}

static bool is_same(const struct klp_change *a, const struct klp_change *b)
{
	return a->line == b->line && a->kind == b->kind && !strcmp(a->function, b->function) &&
	       !strcmp(a->file, b->file);
}

static void changed(struct summary *s)
{
	const struct klp_changes *changes = &s->report->changed;
	bool asked = true;

	for (size_t i = 0; i < changes->n; i++)
		asked = asked && changes->v[i].kind == KLP_NAMED;
	s->lists[CHANGED].heading = asked ? "asked for" : "the fix changes";
	for (size_t i = 0, units; i < changes->n; i += units) {
		const struct klp_change *c = &changes->v[i];

		begin(s);
		fputs("  ", s->out);
		tool_puts(s->out, c->function);
		place(s, c->file, c->line);
		fprintf(s->out, "  %s", klp_change_kind_name(c->kind));
		/* a header's function, in each unit that has code of it */
		for (units = 1; i + units < changes->n && is_same(c, &changes->v[i + units]);
		     units++)
			;
		if (units > 1)
			fprintf(s->out, " in %zu files", units);
		fputc('\n', s->out);
		add(s, CHANGED, end(s));
	}
}

static void reason(const struct summary *s, const struct klp_reason *r)
{
	fprintf(s->out, "      %s", klp_reason_says(r->kind));
	if (klp_reason_is_of_another(r->kind) && r->of)
		tool_puts(s->out, r->of);
	if (r->evidence && r->evidence[0]) {
		fprintf(s->out, "%s  ", tool_style(TOOL_DIM, s->colour));
		tool_puts(s->out, r->evidence);
		fputs(tool_style(TOOL_PLAIN, s->colour), s->out);
	}
	fputc('\n', s->out);
}

static void patched(struct summary *s)
{
	const struct klp_patched_vec *patch = &s->report->closure.patch;

	s->lists[PATCHED].heading = "to patch";
	for (size_t i = 0; i < patch->n; i++) {
		const struct klp_patched *p = &patch->v[i];

		begin(s);
		fputs("  ", s->out);
		tool_puts(s->out, p->symbol);
		if (p->sympos)
			fprintf(s->out, ",%u", p->sympos);
		place(s, p->file, p->line);
		fputs("  in ", s->out);
		tool_puts(s->out, p->object);
		fputc('\n', s->out);
		if (p->reasons.n)
			reason(s, &p->reasons.v[0]);
		if (p->reasons.n > 1)
			fprintf(s->out, "      and %zu more reason%s, see report.json\n",
				p->reasons.n - 1, p->reasons.n == 2 ? "" : "s");
		add(s, PATCHED, end(s));
	}
}

static void copied(struct summary *s)
{
	const struct klp_copied_vec *list = &s->report->closure.copied;

	s->lists[COPIED].heading = "copied into the module";
	for (size_t i = 0; i < list->n; i++) {
		begin(s);
		fputs("  ", s->out);
		tool_puts(s->out, list->v[i].symbol);
		fprintf(s->out, "  %s\n", klp_copy_reason_says(list->v[i].reason));
		add(s, COPIED, end(s));
	}
}

static void references(const struct summary *s)
{
	const struct klp_symrefs *refs = &s->report->plan.refs;
	bool pointers = klp_plan_has(&s->report->plan, KLP_HOW_KALLSYMS);
	size_t n = 0;

	for (size_t i = 0; i < refs->n; i++)
		n += refs->v[i].how != KLP_HOW_EXPORT;
	if (s->report->last >= KLP_STAGE_EXTRACT && !s->report->refused)
		fprintf(s->out, "\nrefers to %zu symbol%s by %s, %zu by export\n", n,
			n == 1 ? "" : "s", pointers ? "pointer" : "livepatch relocation",
			refs->n - n);
}

/* Out of how many functions that have code of their own on both sides, when it says so. */
static void fidelity(const struct summary *s)
{
	const struct klp_fidelities *list = &s->report->fidelity;
	size_t isolated = 0, built = 0, comparable = 0;

	if (!list->n)
		return;
	for (size_t i = 0; i < list->n; i++) {
		isolated += list->v[i].isolated;
		built += list->v[i].as_built == KLP_AS_BUILT_IDENTICAL;
		comparable += list->v[i].as_built != KLP_AS_BUILT_NOT_COMPARABLE;
	}
	fprintf(s->out,
		"unpatched, %zu of %zu functions compile to the kernel's code in isolation, "
		"%zu of %zu as built\n",
		isolated, list->n, built, comparable);
}

/* The worst first: what is off the screen should be the notes. */
static void findings(struct summary *s)
{
	const struct klp_findings *list = &s->report->findings;

	s->lists[FINDINGS].heading = "findings";
	for (int severity = KLP_ERROR; severity >= (int)KLP_NOTE; severity--)
		for (size_t i = 0; i < list->n; i++) {
			if ((int)list->v[i].severity != severity)
				continue;
			begin(s);
			tool_finding(s->out, &list->v[i], s->colour);
			add(s, FINDINGS, end(s));
		}
}

static void timing(const struct summary *s)
{
	const struct klp_report *r = s->report;
	double total = 0;

	fprintf(s->out, "\n%stime%s\n", tool_style(TOOL_BOLD, s->colour),
		tool_style(TOOL_PLAIN, s->colour));
	for (int i = 0; i <= (int)r->last; i++) {
		fprintf(s->out, "  %-8s %8.1f ms\n", klp_stage_name((enum klp_stage)i), r->ms[i]);
		if (i != KLP_STAGE_BUILD)
			total += r->ms[i];
	}
	fprintf(s->out, "  %-8s %8.1f ms without the Kbuild step\n", "total", total);
}

void summary_upgrade(FILE *out, const struct klp_upgrade *upgrade)
{
	tool_puts(out, upgrade->to);
	fputs(" takes the place of ", out);
	tool_puts(out, upgrade->from);
	fputc('\n', out);
	for (size_t i = 0; i < upgrade->funcs.n; i++) {
		const struct klp_upgrade_func *f = &upgrade->funcs.v[i];

		fputs("  ", out);
		tool_puts(out, f->old_name);
		if (f->sympos)
			fprintf(out, ",%llu", (unsigned long long)f->sympos);
		fputs(" in ", out);
		tool_puts(out, f->object);
		fprintf(out, ": %s\n", klp_upgrade_what_says(f->what));
	}
	for (size_t i = 0; i < upgrade->copied.n; i++) {
		fputs(i ? ", " : "  what they may call and is other code, too: ", out);
		tool_puts(out, upgrade->copied.v[i]);
	}
	if (upgrade->copied.n)
		fputc('\n', out);
}

/* Each line of it by itself; the first one says what the others are about. */
static void upgrade(struct summary *s)
{
	const char *text;

	if (!s->report->upgrade)
		return;
	begin(s);
	summary_upgrade(s->out, s->report->upgrade);
	text = end(s);
	for (size_t len; *text; text += len) {
		len = strcspn(text, "\n") + 1;
		add(s, UPGRADE, klp_strndup(s->arena, text, len));
	}
}

static void where(const struct summary *s)
{
	const struct klp_report *r = s->report;

	fputc('\n', s->out);
	if (r->module) {
		fputs("module: ", s->out);
		tool_puts(s->out, r->module);
		fputc('\n', s->out);
	} else if (!r->refused && r->last >= KLP_STAGE_RENDER) {
		fputs("sources: ", s->out);
		tool_puts(s->out, r->output);
		fputc('\n', s->out);
	}
	for (size_t i = 0; i < r->shadows.n; i++) {
		fputs("shadow variable: ", s->out);
		tool_puts(s->out, r->output);
		fprintf(s->out, "/%s\n", r->shadows.v[i].header);
	}
	fputs("report: ", s->out);
	tool_puts(s->out, r->output);
	fputs("/report.html\n        ", s->out);
	tool_puts(s->out, r->output);
	fputs("/report.json\n", s->out);
}

/* What doesn't fit is shared out in turns, so that a long list takes nothing from a short one. */
static void share(struct summary *s, unsigned int room)
{
	bool more = true;

	while (more && room) {
		more = false;
		for (int i = 0; i < NLISTS; i++) {
			struct list *l = &s->lists[i];
			unsigned int n = l->lines - l->room;

			n = n < weights[i] ? n : weights[i];
			n = n < room ? n : room;
			l->room += n;
			room -= n;
			more = more || n;
		}
	}
}

/* One item at least: a heading alone says nothing. */
static void print_list(FILE *out, const struct list *l, bool colour)
{
	unsigned int used = l->heading ? 2 : 1;
	size_t i = 0;

	if (!l->items.n)
		return;
	fputc('\n', out);
	if (l->heading)
		fprintf(out, "%s%s%s\n", tool_style(TOOL_BOLD, colour), l->heading,
			tool_style(TOOL_PLAIN, colour));
	for (; i < l->items.n; i++) {
		bool last = i + 1 == l->items.n;

		/* a line is kept for what is said of the rest */
		if (i && used + l->items.v[i].lines + !last > l->room)
			break;
		fputs(l->items.v[i].text, out);
		used += l->items.v[i].lines;
	}
	if (i < l->items.n)
		fprintf(out, "  and %zu more, see report.json\n", l->items.n - i);
}

static const char *part(struct summary *s, void (*write)(const struct summary *s))
{
	begin(s);
	write(s);
	return end(s);
}

static void facts(const struct summary *s)
{
	references(s);
	fidelity(s);
}

void summary_print(FILE *out, const struct klp_report *report, const struct summary_opts *opts)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct summary s = { .arena = arena, .report = report, .colour = opts->colour };
	const char *head = part(&s, verdict), *middle = part(&s, facts), *tail = part(&s, where);
	unsigned int used = count_lines(head) + count_lines(middle) + count_lines(tail);

	changed(&s);
	patched(&s);
	copied(&s);
	upgrade(&s);
	findings(&s);
	share(&s, used < SCREEN_LINES ? SCREEN_LINES - used : 0);
	fputs(head, out);
	for (int i = CHANGED; i <= COPIED; i++)
		print_list(out, &s.lists[i], s.colour);
	fputs(middle, out);
	for (int i = UPGRADE; i <= FINDINGS; i++)
		print_list(out, &s.lists[i], s.colour);
	if (opts->timing)
		fputs(part(&s, timing), out);
	fputs(tail, out);
}
