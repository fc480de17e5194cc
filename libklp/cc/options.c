// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/file.h"

#define KEEP	  KLP_CC_KEEP
#define DROP	  KLP_CC_DROP
#define DROP_NEXT KLP_CC_DROP_NEXT
#define KEEP_NEXT KLP_CC_KEEP_NEXT
#define REFUSE	  KLP_CC_REFUSE

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

struct rule {
	const char *option;
	bool prefix; /* the option may go on */
	enum klp_cc_treatment treatment;
};

/* First match wins; what begins with '-' and matches nothing is refused. */
static const struct rule rules[] = {
	{ "-c", false, DROP },
	{ "-S", false, DROP },
	{ "-E", false, DROP },
	{ "-o", false, DROP_NEXT },
	{ "-o", true, DROP }, /* -oFILE */
	{ "-MF", false, DROP_NEXT },
	{ "-MT", false, DROP_NEXT },
	{ "-MQ", false, DROP_NEXT },
	{ "-MJ", false, DROP_NEXT },
	{ "-M", true, DROP },
	{ "-Wp,-MMD,", true, DROP },
	{ "-Wp,-MD,", true, DROP },
	{ "-Wp,", true, REFUSE },
	{ "-Wl,", true, REFUSE },
	{ "-pipe", false, DROP },
	/* Dumps: by the driver's rules they lie beside the output or in the current directory. */
	{ "-dumpdir", false, DROP_NEXT },
	{ "-dumpbase", false, DROP_NEXT },
	{ "-dumpbase-ext", false, DROP_NEXT },
	{ "-dependency", true, REFUSE },
	{ "-d", true, DROP }, /* -da: all dumps of RTL */
	{ "-fdump-", true, DROP },
	{ "-fopt-info", true, DROP },
	{ "-fdiagnostics-", true, DROP }, /* -format=json-file, -add-output=sarif:file=... */
	{ "-fsave-optimization-record", true, DROP },
	{ "-foptimization-record", true, DROP },
	{ "-fcallgraph-info", true, DROP },
	{ "-fstack-usage", false, DROP },
	{ "-fcompare-debug", true, DROP },
	{ "-fdeps-", true, DROP },
	{ "-save-temps", true, DROP },
	{ "--save-temps", true, DROP },
	{ "-save-stats", true, DROP },
	{ "--serialize-diagnostics", false, DROP_NEXT },
	{ "-serialize-diagnostics", false, DROP_NEXT },
	/* Programs and code of somebody's choice, and files that aren't the output. */
	{ "-fplugin", true, REFUSE },
	{ "-fpass-plugin", true, REFUSE },
	{ "-fuse-ld", true, REFUSE },
	{ "-fprofile", true, REFUSE },
	{ "-ftest-coverage", false, REFUSE },
	{ "-fproc-stat-report", true, REFUSE },
	{ "-ftime-trace", true, REFUSE },
	{ "-fmodule", true, REFUSE },
	{ "-fcrash-diagnostics", true, REFUSE },
	{ "-fthin-link-bitcode", true, REFUSE },
	{ "-fltrans", true, REFUSE }, /* of lto1, as the next two */
	{ "-fwpa", true, REFUSE },
	{ "-fresolution", true, REFUSE },
	{ "-fself-test", true, REFUSE },
	{ "-gen-decls", true, REFUSE },
	{ "-gcc", true, REFUSE }, /* -gcc-toolchain */
	{ "-module", true, REFUSE },
	/* With an operand. */
	{ "-include", false, KEEP_NEXT },
	{ "-imacros", false, KEEP_NEXT },
	{ "-isystem", false, KEEP_NEXT },
	{ "-iquote", false, KEEP_NEXT },
	{ "-idirafter", false, KEEP_NEXT },
	{ "-iprefix", false, KEEP_NEXT },
	{ "-iwithprefix", false, KEEP_NEXT },
	{ "-iwithprefixbefore", false, KEEP_NEXT },
	{ "-isysroot", false, KEEP_NEXT },
	{ "-imultilib", false, KEEP_NEXT },
	{ "-x", false, KEEP_NEXT },
	{ "-I", false, KEEP_NEXT },
	{ "-D", false, KEEP_NEXT },
	{ "-U", false, KEEP_NEXT },
	{ "-G", false, KEEP_NEXT },
	{ "-mllvm", false, KEEP_NEXT },
	{ "--param", false, KEEP_NEXT },
	{ "-target", false, KEEP_NEXT },
	/* What says how code is made, and what from. */
	{ "--param=", true, KEEP },
	{ "--target=", true, KEEP },
	{ "-I", true, KEEP },
	{ "-D", true, KEEP },
	{ "-U", true, KEEP },
	{ "-isystem", true, KEEP },
	{ "-iquote", true, KEEP },
	{ "-idirafter", true, KEEP },
	{ "-xc", false, KEEP },
	{ "-f", true, KEEP },
	{ "-m", true, KEEP },
	{ "-W", true, KEEP },
	{ "-w", false, KEEP },
	{ "-g", true, KEEP },
	{ "-O", true, KEEP },
	{ "-std=", true, KEEP },
	{ "-ansi", false, KEEP },
	{ "-pedantic", true, KEEP },
	{ "-no", true, KEEP }, /* -nostdinc, -no-pie, -no-integrated-as */
	{ "-pg", false, KEEP },
	{ "-p", false, KEEP },
	{ "-pthread", false, KEEP },
	{ "-undef", false, KEEP },
	{ "-traditional", true, KEEP },
	{ "-trigraphs", false, KEEP },
	{ "-EL", false, KEEP },
	{ "-EB", false, KEEP },
	{ "-G", true, KEEP },
	{ "-v", false, KEEP },
	{ "-H", false, KEEP },
	{ "-P", false, KEEP },
	{ "-Q", true, KEEP },
};

/* Among the assembler's options, "-Wa,ONE,TWO", are some that name files to write or read. */
static bool hostile_to_assembler(const char *arg)
{
	/* Long ones may be cut short: --M is --MD. */
	static const char *const bad[] = { "-a", "-o", "--M", "-MD" };

	if (!starts(arg, "-Wa,"))
		return false;
	for (const char *p = arg + 4; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (*p != '-')
			return true;
		for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
			if (starts(p, bad[i]))
				return true;
	}
	return false;
}

/*
 * An option of the compiler proper that names a file, by its form: whichever that is, in whatever
 * later version. Those whose value is only written down, or only read, are named.
 */
static bool names_a_file(const char *arg)
{
	static const char *const forms[] = { "file=", "dir=", "path=", "output=" };
	static const char *const harmless[] = { "-frandom-seed=", "-fdebug-compilation-dir=",
						"-ffile-compilation-dir=" };
	const char *value = strchr(arg, '=');

	if ((!starts(arg, "-f") && !starts(arg, "-m")) || !value)
		return false;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (starts(arg, harmless[i]))
			return false;
	if (strstr(arg, "prefix-map=") || strstr(arg, "list="))
		return false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strstr(arg, forms[i]))
			return true;
	return strchr(value, '/');
}

/* Of -x, other languages have outputs of their own; of -mllvm some load code. */
static bool hostile_operand(const char *arg, const char *next)
{
	static const char *const fine[] = { "-asan-", "-hwasan-", "-msan-", "-tsan-",
					    "-sanitizer-coverage-" };

	if (!strcmp(arg, "-x"))
		return !next || (strcmp(next, "c") && strcmp(next, "assembler-with-cpp") &&
				 strcmp(next, "none"));
	if (strcmp(arg, "-mllvm"))
		return false;
	for (size_t i = 0; next && i < sizeof(fine) / sizeof(*fine); i++)
		if (starts(next, fine[i]))
			return false;
	return true;
}

enum klp_cc_treatment klp_cc__treatment(const char *arg, const char *next)
{
	enum klp_cc_treatment found = REFUSE;

	if (arg[0] == '@' || hostile_to_assembler(arg) || hostile_operand(arg, next))
		return REFUSE;
	/* The only free argument of a compile command is its source. */
	if (arg[0] != '-')
		return DROP;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].prefix ? !starts(arg, rules[i].option) : strcmp(arg, rules[i].option))
			continue;
		found = rules[i].treatment;
		break;
	}
	return found == KEEP && names_a_file(arg) ? REFUSE : found;
}

bool klp_cc__is_gcc(const char *argv0)
{
	return strstr(klp_path_base(argv0), "gcc");
}

bool klp_cc__is_compiler(const char *argv0)
{
	static const char *const names[] = { "gcc", "clang", "cc" };
	const char *base = klp_path_base(argv0);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i]);

		for (const char *p = strstr(base, names[i]); p; p = strstr(p + 1, names[i])) {
			bool at_start = p == base || p[-1] == '-';
			const char *rest = p + n;

			if (at_start && (!*rest || (*rest == '-' && rest[1] &&
						    !rest[1 + strspn(rest + 1, "0123456789.")])))
				return true;
		}
	}
	return false;
}
