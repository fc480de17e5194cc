// SPDX-License-Identifier: GPL-2.0-or-later
/* klp_patch, klp_object, klp_func: kernel/livepatch/core.c klp_enable_patch() and what it calls. */
#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "elf/livepatch.h"
#include "elf/tables.h"
#include "verify/private.h"

static const char mixed[] = "give the build directory of the kernel that the livepatch is for";

/* include/linux/module.h MODULE_NAME_LEN, on 64 bit */
#define MODULE_NAME_LEN 56

/* What is not the name that the kernel gives a module, which is compared by strcmp(). */
static const char *wrong_name(const char *name)
{
	size_t len = strlen(name);

	if (klp_verify__is_vmlinux(name))
		return "waits for a module of that name; vmlinux is meant by no name at all";
	if (!len)
		return "is empty";
	if (strchr(name, '/'))
		return "is a path";
	if (len > 3 && !strcmp(name + len - 3, ".ko"))
		return "is a file's name";
	if (strchr(name, '-'))
		return "has a '-', where module names have '_'";
	if (strchr(name, '.'))
		return "has a '.', which no module name has";
	return len >= MODULE_NAME_LEN ? "is longer than a module's name can be" : NULL;
}

static void check_object(struct klp_verify *v, const char *code, const struct klp_table_object *o)
{
	const char *wrong = o->name ? wrong_name(o->name) : NULL;

	if (wrong)
		klp_verify__refuse(
			v, code, NULL,
			"give the object's name as lsmod prints it, and NULL for vmlinux",
			"the object name '%s' %s", o->name, wrong);
	else if (!klp_map_get(&v->objects, klp_table_object_name(o)))
		klp_verify__refuse(v, code, NULL, mixed,
				   "object '%s' isn't in the build: it would be waited for, and "
				   "nothing be patched",
				   klp_table_object_name(o));
	if (o->no_funcs)
		klp_verify__refuse(v, code, NULL,
				   "give it an array of functions, if only the empty entry",
				   "object '%s' has no functions at all, not even an empty array",
				   klp_table_object_name(o));
}

void klp_verify__objects(struct klp_verify *v, const char *code)
{
	const struct klp_table_objects *objects = &v->module.tables.objects;

	for (size_t i = 0; i < objects->n; i++)
		check_object(v, code, &objects->v[i]);
}

static void check_resolved(struct klp_verify *v, const char *code, const char *object,
			   const struct klp_table_func *func, const struct klp_sym *sym)
{
	const char *why = NULL;
	struct klp_finding *f;

	if (sym->type != STT_FUNC)
		why = "is no function";
	else if (klp_sym_is_init(sym))
		why = "is init code, which was freed";
	else if (!sym->traceable)
		why = "can't be traced";
	if (!why)
		return;
	f = klp_verify__refuse(
		v, code, func->old_name,
		"patch its callers instead: a function is redirected at the place that "
		"ftrace has at its entry",
		"'%s' of '%s' (position %" PRIu64 "), which is to be patched, %s", func->old_name,
		object, func->sympos, why);
	klp_verify__kernel_says(v, f, "livepatch: failed to find location for function '%s'",
				func->old_name);
}

static void check_function(struct klp_verify *v, const char *code,
			   const struct klp_table_object *object, const struct klp_table_func *func)
{
	const char *name = klp_table_object_name(object);
	const struct klp_symtab *symtab = klp_map_get(&v->objects, name);
	struct klp_unresolved unresolved;
	const char *why, *hint;
	const struct klp_sym *sym;
	struct klp_finding *f;

	if (!func->old_name) {
		klp_verify__refuse(v, code, func->new_name, "give it the name of what it replaces",
				   "an entry of '%s' has no old_name", name);
		return;
	}
	why = klp_verify__too_long(v, func->old_name, &hint);
	if (why) {
		klp_verify__refuse(v, code, func->old_name, hint, "what is to be patched: %s", why);
		return;
	}
	if (!symtab)
		return; /* said by klp_verify__objects() */
	sym = klp_verify__resolve(v, symtab, name, func->old_name, func->sympos, &unresolved);
	if (sym) {
		check_resolved(v, code, name, func, sym);
		return;
	}
	f = klp_verify__refuse(v, code, func->old_name, mixed,
			       "'%s' of '%s' (position %" PRIu64 "), which is to be patched, %s",
			       func->old_name, name, func->sympos, unresolved.why);
	f->kernel = unresolved.kernel;
}

/* Calls check for each function of each object. */
static void each_function(struct klp_verify *v, const char *code,
			  void (*check)(struct klp_verify *v, const char *code,
					const struct klp_table_object *object,
					const struct klp_table_func *func))
{
	const struct klp_table_objects *objects = &v->module.tables.objects;

	for (size_t i = 0; i < objects->n; i++)
		for (size_t k = 0; k < objects->v[i].funcs.n; k++)
			check(v, code, &objects->v[i], &objects->v[i].funcs.v[k]);
}

/* klp_find_object_symbol(), patch.c klp_patch_func() */
void klp_verify__functions(struct klp_verify *v, const char *code)
{
	each_function(v, code, check_function);
}

static void check_replacement(struct klp_verify *v, const char *code,
			      const struct klp_table_object *object,
			      const struct klp_table_func *func)
{
	const struct klp_image *image = &v->image;
	const struct klp_image_section *s = func->shndx && func->shndx < image->sections.n
						    ? &image->sections.v[func->shndx]
						    : NULL;
	const char *old = func->old_name ? func->old_name : "?", *why = NULL;

	(void)object;
	if (!func->new_name)
		why = "has no new function";
	else if (!s)
		why = "is to be replaced by something outside of the module";
	else if (!(s->flags & SHF_EXECINSTR) || !(s->flags & SHF_ALLOC))
		why = "is to be replaced by something that is no code";
	else if (!strncmp(s->name, ".init", 5))
		why = "is to be replaced by init code, which is freed";
	else if (!*func->new_name)
		why = "is to be replaced by a place where no function begins";
	if (why)
		klp_verify__refuse(v, code,
				   func->new_name && *func->new_name ? func->new_name : old,
				   "point new_func to a function of the livepatch", "'%s' %s", old,
				   why);
}

void klp_verify__replacements(struct klp_verify *v, const char *code)
{
	each_function(v, code, check_replacement);
}

/* What is a directory in sysfs: 0 and 1 mean the same for a name that is unique. */
static char *sysfs_name(struct klp_arena *arena, const struct klp_table_func *func)
{
	return klp_sprintf(arena, "%s,%" PRIu64, func->old_name, func->sympos ? func->sympos : 1);
}

static const char *new_name(const struct klp_table_func *func)
{
	return func->new_name ? func->new_name : "nothing";
}

/*
 * patch.c klp_find_ops() goes by the address: of two names of one function both would get the new
 * function that stands on top.
 */
static void check_addresses(struct klp_verify *v, const char *code,
			    const struct klp_table_object *o)
{
	const char *name = klp_table_object_name(o);
	const struct klp_symtab *symtab = klp_map_get(&v->objects, name);
	struct klp_map seen;

	klp_map_init(&seen, v->arena);
	for (size_t i = 0; symtab && i < o->funcs.n; i++) {
		const struct klp_table_func *func = &o->funcs.v[i], *other;
		struct klp_unresolved ignored;
		const struct klp_sym *sym =
			func->old_name ? klp_verify__resolve(v, symtab, name, func->old_name,
							     func->sympos, &ignored)
				       : NULL;
		char *place = sym ? klp_sprintf(v->arena, "%" PRIu64, sym->place) : NULL;

		if (!place)
			continue;
		other = klp_map_get(&seen, place);
		klp_map_put(&seen, place, (void *)(uintptr_t)func);
		if (other && strcmp(other->old_name, func->old_name))
			klp_verify__refuse(
				v, code, func->old_name, "patch it under one of the names",
				"'%s' and '%s' of '%s' are one function, which is replaced "
				"by '%s' and by '%s'",
				other->old_name, func->old_name, name, new_name(other),
				new_name(func));
	}
}

static void check_names(struct klp_verify *v, const char *code, const struct klp_table_object *o)
{
	const struct klp_table_func *other;
	struct klp_finding *f;
	struct klp_map seen;

	klp_map_init(&seen, v->arena);
	for (size_t i = 0; i < o->funcs.n; i++) {
		struct klp_table_func *func = &o->funcs.v[i];
		char *name = func->old_name ? sysfs_name(v->arena, func) : NULL;

		if (!name)
			continue;
		other = klp_map_get(&seen, name);
		klp_map_put(&seen, name, func);
		if (!other)
			continue;
		f = klp_verify__refuse(v, code, func->old_name, "leave one of the two out",
				       "'%s' of '%s' is patched twice, by '%s' and by '%s'",
				       func->old_name, klp_table_object_name(o), new_name(other),
				       new_name(func));
		klp_verify__kernel_says(v, f, "kobject_add_internal failed for %s with -EEXIST",
					name);
	}
}

/* klp_init_object(), klp_init_func(): each gets a directory of its own in sysfs. */
void klp_verify__twice(struct klp_verify *v, const char *code)
{
	const struct klp_table_objects *objects = &v->module.tables.objects;
	struct klp_finding *f;
	struct klp_map seen;

	klp_map_init(&seen, v->arena);
	for (size_t i = 0; i < objects->n; i++) {
		const char *name = klp_table_object_name(&objects->v[i]);

		check_names(v, code, &objects->v[i]);
		check_addresses(v, code, &objects->v[i]);
		if (klp_map_get(&seen, name)) {
			f = klp_verify__refuse(v, code, NULL,
					       "put the functions of one object into one array",
					       "object '%s' is there twice", name);
			klp_verify__kernel_says(
				v, f, "kobject_add_internal failed for %s with -EEXIST", name);
		}
		klp_map_put(&seen, name, &objects->v[i]);
	}
}

/* "vmlinux show_sb_opts,1" -> who patches it */
static void collect(struct klp_arena *arena, const struct klp_livepatch *module,
		    struct klp_map *ret)
{
	const struct klp_table_objects *objects = &module->tables.objects;

	klp_map_init(ret, arena);
	for (size_t i = 0; i < objects->n; i++)
		for (size_t k = 0; k < objects->v[i].funcs.n; k++)
			if (objects->v[i].funcs.v[k].old_name)
				klp_map_put(
					ret,
					klp_sprintf(arena, "%s %s",
						    klp_table_object_name(&objects->v[i]),
						    sysfs_name(arena, &objects->v[i].funcs.v[k])),
					&objects->v[i].funcs.v[k]);
}

/* patch.c klp_patch_func(): the newest stands on top, and nothing gets to those below. */
static void check_pair(struct klp_arena *arena, const struct klp_livepatch *older,
		       const struct klp_map *of_older, const struct klp_livepatch *newer,
		       const struct klp_map *of_newer, struct klp_findings *findings)
{
	for (size_t i = 0; i < of_newer->n; i++) {
		const struct klp_map_entry *e = &of_newer->entries[i];
		const struct klp_table_func *func = e->value;
		struct klp_finding *f;

		if (!klp_map_getn(of_older, e->key, e->len))
			continue;
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-V-TWICE",
				    "'%s' of '%.*s' is patched by '%s' and again by '%s', which "
				    "replaces nothing: the older one's fix is lost there",
				    func->old_name, (int)strcspn(e->key, " "), e->key, older->name,
				    newer->name);
		f->symbol = func->old_name;
		f->hint = "set .replace in the newer one's klp_patch, and let it hold both fixes";
	}
}

/* state.c klp_is_state_compatible() */
static void check_states(struct klp_arena *arena, const struct klp_livepatch *older,
			 const struct klp_livepatch *newer, struct klp_findings *findings)
{
	const struct klp_table_states *states = &newer->tables.states;

	for (size_t i = 0; i < older->tables.states.n; i++) {
		const struct klp_table_state *old = &older->tables.states.v[i], *found = NULL;
		struct klp_finding *f;

		for (size_t k = 0; k < states->n && !found; k++)
			if (states->v[k].id == old->id)
				found = &states->v[k];
		if (found ? found->version >= old->version : !newer->tables.replace)
			continue;
		f = klp_finding_add(
			arena, findings, KLP_ERROR, "KLP-V-STATE",
			"'%s' can't be loaded over '%s': state %llu has version %u there, "
			"and %s here",
			newer->name, older->name, (unsigned long long)old->id, old->version,
			found ? klp_sprintf(arena, "%u", found->version) : "is missing");
		f->hint = "a newer livepatch handles each state of the older ones, at the same "
			  "version "
			  "or a higher one, if it replaces them";
		f->kernel =
			klp_sprintf(arena,
				    "livepatch: Livepatch patch (%s) is not compatible with the "
				    "already installed livepatches.",
				    newer->name);
	}
}

/* kernel/module/main.c add_unformed_module() */
static void check_name(struct klp_arena *arena, const struct klp_livepatch *older,
		       const struct klp_livepatch *newer, struct klp_findings *findings)
{
	struct klp_finding *f;

	if (strcmp(older->name, newer->name))
		return;
	f = klp_finding_add(
		arena, findings, KLP_ERROR, "KLP-V-TWICE",
		"two livepatches are called '%s': the second can't be loaded while the first "
		"is there, and replaces nothing",
		newer->name);
	f->hint = "give each release of a livepatch a module name of its own";
}

void klp_verify_together(struct klp_arena *arena, const struct klp_livepatches *modules,
			 struct klp_findings *findings)
{
	struct klp_map *patched = klp_alloc_array(arena, modules->n, sizeof(*patched));
	size_t oldest = 0; /* that is still there: a later one may have replaced those before */

	for (size_t newer = 0; newer < modules->n; newer++) {
		const struct klp_livepatch *module = &modules->v[newer];

		collect(arena, module, &patched[newer]); /* empty when it isn't readable */
		for (size_t older = oldest; older < newer; older++) {
			check_name(arena, &modules->v[older], module, findings);
			check_states(arena, &modules->v[older], module, findings);
			if (!module->tables.replace)
				check_pair(arena, &modules->v[older], &patched[older], module,
					   &patched[newer], findings);
		}
		if (module->tables.replace)
			oldest = newer;
	}
}
