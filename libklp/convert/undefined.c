// SPDX-License-Identifier: GPL-2.0-or-later
#include "convert/undefined.h"

#include <elf.h>
#include <string.h>

#include "base/buf.h"
#include "parsers/symvers.h"

#define MAX_SHOWN 3 /* functions or candidates named in an error */

/* kernel/module/main.c simplify_symbols() and modpost's ignore_undef_symbol(). */
static bool loader_ignores(const struct klp_image *image, const struct klp_image_sym *sym)
{
	if (ELF64_ST_BIND(sym->info) == STB_WEAK)
		return true;
	return image->machine == EM_X86_64 && !strcmp(sym->name, "_GLOBAL_OFFSET_TABLE_");
}

/* Is it this module's business at all, and can't the loader resolve it? */
static bool unresolved(const struct klp_image *image, const struct klp_image_sym *sym,
		       const struct klp_map *exports)
{
	const struct klp_export *export;

	if (sym->shndx != SHN_UNDEF || !*sym->name || loader_ignores(image, sym))
		return false;
	export = klp_map_get(exports, sym->name);
	return !export || strcmp(export->module, "vmlinux");
}

/* "'f', 'g' and 2 more", the functions that have a relocation to the symbol. */
static const char *referrers(struct klp_arena *arena, const struct klp_image *image,
			     uint32_t symbol)
{
	struct klp_strs names = {};
	struct klp_buf buf;

	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_sym *in;

			if (s->relas.v[k].sym != symbol)
				continue;
			in = klp_image_function(image, s->info, s->relas.v[k].offset);
			klp_strs_add(arena, &names,
				     in ? in->name : image->sections.v[s->info].name);
		}
	}
	klp_buf_init(&buf, arena);
	for (size_t i = 0; i < names.n && i < MAX_SHOWN; i++)
		klp_buf_addf(&buf, "%s'%s'", i ? ", " : "", names.v[i]);
	if (names.n > MAX_SHOWN)
		klp_buf_addf(&buf, " and %zu more", names.n - MAX_SHOWN);
	return names.n ? buf.p : "nothing";
}

static const char *without_prefix(const char *name)
{
	return !strncmp(name, "klpe_", 5) ? name + 5 : name;
}

/* Planned references and exports that the name may be meant for; "" when there are none. */
static const char *candidates(struct klp_arena *arena, const struct klp_plan *plan,
			      const struct klp_map *exports, const char *name)
{
	const char *base = without_prefix(name);
	const struct klp_export *export = klp_map_get(exports, base);
	struct klp_buf buf;
	size_t n = 0;

	klp_buf_init(&buf, arena);
	klp_buf_add(&buf, "");
	if (export && strcmp(base, name))
		klp_buf_addf(&buf, "%s'%s', exported by %s", n++ ? ", " : "", base, export->module);
	for (size_t i = 0; i < plan->refs.n && n < MAX_SHOWN; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];

		if (!strcmp(ref->symbol, base) || !strcmp(without_prefix(ref->link_name), base))
			klp_buf_addf(&buf, "%s'%s', planned for '%s' of %s", n++ ? ", " : "",
				     ref->link_name, ref->symbol, ref->object);
	}
	return buf.p;
}

static int refuse_module_export(const struct klp_image *image, const struct klp_export *export,
				const char *users, struct klp_error *err)
{
	klp_error_set(err, KLP_EINPUT,
		      "'%s' (needed by %s) is exported by module '%s': the livepatch would depend "
		      "on that module",
		      export->symbol, users, export->module);
	klp_error_at(err, image->path, 0, 0);
	return klp_error_hint(err,
			      "refer to it under a name of its own, 'klpe_%s', and plan that "
			      "as a livepatch relocation",
			      export->symbol);
}

static int refuse(struct klp_arena *arena, const struct klp_image *image, uint32_t symbol,
		  const struct klp_plan *plan, const struct klp_map *exports, size_t more,
		  struct klp_error *err)
{
	const char *name = image->syms.v[symbol].name;
	const struct klp_export *export = klp_map_get(exports, name);
	const char *users = referrers(arena, image, symbol);
	const struct klp_symref *ref = klp_plan_ref(plan, name);
	const char *meant = candidates(arena, plan, exports, name);
	const char *rest = more ? klp_sprintf(arena, "; %zu more like it", more) : "";

	if (export)
		return refuse_module_export(image, export, users, err);
	klp_error_set(err, KLP_EINPUT,
		      "'%s' (needed by %s) is undefined, %s no export of vmlinux%s", name, users,
		      ref ? "planned as an export, but" : "not planned, and", rest);
	klp_error_at(err, image->path, 0, 0);
	if (!exports->n)
		return klp_error_hint(err, "the build has no exports at all: is Module.symvers "
					   "missing or empty?");
	if (*meant)
		return klp_error_hint(err, "perhaps this is meant: %s", meant);
	return klp_error_hint(err, "add it to the references of the plan, with the object and the "
				   "name that it has there");
}

int klp_convert__undefined(struct klp_arena *arena, const struct klp_image *image,
			   const struct klp_plan *plan, const struct klp_symref *const *refs,
			   const struct klp_map *exports, struct klp_error *err)
{
	uint32_t first = 0;
	size_t n = 0;

	for (size_t i = 1; i < image->syms.n; i++) {
		if (refs[i] || !unresolved(image, &image->syms.v[i], exports))
			continue;
		if (!n++)
			first = (uint32_t)i;
	}
	return n ? refuse(arena, image, first, plan, exports, n - 1, err) : 0;
}
