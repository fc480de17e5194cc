/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy file: what the author of a livepatch decides against the defaults. One rule a line; a
 * line that begins with '#' is a comment. Behind a ':' stands the reason, for people.
 *
 *	copy FUNCTION[@file.c] [: REASON]
 *	reference FUNCTION[@file.c] [: REASON]
 *	leave-out FUNCTION[@file.c]: REASON
 *	name FUNCTION[@file.c] klpp_NAME [: REASON]
 *	include <linux/x.h> [: REASON]
 *	accept KLP-CODE [SYMBOL | file.c]: REASON
 *
 * What the rules mean is said in docs/klp-prep.1.
 */
#ifndef KLP_PARSERS_POLICY_H
#define KLP_PARSERS_POLICY_H

#include <stdbool.h>

#include "base/error.h"
#include "base/vec.h"

#define KLP_POLICY_MAX_RULES 1000
#define KLP_POLICY_MAX_LINE  1000 /* bytes */

enum klp_policy_kind {
	KLP_POLICY_COPY,
	KLP_POLICY_REFERENCE,
	KLP_POLICY_LEAVE_OUT,
	KLP_POLICY_NAME,
	KLP_POLICY_INCLUDE,
	KLP_POLICY_ACCEPT,
	KLP_POLICY_NKINDS,
};

struct klp_policy_rule {
	enum klp_policy_kind kind;
	const char *subject; /* the function, "<linux/x.h>", or the finding's code */
	const char *file;    /* of the function; NULL for any */
	const char *object;  /* the new name, or the symbol or file that a finding is about; or
				NULL */
	const char *reason;  /* NULL without one */
	const char *text;    /* the rule as it stands there, blanks made one, without the reason */
	unsigned int line;
	/* for whoever obeys them to set */
	bool used;
	bool inherited; /* it was made for an earlier livepatch, which this one holds */
};

struct klp_policy {
	const char *name;			 /* of the file, in messages */
	KLP_VEC(, struct klp_policy_rule) rules; /* in the order of the file */
};

/*
 * name stands for the file in errors, which have the line. Unknown words, missing reasons, rules
 * that are there twice or contradict each other are errors.
 */
int klp_policy_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		     struct klp_policy *ret, struct klp_error *err);

/* "namei.c" and "fs/namei.c" mean fs/namei.c; "amei.c" does not. file may be NULL. */
bool klp_policy_means(const char *wanted, const char *file);

/*
 * The rule of that kind for a function, or NULL. file: where the function stands, and the source
 * of its unit: either may be meant; both may be NULL. One that names the file comes before one that
 * doesn't. policy: NULL for none.
 */
struct klp_policy_rule *klp_policy_find(const struct klp_policy *policy, enum klp_policy_kind kind,
					const char *function, const char *file, const char *unit);

#endif
