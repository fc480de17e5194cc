// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/audit.h"

#include "audit/private.h"

static void check_dumps(struct klp_audit_work *work)
{
	const struct klp_audit *audit = work->audit;
	struct klp_finding *f;

	if (!audit->without_dump)
		return;
	f = klp_finding_add(work->arena, &work->audit->findings, KLP_WARNING, "KLP-NO-DUMP",
			    "there is no IPA dump of %u of %u objects", audit->without_dump,
			    audit->units);
	for (size_t i = 0; i < work->commands.n && !f->file; i++)
		if (!work->commands.v[i].dump)
			f->file = work->commands.v[i].object;
	/* clang writes none: without a dump are all of its units. */
	f->hint = audit->without_dump == audit->clang
			  ? "clang compiled them and writes no such dump: debug information says "
			    "where most functions were inlined, and klp-prep compares machine code"
			  : "where their functions were inlined can't be known; build the kernel "
			    "with 'make KCFLAGS=-fdump-ipa-clones' (a Makefile may drop KCFLAGS "
			    "for some objects)";
}

static void check_hidden(struct klp_audit_work *work)
{
	const struct klp_audit_passes *passes = &work->audit->passes;
	unsigned int hidden = 0;
	struct klp_finding *f;

	for (size_t i = 0; i < passes->n; i++)
		hidden += passes->v[i].live && passes->v[i].trace == KLP_TRACE_NONE;
	if (!hidden)
		return;
	f = klp_finding_add(work->arena, &work->audit->findings, KLP_NOTE, "KLP-HIDDEN-IPA",
			    "%u interprocedural optimizations were on that leave no trace in the "
			    "dumps",
			    hidden);
	f->hint = "klp-prep finds what depends on them by comparing machine code before and after "
		  "the fix; -flive-patching=inline-clone would keep GCC from using them";
}

int klp_audit(struct klp_arena *arena, const struct klp_audit_opts *opts, struct klp_audit *ret,
	      struct klp_error *err)
{
	const struct klp_tree_opts where = { opts->build, NULL, NULL };
	struct klp_audit audit = {};
	struct klp_tree tree;
	struct klp_audit_work work = {
		.arena = arena,
		.tree = &tree,
		.jobs = opts->jobs,
		.audit = &audit,
		.err = err,
	};

	if (klp_tree_open(arena, &where, &tree, err) < 0 ||
	    klp_tree_check(arena, &tree, NULL, &audit.findings, err) < 0 ||
	    klp_tree_commands(arena, &tree, &work.commands, err) < 0)
		return err->code;
	klp_audit__config(&work);
	klp_audit__flags(&work);
	check_dumps(&work);
	check_hidden(&work);
	if (klp_audit__count(&work) < 0)
		return err->code;
	*ret = audit;
	return 0;
}
