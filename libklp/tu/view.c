// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/view.h"

#include <string.h>

#include "base/file.h"

/* A file that was read where the overlay has another version of it, or NULL. */
static const char *read_past_overlay(struct klp_arena *arena, const struct klp_view *view)
{
	const struct klp_unit *unit = view->unit;
	struct klp_map originals;

	klp_map_init(&originals, arena);
	for (size_t i = 0; i < view->overlay->files.n; i++) {
		const char *file = view->overlay->files.v[i];

		klp_map_put(&originals, klp_path_join(arena, unit->source_root, file),
			    (void *)file);
	}
	for (size_t i = 0; i < view->toks.files.n; i++) {
		const char *path = klp_path_join(arena, unit->cwd, view->toks.files.v[i]);
		const char *file = klp_map_get(&originals, klp_path_clean(arena, path));

		/* [0] is the name that was given, not one that was read */
		if (file && i)
			return file;
	}
	return NULL;
}

int klp_view_tokens(struct klp_arena *arena, struct klp_view *view, const char **ret_message,
		    struct klp_error *err)
{
	const struct klp_unit *unit = view->unit;
	struct klp_cc_job cc = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.overlay = view->overlay,
	};
	struct klp_proc_result result;
	const char *past;

	*ret_message = NULL;
	if (view->overlay)
		cc.source = klp_path_join(arena, view->overlay->dir, unit->source);
	if (klp_cc_tokens(arena, &cc, unit->source, &view->toks, &view->cdecls, &result, err) < 0)
		return err->code;
	if (result.status) {
		char *line = strstr(result.err, "error:");

		line = line ? line : result.err;
		line[strcspn(line, "\n")] = '\0';
		*ret_message = line;
		return 0;
	}
	klp_map_init(&view->functions, arena);
	for (size_t i = 0; i < view->cdecls.n; i++)
		if (view->cdecls.v[i].kind == KLP_CDECL_FUNCTION)
			klp_map_put(&view->functions, view->cdecls.v[i].name, &view->cdecls.v[i]);
	past = view->overlay ? read_past_overlay(arena, view) : NULL;
	if (past)
		*ret_message = klp_sprintf(arena,
					   "error: it is included by a path that leads past "
					   "the fixed version of '%s'",
					   past);
	return 0;
}

const char *klp_view_file(struct klp_arena *arena, const struct klp_view *view,
			  const struct klp_cdecl *cdecl)
{
	uint32_t file = view->toks.v.v[cdecl->at].file;
	const char *path = view->toks.files.v[file], *below;

	path = klp_path_clean(arena, klp_path_join(arena, view->unit->cwd, path));
	below = view->overlay ? klp_path_below(path, view->overlay->dir) : NULL;
	if (!below)
		below = klp_path_below(path, view->unit->source_root);
	return below ? below : path;
}

bool klp_view_owns(const struct klp_view *view, const char *file)
{
	size_t n = strlen(file);

	/* only the tokens are there */
	if (!view->tu.files.n)
		return n > 2 && !strcmp(file + n - 2, ".c");
	for (size_t i = 0; i < view->tu.files.n; i++)
		if (view->tu.files.v[i].own && !strcmp(view->tu.files.v[i].name, file))
			return true;
	return false;
}

struct klp_view *klp_views_get(const struct klp_views *views, const struct klp_unit *unit)
{
	for (size_t i = 0; i < views->n; i++)
		if (views->v[i]->unit == unit)
			return views->v[i];
	return NULL;
}
