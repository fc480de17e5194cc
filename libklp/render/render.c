// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/render.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "model/externs.h"
#include "model/plan_check.h"
#include "render/private.h"
#include "render/template.h"

/*
 * One word of CFLAGS_x.o, for make first and the shell then. $(srctree) and $(objtree) are
 * meant for make; any other '$' is the option's own. make takes '#' for a comment, even
 * between quotes.
 */
static char *quote_flag(struct klp_arena *arena, const char *flag)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=+./,:@%";
	static const char *const variables[] = { "$(srctree)", "$(objtree)" };
	struct klp_buf out;
	bool quotes = false;

	klp_buf_init(&out, arena);
	while (*flag) {
		size_t n = 0;

		for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
			if (!strncmp(flag, variables[i], strlen(variables[i])))
				n = strlen(variables[i]);
		if (n) {
			klp_buf_addn(&out, flag, n);
			flag += n;
			continue;
		}
		quotes = quotes || !strchr(plain, *flag);
		if (*flag == '\'')
			klp_buf_add(&out, "'\\''");
		else if (*flag == '$')
			klp_buf_add(&out, "$$");
		else if (*flag == '#')
			klp_buf_add(&out, "\\#");
		else
			klp_buf_addn(&out, flag, 1);
		flag++;
	}
	return quotes ? klp_sprintf(arena, "'%s'", out.p) : out.p;
}

static void add_func(struct klp_arena *arena, struct klp_scope *object,
		     const struct klp_plan_func *func)
{
	struct klp_scope *scope = klp_scope_add(object, "FUNCS");

	klp_scope_set(scope, "OLD_NAME", func->old_name);
	klp_scope_set(scope, "NEW_NAME", func->new_name);
	klp_scope_list(scope, "POSITION");
	if (func->sympos)
		klp_scope_set(klp_scope_add(scope, "POSITION"), "SYMPOS",
			      klp_sprintf(arena, "%u", func->sympos));
}

static struct klp_scope *add_object(struct klp_scope *root, const char *name)
{
	struct klp_scope *object = klp_scope_add(root, "OBJECTS");

	klp_scope_set(object, "OBJECT", name);
	klp_scope_list(object, "FUNCS");
	klp_scope_list(object, "CALLBACKS");
	klp_scope_condition(object, "VMLINUX", !strcmp(name, "vmlinux"));
	klp_scope_condition(object, "MODULE", strcmp(name, "vmlinux"));
	return object;
}

/* `functions` may be others than those of the plan. */
static void add_callbacks(struct klp_scope *scope, const char *object, const char *const *functions)
{
	struct klp_scope *list = klp_scope_add(scope, "CALLBACKS");

	klp_scope_set(list, "OBJECT", object);
	for (int i = 0; i < KLP_NCALLBACKS; i++) {
		struct klp_scope *function;

		if (!functions[i])
			continue;
		function = klp_scope_add(list, "FUNCTIONS");
		klp_scope_set(function, "KIND", klp_callback_name((enum klp_callback)i));
		klp_scope_set(function, "FUNCTION", functions[i]);
		/* include/linux/livepatch.h struct klp_callbacks */
		klp_scope_set(function, "TYPE", i == KLP_PRE_PATCH ? "int" : "void");
	}
}

/* Those of callbacks.c alone. */
static void add_written_callbacks(struct klp_scope *root,
				  const struct klp_plan_callbacks *callbacks)
{
	const char *functions[KLP_NCALLBACKS];
	bool any = false;

	memcpy(functions, callbacks->functions, sizeof(functions));
	if (functions[KLP_PRE_PATCH] == klp_plan_externs_pre_patch)
		functions[KLP_PRE_PATCH] = callbacks->then;
	for (int i = 0; i < KLP_NCALLBACKS; i++)
		any = any || functions[i];
	if (any)
		add_callbacks(root, callbacks->object, functions);
}

static void add_states(struct klp_arena *arena, struct klp_scope *root,
		       const struct klp_table_states *states)
{
	klp_scope_list(root, "STATES");
	klp_scope_condition(root, "HAS_STATES", states->n);
	for (size_t i = 0; i < states->n; i++) {
		struct klp_scope *scope = klp_scope_add(root, "STATES");

		klp_scope_set(scope, "ID", klp_sprintf(arena, "%" PRIu64, states->v[i].id));
		klp_scope_set(scope, "VERSION",
			      klp_sprintf(arena, "%" PRIu32, states->v[i].version));
	}
}

/* What is asked of the kernel besides functions; objects are there. */
static void add_around(struct klp_arena *arena, struct klp_scope *root, struct klp_map *objects,
		       const struct klp_plan *plan)
{
	klp_scope_list(root, "CALLBACKS");
	klp_scope_condition(root, "NO_CALLBACKS", !klp_plan_has_source(plan, "callbacks.c"));
	klp_scope_condition(root, "HAS_CALLBACKS", klp_plan_has_source(plan, "callbacks.c"));
	for (size_t i = 0; i < plan->callbacks.n; i++) {
		const struct klp_plan_callbacks *c = &plan->callbacks.v[i];
		struct klp_scope *object = klp_map_get(objects, c->object);

		add_callbacks(object ? object : add_object(root, c->object), c->object,
			      c->functions);
		add_written_callbacks(root, c);
	}
	add_states(arena, root, &plan->states);
	klp_scope_condition(root, "REPLACE", !plan->no_replace);
	klp_scope_condition(root, "NO_REPLACE", plan->no_replace);
}

static void add_fixes(struct klp_arena *arena, struct klp_scope *root, const struct klp_strs *fixes)
{
	klp_scope_list(root, "FIXES");
	for (size_t i = 0; i < fixes->n; i++) {
		struct klp_scope *scope = klp_scope_add(root, "FIXES");

		klp_scope_set(scope, "FIX", fixes->v[i]);
		klp_scope_set(scope, "NUMBER", klp_sprintf(arena, "%zu", i + 1));
		klp_scope_condition(scope, "OF_SEVERAL", fixes->n > 1);
		klp_scope_condition(scope, "ALONE", fixes->n == 1);
	}
}

static void add_funcs(struct klp_arena *arena, struct klp_scope *root, struct klp_map *objects,
		      const struct klp_plan_funcs *funcs)
{
	struct klp_strs declared = {};

	klp_scope_list(root, "OBJECTS");
	klp_scope_list(root, "NEW_FUNCS");
	for (size_t i = 0; i < funcs->n; i++) {
		const struct klp_plan_func *func = &funcs->v[i];
		struct klp_scope *object = klp_map_get(objects, func->object);

		if (!object) {
			object = add_object(root, func->object);
			klp_map_put(objects, func->object, object);
		}
		add_func(arena, object, func);
		/* one new function may stand for several symbols (the stubs of a syscall) */
		if (klp_strs_has(&declared, func->new_name))
			continue;
		klp_vec_push(arena, &declared, func->new_name);
		klp_scope_set(klp_scope_add(root, "NEW_FUNCS"), "NEW_NAME", func->new_name);
	}
}

static void add_flags(struct klp_arena *arena, struct klp_scope *source, const char *list,
		      const struct klp_strs *flags)
{
	klp_scope_list(source, list);
	for (size_t i = 0; i < flags->n; i++)
		klp_scope_set(klp_scope_add(source, list), "FLAG", quote_flag(arena, flags->v[i]));
}

static void add_sources(struct klp_arena *arena, struct klp_scope *root,
			const struct klp_plan_sources *sources)
{
	bool as_is = false;

	klp_scope_list(root, "SOURCES");
	for (size_t i = 0; i < sources->n; i++) {
		const struct klp_plan_source *s = &sources->v[i];
		struct klp_scope *scope = klp_scope_add(root, "SOURCES");

		klp_scope_set(scope, "FILE", s->file);
		klp_scope_set(scope, "STEM", klp_strndup(arena, s->file, strlen(s->file) - 2));
		klp_scope_condition(scope, "EXTRACTED",
				    strcmp(s->file, "callbacks.c") && strcmp(s->file, "externs.c"));
		klp_scope_list(scope, "FIXED");
		klp_scope_list(scope, "AS_IS");
		if (s->unit)
			klp_scope_set(klp_scope_add(scope, s->as_is ? "AS_IS" : "FIXED"), "SOURCE",
				      s->unit->source);
		as_is = as_is || s->as_is;
		klp_scope_condition(scope, "HAS_FLAGS", s->cflags.n || s->cflags_remove.n);
		add_flags(arena, scope, "CFLAGS", &s->cflags);
		add_flags(arena, scope, "CFLAGS_REMOVE", &s->cflags_remove);
	}
	klp_scope_condition(root, "TO_EDIT", as_is);
}

static int write_text(struct klp_arena *arena, const char *dir, const char *name, const char *text,
		      struct klp_error *err)
{
	return klp_file_write(klp_path_join(arena, dir, name), text, strlen(text), err);
}

static int expand_template(struct klp_arena *arena, const char *name, const struct klp_scope *root,
			   const char *dir, const char *file, struct klp_error *err)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	if (klp_template_expand(name, klp_template_get(name), root, &out, err) < 0)
		return err->code;
	return write_text(arena, dir, file, out.p, err);
}

static int write_template(struct klp_arena *arena, const char *name, const struct klp_scope *root,
			  const char *dir, struct klp_error *err)
{
	return expand_template(arena, name, root, dir, name, err);
}

static void add_decisions(struct klp_arena *arena, struct klp_scope *root,
			  const struct klp_decisions *decisions)
{
	/* a policy is taken over whole, or not at all */
	bool inherited = decisions->n && decisions->v[0].inherited;

	klp_scope_list(root, "DECISIONS");
	klp_scope_condition(root, "HAS_DECISIONS", decisions->n);
	klp_scope_condition(root, "OWN", !inherited);
	klp_scope_condition(root, "INHERITED", inherited);
	for (size_t i = 0; i < decisions->n; i++) {
		const struct klp_decision *d = &decisions->v[i];
		struct klp_scope *scope = klp_scope_add(root, "DECISIONS");

		klp_scope_set(scope, "RULE", d->rule);
		klp_scope_set(scope, "WHY", d->reason ? klp_sprintf(arena, ": %s", d->reason) : "");
	}
}

/* What the templates may say of a plan; NULL: it is no good. */
static struct klp_scope *scope_of(struct klp_arena *arena, const struct klp_plan *plan,
				  struct klp_error *err)
{
	struct klp_scope *root = klp_scope_new(arena);
	struct klp_map objects;

	if (klp_plan_check(arena, plan, err) < 0)
		return NULL;
	klp_scope_set(root, "NAME", plan->name);
	klp_map_init(&objects, arena);
	add_funcs(arena, root, &objects, &plan->funcs);
	add_around(arena, root, &objects, plan);
	klp_render__add_externs(arena, root, plan);
	add_sources(arena, root, &plan->sources);
	add_fixes(arena, root, &plan->fixes);
	add_decisions(arena, root, &plan->decisions);
	return root;
}

/* Files of one directory are linked with those of others: their names are of the livepatch. */
int klp_render_suse(struct klp_arena *arena, const struct klp_plan *plan, const char *dir,
		    struct klp_error *err)
{
	const struct {
		const char *template, *file;
	} files[] = {
		{ "suse_livepatch.c", klp_sprintf(arena, "livepatch_%s.c", plan->name) },
		{ "suse_livepatch.h", klp_sprintf(arena, "livepatch_%s.h", plan->name) },
		{ "suse_patched_funcs.csv", "patched_funcs.csv" },
		{ "suse_Kbuild.inc", "Kbuild.inc" },
	};
	struct klp_scope *root = scope_of(arena, plan, err);

	if (!root)
		return err->code;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (expand_template(arena, files[i].template, root, dir, files[i].file, err) < 0)
			return err->code;
	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct klp_plan_source *s = &plan->sources.v[i];
		const char *file = klp_sprintf(arena, "%s_%s", plan->name, s->file);

		if (s->text && write_text(arena, dir, file, s->text, err) < 0)
			return err->code;
	}
	return 0;
}

int klp_render(struct klp_arena *arena, const struct klp_plan *plan, const char *dir,
	       struct klp_error *err)
{
	static const char *const always[] = { "Kbuild", "Makefile", "README.md", "livepatch.c" };
	static const struct {
		const char *source, *header;
	} headers[] = { { "callbacks.c", "callbacks.h" }, { "externs.c", "externs.h" } };
	struct klp_scope *root = scope_of(arena, plan, err);

	if (!root)
		return err->code;
	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if (write_template(arena, always[i], root, dir, err) < 0)
			return err->code;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (klp_plan_has_source(plan, headers[i].source) &&
		    write_template(arena, headers[i].header, root, dir, err) < 0)
			return err->code;
	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct klp_plan_source *s = &plan->sources.v[i];

		if ((s->text ? write_text(arena, dir, s->file, s->text, err)
			     : write_template(arena, s->file, root, dir, err)) < 0)
			return err->code;
	}
	return 0;
}
