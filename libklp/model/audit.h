/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a kernel build fit to be livepatched? What klp_audit() (audit/audit.h) found out about
 * it. docs/compiler-guarantees.md explains the optimizations.
 */
#ifndef KLP_MODEL_AUDIT_H
#define KLP_MODEL_AUDIT_H

#include <stdbool.h>

#include "model/finding.h"

/* What tells that an optimization has made one function depend on another. */
enum klp_audit_trace {
	KLP_TRACE_DUMP,	  /* a line of the dump */
	KLP_TRACE_SYMBOL, /* names in the symbol table */
	KLP_TRACE_NONE,	  /* nothing: only comparing machine code shows it */
};

/* One interprocedural optimization of GCC. */
struct klp_audit_pass {
	const char *name;   /* "ipa-pure-const" */
	const char *effect; /* for people */
	enum klp_audit_trace trace;
	unsigned int live; /* units that it was on for */
};
KLP_VEC(klp_audit_passes, struct klp_audit_pass);

struct klp_audit_option {
	const char *name;  /* "CONFIG_KALLSYMS_ALL" */
	const char *value; /* "y"; NULL when unset */
	bool good;
	const char *why;
};
KLP_VEC(klp_audit_options, struct klp_audit_option);

struct klp_audit {
	const char *release;	   /* of the kernel; NULL when unknown */
	struct klp_strs compilers; /* of the commands, each once */
	const char *version;	   /* CONFIG_CC_VERSION_TEXT or NULL */
	struct klp_audit_options config;

	unsigned int units, modules; /* C objects of the kernel; those of modules among them */
	unsigned int without_dump;   /* units that have none */
	unsigned int traced;	     /* compiled with -pg, -mfentry, -fpatchable-function-entry */
	unsigned int live_patching;  /* compiled with -flive-patching */
	unsigned int lto, clang;
	struct klp_audit_passes passes;

	/* From the dumps and the objects. Of functions of .c files: */
	unsigned int functions;	      /* that the compiler has seen or emitted */
	unsigned int inlined_away;    /* nothing left but copies */
	unsigned int inlined_emitted; /* copies, and the function itself */
	unsigned int cloned;	      /* with an .isra, .constprop or .part symbol */
	/* From the running objects, vmlinux and modules: */
	unsigned int symbols; /* functions */
	unsigned int traceable;
	unsigned int folded;	 /* that share their address with another static one */
	unsigned int duplicates; /* whose name is not unique in their object */

	struct klp_findings findings;
};

/* "dump", "symbol", "none" */
const char *klp_audit_trace_name(enum klp_audit_trace trace);

#endif
