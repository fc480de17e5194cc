// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/shadow.h"

#include <ctype.h>

#include "base/file.h"
#include "render/template.h"

static char *upper(struct klp_arena *arena, const char *name)
{
	char *ret = klp_strdup(arena, name);

	for (char *p = ret; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return ret;
}

static int one(struct klp_arena *arena, const struct klp_shadow *shadow, const char *dir,
	       struct klp_error *err)
{
	struct klp_scope *scope = klp_scope_new(arena);
	struct klp_buf out;

	klp_scope_set(scope, "MEMBER", shadow->member);
	klp_scope_set(scope, "NAME", shadow->name);
	klp_scope_set(scope, "UPPER", upper(arena, shadow->name));
	klp_scope_set(scope, "FIELD", shadow->field);
	klp_scope_set(scope, "RECORD", shadow->record);
	klp_scope_set(scope, "DECLARATION", shadow->declaration);
	klp_scope_set(scope, "ID", shadow->id);
	klp_buf_init(&out, arena);
	if (klp_template_expand("shadow.h", klp_template_get("shadow.h"), scope, &out, err) < 0)
		return err->code;
	return klp_file_write(klp_path_join(arena, dir, shadow->header), out.p, out.len, err);
}

int klp_render_shadows(struct klp_arena *arena, const struct klp_shadows *shadows, const char *dir,
		       struct klp_error *err)
{
	for (size_t i = 0; i < shadows->n; i++)
		if (one(arena, &shadows->v[i], dir, err) < 0)
			return err->code;
	return 0;
}
