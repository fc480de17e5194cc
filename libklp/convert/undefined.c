// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The undefined symbols of the module that are not turned into livepatch references: each must be
 * one that the module loader resolves.
 */
#include <elf.h>
#include <string.h>

#include "base/buf.h"
#include "convert/private.h"
#include "elf/livepatch.h"
#include "parsers/symvers.h"

#define MAX_SHOWN 3 /* functions or candidates named in an error */

/*
 * A weak symbol is left alone by the loader: the kernel may or may not have it. But where names are
 * looked up, the prefix says that one is meant to be there: NULL would be called the first time that
 * somebody comes by.
 */
static bool may_be_absent(const struct klp_conversion *c, const struct klp_image_sym *sym)
{
	return ELF64_ST_BIND(sym->info) == STB_WEAK &&
	       (c->opts->plan || klp_convert__without_prefix(sym->name) == sym->name);
}

bool klp_convert__is_open(const struct klp_image_sym *sym)
{
	return sym->shndx == SHN_UNDEF && *sym->name && ELF64_ST_BIND(sym->info) != STB_LOCAL;
}

bool klp_convert__loader_resolves(const struct klp_conversion *c, const struct klp_image_sym *sym)
{
	const struct klp_export *export;

	if (klp_lp_loader_ignores(&c->image, sym) || may_be_absent(c, sym))
		return true;
	export = klp_map_get(&c->opts->tree->exports, sym->name);
	return export && !strcmp(export->module, "vmlinux");
}

const char *klp_convert__referrers(struct klp_conversion *c, uint32_t symbol)
{
	const struct klp_image *image = &c->image;
	struct klp_buf buf;
	struct klp_map names;

	klp_map_init(&names, c->arena);
	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_sym *in;
			const char *name;

			if (s->relas.v[k].sym != symbol)
				continue;
			in = klp_image_user(image, s->info, s->relas.v[k].offset);
			name = in ? in->name : image->sections.v[s->info].name;
			klp_map_put(&names, name, (void *)(uintptr_t)name);
		}
	}
	klp_buf_init(&buf, c->arena);
	for (size_t i = 0; i < names.n && i < MAX_SHOWN; i++)
		klp_buf_addf(&buf, "%s'%.100s'", i ? ", " : "", names.entries[i].key);
	if (names.n > MAX_SHOWN)
		klp_buf_addf(&buf, " and %zu more", names.n - MAX_SHOWN);
	return names.n ? buf.p : "nothing";
}

const char *klp_convert__without_prefix(const char *name)
{
	return !strncmp(name, "klpe_", 5) && name[5] ? name + 5 : name;
}

/* Planned references and exports that the name may be meant for; "" when there are none. */
static const char *candidates(struct klp_conversion *c, const char *name)
{
	const char *base = klp_convert__without_prefix(name);
	const struct klp_export *export = klp_map_get(&c->opts->tree->exports, base);
	const struct klp_plan *plan = c->opts->plan;
	struct klp_buf buf;
	size_t n = 0;

	klp_buf_init(&buf, c->arena);
	klp_buf_add(&buf, "");
	if (export && strcmp(base, name))
		klp_buf_addf(&buf, "%s'%.100s', exported by %.60s", n++ ? ", " : "", base,
			     export->module);
	for (size_t i = 0; plan && i < plan->refs.n && n < MAX_SHOWN; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];

		if (!strcmp(ref->symbol, base) ||
		    !strcmp(klp_convert__without_prefix(ref->link_name), base))
			klp_buf_addf(&buf, "%s'%.100s', planned for '%.100s' of %s",
				     n++ ? ", " : "", ref->link_name, ref->symbol, ref->object);
	}
	return buf.p;
}

static int refuse_module_export(struct klp_conversion *c, const struct klp_export *export,
				const char *users)
{
	klp_error_set(c->err, KLP_EINPUT,
		      "'%.300s' (needed by %s) is exported by module '%s': the livepatch would depend "
		      "on that module",
		      export->symbol, users, export->module);
	klp_error_hint(c->err,
		       "refer to it under a name of its own, 'klpe_%.200s', and plan that "
		       "as a livepatch relocation",
		       export->symbol);
	return klp_convert__fail(c);
}

static int hint(struct klp_conversion *c, const char *name)
{
	const char *meant = candidates(c, name);

	if (!c->opts->tree->exports.n)
		return klp_error_hint(c->err, "the build has no exports at all: is Module.symvers "
					      "missing or empty?");
	if (*meant)
		return klp_error_hint(c->err, "perhaps this is meant: %s", meant);
	if (!c->opts->plan)
		return klp_error_hint(c->err,
				      "neither vmlinux nor a module that the livepatch patches has "
				      "it: where another one does, say so by an asm label "
				      ".klp.sym.rela.PATCHED.OBJECT.NAME,POSITION");
	return klp_error_hint(c->err, "add it to the references of the plan, with the object and the "
				      "name that it has there");
}

static int refuse(struct klp_conversion *c, uint32_t symbol, size_t more)
{
	const char *name = c->image.syms.v[symbol].name;
	const struct klp_export *export = klp_map_get(&c->opts->tree->exports, name);
	const char *users = klp_convert__referrers(c, symbol);
	const struct klp_plan *plan = c->opts->plan;
	const char *rest = more ? klp_sprintf(c->arena, "; %zu more like it", more) : "";
	const char *found = !plan			  ? "not found in the kernel, and"
			    : klp_plan_ref(plan, name) ? "planned as an export, but"
						       : "not planned, and";

	if (export && plan)
		return refuse_module_export(c, export, users);
	klp_error_set(c->err, KLP_EINPUT,
		      "'%.400s' (needed by %s) is undefined, %s no export of vmlinux%s", name, users,
		      found, rest);
	hint(c, name);
	return klp_convert__fail(c);
}

int klp_convert__undefined(struct klp_conversion *c)
{
	uint32_t first = 0;
	size_t n = 0;

	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_image_sym *sym = &c->image.syms.v[i];

		if (c->refs[i] || sym->shndx != SHN_UNDEF || !*sym->name ||
		    klp_convert__loader_resolves(c, sym))
			continue;
		if (!n++)
			first = (uint32_t)i;
	}
	return n ? refuse(c, first, n - 1) : 0;
}
