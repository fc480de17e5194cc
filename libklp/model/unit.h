/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit: one compiled source file of the kernel build, with the command that compiled it.
 * Made by tree/ from the Kbuild .cmd file; plain data for everybody else.
 */
#ifndef KLP_MODEL_UNIT_H
#define KLP_MODEL_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct klp_unit {
	const char *object;	 /* "fs/namei.o", relative to the build directory */
	const char *object_path; /* where it lies */
	const char *source;	 /* "fs/namei.c", relative to the kernel source; or to the build
				    directory for a generated file */
	const char *source_path; /* where it lies, absolute */
	const char *source_root; /* the directory that `source` is relative to, absolute */
	const char *source_arg;	 /* the source as the recorded command spells it */
	const char *module;	 /* "ext4" as the running kernel names it ('-' is '_'); NULL for
				    vmlinux */
	const char *module_file; /* "fs/ext4/ext4.ko" relative to the build; NULL for vmlinux */
	const char *basename;	 /* KBUILD_BASENAME: "namei" */
	const char *modname;	 /* KBUILD_MODNAME: "namei", "ext4" */
	const char *dump;	 /* path of its .ipa-clones dump, NULL when there is none */
	struct klp_strs argv;	 /* the compiler command as recorded, argv[0] first, no NULL */
	struct klp_strs objtool; /* what that build's objtool did to the object afterwards, as
				    recorded; empty when it did nothing */
	bool lto;		 /* compiled for link-time optimisation: the object holds no code */
	const char *lto_output;	 /* what holds it instead, once tree/lto.h was asked; else NULL */
	bool other_steps;	 /* further commands made the object what it is */
	struct klp_strs deps;	 /* what it read, as recorded (the deps_ list) */
	const char *cwd;	 /* where the command ran: the build directory, absolute */
	struct klp_cc_heads *heads; /* what its versions share (cc/cc.h), once a run wants several;
				       else NULL */
	bool created;		 /* its source comes with the fix: the kernel has no such unit */
};

KLP_VEC(klp_units, struct klp_unit *);

/* The object that holds its machine code. */
static inline const char *klp_unit_code(const struct klp_unit *unit)
{
	return unit->lto_output ? unit->lto_output : unit->object_path;
}

#endif
