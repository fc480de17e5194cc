// SPDX-License-Identifier: GPL-2.0-or-later
/* The same for the test kernel, which is a 6.1. */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "kallsyms_relocs.h"

typedef int see_fn(void *, const char *, struct module *, unsigned long);

struct module *(*klpe_find_module)(const char *name);
static int (*on_each)(see_fn *see, void *data);
static int (*on_each_of_modules)(see_fn *see, void *data);

struct search {
	struct klp_kallsyms_reloc *reloc;
	unsigned long count, address;
};

static int see(void *data, const char *name, struct module *mod, unsigned long address)
{
	struct search *s = data;
	const char *object = s->reloc->objname;

	if (!mod != !object || (mod && strcmp(mod->name, object)) ||
	    strcmp(name, s->reloc->symname))
		return 0;
	if (++s->count == (s->reloc->sympos ? s->reloc->sympos : 1))
		s->address = address;
	return 0;
}

int klp_resolve_kallsyms_relocs(struct klp_kallsyms_reloc *relocs, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		struct search s = { .reloc = &relocs[i] };

		(relocs[i].objname ? on_each_of_modules : on_each)(see, &s);
		if (!s.count || relocs[i].sympos > s.count || (!relocs[i].sympos && s.count > 1))
			return -ENOENT;
		*relocs[i].addr = (void *)s.address;
	}
	return 0;
}

static bool is_at(unsigned long address, const char *wanted, unsigned long *start,
		  unsigned long *end)
{
	static char text[KSYM_SYMBOL_LEN];
	unsigned long offset, size;
	char *behind;

	sprint_symbol(text, address);
	behind = strrchr(text, '+');
	if (!behind || sscanf(behind, "+%lx/%lx", &offset, &size) != 2)
		return false;
	*behind = '\0';
	*start = address - offset;
	*end = *start + size;
	return !strcmp(text, wanted);
}

/* Around sprint_symbol(), to both sides. */
static unsigned long near_by(const char *wanted)
{
	unsigned long start = (unsigned long)sprint_symbol, end = start, other;
	int i;

	for (i = 0; i < 100; i++) {
		if (is_at(start - 1, wanted, &start, &other))
			return start;
		if (is_at(end, wanted, &other, &end))
			return other;
	}
	return 0;
}

int klp_kallsyms_relocs_init(void)
{
	struct klp_kallsyms_reloc walks[] = {
		{ "module_kallsyms_on_each_symbol", (void **)&on_each_of_modules },
		{ "find_module", (void **)&klpe_find_module },
	};

	on_each = (void *)near_by("kallsyms_on_each_symbol");
	return on_each ? klp_resolve_kallsyms_relocs(walks, ARRAY_SIZE(walks)) : -ENOENT;
}
