// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flags that the original unit was compiled with beyond (or without) what Kbuild gives every
 * module: per-file CFLAGS, private include directories. What "every" means is read off other
 * units of the same build.
 */
#include "extract/private.h"

#include <string.h>

#include "base/file.h"

#define SAMPLES 24

/* Flags with their separate operands joined: "-include x" is one. */
static void joined(struct klp_arena *arena, const struct klp_unit *unit, struct klp_strs *ret)
{
	static const char *const separate[] = {
		"-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I",
		"-D",	    "-U",	"--param",  "-x",      "-target",
	};
	struct klp_strs flags = {};

	klp_cc_flags(arena, unit, &flags);
	for (size_t i = 0; i < flags.n; i++) {
		bool pair = false;

		for (size_t j = 0; j < sizeof(separate) / sizeof(*separate); j++)
			pair = pair || !strcmp(flags.v[i], separate[j]);
		if (pair && i + 1 < flags.n) {
			klp_vec_push(arena, ret,
				     klp_sprintf(arena, "%s %s", flags.v[i], flags.v[i + 1]));
			i++;
		} else {
			klp_vec_push(arena, ret, flags.v[i]);
		}
	}
}

/* What Kbuild appends for each object by itself. */
static bool is_kbuild_own(const char *flag)
{
	static const char *const own[] = {
		"-DMODULE",	      "-DKBUILD_",
		"-D__KBUILD_MODNAME", "-fmacro-prefix-map=",
		"-ffile-prefix-map=", "-fdebug-prefix-map=",
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (!strncmp(flag, own[i], strlen(own[i])))
			return true;
	return false;
}

/* An include directory with $(srctree) or $(objtree) for its root; NULL for other flags. */
static char *include_dir(struct extraction *x, const char *flag)
{
	const char *dir = flag + 2, *below;

	if (strncmp(flag, "-I", 2))
		return NULL;
	while (*dir == ' ')
		dir++;
	dir = klp_path_clean(x->arena, klp_path_join(x->arena, x->unit->cwd, dir));
	below = klp_path_below(dir, x->unit->source_root);
	if (below)
		return klp_sprintf(x->arena, "-I$(srctree)/%s", below);
	below = klp_path_below(dir, x->unit->cwd);
	return below ? klp_sprintf(x->arena, "-I$(objtree)/%s", below)
		     : klp_sprintf(x->arena, "-I%s", dir);
}

/* How many of the sampled units have a flag. */
struct votes {
	size_t n;
	size_t last; /* the sample that was counted last, from 1: one may say a flag twice */
};

static void count_votes(struct extraction *x, const struct klp_strs *samples, size_t n,
			struct klp_map *ret)
{
	klp_map_init(ret, x->arena);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < samples[i].n; j++) {
			struct votes *votes = klp_map_get(ret, samples[i].v[j]);

			if (!votes) {
				votes = klp_new(x->arena, struct votes);
				klp_map_put(ret, samples[i].v[j], votes);
			}
			votes->n += votes->last != i + 1;
			votes->last = i + 1;
		}
}

static bool has_majority(const struct klp_map *votes, const char *flag, size_t n)
{
	const struct votes *v = klp_map_get(votes, flag);

	return v && v->n * 2 > n;
}

static size_t sample(struct extraction *x, struct klp_strs samples[SAMPLES])
{
	const struct klp_strs *cmds = &x->tree->cmds;
	size_t n = 0;

	for (size_t i = 0; i < SAMPLES && cmds->n; i++) {
		char *object = klp_tree_object_of(x->arena, cmds->v[i * cmds->n / SAMPLES]);
		struct klp_error ignored = {};
		struct klp_unit *unit;

		/* objects that are linked, or not from C, have commands that say nothing here */
		if (!object || klp_tree_unit(x->tree, object, &unit, &ignored) < 0 || !unit->argv.n ||
		    !unit->modname || !strstr(unit->source, ".c"))
			continue;
		joined(x->arena, unit, &samples[n++]);
	}
	return n;
}

void klp_extract__cflags(struct extraction *x, struct klp_plan_source *source)
{
	char *dir = klp_path_dir(x->arena, x->unit->source);
	struct klp_strs samples[SAMPLES] = {}, own = {};
	struct klp_map votes;
	size_t n;

	joined(x->arena, x->unit, &own);
	klp_strs_add(x->arena, &source->cflags, klp_sprintf(x->arena, "-I$(srctree)/%s", dir));
	if (x->tree->lone)
		return;
	n = sample(x, samples);
	count_votes(x, samples, n, &votes);
	for (size_t i = 0; i < own.n; i++) {
		char *include = include_dir(x, own.v[i]);

		if (!has_majority(&votes, own.v[i], n) && !is_kbuild_own(own.v[i]))
			klp_strs_add(x->arena, &source->cflags, include ? include : own.v[i]);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < samples[i].n; j++) {
			const char *flag = samples[i].v[j];

			if (has_majority(&votes, flag, n) && !klp_strs_has(&own, flag) &&
			    !is_kbuild_own(flag) && strncmp(flag, "-I", 2))
				klp_strs_add(x->arena, &source->cflags_remove, flag);
		}
}
