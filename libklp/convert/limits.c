// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What kernel/livepatch/core.c klp_resolve_symbols() can read back. It takes a symbol apart by
 * sscanf() with ".klp.sym.%55[^.].%511[^,],%lu": an object ends at the first dot and has at most
 * MODULE_NAME_LEN - 1 characters, a name ends at the first comma and has at most KSYM_NAME_LEN - 1,
 * which is 511 since Linux 6.1 and was 127 before. With a longer one the dot or the comma isn't
 * met, and the livepatch is refused (-EINVAL). klp_apply_section_relocs() reads a section's object
 * by ".klp.rela.%55[^.]" alone: a longer one is cut off there without a word, and is the name of
 * another module, or none.
 */
#include <string.h>

#include "convert/private.h"
#include "model/plan_check.h"
#include "model/release.h"

static int refuse(struct klp_conversion *c, const char *symbol, const char *hint, const char *what)
{
	klp_error_set(c->err, KLP_EINPUT, "'%.600s': %s", symbol, what);
	klp_error_hint(c->err, "%s", hint);
	return klp_convert__fail(c);
}

static int check_object(struct klp_conversion *c, const struct klp_symref *ref, const char *object)
{
	if (klp_is_object(object))
		return 0;
	return refuse(c, ref->link_name,
		      "a module is called as in /proc/modules: no path, no '-', no '.'",
		      klp_sprintf(c->arena,
				  "'%.128s' is no name of an object that the kernel could read: "
				  "[A-Za-z0-9_], at most %d",
				  object, KLP_MAX_OBJECT));
}

static int check_name(struct klp_conversion *c, const struct klp_symref *ref)
{
	size_t max = klp_release_max_symbol(klp_release_number(c->opts->tree->release));
	size_t len = strlen(ref->symbol);

	if (len > max)
		return refuse(
			c, ref->link_name,
			c->opts->tree->release
				? "refer to it by a way around it: a shorter alias, or its address "
				  "in a structure that the kernel has"
				: "the build doesn't say which kernel it is "
				  "(include/config/kernel.release), so the lower limit holds",
			klp_sprintf(c->arena,
				    "the name has %zu characters, and the kernel reads %zu of "
				    "it (KSYM_NAME_LEN)",
				    len, max));
	if (strchr(ref->symbol, ','))
		return refuse(c, ref->link_name, "give the symbol another name in the kernel",
			      "there is a comma in the name, where the kernel's reading ends");
	if (!klp_is_symbol(ref->symbol))
		return refuse(c, ref->link_name, "a name has no blank, quote or control character",
			      "it stands for something that is no symbol's name");
	if (ref->sympos > KLP_MAX_SYMPOS)
		return refuse(c, ref->link_name, "is the position counted in that object, from 1?",
			      klp_sprintf(c->arena, "position %u is above %u", ref->sympos,
					  KLP_MAX_SYMPOS));
	return 0;
}

int klp_convert__limits(struct klp_conversion *c)
{
	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_symref *ref = c->refs[i];

		if (!ref)
			continue;
		if (check_object(c, ref, ref->object) < 0 ||
		    (ref->section_object && check_object(c, ref, ref->section_object) < 0) ||
		    check_name(c, ref) < 0)
			return c->err->code;
	}
	return 0;
}
