/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside cc/: the headers at the top of a unit, preprocessed once. Nearly all that the preprocessor
 * reads of a unit of the kernel are the headers that it includes before anything else, and the
 * versions of the unit and what is extracted of it include the same ones. So it is asked once what
 * they come to: their text, and the macros that are defined behind them (-dD; GCC manual,
 * "Preprocessor Options"). Any of those is then that text, and what becomes of the rest of it
 * behind the macros.
 *
 * It is the same text as in one run, but for blank lines. What it can't be used for runs as before:
 * a rest that includes more or asks for what is lost by the cut (cc/cut.h), a head that doesn't
 * preprocess, says something, tells its own place, puts a macro back (pop_macro), defines other
 * macros in one mode than in the other or ends within a declaration, an overlay with one of its
 * headers, -P and -g3. __COUNTER__ goes on where the headers left it. That a unit's text gives the
 * shipped object, klp_cc_rebuild() finds out. What leaves no trace in the text and in the macros is
 * a name that a header poisons: a rest that uses it preprocesses here, and is refused when the
 * module is built.
 */
#ifndef KLP_CC_HEAD_H
#define KLP_CC_HEAD_H

#include <pthread.h>

#include "base/buf.h"
#include "cc/cc.h"

struct klp_cut;

/* What a head comes to in one mode: made by whoever wants it first. */
struct klp_cc__part {
	pthread_mutex_t lock; /* of what follows, which doesn't change once it is there */
	enum { KLP_CC__UNTRIED, KLP_CC__MADE, KLP_CC__FAILED } state;
	struct klp_arena *arena;
	const char *text;
	size_t len;
	struct klp_buf macros; /* definitions, a line each */
	unsigned long counted; /* how often __COUNTER__ was used */
	struct klp_ctoks toks; /* of the text; whole declarations */
	struct klp_cdecls decls;
	/* of KLP_CC_PREPROCESS_CODE */
	struct klp_cc__lean *lean;
	bool again; /* its text says a macro that every run of the command has by itself */
};

struct klp_cc__head {
	const char *source; /* a file with its directives */
	const char *macros; /* a file: there when `code` is made */
	struct klp_cc__part code, neutral;
};

/* A new name in the heads' directory. */
char *klp_cc__new_file(struct klp_cc_heads *heads, struct klp_arena *arena, const char *what);

/* The head of what a job preprocesses, cut in the arena: there, or new. NULL: it runs in one. */
int klp_cc__head_of(struct klp_arena *arena, const struct klp_cc_job *job, struct klp_cut *cut,
		    struct klp_cc__head **ret, struct klp_error *err);

/* Makes all that a job of the mode wants of it; *ret: that could be made. */
int klp_cc__head_make(struct klp_cc_heads *heads, struct klp_cc__head *head,
		      const struct klp_unit *unit, enum klp_cc_mode mode, bool *ret,
		      struct klp_error *err);

struct klp_cc__pieces {
	const char *name; /* of what was preprocessed, as the compiler was told it */
	const struct klp_cc__part *head;
	struct klp_proc_result rest;
};

/* A head of the unit is this version's, too: nothing that it reads, or might, stands elsewhere. */
bool klp_cc__head_is_for(struct klp_arena *arena, const struct klp_cc__head *head,
			 const struct klp_cc_job *job);

/* Runs a job that preprocesses. *ret_done: false when it must be run in one. */
int klp_cc__head_run(struct klp_arena *arena, const struct klp_cc_job *job,
		     struct klp_cc__pieces *ret, bool *ret_done, struct klp_error *err);

/* Checks any job and runs it: in parts, where *ret_parts tells so, else in one into *ret. */
int klp_cc__run_parts(struct klp_arena *arena, const struct klp_cc_job *job,
		      struct klp_cc__pieces *ret_pieces, bool *ret_parts,
		      struct klp_proc_result *ret, struct klp_error *err);

/* As a line marker and #line have it: in quotes, and ends the line. */
void klp_cc__add_name(struct klp_buf *out, const char *name);

/* As one text, as if it had been run in one. */
void klp_cc__join(struct klp_arena *arena, const struct klp_cc__pieces *pieces,
		  struct klp_proc_result *ret);
/* Its lean text (cc/lean.h), of pieces of a KLP_CC_PREPROCESS_CODE job. */
bool klp_cc__join_lean(const struct klp_cc__pieces *pieces, struct klp_buf *out);
/* Its tokens and declarations; name: as for klp_ctok_preprocessed(). */
int klp_cc__join_tokens(struct klp_arena *arena, const struct klp_cc__pieces *pieces,
			const char *name, struct klp_ctoks *ret, struct klp_cdecls *ret_decls,
			struct klp_error *err);

#endif
