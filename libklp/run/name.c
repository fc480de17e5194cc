// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/file.h"
#include "model/plan_check.h"
#include "run/private.h"

static size_t without_suffix(const char *name)
{
	static const char *const suffixes[] = { ".diff", ".patch" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t n = strlen(suffixes[i]);

		if (len > n && !strcmp(name + len - n, suffixes[i]))
			return len - n;
	}
	return len;
}

static char in_module_name(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
}

/* These are Kbuild's or the kernel's own: see klp_plan_check(). */
static int is_taken(const char *name)
{
	return !strcmp(name, "livepatch") || !strcmp(name, "vmlinux");
}

char *klp__run_name(struct klp_arena *arena, const char *patch)
{
	const char *base = strcmp(patch, "-") ? klp_path_base(patch) : "fix";
	char *name = klp_strndup(arena, base, without_suffix(base));

	for (char *p = name; *p; p++)
		*p = in_module_name(*p);
	if (name[0] < 'a' || name[0] > 'z' || is_taken(name))
		name = klp_sprintf(arena, "klp_%s", name);
	if (strlen(name) > KLP_MAX_OBJECT)
		name[KLP_MAX_OBJECT] = '\0';
	return name;
}
