// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which interprocedural optimizations were on, by the flags of each unit and by what GCC does
 * with them. Not by `gcc -Q --help=optimizers`: that shows ipa-ra as on beside -pg, though it is
 * switched off later (gcc/toplev.cc process_options()).
 * The lists of -flive-patching are those of gcc/opts.cc control_options_for_live_patching().
 */
#include <string.h>

#include "audit/private.h"
#include "base/file.h"

enum {
	/* switched off by -flive-patching=... */
	BY_INLINE_CLONE = 1,
	BY_INLINE_ONLY_STATIC = 2,
	/* needs an option that is off at -O2 */
	ON_REQUEST = 4,
	/* off where the entry of each function calls the tracer */
	BY_TRACING = 8,
	/* off where no unit may assume that address 0 is never valid */
	BY_NULL_CHECKS = 16,
	/* off where the stack is aligned no better than the ABI's smallest unit */
	BY_STACK_BOUNDARY = 32,
	/* nothing turns it off but its own option; the dump knows it */
	ALWAYS = 64,
};

static const struct rule {
	const char *name, *effect;
	enum klp_audit_trace trace;
	unsigned int how;
} rules[] = {
	{ "inline", "copies of a function in its callers", KLP_TRACE_DUMP, ALWAYS },
	{ "partial-inlining", "a function split in a head and a .part", KLP_TRACE_DUMP,
	  BY_INLINE_ONLY_STATIC },
	{ "ipa-cp", "clones for constant arguments (.constprop)", KLP_TRACE_DUMP,
	  BY_INLINE_ONLY_STATIC },
	{ "ipa-sra", "clones with other arguments (.isra)", KLP_TRACE_DUMP, BY_INLINE_ONLY_STATIC },
	{ "ipa-cp-clone", "more clones for constant arguments", KLP_TRACE_DUMP,
	  ON_REQUEST | BY_INLINE_ONLY_STATIC },
	{ "ipa-icf", "equal functions become one", KLP_TRACE_SYMBOL,
	  BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-pure-const", "callers know that a function has no effect, or never returns",
	  KLP_TRACE_NONE, BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-modref", "callers know which memory a function reads and writes", KLP_TRACE_NONE,
	  BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-reference", "callers know which static variables a function uses", KLP_TRACE_NONE,
	  BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-reference-addressable", "static variables nobody writes or reads are folded",
	  KLP_TRACE_NONE, BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-vrp", "a function relies on the range of its callers' arguments", KLP_TRACE_NONE,
	  BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-bit-cp", "a function relies on known bits of its callers' arguments", KLP_TRACE_NONE,
	  BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
	{ "ipa-ra", "callers know which registers a function leaves alone", KLP_TRACE_NONE,
	  BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC | BY_TRACING },
	{ "ipa-stack-alignment", "a function relies on its callers' alignment of the stack",
	  KLP_TRACE_NONE, BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC | BY_STACK_BOUNDARY },
	{ "malloc and non-null discovery", "callers know that a result is new memory, or not null",
	  KLP_TRACE_NONE, BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC | BY_NULL_CHECKS },
	{ "ipa-pta", "points-to sets of the whole unit", KLP_TRACE_NONE,
	  ON_REQUEST | BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC },
};

/* What the flags of one unit say; the last of several wins, as in GCC. */
struct unit_flags {
	unsigned int off; /* of the bits above */
	bool optimized, traced, live_patching, lto, clang;
};

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static void live_patching(struct unit_flags *flags, const char *arg)
{
	const char *level = strchr(arg, '=');

	flags->live_patching = true;
	flags->off &= ~(unsigned int)(BY_INLINE_CLONE | BY_INLINE_ONLY_STATIC);
	flags->off |= level && !strcmp(level + 1, "inline-only-static") ? BY_INLINE_ONLY_STATIC
									: BY_INLINE_CLONE;
}

static void one_flag(struct unit_flags *flags, const char *arg)
{
	if (begins(arg, "-O"))
		flags->optimized = strcmp(arg, "-O0") && strcmp(arg, "-Og");
	else if (!strcmp(arg, "-pg") || !strcmp(arg, "-p") ||
		 begins(arg, "-fpatchable-function-entry="))
		flags->traced = true;
	else if (begins(arg, "-flive-patching"))
		live_patching(flags, arg);
	else if (!strcmp(arg, "-fno-live-patching"))
		flags->live_patching = false;
	else if (begins(arg, "-flto"))
		flags->lto = true;
	else if (!strcmp(arg, "-fno-lto"))
		flags->lto = false;
	else if (!strcmp(arg, "-fno-delete-null-pointer-checks"))
		flags->off |= BY_NULL_CHECKS;
	else if (!strcmp(arg, "-mpreferred-stack-boundary=3"))
		flags->off |= BY_STACK_BOUNDARY;
}

static struct unit_flags flags_of(const struct klp_strs *argv)
{
	struct unit_flags flags = {};

	flags.clang = strstr(klp_path_base(argv->v[0]), "clang") != NULL;
	for (size_t i = 1; i < argv->n; i++)
		one_flag(&flags, argv->v[i]);
	if (flags.traced)
		flags.off |= BY_TRACING;
	return flags;
}

/* The pass's own option, the last of several: 1 on, -1 off, 0 not given. */
static int own_option(const struct klp_strs *argv, const char *name)
{
	int found = 0;

	for (size_t i = 1; i < argv->n; i++) {
		const char *arg = argv->v[i];

		if (begins(arg, "-fno-") && !strcmp(arg + 5, name))
			found = -1;
		else if (begins(arg, "-f") && !strcmp(arg + 2, name))
			found = 1;
	}
	return found;
}

static bool is_live(const struct rule *rule, const struct klp_strs *argv,
		    const struct unit_flags *flags)
{
	int own = own_option(argv, rule->name);

	if (flags->clang || !flags->optimized || own < 0)
		return false;
	if (own > 0)
		return true;
	return !(rule->how & (ON_REQUEST | flags->off));
}

static void add_compiler(struct klp_audit_work *work, const char *compiler)
{
	klp_strs_add(work->arena, &work->audit->compilers, klp_path_base(compiler));
}

void klp_audit__flags(struct klp_audit_work *work)
{
	struct klp_audit *audit = work->audit;

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		klp_vec_push(work->arena, &audit->passes,
			     (struct klp_audit_pass){ rules[i].name, rules[i].effect,
						      rules[i].trace, 0 });
	for (size_t i = 0; i < work->commands.n; i++) {
		const struct klp_tree_command *command = &work->commands.v[i];
		const struct unit_flags flags = flags_of(&command->argv);

		audit->units++;
		audit->modules += command->module;
		audit->without_dump += !command->dump;
		audit->traced += flags.traced;
		audit->live_patching += flags.live_patching;
		audit->lto += flags.lto;
		audit->clang += flags.clang;
		add_compiler(work, command->argv.v[0]);
		for (size_t k = 0; k < sizeof(rules) / sizeof(*rules); k++)
			audit->passes.v[k].live += is_live(&rules[k], &command->argv, &flags);
	}
}
