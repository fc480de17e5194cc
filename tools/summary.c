// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"

#include <string.h>

#include "common.h"

/* Longer lists end in "and N more": the screen is for an overview. */
#define MAX_LINES 12

struct summary {
	FILE *out;
	const struct klp_report *report;
	bool colour;
};

static void heading(const struct summary *s, const char *text)
{
	fprintf(s->out, "\n%s%s%s\n", tool_style(TOOL_BOLD, s->colour), text,
		tool_style(TOOL_PLAIN, s->colour));
}

static void and_more(const struct summary *s, size_t n)
{
	if (n > MAX_LINES)
		fprintf(s->out, "  and %zu more, see report.json\n", n - MAX_LINES);
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

static void changed(const struct summary *s)
{
	const struct klp_changes *changes = &s->report->changed;
	bool asked = true;

	if (!changes->n)
		return;
	for (size_t i = 0; i < changes->n; i++)
		asked = asked && changes->v[i].kind == KLP_NAMED;
	heading(s, asked ? "asked for" : "the fix changes");
	for (size_t i = 0; i < changes->n && i < MAX_LINES; i++) {
		const struct klp_change *c = &changes->v[i];
		size_t units = 1;

		fputs("  ", s->out);
		tool_puts(s->out, c->function);
		place(s, c->file, c->line);
		fprintf(s->out, "  %s", klp_change_kind_name(c->kind));
		/* a header's function, in each unit that has code of it */
		for (; i + units < changes->n && is_same(c, &changes->v[i + units]); units++)
			;
		if (units > 1)
			fprintf(s->out, " in %zu files", units);
		fputc('\n', s->out);
		i += units - 1;
	}
	and_more(s, changes->n);
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

static void patched(const struct summary *s)
{
	const struct klp_patched_vec *patch = &s->report->closure.patch;

	if (!patch->n)
		return;
	heading(s, "to patch");
	for (size_t i = 0; i < patch->n && i < MAX_LINES; i++) {
		const struct klp_patched *p = &patch->v[i];

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
	}
	and_more(s, patch->n);
}

static void copied(const struct summary *s)
{
	const struct klp_copied_vec *list = &s->report->closure.copied;

	if (!list->n)
		return;
	heading(s, "copied into the module");
	for (size_t i = 0; i < list->n && i < MAX_LINES; i++) {
		fputs("  ", s->out);
		tool_puts(s->out, list->v[i].symbol);
		fprintf(s->out, "  %s\n", klp_copy_reason_says(list->v[i].reason));
	}
	and_more(s, list->n);
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
static void findings(const struct summary *s)
{
	const struct klp_findings *list = &s->report->findings;
	size_t shown = 0;

	if (!list->n)
		return;
	heading(s, "findings");
	for (int severity = KLP_ERROR; severity >= (int)KLP_NOTE; severity--)
		for (size_t i = 0; i < list->n; i++)
			if ((int)list->v[i].severity == severity && shown++ < MAX_LINES)
				tool_finding(s->out, &list->v[i], s->colour);
	and_more(s, list->n);
}

static void timing(const struct summary *s)
{
	const struct klp_report *r = s->report;
	double total = 0;

	heading(s, "time");
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

/* Below a heading of its own. */
static void upgrade(const struct summary *s)
{
	if (!s->report->upgrade)
		return;
	fputc('\n', s->out);
	summary_upgrade(s->out, s->report->upgrade);
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

void summary_print(FILE *out, const struct klp_report *report, const struct summary_opts *opts)
{
	const struct summary s = { out, report, opts->colour };

	verdict(&s);
	changed(&s);
	patched(&s);
	copied(&s);
	references(&s);
	fidelity(&s);
	upgrade(&s);
	findings(&s);
	if (opts->timing)
		timing(&s);
	where(&s);
}
