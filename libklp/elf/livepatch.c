// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/livepatch.h"
#include "model/release.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>


/* The widths in the kernel's format strings. */
#define MAX_OBJECT 55
#define MAX_SYMBOL 511

char *klp_lp_symbol_name(struct klp_arena *arena, const char *object, const char *symbol,
			 unsigned int sympos)
{
	return klp_sprintf(arena, KLP_SYM_PREFIX "%s.%s,%u", object, symbol, sympos);
}

char *klp_lp_section_name(struct klp_arena *arena, const char *object, const char *section)
{
	return klp_sprintf(arena, KLP_RELA_PREFIX "%s.%s", object, section);
}

/* Up to the first `end`, 1 to max characters; what follows is at *ret_rest. */
static const char *part(struct klp_arena *arena, const char *p, char end, size_t max,
			const char **ret_rest)
{
	const char *stop = strchr(p, end);

	if (!stop || stop == p || (size_t)(stop - p) > max)
		return NULL;
	*ret_rest = stop + 1;
	return klp_strndup(arena, p, (size_t)(stop - p));
}

bool klp_lp_parse_symbol(struct klp_arena *arena, const char *name, struct klp_lp_name *ret)
{
	const char *p = name + sizeof(KLP_SYM_PREFIX) - 1;
	char *end;

	if (strncmp(name, KLP_SYM_PREFIX, sizeof(KLP_SYM_PREFIX) - 1))
		return false;
	ret->object = part(arena, p, '.', MAX_OBJECT, &p);
	if (!ret->object)
		return false;
	ret->symbol = part(arena, p, ',', MAX_SYMBOL, &p);
	if (!ret->symbol || *p < '0' || *p > '9')
		return false;
	errno = 0;
	ret->sympos = strtoul(p, &end, 10);
	return !errno && !*end;
}

bool klp_lp_parse_section(struct klp_arena *arena, const char *name, const char **ret_object)
{
	const char *p = name + sizeof(KLP_RELA_PREFIX) - 1;

	if (strncmp(name, KLP_RELA_PREFIX, sizeof(KLP_RELA_PREFIX) - 1))
		return false;
	*ret_object = part(arena, p, '.', MAX_OBJECT, &p);
	return *ret_object && *p;
}

#define OTHERWISE "write the statement in the livepatch without the construct that makes this entry"

/*
 * Sections that are put to use when the livepatch is loaded, before references to a module
 * are resolved: kernel/module/main.c load_module() calls post_relocation() and the notifiers
 * of jump labels, static calls and tracepoints ahead of the livepatch's own init, where
 * klp_enable_patch() resolves them. References to vmlinux are resolved earlier, by
 * apply_relocations(), since Linux 5.8, so that these are allowed.
 */
static const struct {
	const char *section; /* with -ffunction-sections some have a suffix */
	const char *instead;
	bool late; /* put to use after vmlinux's are resolved, by every kernel */
} early_sections[] = {
	{ "__jump_table", "test the key with static_key_enabled() instead of static_branch_*()" },
	{ ".static_call_sites", "call through the key's function pointer: static_call_query()" },
	{ ".altinstructions", "use the plain form of what is patched at boot there" },
	{ ".parainstructions", "use the plain form of what is patched at boot there" },
	{ "__tracepoints_ptrs", OTHERWISE },
	{ "__bug_table", OTHERWISE },
	{ "__ex_table", OTHERWISE },
	{ ".orc_unwind_ip", OTHERWISE },
	{ ".orc_unwind", OTHERWISE },
	{ "__mcount_loc", OTHERWISE },
	{ "__patchable_function_entries", OTHERWISE },
	{ ".retpoline_sites", OTHERWISE },
	{ ".return_sites", OTHERWISE },
	{ ".smp_locks", OTHERWISE },
	{ "__param", OTHERWISE },
	{ ".init", "keep references to the module out of the livepatch's init code" },
	/* the livepatch is removed whether the module is there or not */
	{ ".exit", "keep references to the module out of the livepatch's exit code", true },
};

static bool is_section(const char *section, const char *wanted)
{
	size_t len = strlen(wanted);

	return !strncmp(section, wanted, len) && (!section[len] || section[len] == '.');
}

const char *klp_lp_early(const char *section, const char *object, unsigned int release)
{
	bool module = strcmp(object, "vmlinux") != 0;

	for (size_t i = 0; i < sizeof(early_sections) / sizeof(early_sections[0]); i++) {
		if (!is_section(section, early_sections[i].section))
			continue;
		if (module || (release && release < KLP_RELEASE(5, 8) && !early_sections[i].late))
			return early_sections[i].instead;
		return NULL;
	}
	return NULL;
}

bool klp_lp_is_percpu(const char *section)
{
	return is_section(section, ".data..percpu");
}

bool klp_lp_loader_ignores(const struct klp_image *image, const struct klp_image_sym *sym)
{
	if (image->machine == EM_X86_64 || image->machine == EM_S390)
		return !strcmp(sym->name, "_GLOBAL_OFFSET_TABLE_");
	return image->machine == EM_PPC64 && !strcmp(sym->name, ".TOC.");
}
