// SPDX-License-Identifier: GPL-2.0-or-later
/* What the module loader looks at before any code of the livepatch runs: kernel/module/. */
#include <elf.h>
#include <string.h>

#include "elf/livepatch.h"
#include "elf/tables.h"
#include "parsers/symvers.h"
#include "verify/private.h"

/* main.c check_modinfo_livepatch(), livepatch/core.c klp_enable_patch() */
void klp_verify__livepatch(struct klp_verify *v, const char *code)
{
	const char *value = klp_image_modinfo(&v->image, "livepatch", 0);

	if (value && !strcmp(value, "Y"))
		return;
	klp_verify__kernel_says(
		v,
		klp_verify__refuse(v, code, NULL, "add MODULE_INFO(livepatch, \"Y\") to the module",
				   "the module isn't marked as a livepatch"),
		"livepatch: module %s is not marked as a livepatch module", v->module.name);
}

/* main.c find_sec() */
static bool is_found(const struct klp_image *image, const char *section)
{
	uint32_t at = klp_image_section(image, section);

	return at && (image->sections.v[at].flags & SHF_ALLOC);
}

static bool has_versions(const struct klp_image *image)
{
	return is_found(image, "__versions") || is_found(image, "__version_ext_crcs");
}

/* version.c same_magic(): with symbol versions the release doesn't count. */
static const char *magic_that_counts(const struct klp_verify *v, const char *magic)
{
	return has_versions(&v->image) ? magic + strcspn(magic, " ") : magic;
}

/* main.c check_modinfo(): the string as another module of the build has it. */
void klp_verify__vermagic(struct klp_verify *v, const char *code)
{
	const char *magic = klp_image_modinfo(&v->image, "vermagic", 0);
	const char *release = v->tree->release;
	size_t len = release ? strlen(release) : 0;
	const char *wanted = v->peer_vermagic;
	const char *kernel = wanted ? wanted : len ? release : "this kernel";
	struct klp_finding *f;

	if (magic && wanted && !strcmp(magic_that_counts(v, magic), magic_that_counts(v, wanted)))
		return;
	if (magic && !wanted && (!len || (!strncmp(magic, release, len) && magic[len] == ' ')))
		return;
	f = klp_verify__refuse(v, code, NULL,
			       "build it with `make -C BUILD M=...` of the kernel that it is for",
			       "the module is made for '%s', not for '%s'",
			       magic ? magic : "no kernel", kernel);
	if (magic && wanted)
		klp_verify__kernel_says(v, f, "%s: version magic '%s' should be '%s'",
					v->module.name, magic, wanted);
}

/* signing.c module_sig_check(); an added signature doesn't change the rest. */
void klp_verify__signature(struct klp_verify *v, const char *code)
{
	struct klp_finding *f;

	if (v->image.is_signed || !klp_tree_config_is(v->tree, "CONFIG_MODULE_SIG_FORCE"))
		return;
	f = klp_verify__refuse(
		v, code, NULL, "sign it with scripts/sign-file of the build, as the last step",
		"the kernel loads signed modules only, and this one isn't signed yet");
	f->severity = KLP_WARNING;
}

void klp_verify__depends(struct klp_verify *v, const char *code)
{
	const char *depends = klp_image_modinfo(&v->image, "depends", 0);

	if (depends && *depends)
		klp_verify__refuse(v, code, NULL,
				   "refer to that module's symbols by livepatch relocations, under "
				   "names of their own",
				   "the livepatch depends on module '%s' and can't be loaded "
				   "without it",
				   depends);
}

static bool imports(const struct klp_image *image, const char *namespace)
{
	const char *value;

	for (unsigned int i = 0; (value = klp_image_modinfo(image, "import_ns", i)); i++)
		if (!strcmp(value, namespace))
			return true;
	return false;
}

/* include/linux/license.h license_is_gpl_compatible() */
static bool is_gpl(const struct klp_image *image)
{
	static const char *const compatible[] = {
		"GPL",		"GPL v2",	"GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
	};
	const char *license = klp_image_modinfo(image, "license", 0);

	for (size_t i = 0; license && i < sizeof(compatible) / sizeof(*compatible); i++)
		if (!strcmp(license, compatible[i]))
			return true;
	return false;
}

/* Only one that is found nowhere may stay NULL; and then it does so whatever vmlinux has. */
static void check_weak(struct klp_verify *v, const char *code, const char *name)
{
	for (size_t i = 0; i < v->objects.n; i++) {
		const struct klp_map_entry *e = &v->objects.entries[i];
		const struct klp_sym *sym = klp_symtab_get(e->value, name);
		struct klp_finding *f;

		if (!sym || !sym->kept)
			continue;
		f = klp_verify__refuse(
			v, code, name, "plan it as a livepatch relocation",
			"'%s' is weak and not exported: it stays NULL, though '%.*s' has "
			"a symbol of that name",
			name, (int)e->len, e->key);
		f->severity = KLP_WARNING;
		return;
	}
}

/* simplify_symbols(): one that isn't found is refused, unless it is weak. */
static void unknown(struct klp_verify *v, const char *code, const char *name, const char *hint,
		    const char *why, bool weak)
{
	struct klp_finding *f = klp_verify__refuse(
		v, code, name, hint, "%s%s", why,
		weak ? "; the reference is weak, and stays NULL without it" : "");

	if (weak)
		f->severity = KLP_WARNING;
	else
		klp_verify__kernel_says(v, f, "%s: Unknown symbol %s (err -2)", v->module.name,
					name);
}

/*
 * find_symbol(), verify_namespace_is_imported(). What the first doesn't come to is NULL for a weak
 * reference; what the second refuses is refused to that, too.
 */
static void check_undefined(struct klp_verify *v, const char *code, const char *name, bool weak)
{
	const struct klp_export *export = klp_tree_export(v->tree, name);
	struct klp_finding *f;

	if (!export) {
		unknown(v, code, name, "plan it as a livepatch relocation",
			klp_sprintf(v->arena, "nobody exports '%s'", name), weak);
	} else if (!klp_verify__is_vmlinux(export->module)) {
		unknown(v, code, name, "plan it as a livepatch relocation",
			klp_sprintf(v->arena,
				    "'%s' is exported by '%s', which would have to be loaded first",
				    name, export->module),
			weak);
	} else if (!strcmp(export->type, "EXPORT_SYMBOL_GPL") && !is_gpl(&v->image)) {
		unknown(v, code, name, "give the module MODULE_LICENSE(\"GPL\")",
			klp_sprintf(v->arena,
				    "'%s' is exported to modules with a GPL-compatible licence "
				    "only, and this one has none",
				    name),
			weak);
	} else if (*export->ns && !imports(&v->image, export->ns)) {
		f = klp_verify__refuse(v, code, name, "add MODULE_IMPORT_NS() to the livepatch",
				       "'%s' is exported to namespace '%s', which the module "
				       "doesn't import",
				       name, export->ns);
		klp_verify__kernel_says(v, f,
					"%s: module uses symbol (%s) from namespace %s, but does "
					"not import it.",
					v->module.name, name, export->ns);
		if (klp_tree_config_is(v->tree, "CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS"))
			f->severity = KLP_WARNING;
	}
}

void klp_verify__undefined(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;

	for (size_t i = 1; i < image->syms.n; i++) {
		const struct klp_image_sym *sym = &image->syms.v[i];
		bool weak = ELF64_ST_BIND(sym->info) == STB_WEAK;

		if (sym->shndx != SHN_UNDEF || !*sym->name)
			continue;
		if (weak && !klp_tree_export(v->tree, sym->name))
			check_weak(v, code, sym->name);
		else if (weak || !klp_lp_loader_ignores(image, sym))
			check_undefined(v, code, sym->name, weak);
	}
}

/* include/linux/module.h struct modversion_info: unsigned long crc; char name[56]; */
enum { VERSION_CRC = 8, VERSION_NAME = 56, VERSION_SIZE = VERSION_CRC + VERSION_NAME };

static const struct klp_image_section *section(const struct klp_image *image, const char *name)
{
	return &image->sections.v[klp_image_section(image, name)];
}

static void put_version(struct klp_verify *v, struct klp_map *map, const char *name, size_t len,
			uint32_t crc)
{
	uint32_t *value = klp_new(v->arena, uint32_t);

	*value = crc;
	klp_map_putn(map, name, len, value);
}

/* Since 6.14, for names of any length: numbers in one section, names one behind another in one. */
static void read_extended_versions(struct klp_verify *v, struct klp_map *ret)
{
	const struct klp_image_section *crcs = section(&v->image, "__version_ext_crcs");
	const struct klp_image_section *names = section(&v->image, "__version_ext_names");
	uint64_t at = 0;

	for (uint64_t i = 0; crcs->data && names->data && i + 4 <= crcs->size; i += 4) {
		const char *name = (const char *)names->data + at;
		size_t len = at < names->size ? strnlen(name, names->size - at) : 0;

		if (!len)
			return;
		put_version(v, ret, name, len,
			    (uint32_t)klp_image_number(&v->image, crcs->data + i, 4));
		at += len + 1;
	}
}

/* name -> CRC */
static void read_versions(struct klp_verify *v, struct klp_map *ret)
{
	const struct klp_image_section *s = section(&v->image, "__versions");

	klp_map_init(ret, v->arena);
	for (uint64_t at = 0; s->data && at + VERSION_SIZE <= s->size; at += VERSION_SIZE) {
		const unsigned char *entry = s->data + at;
		const char *name = (const char *)entry + VERSION_CRC;

		put_version(v, ret, name, strnlen(name, VERSION_NAME),
			    (uint32_t)klp_image_number(&v->image, entry, VERSION_CRC));
	}
	read_extended_versions(v, ret);
}

static void check_version(struct klp_verify *v, const char *code, const struct klp_map *versions,
			  const char *name)
{
	static const char hint[] = "build the module with the headers and the configuration of "
				   "that build; an include or an #ifdef of the livepatch may show "
				   "a type that the exporter hides (__GENKSYMS__)";
	const struct klp_export *export = klp_tree_export(v->tree, name);
	const uint32_t *crc = klp_map_get(versions, name);
	struct klp_finding *f;

	if (!export || !export->crc)
		return;
	if (!crc) {
		f = klp_verify__refuse(v, code, name, hint, "the module has no version of '%s'",
				       name);
		klp_verify__kernel_says(v, f, "%s: no symbol version for %s", v->module.name, name);
	} else if (*crc != export->crc) {
		f = klp_verify__refuse(v, code, name, hint,
				       "'%s' has the version %08x in the module and %08x in the "
				       "build",
				       name, *crc, export->crc);
		klp_verify__kernel_says(v, f, "%s: disagrees about version of symbol %s",
					v->module.name, name);
	}
}

/* version.c check_version(), check_modstruct_version() */
void klp_verify__versions(struct klp_verify *v, const char *code)
{
	const struct klp_image *image = &v->image;
	struct klp_map versions;

	if (!v->versions)
		return;
	if (!has_versions(image)) {
		klp_verify__refuse(v, code, NULL,
				   "build it with Kbuild, against the Module.symvers of the build",
				   "the module has no symbol versions, which the kernel asks for "
				   "(CONFIG_MODVERSIONS)");
		return;
	}
	read_versions(v, &versions);
	check_version(v, code, &versions, "module_layout");
	for (size_t i = 1; i < image->syms.n; i++)
		if (image->syms.v[i].shndx == SHN_UNDEF && *image->syms.v[i].name)
			check_version(v, code, &versions, image->syms.v[i].name);
}
