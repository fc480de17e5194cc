/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors of the library: why an operation could not be carried out.
 *
 * Every fallible function returns 0 or a negative enum klp_errcode and fills the caller's
 * struct klp_error, which is never NULL and all zeros before its first use; results passed back
 * through `ret_` arguments are untouched then. The first error wins: setting a second one on a
 * filled struct changes nothing. "No, this function can't be patched" is not an error but a finding
 * (model/finding.h).
 */
#ifndef KLP_BASE_ERROR_H
#define KLP_BASE_ERROR_H

enum klp_errcode {
	KLP_OK = 0,
	KLP_ETROUBLE = -1, /* the environment: a file, a child process, a limit */
	KLP_EINPUT = -2,   /* malformed or hostile input: diff, dump, .cmd, ELF */
	KLP_EUSAGE = -3,   /* the call itself makes no sense */
};

struct klp_error {
	enum klp_errcode code; /* KLP_OK while nothing happened */
	const char *stage;     /* static string, or NULL */
	char file[512];	       /* "" when no file is concerned */
	unsigned int line;     /* 1-based, 0 for none */
	unsigned int column;   /* 1-based, 0 for none */
	char text[1024];       /* lower case, no full stop, subject in single quotes */
	char hint[512];	       /* what to do next; "" for none */
};

/* All three return err->code, so that `return klp_error_set(err, ...)` reads well. */
int klp_error_set(struct klp_error *err, enum klp_errcode code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The place. Applies to the error just set by klp_error_set(). */
int klp_error_at(struct klp_error *err, const char *file, unsigned int line, unsigned int column);
/* What the user can do about it. */
int klp_error_hint(struct klp_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
