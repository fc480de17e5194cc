// SPDX-License-Identifier: GPL-2.0-or-later
#include "closure/private.h"

#include <string.h>

#include "base/file.h"
#include "closure/hidden.h"
#include "tree/lto.h"

KLP_VEC(work_vec, struct klp_work *);

struct stage {
	struct klp_arena *arena;
	struct klp_tree *tree;
	const struct klp_closure_opts *opts;
	struct klp_closure *closure;
	struct klp_findings *findings;
	struct klp_error *err;
	struct work_vec works;	 /* one per unit, in the order in which they came up */
	struct klp_map done;	 /* "unit file function" */
	struct klp_map shared;	 /* file -> whether several units compile it */
	struct klp_map code;	 /* "file function" -> some unit has code of it */
	struct klp_map carriers; /* "file function" -> struct klp_units */
	bool looked;		 /* bad is filled in */
	struct klp_bad_dumps bad;
};

static char has_it[] = "yes", has_it_not[] = "no";

/* Units that were linked with optimisation share the work of their link. */
static int known_work(struct stage *stage, struct klp_unit *unit, struct klp_work **ret)
{
	const struct klp_lto *lto = NULL;

	*ret = NULL;
	if (unit->lto && klp_tree_lto_of(stage->tree, unit, stage->opts->jobs, &lto,
					 stage->findings, stage->err) < 0)
		return stage->err->code;
	for (size_t i = 0; !*ret && i < stage->works.n; i++) {
		struct klp_work *work = stage->works.v[i];

		if (work->unit == unit || (lto && klp_closure__is_work_of(work, lto)))
			*ret = work;
	}
	if (*ret)
		(*ret)->unit = unit;
	return 0;
}

static int work_for(struct stage *stage, struct klp_unit *unit, struct klp_work **ret)
{
	struct klp_work *work;

	if (known_work(stage, unit, ret) < 0)
		return stage->err->code;
	if (*ret)
		return 0;
	work = klp_new(stage->arena, struct klp_work);
	work->arena = stage->arena;
	work->tree = stage->tree;
	work->opts = stage->opts;
	work->closure = stage->closure;
	work->findings = stage->findings;
	work->err = stage->err;
	work->unit = unit;
	if (klp_closure__open(work) < 0 || klp_closure__compare(work) < 0)
		return stage->err->code;
	klp_closure__say_source(work);
	klp_vec_push(stage->arena, &stage->works, work);
	*ret = work;
	return 0;
}

static int close_over(struct stage *stage, const struct klp_change *change, struct klp_unit *unit)
{
	char *key = klp_sprintf(stage->arena, "%s %s", change->file, change->function), *once;
	struct klp_work *work = NULL;

	if (work_for(stage, unit, &work) < 0)
		return stage->err->code;
	/* What was linked as one has one answer. */
	once = klp_sprintf(stage->arena, "%s %s", work->lto ? work->dump_name : unit->object, key);
	if (klp_map_get(&stage->done, once))
		return 0;
	klp_map_put(&stage->done, once, stage);
	/* Without its dump a unit is refused already, and nothing is known about its code. */
	if (!work->usable) {
		klp_map_put(&stage->code, key, has_it);
		return 0;
	}
	if (klp_closure__contain(work, change) < 0)
		return stage->err->code;
	/* That there is none is only known from a dump. */
	if (!work->dump_name) {
		klp_map_put(&stage->code, key, has_it);
		return 0;
	}
	if (work->any_code || !klp_map_get(&stage->code, key))
		klp_map_put(&stage->code, key, work->any_code ? has_it : has_it_not);
	return 0;
}

/*
 * Most files are compiled by their own unit alone; then no other dump can mention a function
 * of theirs.
 */
static int is_shared(struct stage *stage, const struct klp_change *change, bool *ret)
{
	char *known = klp_map_get(&stage->shared, change->file);
	struct klp_units units;

	if (!known) {
		if (klp_tree_units_of(stage->arena, stage->tree, change->file, stage->opts->jobs,
				      &units, stage->err) < 0)
			return stage->err->code;
		known = units.n > 1 || (units.n == 1 && units.v[0] != change->unit) ? has_it
										    : has_it_not;
		klp_map_put(&stage->shared, change->file, known);
	}
	*ret = known == has_it;
	return 0;
}

/* The units whose dump mentions the function: looked for once, however many see the change. */
static int carriers_of(struct stage *stage, const struct klp_change *change, struct klp_units **ret)
{
	char *key = klp_sprintf(stage->arena, "%s %s", change->file, change->function);
	struct klp_units *carriers = klp_map_get(&stage->carriers, key);

	if (!carriers) {
		carriers = klp_new(stage->arena, struct klp_units);
		if (klp_tree_carriers(stage->arena, stage->tree, change->function, change->file,
				      stage->opts->jobs, carriers, stage->err) < 0)
			return stage->err->code;
		klp_map_put(&stage->carriers, key, carriers);
	}
	*ret = carriers;
	return 0;
}

static bool is_among(const struct klp_units *units, const struct klp_unit *unit)
{
	for (size_t i = 0; i < units->n; i++)
		if (units->v[i] == unit)
			return true;
	return false;
}

/*
 * A header's function is seen by many units that have no code of it. One that the dump
 * doesn't mention can still be there, called and neither inlined nor cloned: then the
 * object's string table has its name. Without a dump nothing is known, and that is found out.
 */
static int may_have_code(struct stage *stage, const struct klp_change *change, bool *ret)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};

	*ret = true;
	if (!change->unit->dump)
		return 0;
	if (klp_mapped_open(change->unit->object_path, &map, stage->err) < 0)
		return stage->err->code;
	*ret = map.data && memmem(map.data, map.len, change->function, strlen(change->function));
	return 0;
}

/*
 * What a dump says in a line that can't be read is not known: that may be where another unit took
 * the function in.
 */
static int say_bad_dumps(struct stage *stage, const struct klp_change *change)
{
	bool shared = change->kind == KLP_HEADER;

	if (!stage->looked && klp_tree_bad_dumps(stage->arena, stage->tree, stage->opts->jobs,
						 &stage->bad, stage->err) < 0)
		return stage->err->code;
	stage->looked = true;
	if (!stage->bad.n || (!shared && is_shared(stage, change, &shared) < 0))
		return stage->err->code;
	for (size_t i = 0; shared && i < stage->bad.n; i++)
		klp_bad_dump_say(stage->arena, &stage->bad.v[i], stage->findings);
	return 0;
}

static int shared_change(struct stage *stage, const struct klp_change *change)
{
	struct klp_units *carriers = NULL;
	char *key = klp_sprintf(stage->arena, "%s %s", change->file, change->function);
	bool own = true;

	if (carriers_of(stage, change, &carriers) < 0 || say_bad_dumps(stage, change) < 0)
		return stage->err->code;
	if (!is_among(carriers, change->unit) && may_have_code(stage, change, &own) < 0)
		return stage->err->code;
	if (own && close_over(stage, change, change->unit) < 0)
		return stage->err->code;
	for (size_t i = 0; i < carriers->n; i++)
		if (close_over(stage, change, carriers->v[i]) < 0)
			return stage->err->code;
	if (!klp_map_get(&stage->code, key))
		klp_map_put(&stage->code, key, has_it_not);
	return 0;
}

/* Each unit in which a header's function differs has a change of its own. */
static int header_change(struct stage *stage, const struct klp_change *change)
{
	char *key = klp_sprintf(stage->arena, "%s %s", change->file, change->function);
	KLP_CLEANUP_MAPPED struct klp_mapped dump = {};
	bool held = false;

	if (change->unit->dump && klp_mapped_open(change->unit->dump, &dump, stage->err) < 0)
		return stage->err->code;
	if (dump.data)
		held = memmem(dump.data, dump.len, change->function, strlen(change->function));
	if (!held && may_have_code(stage, change, &held) < 0)
		return stage->err->code;
	if (held)
		return close_over(stage, change, change->unit);
	if (!klp_map_get(&stage->code, key))
		klp_map_put(&stage->code, key, has_it_not);
	return 0;
}

static int one_change(struct stage *stage, const struct klp_change *change)
{
	bool shared = stage->tree->graph != NULL; /* then the carriers are known for nothing */

	/* What is new has no code yet; of what is gone, every user is changed as well. */
	if (change->kind == KLP_ADDED || change->kind == KLP_REMOVED ||
	    change->kind == KLP_LINKAGE)
		return 0;
	/* of what is asked for by name, too, each unit that has code of it is known */
	if (change->kind == KLP_HEADER || change->kind == KLP_NAMED)
		return header_change(stage, change);
	if (!shared && is_shared(stage, change, &shared) < 0)
		return stage->err->code;
	return shared ? shared_change(stage, change) : close_over(stage, change, change->unit);
}

/* Also for a unit in which the fix edits no function, but a type or a constant. */
static int hidden(struct stage *stage, const struct klp_changes *changes)
{
	const struct klp_views *views = stage->opts->views;
	struct klp_work *work;

	if (stage->opts->no_proof)
		return 0;
	for (size_t i = 0; views && i < views->n; i++)
		/* of a new file, there is no old code */
		if (!views->v[i]->unit->created &&
		    (work_for(stage, views->v[i]->unit, &work) < 0 ||
		     klp_closure__hidden(work, changes) < 0))
			return stage->err->code;
	return 0;
}

/* Whether the machine code of the unit was compared: then nothing is missed by what follows. */
static bool is_compared(const struct stage *stage, const struct klp_unit *unit)
{
	for (size_t i = 0; i < stage->works.n; i++)
		if (stage->works.v[i]->unit == unit && stage->works.v[i]->compared)
			return true;
	return false;
}

/*
 * Unused, or equal to another function: gcc makes one of those (its -fipa-icf) before it inlines,
 * and its dump goes on with the other one's name.
 */
static void no_code(struct stage *stage, const struct klp_change *c)
{
	bool known = is_compared(stage, c->unit);
	struct klp_finding *f;

	f = klp_finding_add(stage->arena, stage->findings, known ? KLP_NOTE : KLP_WARNING,
			    "KLP-NO-CODE",
			    "the kernel has no code of '%s' by that name: the compiler dropped it%s",
			    c->function, known ? "" : ", or made it one with an equal function");
	f->symbol = c->function;
	f->file = c->file;
	f->line = c->line;
	f->hint = known ? "nothing in this build calls it, or what held its code was found by "
			  "comparing machine code"
			: "see whether anything calls it; with the proof, comparing machine code "
			  "tells";
}

static void note_no_code(struct stage *stage, const struct klp_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct klp_change *c = &changes->v[i];
		char *key = klp_sprintf(stage->arena, "%s %s", c->file, c->function);

		if (klp_map_get(&stage->code, key) != has_it_not)
			continue;
		klp_map_put(&stage->code, key, has_it); /* once is enough */
		no_code(stage, c);
	}
}

/* A function that is redirected needs no second copy: its symbol leads to the new text. */
static void take_copies(struct stage *stage)
{
	for (size_t i = 0; i < stage->works.n; i++) {
		const struct klp_work *work = stage->works.v[i];

		for (size_t k = 0; k < work->copied.n; k++)
			if (!klp_closure_find(stage->closure, work->copied.v[k].unit,
					      work->copied.v[k].symbol))
				klp_vec_push(stage->arena, &stage->closure->copied,
					     work->copied.v[k]);
	}
}

/*
 * Facts about a function (it has no side effect, it never returns) are used across units, too, and equal
 * functions of several units made one. Comparing one unit proves nothing, and its object has no code.
 */
static void say_unproven(struct stage *stage, const struct klp_unit *unit, const char *output,
			 enum klp_severity severity)
{
	struct klp_finding *f = klp_finding_add(
		stage->arena, stage->findings, severity, "KLP-LTO-PROOF",
		output ? "what the link of '%s' relied on across files isn't known, nor which equal "
			 "functions it made one: the patch set is what the dumps call inlined and "
			 "cloned"
		       : "'%s' was compiled for link-time optimisation: that nothing else relies "
			 "on what the fix changes can't be proved",
		output ? output : unit->object);

	f->file = unit->source;
	f->hint = "gcc writes neither anywhere: look at the callers, and add those that rely on "
		  "what changes; a kernel built without LTO can be proved";
}

static void say_lto(struct stage *stage)
{
	const struct klp_views *views = stage->opts->views;
	bool touched = false;

	for (size_t i = 0; views && i < views->n; i++)
		if (views->v[i]->unit->lto) {
			say_unproven(stage, views->v[i]->unit, NULL, KLP_ERROR);
			touched = true;
		}
	for (size_t i = 0; !touched && i < stage->works.n; i++)
		if (stage->works.v[i]->lto)
			say_unproven(stage, stage->works.v[i]->unit, stage->works.v[i]->dump_name,
				     KLP_WARNING);
}

/* A livepatch that does nothing would look like a fix without effect. */
static void say_all_left_out(struct stage *stage)
{
	struct klp_finding *f;

	if (stage->closure->patch.n || !stage->closure->left_out.n)
		return;
	f = klp_finding_add(stage->arena, stage->findings, KLP_ERROR, "KLP-POLICY",
			    "the policy leaves out all that would be patched");
	f->hint = "without any of these functions there is no livepatch: see which of them can "
		  "be patched";
}

int klp_closure_run(struct klp_arena *arena, struct klp_tree *tree,
		    const struct klp_changes *changes, const struct klp_closure_opts *opts,
		    struct klp_closure *ret, struct klp_findings *findings, struct klp_error *err)
{
	struct klp_closure closure = {};
	struct stage stage = {
		.arena = arena,
		.tree = tree,
		.opts = opts,
		.closure = &closure,
		.findings = findings,
		.err = err,
	};

	klp_map_init(&stage.done, arena);
	klp_map_init(&stage.shared, arena);
	klp_map_init(&stage.code, arena);
	klp_map_init(&stage.carriers, arena);
	for (size_t i = 0; i < changes->n; i++)
		if (one_change(&stage, &changes->v[i]) < 0)
			return err->code;
	if (hidden(&stage, changes) < 0)
		return err->code;
	note_no_code(&stage, changes);
	say_lto(&stage);
	take_copies(&stage);
	say_all_left_out(&stage);
	klp_closure_sort(&closure);
	*ret = closure;
	return 0;
}
