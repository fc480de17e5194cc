/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of stage 3, one small function each, in the order in which they are asked.
 * Inside check/ only.
 */
#ifndef KLP_CHECK_RULES_H
#define KLP_CHECK_RULES_H

#include "elf/symtab.h"
#include "model/change.h"
#include "model/closure.h"
#include "model/finding.h"

/* One symbol of the patch set, on its way through the checks. */
struct klp_subject {
	struct klp_arena *arena;
	struct klp_findings *findings;
	const struct klp_closure *closure;
	struct klp_patched *patched;
	const struct klp_symtab *whole; /* of the running object */
	const struct klp_symtab *unit;	/* of the unit; `whole` itself for a lone object */
	const struct klp_sym *own;	/* the symbol in the unit; NULL when it has none */
	const struct klp_sym *sym;	/* in the running object; NULL until it is found */
};

enum klp_verdict {
	KLP_GO_ON,
	KLP_STOP, /* there is a finding; the remaining checks make no sense */
	KLP_DROP, /* needs no patching after all; there is a note */
};

struct klp_rule {
	const char *code;
	enum klp_verdict (*check)(struct klp_subject *subject, const char *code);
	const char *what;
};

/* Ends in an entry without a code. */
extern const struct klp_rule klp_check__rules[];

/*
 * defined.c. Whether the fix makes a function that all can call, which the unit may not have had;
 * and the finding when the running object has one of that name from elsewhere. unit: NULL when
 * there is no object of it, as of a file that the fix creates.
 */
bool klp_check__is_for_all(const struct klp_change *change);
void klp_check__defined(struct klp_arena *arena, const struct klp_changes *changes,
			const struct klp_change *change, const struct klp_symtab *unit,
			const struct klp_symtab *whole, struct klp_findings *findings);

#endif
