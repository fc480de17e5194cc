// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: parsers/kbuild_cmd.h on arbitrary bytes, and what cc/cc.h takes of a command. Seeds:
 * tests/fuzz/corpus/kbuild_cmd.
 */
#include "parsers/kbuild_cmd.h"

#include <string.h>

#include "cc/cc.h"
#include "fuzz.h"

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

/* Nothing of a command that is run again names a file to write or a program to run. */
static void check_flags(const struct klp_strs *flags)
{
	static const char *const none[] = { "@",    "-fplugin", "-specs",    "-wrapper",   "-B",
					    "-Wl,", "-Wp,",	"-Xlinker",  "-Xclang",	   "-o",
					    "-M",   "-dump",	"-aux-info", "-save-temps" };
	static const char *const operand[] = {
		"-include",   "-imacros",  "-isystem",	   "-iquote",
		"-idirafter", "-x",	   "-I",	   "-D",
		"-U",	      "--param",   "-target",	   "-G",
		"-iprefix",   "-isysroot", "-iwithprefix", "-iwithprefixbefore",
		"-imultilib", "-mllvm"
	};

	for (size_t i = 0; i < flags->n; i++) {
		const char *flag = flags->v[i];
		bool takes = false;

		fuzz_expect(flag[0] == '-');
		for (size_t k = 0; k < sizeof(none) / sizeof(*none); k++)
			fuzz_expect(!starts(flag, none[k]));
		for (size_t k = 0; k < sizeof(operand) / sizeof(*operand); k++)
			takes |= !strcmp(flag, operand[k]);
		i += takes;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_unit unit = { .object = "x.o" };
	struct klp_strs flags = {};
	struct klp_error err = {};
	struct klp_cmd cmd;
	int rc = klp_cmd_parse(arena, "x", text, size, &cmd, &err);

	fuzz_check_error(rc, &err);
	if (rc)
		return 0;
	fuzz_expect(cmd.target && cmd.commands.n && cmd.commands.v[0].n);
	unit.argv = cmd.commands.v[0];
	rc = klp_cc_check(&unit, &err);
	fuzz_check_error(rc, &err);
	if (rc)
		return 0;
	klp_cc_flags(arena, &unit, &flags);
	check_flags(&flags);
	return 0;
}
