// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "elf/compare_parts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool begins(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

/*
 * Names that end in a __COUNTER__: include/linux/compiler.h __UNIQUE_ID(), include/linux/btf_ids.h
 * __BTF_ID(), include/linux/compiler_types.h compiletime_assert(). Length of what stands before it,
 * else 0.
 */
static size_t before_counter(const char *name)
{
	static const char *const prefixes[] = { "__UNIQUE_ID_", "__BTF_ID__",
						"__compiletime_assert_" };
	size_t end = strcspn(name, "."), stem = end;

	while (stem && isdigit((unsigned char)name[stem - 1]))
		stem--;
	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (begins(name, prefixes[i]) && stem < end)
			return stem;
	return 0;
}

/*
 * __initcall__kmod_MODULE__COUNTER_LINE_FUNCTIONinit: include/linux/init.h __initcall_id().
 * Where its two numbers stand, else NULL.
 */
static const char *initcall_numbers(const char *name)
{
	if (!begins(name, "__initcall__"))
		return NULL;
	for (const char *p = strstr(name + 12, "__"); p; p = strstr(p + 1, "__")) {
		size_t counter = digits(p + 2);

		if (counter && p[2 + counter] == '_' && digits(p + 3 + counter))
			return p + 2;
	}
	return NULL;
}

const char *klp_compare__norm(struct klp_arena *arena, const char *name)
{
	const char *initcall = initcall_numbers(name);
	size_t counter = before_counter(name);
	struct klp_buf buf;

	if (!strchr(name, '.') && !counter && !initcall)
		return name;
	klp_buf_init(&buf, arena);
	for (const char *p = name; *p;) {
		size_t n = 0;

		if (p == initcall) {
			p += digits(p) + 1;
			klp_buf_add(&buf, "N_");
			n = digits(p);
		} else if (counter && p == name + counter) {
			n = digits(p);
		} else if (p > name && p[-1] == '.' && (!p[digits(p)] || p[digits(p)] == '.')) {
			n = digits(p);
		}
		klp_buf_addn(&buf, n ? "N" : p, 1);
		p += n ? n : 1;
	}
	return buf.p;
}

/*
 * An undefined name is taken as it is: it tells static variables apart that the original defines.
 * What nothing defines at all is a call that must not be there.
 */
const char *klp_compare__undefined(struct klp_arena *arena, const char *name)
{
	return begins(name, "__compiletime_assert_") ? klp_compare__norm(arena, name) : name;
}

uint64_t klp_compare__number(const char *name)
{
	const char *end = name + strlen(name);

	while (end > name && !isdigit((unsigned char)end[-1]))
		end--;
	while (end > name && isdigit((unsigned char)end[-1]))
		end--;
	return strtoull(end, NULL, 10);
}

/* The marker as a whole component: behind it ".", or the end. */
static const char *component(const char *name, const char *marker)
{
	for (const char *p = strstr(name, marker); p; p = strstr(p + 1, marker)) {
		char behind = p[strlen(marker)];

		if (p > name && (!behind || behind == '.'))
			return p;
	}
	return NULL;
}

size_t klp_compare__cold(const char *name)
{
	const char *p = component(name, ".cold");

	return p ? (size_t)(p - name) : 0;
}

bool klp_compare__is_clone(const char *name)
{
	return component(name, ".isra") || component(name, ".constprop") ||
	       component(name, ".part");
}

size_t klp_compare__origin(const char *name)
{
	static const char *const markers[] = { ".isra", ".constprop", ".part", ".cold" };
	size_t len = strlen(name);

	for (size_t i = 0; i < COUNT(markers); i++) {
		const char *p = component(name, markers[i]);

		if (p && (size_t)(p - name) < len)
			len = (size_t)(p - name);
	}
	return len;
}

bool klp_compare__by_content(const char *name)
{
	return begins(name, "CSWTCH.") || begins(name, "switch.table.");
}

bool klp_compare__ignored(const char *section)
{
	static const char *const prefixes[] = {
		".debug", ".stab",    ".eh_frame", ".orc_",    ".sframe",
		".note",  ".comment", ".BTF",	   ".discard", ".llvm",
	};

	/* numbers that code reads, not debugging information */
	if (!strcmp(section, ".BTF_ids"))
		return false;
	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (begins(section, prefixes[i]))
			return true;
	return false;
}

/*
 * Tables whose entries begin with the address of some code and say something about it:
 * include/asm-generic/vmlinux.lds.h gathers them, each machine's headers and objtool fill
 * them.
 */
static const struct {
	const char *name;
	unsigned int operands;
} tables[] = {
	{ "", 0 },
	{ "__bug_table", 0 }, /* with a file name under CONFIG_DEBUG_BUGVERBOSE */
	{ ".altinstructions", 2 },
	{ "__jump_table", 3 },
	{ "__ex_table", 2 },
	{ ".static_call_sites", 2 },
	{ ".smp_locks", 1 },
	{ "__mcount_loc", 1 },
	{ "__patchable_function_entries", 1 },
	{ ".parainstructions", 1 },
	{ ".retpoline_sites", 1 },
	{ ".return_sites", 1 },
	{ ".call_sites", 1 },
	{ ".ibt_endbr_seal", 1 },
	{ ".cfi_sites", 1 },
	{ ".kcfi_traps", 1 },
};

uint32_t klp_compare__table(const char *section)
{
	for (uint32_t i = 1; i < COUNT(tables); i++)
		if (!strcmp(section, tables[i].name))
			return i;
	return 0;
}

const char *klp_compare__table_name(uint32_t table)
{
	return table < COUNT(tables) ? tables[table].name : NULL;
}

unsigned int klp_compare__table_operands(uint32_t table)
{
	return tables[table].operands;
}
