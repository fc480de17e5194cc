// SPDX-License-Identifier: GPL-2.0-or-later
#include "build_options.h"

#include <unistd.h>

bool tool_build_option(const struct tool *tool, int key, struct klp_arena *arena,
		       struct klp_run_opts *run)
{
	switch (key) {
	case 'i':
		run->ipa_dumps = optarg;
		return true;
	case 'b':
		run->build = optarg;
		return true;
	case 's':
		run->source = optarg;
		return true;
	case 'p':
		klp_vec_push(arena, &run->patches, optarg);
		return true;
	case 'j':
		run->jobs = tool_number(tool, "--jobs", optarg, 1, TOOL_MAX_JOBS);
		return true;
	}
	return false;
}

void tool_need_build(const struct tool *tool, const struct klp_run_opts *run)
{
	if (!run->ipa_dumps)
		tool_usage_error(tool,
				 "give the kernel's build directory, made with "
				 "KCFLAGS=-fdump-ipa-clones, with --ipa-dumps DIR",
				 "no build was given");
}
