/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of run/ share. */
#ifndef KLP_RUN_PRIVATE_H
#define KLP_RUN_PRIVATE_H

#include "base/error.h"
#include "base/vec.h"

/*
 * A module name from a patch file's name: "samples/x/fix.diff" gives "fix",
 * "CVE-2024-1.patch" "cve_2024_1", "0001-fs.patch" "klp_0001_fs".
 */
char *klp__run_name(struct klp_arena *arena, const char *patch);

/*
 * May `output` be written? It may when there is no such file, when it is an empty directory,
 * or when it is the output of an earlier run (its report.json says so). *ret is its clean,
 * real path.
 */
int klp__output_check(struct klp_arena *arena, const char *output, char **ret,
		      struct klp_error *err);
/*
 * Puts the files of the directory `from` (no subdirectories) in place as the directory
 * `output`, all at once: until then the old one stands, afterwards only the new one.
 */
int klp__output_install(struct klp_arena *arena, const char *from, const char *output,
			struct klp_error *err);
/* Copies the files of a directory (no subdirectories) into another, which is made. */
int klp__copy_files(struct klp_arena *arena, const char *from, const char *to,
		    struct klp_error *err);

#endif
