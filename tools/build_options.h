/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of the programs that look into a kernel build by running stages (run/run.h). */
#ifndef KLP_TOOLS_BUILD_OPTIONS_H
#define KLP_TOOLS_BUILD_OPTIONS_H

#include "common.h"
#include "run/run.h"

#define TOOL_MAX_JOBS 1024

/* clang-format off */
#define TOOL_IPA_DUMPS_OPTION                               \
	{ 'i', "ipa-dumps", "DIR",                          \
	  "the kernel's build, made with KCFLAGS=-fdump-ipa-clones", \
	  .takes = TOOL_BUILD, .flags = TOOL_OF_JOB }
#define TOOL_BUILD_OPTION                                               \
	{ 'b', "build", "DIR",                                          \
	  "that build, when the dumps were collected elsewhere\n"       \
	  "(default: the directory of --ipa-dumps)",                    \
	  .takes = TOOL_BUILD, .flags = TOOL_OF_JOB }
#define TOOL_SOURCE_OPTION                                      \
	{ 's', "source", "DIR",                                 \
	  "the kernel's source, without the fix\n"              \
	  "(default: BUILD/source, or else where it was)",      \
	  .takes = TOOL_DIR, .flags = TOOL_OF_JOB }
#define TOOL_JOBS_OPTION \
	{ 'j', "jobs", "N", "parallel jobs (default: one for each core)", .flags = TOOL_OF_BATCH }
/* clang-format on */

/* Takes one of these, or --patch ('p'); false: the key is another option's. */
bool tool_build_option(const struct tool *tool, int key, struct klp_arena *arena,
		       struct klp_run_opts *run);
/* Ends the program with a usage error when no build was given. */
void tool_need_build(const struct tool *tool, const struct klp_run_opts *run);

#endif
