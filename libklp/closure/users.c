// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether anything outside a unit can reach one of its globals. When nothing can, all its callers
 * are known like those of a static function.
 */
#include "closure/private.h"

#include <string.h>

#include "base/proc.h"

#define MAX_JOBS 64

struct search {
	const struct klp_work *work;
	const char *name;
	size_t next, found; /* of the tree's cmds: the first one that may use it */
	struct klp_arena *arenas[MAX_JOBS];
	struct klp_error errs[MAX_JOBS];
};

static int search_one(struct search *search, size_t i, struct klp_arena *arena,
		      struct klp_filebuf *reader, struct klp_error *err)
{
	const struct klp_tree *tree = search->work->tree;
	const char *object = klp_tree_object_of(arena, tree->cmds.v[i]), *path;
	bool uses = true;
	size_t first;

	if (!object || !strcmp(object, search->work->unit->object))
		return 0;
	path = klp_path_join(arena, tree->build, object);
	/* One that is gone can't be asked. */
	if (klp_file_exists(path) && klp_symtab_uses(path, search->name, reader, &uses, err) < 0)
		return err->code;
	if (!uses)
		return 0;
	first = __atomic_load_n(&search->found, __ATOMIC_RELAXED);
	while (i < first && !__atomic_compare_exchange_n(&search->found, &first, i, false,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return 0;
}

static void search_job(void *ctx, size_t job)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct search *search = ctx;

	for (;;) {
		size_t i = __atomic_fetch_add(&search->next, 1, __ATOMIC_RELAXED);

		if (i >= search->work->tree->cmds.n ||
		    search_one(search, i, search->arenas[job], &reader, &search->errs[job]) < 0)
			return;
	}
}

/* include/linux/export.h: what EXPORT_SYMBOL() leaves in the object; the second since 6.4. */
static bool is_exported(const struct klp_work *work, const char *name)
{
	static const char *const prefixes[] = { "__ksymtab_", "__export_symbol_" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (klp_symtab_get(&work->symtab,
				   klp_sprintf(work->arena, "%s%s", prefixes[i], name)))
			return true;
	return false;
}

int klp_closure__outside_user(struct klp_work *work, const struct klp_sym *sym, const char **ret)
{
	struct search search = { .work = work, .name = sym->name, .found = SIZE_MAX };
	unsigned int jobs = work->opts->jobs;
	size_t njobs = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs;

	*ret = NULL;
	if (klp_closure__is_static(sym))
		return 0;
	if (!work->tree->vmlinux) {
		*ret = "the build isn't a whole one";
		return 0;
	}
	if (is_exported(work, sym->name)) {
		*ret = "it is exported";
		return 0;
	}
	for (size_t i = 0; i < njobs; i++)
		search.arenas[i] = klp_arena_new();
	klp_parallel(njobs, jobs, search_job, &search);
	for (size_t i = 0; i < njobs; i++) {
		if (search.errs[i].code && !work->err->code)
			*work->err = search.errs[i];
		klp_arena_free(search.arenas[i]);
	}
	if (search.found != SIZE_MAX)
		*ret = klp_sprintf(work->arena, "see '%s'",
				   klp_tree_object_of(work->arena,
						      work->tree->cmds.v[search.found]));
	return work->err->code;
}
