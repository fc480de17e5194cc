/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 6: `make -C BUILD M=DIR modules` on a private copy of the rendered directory, so
 * that no object file or .cmd file ends up beside the sources, and that the path of the
 * output directory may contain what Kbuild can't bear.
 */
#ifndef KLP_BUILD_BUILD_H
#define KLP_BUILD_BUILD_H

#include "base/error.h"
#include "base/log.h"
#include "model/finding.h"
#include "model/plan.h"
#include "tree/tree.h"

struct klp_build_opts {
	const char *dir;     /* rendered */
	const char *workdir; /* private, empty or absent; the build happens in WORKDIR/module */
	unsigned int jobs;
	const struct klp_log *log;
};

/*
 * Can Kbuild work in a directory of that path? Its makefiles and scripts write paths as they are,
 * for make and for a shell to read: blanks and what either of them takes for its own are an
 * error with `hint`. So the answer is known before any work is done.
 */
int klp_build_path_check(const char *path, const char *hint, struct klp_error *err);

/*
 * The path of the plain .ko; untouched when the build failed. A build that fails, or that
 * warns, is a finding (KLP-BUILD, KLP-BUILD-WARNING) with the first message of the compiler,
 * modpost or objtool. WORKDIR/build.log has all they said.
 */
int klp_build(struct klp_arena *arena, const struct klp_tree *tree, const struct klp_plan *plan,
	      const struct klp_build_opts *opts, char **ret_module, struct klp_findings *findings,
	      struct klp_error *err);

#endif
