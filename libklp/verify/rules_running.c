// SPDX-License-Identifier: GPL-2.0-or-later
/* What happens once the kernel has taken it. */
#include "elf/endless.h"
#include "elf/layouts.h"
#include "verify/private.h"

static void say_stall(struct klp_verify *v, const char *code, const char *object,
		      const struct klp_table_func *func, enum klp_endless endless, const char *why)
{
	struct klp_finding *f;

	if (endless == KLP_ENDLESS_UNKNOWN) {
		f = klp_verify__refuse(v, code, func->old_name, NULL,
				       "whether a task stays in '%s' of '%s' isn't known: it %s",
				       func->old_name, object, why);
		f->severity = KLP_NOTE;
		return;
	}
	if (endless == KLP_ENDLESS_SLEEPS) {
		f = klp_verify__refuse(
			v, code, func->old_name,
			"while the transition lasts, `grep -lx 0 "
			"/proc/[0-9]*/task/[0-9]*/patch_state` names "
			"such tasks: wake them, or wait",
			"a task that sleeps in '%s' of '%s' holds up the transition until it "
			"wakes: it %s",
			func->old_name, object, why);
		f->severity = KLP_WARNING;
		return;
	}
	f = klp_verify__refuse(
		v, code, func->old_name,
		"patch what it calls instead, from a function that is entered anew each "
		"time; else the transition ends only when that task does",
		"a task may stay in '%s' of '%s' for as long as it lives: it %s", func->old_name,
		object, why);
	f->severity = KLP_WARNING;
}

/* kernel/livepatch/transition.c klp_check_stack(): no task is switched while it is in there. */
void klp_verify__stall(struct klp_verify *v, const char *code)
{
	const struct klp_table_objects *objects = &v->module.tables.objects;

	for (size_t i = 0; i < objects->n; i++) {
		const char *name = klp_table_object_name(&objects->v[i]);
		const struct klp_symtab *symtab = klp_map_get(&v->objects, name);

		for (size_t k = 0; symtab && k < objects->v[i].funcs.n; k++) {
			const struct klp_table_func *func = &objects->v[i].funcs.v[k];
			enum klp_endless endless;
			struct klp_unresolved ignored;
			const struct klp_sym *sym;
			const char *why;

			sym = func->old_name ? klp_verify__resolve(v, symtab, name, func->old_name,
								   func->sympos, &ignored)
					     : NULL;
			if (!sym || sym->type != STT_FUNC)
				continue; /* said by klp_verify__functions() */
			if (klp_endless(v->arena, symtab, sym, &endless, &why, v->err) < 0)
				return;
			if (endless != KLP_ENDLESS_NO)
				say_stall(v, code, name, func, endless, why);
		}
	}
}

static void say_not_compared(struct klp_verify *v, const char *code)
{
	struct klp_finding *f;

	/* what was just built from the build's own headers needs no second opinion */
	if (v->opts->plan)
		return;
	f = klp_verify__refuse(
		v, code, NULL, NULL,
		"whether the livepatch knows the kernel's structs isn't known: not both "
		"have BTF or DWARF");
	f->severity = KLP_NOTE;
}

/* The livepatch was compiled from headers that somebody says are the kernel's. */
void klp_verify__layouts(struct klp_verify *v, const char *code)
{
	struct klp_layout_differences differences = {};
	enum klp_layout_source source;
	struct klp_strs objects = {};

	if (v->tree->vmlinux)
		klp_vec_push(v->arena, &objects, v->tree->vmlinux);
	for (size_t i = 0; i < v->objects.n; i++) {
		const struct klp_symtab *symtab = v->objects.entries[i].value;

		klp_strs_add(v->arena, &objects, symtab->path);
	}
	if (klp_layouts_compare(v->arena, v->image.path, &objects, &differences, &source, v->err) <
	    0)
		return;
	if (source == KLP_LAYOUT_NONE)
		say_not_compared(v, code);
	for (size_t i = 0; i < differences.n; i++)
		klp_verify__refuse(v, code, differences.v[i].type,
				   "build it with the headers and the configuration of that build; "
				   "a type of the livepatch's own gets a name of its own",
				   "'%s' is another one in the livepatch: %s",
				   differences.v[i].type, differences.v[i].why);
}
