/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings: what the stages have to say to the author about the fix and the build.
 *
 * "No, this can't be livepatched" is a finding of severity error, never an error of the
 * program. Every finding has a stable code with a heading in docs/findings.md, names its
 * place, and says in its hint what to do next. Stages collect findings and go on, so that
 * one run reports all of them. Strings live in the run's arena.
 */
#ifndef KLP_MODEL_FINDING_H
#define KLP_MODEL_FINDING_H

#include <stdbool.h>

#include "base/vec.h"

enum klp_severity { KLP_NOTE, KLP_WARNING, KLP_ERROR };

struct klp_finding {
	const char *code;    /* "KLP-INIT" */
	enum klp_severity severity;
	const char *symbol;  /* NULL when none is concerned */
	const char *file;    /* relative to the kernel source, or NULL */
	unsigned int line;   /* 0 when unknown */
	const char *message; /* lower case, no full stop, subject in single quotes */
	const char *hint;    /* what to do next; NULL only for notes */
	const char *kernel;  /* what the kernel's log will say of it, as far as that is known in
				advance: "livepatch: symbol 'x' not found in symbol table"; or NULL */
	const char *accepted; /* why its author accepts it: its severity is one less then; or NULL */
	bool firm; /* no claim of the author's could make the module right in spite of it, though it
		      could for others of that code */
};

KLP_VEC(klp_findings, struct klp_finding);

/* Adds a finding and returns it, for the place and the hint to be filled in. */
struct klp_finding *klp_finding_add(struct klp_arena *arena, struct klp_findings *findings,
				    enum klp_severity severity, const char *code,
				    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Of that code and about that symbol; the first of them, or NULL. */
const struct klp_finding *klp_findings_about(const struct klp_findings *findings, const char *code,
					     const char *symbol);
/* True when one of severity error is among them. */
bool klp_findings_refuse(const struct klp_findings *findings);
/* "note", "warning", "error" */
const char *klp_severity_name(enum klp_severity severity);

#endif
