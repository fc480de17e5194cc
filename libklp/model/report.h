/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result of a run, the model behind report.json and the terminal's summary.
 */
#ifndef KLP_MODEL_REPORT_H
#define KLP_MODEL_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "model/change.h"
#include "model/closure.h"
#include "model/fidelity.h"
#include "model/finding.h"
#include "model/plan.h"
#include "model/shadow.h"
#include "model/upgrade.h"

/* In the order in which they run. */
enum klp_stage {
	KLP_STAGE_DETECT,
	KLP_STAGE_CLOSURE,
	KLP_STAGE_CHECK,
	KLP_STAGE_EXTRACT,
	KLP_STAGE_RENDER,
	KLP_STAGE_BUILD,
	KLP_STAGE_CONVERT,
	KLP_STAGE_VERIFY,
	KLP_NSTAGES,
};

struct klp_report {
	const char *name;
	struct klp_changes changed;
	struct klp_closure closure;
	struct klp_plan plan;
	struct klp_fidelities fidelity; /* empty without the proof */
	struct klp_findings findings;
	struct klp_decisions decisions; /* of the policy file, in its order */
	struct klp_shadows shadows;  /* asked for, and possible: their headers are in the output */
	struct klp_upgrade *upgrade; /* from the livepatch that --base named; NULL without */
	enum klp_stage last;	     /* the last stage that ran */
	double ms[KLP_NSTAGES];	     /* wall time of each stage that ran */
	const char *output;	     /* the module directory, NULL when none was written */
	const char *module;	     /* the livepatch .ko, NULL when none was made */
	bool nothing_to_do;	     /* the fix changes no code in this build */
	bool refused;		     /* a finding of severity error */
};

/* "detect" ... "verify" */
const char *klp_stage_name(enum klp_stage stage);
/* KLP_LOG_PROGRESS: "4/8 extract: fs/open.c"; what may be NULL. */
void klp_stage_progress(const struct klp_log *log, enum klp_stage stage, const char *what);
/* The stage of that name, or -1. */
int klp_stage_parse(const char *name);

#endif
