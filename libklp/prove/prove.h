/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fidelity proof, after stage extract: the functions of the livepatch were extracted a
 * second time, as the kernel was built from them (klp_extract_opts.unpatched), and are held
 * against the original unit.
 *
 * In isolation both are compiled without interprocedural optimisation: the code of a function
 * then depends on its own text, on types, macros and flags alone. Anything but identical code
 * means that extraction lost or changed something: KLP-FIDELITY, an error. As built, with the
 * kernel's flags alone, a difference comes from what the compiler no longer sees of the rest of
 * the unit; it is explained, and is no finding. And the tokens must be equal, those of the
 * shipped text with those of the fixed unit, too: KLP-FIDELITY-TEXT.
 *
 * One thing of the rest of the unit counts in isolation as well, and no option hides it: what
 * constants contain, and that no pointer can lead to a static variable. Where code differs, it
 * is compared a second time with the unit's own data brought along (klp_extract_opts.data).
 */
#ifndef KLP_PROVE_PROVE_H
#define KLP_PROVE_PROVE_H

#include "base/error.h"
#include "base/log.h"
#include "model/closure.h"
#include "model/fidelity.h"
#include "model/finding.h"
#include "model/plan.h"
#include "tu/view.h"

struct klp_prove_ahead;

struct klp_prove_opts {
	const char *workdir;	       /* private; the one that closure and extract had */
	const struct klp_views *views; /* of all units of the plan */
	unsigned int jobs;
	const struct klp_log *log;
	struct klp_prove_ahead *ahead; /* what was begun; or NULL */
};

/*
 * What the proof needs of the compiler can be begun as soon as it is there, on the cores that
 * closure and extract leave idle (opts->jobs less one). The proof waits for it, or does itself what
 * wasn't begun; the answers are the same. A text that is written anew is begun anew, under the same
 * path. Anything may be begun by any thread. End it before anything of workdir is removed; arena
 * has what was made from then on.
 */
struct klp_prove_ahead *klp_prove_ahead_new(struct klp_arena *arena,
					    const struct klp_prove_opts *opts);
/*
 * The unit itself, once; a text of the unpatched extraction that was written, and that is as it is
 * to be compiled; a text to be shipped that was written.
 */
void klp_prove_ahead_unit(struct klp_prove_ahead *ahead, struct klp_unit *unit);
void klp_prove_ahead_text(struct klp_prove_ahead *ahead, const struct klp_plan_source *source);
void klp_prove_ahead_alone(struct klp_prove_ahead *ahead, const struct klp_plan_source *source);
void klp_prove_ahead_shipped(struct klp_prove_ahead *ahead, const struct klp_plan_source *source);
void klp_prove_ahead_end(struct klp_prove_ahead *ahead);

/*
 * plan: what is shipped. unpatched: the other extraction, of which `closure` tells what was
 * copied. One entry in *ret for each function that both have, sorted by unit and name.
 * Findings are about the text only.
 */
int klp_prove(struct klp_arena *arena, const struct klp_plan *plan,
	      const struct klp_plan *unpatched, const struct klp_closure *closure,
	      const struct klp_prove_opts *opts, struct klp_fidelities *ret,
	      struct klp_findings *findings, struct klp_error *err);

/* Errors of the unpatched extraction: they tell what can't be proved. */
void klp_prove_unknown(struct klp_arena *arena, const struct klp_findings *unpatched,
		       struct klp_findings *findings);

/* Some function differs in isolation. */
bool klp_prove_differs(const struct klp_fidelities *list);

/*
 * Those that differ in isolation once more: by an extraction that has the data, and
 * that is otherwise the same.
 */
int klp_prove_data(struct klp_arena *arena, const struct klp_plan *data,
		   const struct klp_prove_opts *opts, struct klp_fidelities *list,
		   struct klp_error *err);

/* What still differs in isolation becomes findings. */
void klp_prove_findings(struct klp_arena *arena, const struct klp_fidelities *list,
			struct klp_findings *findings);

#endif
