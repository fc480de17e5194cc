// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which macros lead from a line of the source to a name that isn't on it. Debug information doesn't
 * say, unless it was made with -g3; the #defines of the headers do, for a person: conditionals and
 * #undef aren't followed, so it is an explanation, and nothing is accepted or refused by it.
 *
 * The headers are those of the unit's line table, and those that they include: one that has nothing
 * but macros isn't in the table. Where an #include leads is told by the table, too: <linux/a.h> and
 * /src/include/linux/a.h make /src/include a directory to look in.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "convert/private.h"
#include "parsers/cppline.h"
#include "parsers/ctoken.h"

/* More than a unit of a kernel has. */
#define MAX_FILES 8192
#define MAX_BYTES ((size_t)128 << 20)
#define MAX_NAMES 65536
#define MAX_CHAIN 12
#define MAX_LINES 16 /* of the statement that begins on the line */

struct macro {
	const char *text; /* the directive, from its '#' on */
	size_t len;
	struct macro *other; /* another definition of that name */
	bool seen;	     /* of the first one: the walk got to the name */
};

struct source {
	const char *path, *text;
	size_t len;
};
KLP_VEC(sources, struct source);

struct include {
	const char *operand; /* without its quotes */
	const char *dir;     /* of the file that includes it, NULL for <...> */
};
KLP_VEC(includes, struct include);

struct klp_macros {
	struct klp_arena *arena;
	const struct klp_tree *tree;
	struct sources sources;
	struct includes includes;
	struct klp_map files;  /* those that were looked at */
	struct klp_map macros; /* name -> struct macro */
	struct klp_strs roots;
	size_t bytes;
};

/* The names are the module's word: no pipe is waited for, nor a file of /proc, which has no size.
 */
static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* A path of the debug information; one that isn't absolute belongs to the kernel. */
static const char *find_file(struct klp_macros *m, const char *path)
{
	const char *const dirs[] = { m->tree->source, m->tree->build };

	if (*path == '/')
		return is_file(path) ? path : NULL;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		const char *full = dirs[i] ? klp_path_join(m->arena, dirs[i], path) : NULL;

		if (full && is_file(full))
			return full;
	}
	return NULL;
}

static void add_macro(struct klp_macros *m, const struct klp_cppline *line, const char *text)
{
	struct macro *macro = klp_new(m->arena, struct macro);

	*macro = (struct macro){ text + line->from, line->to - line->from,
				 klp_map_get(&m->macros, line->name), false };
	klp_map_put(&m->macros, line->name, macro);
}

static void add_include(struct klp_macros *m, const struct klp_cppline *line, const char *path)
{
	size_t len = strlen(line->name);
	struct include include = {};

	if (len < 3)
		return;
	include.operand = klp_strndup(m->arena, line->name + 1, len - 2);
	if (*line->name == '"')
		include.dir = klp_path_dir(m->arena, path);
	klp_vec_push(m->arena, &m->includes, include);
}

static void read_source(struct klp_macros *m, const char *path)
{
	struct source source = { .path = path };
	struct klp_error ignored = {};
	struct klp_cpplines lines = {};
	char *text;

	if (m->files.n >= MAX_FILES || m->bytes >= MAX_BYTES || klp_map_get(&m->files, path))
		return;
	klp_map_put(&m->files, path, m);
	if (klp_file_read(m->arena, path, MAX_BYTES - m->bytes, &text, &source.len, &ignored) < 0)
		return;
	source.text = text;
	m->bytes += source.len;
	klp_vec_push(m->arena, &m->sources, source);
	klp_cpplines_scan(m->arena, text, source.len, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		if (lines.v[i].kind == KLP_CPP_DEFINE && lines.v[i].name)
			add_macro(m, &lines.v[i], text);
		else if (lines.v[i].kind == KLP_CPP_INCLUDE && lines.v[i].name)
			add_include(m, &lines.v[i], path);
	}
}

/* The directories that the operands of #include are relative to. */
static void find_roots(struct klp_macros *m)
{
	struct klp_map operands, roots;

	klp_map_init(&operands, m->arena);
	klp_map_init(&roots, m->arena);
	for (size_t i = 0; i < m->includes.n; i++)
		klp_map_put(&operands, m->includes.v[i].operand, m);
	for (size_t i = 0; i < m->sources.n; i++) {
		const char *path = m->sources.v[i].path;

		for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
			size_t len = (size_t)(p - path);

			if (!klp_map_get(&operands, p + 1) || klp_map_getn(&roots, path, len))
				continue;
			klp_map_putn(&roots, path, len, m);
			klp_vec_push(m->arena, &m->roots, klp_strndup(m->arena, path, len));
		}
	}
}

static const char *find_include(struct klp_macros *m, const struct include *include)
{
	const char *path;

	if (include->dir) {
		path = klp_path_join(m->arena, include->dir, include->operand);
		if (is_file(path))
			return path;
	}
	for (size_t i = 0; i < m->roots.n; i++) {
		path = klp_path_join(m->arena, m->roots.v[i], include->operand);
		if (is_file(path))
			return path;
	}
	return NULL;
}

struct klp_macros *klp_convert__macros(struct klp_conversion *c, const struct klp_strs *files)
{
	struct klp_macros *m = klp_new(c->arena, struct klp_macros);
	struct klp_map followed;

	*m = (struct klp_macros){ .arena = c->arena, .tree = c->opts->tree };
	klp_map_init(&m->files, c->arena);
	klp_map_init(&m->macros, c->arena);
	klp_map_init(&followed, c->arena);
	for (size_t i = 0; i < files->n; i++) {
		const char *path = find_file(m, files->v[i]);

		if (path)
			read_source(m, path);
	}
	find_roots(m);
	/* what is read adds to the list */
	for (size_t i = 0; i < m->includes.n; i++) {
		const struct include *include = &m->includes.v[i];
		const char *name = klp_sprintf(m->arena, "%s %s", include->operand,
					       include->dir ? include->dir : "");
		const char *path;

		if (klp_map_get(&followed, name))
			continue;
		klp_map_put(&followed, name, m);
		path = find_include(m, include);
		if (path)
			read_source(m, path);
	}
	return m;
}

/* ---- the way from one word to another ---- */

struct step {
	const char *name;
	size_t from; /* the step that led to it; SIZE_MAX: it is on the line */
};
KLP_VEC(steps, struct step);

struct walk {
	struct klp_macros *macros;
	const struct klp_strs *line, *wanted;
	struct steps steps;
};

static bool is_wanted(const struct walk *walk, const char *word)
{
	return klp_strs_has(walk->wanted, word);
}

/* Half of a wanted name, beside ## in a macro, when the other half is said on the line. */
static bool pastes(const struct walk *walk, const char *half)
{
	size_t len = strlen(half);

	for (size_t i = 0; i < walk->wanted->n; i++) {
		const char *wanted = walk->wanted->v[i];
		size_t all = strlen(wanted);
		struct klp_arena *arena = walk->macros->arena;

		if (all <= len)
			continue;
		if ((!strncmp(wanted, half, len) && klp_strs_has(walk->line, wanted + len)) ||
		    (!strcmp(wanted + all - len, half) &&
		     klp_strs_has(walk->line, klp_strndup(arena, wanted, all - len))))
			return true;
	}
	return false;
}

static void go_to(struct walk *walk, const char *name, size_t from)
{
	struct macro *macro = klp_map_get(&walk->macros->macros, name);

	if (!macro || macro->seen || walk->steps.n >= MAX_NAMES)
		return;
	macro->seen = true;
	klp_vec_push(walk->macros->arena, &walk->steps, (struct step){ name, from });
}

/* The token behind the name and the parameters of a #define, and these. */
static size_t body_of(struct klp_arena *arena, const struct klp_ctok_vec *v, const char *name,
		      struct klp_strs *ret_params)
{
	size_t i = 0;

	while (i < v->n && !klp_tok_is(&v->v[i], name))
		i++;
	if (i + 1 >= v->n || v->v[i + 1].p != v->v[i].p + v->v[i].len ||
	    !klp_tok_is(&v->v[i + 1], "("))
		return i + 1;
	for (i += 2; i < v->n && !klp_tok_is(&v->v[i], ")"); i++)
		if (v->v[i].kind == KLP_TOK_IDENT)
			klp_vec_push(arena, ret_params, klp_strndup(arena, v->v[i].p, v->v[i].len));
	return i + 1;
}

static bool is_paste(const struct klp_ctok_vec *v, size_t i)
{
	return i < v->n && klp_tok_is(&v->v[i], "##");
}

/* Does that definition say a wanted word? What else it says is where to go on. */
static bool leads(struct walk *walk, const struct macro *macro, size_t step)
{
	struct klp_arena *arena = walk->macros->arena;
	const char *name = walk->steps.v[step].name;
	struct klp_error ignored = {};
	struct klp_strs params = {};
	struct klp_ctoks toks = {};

	if (klp_ctok_source(arena, "", macro->text, macro->len, true, &toks, &ignored) < 0)
		return false;
	for (size_t i = body_of(arena, &toks.v, name, &params); i < toks.v.n; i++) {
		const char *word = toks.v.v[i].kind == KLP_TOK_IDENT
					   ? klp_strndup(arena, toks.v.v[i].p, toks.v.v[i].len)
					   : NULL;

		if (!word || klp_strs_has(&params, word))
			continue;
		if (is_wanted(walk, word) ||
		    ((is_paste(&toks.v, i + 1) || (i && is_paste(&toks.v, i - 1))) &&
		     pastes(walk, word)))
			return true;
		go_to(walk, word, step);
	}
	return false;
}

static void take_chain(const struct walk *walk, size_t step, struct klp_strs *ret)
{
	size_t n = 0;

	for (size_t i = step; i != SIZE_MAX; i = walk->steps.v[i].from)
		n++;
	*ret = (struct klp_strs){ klp_alloc_array(walk->macros->arena, n, sizeof(*ret->v)), n, n };
	for (size_t i = step; i != SIZE_MAX; i = walk->steps.v[i].from)
		ret->v[--n] = walk->steps.v[i].name;
	if (ret->n > MAX_CHAIN)
		ret->n = 0;
}

/* A call that a macro makes counts to the line of the macro's name; its arguments may be below. */
static void words_of(struct klp_macros *m, const char *file, unsigned int line,
		     struct klp_strs *ret)
{
	const char *path = find_file(m, file);
	struct klp_error ignored = {};
	struct klp_ctoks toks = {};
	const struct source *source = NULL;
	bool ended = false;

	for (size_t i = 0; path && i < m->sources.n && !source; i++)
		if (!strcmp(m->sources.v[i].path, path))
			source = &m->sources.v[i];
	if (!source ||
	    klp_ctok_source(m->arena, path, source->text, source->len, false, &toks, &ignored) < 0)
		return;
	for (size_t i = 0; i < toks.v.n && toks.v.v[i].line < line + MAX_LINES; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];

		if (tok->line < line)
			continue;
		if (ended && tok->line > line)
			break;
		ended = ended || strchr(";{}", *tok->p);
		if (tok->kind == KLP_TOK_IDENT)
			klp_strs_add(m->arena, ret, klp_strndup(m->arena, tok->p, tok->len));
	}
}

bool klp_convert__macros_between(struct klp_macros *macros, const char *file, unsigned int line,
				 const struct klp_strs *wanted, struct klp_strs *ret)
{
	struct klp_strs words = {};
	struct walk walk = { .macros = macros, .line = &words, .wanted = wanted };

	*ret = (struct klp_strs){};
	words_of(macros, file, line, &words);
	for (size_t i = 0; i < words.n; i++)
		if (is_wanted(&walk, words.v[i]))
			return true;
	for (size_t i = 0; i < macros->macros.n; i++)
		((struct macro *)macros->macros.entries[i].value)->seen = false;
	for (size_t i = 0; i < words.n; i++)
		go_to(&walk, words.v[i], SIZE_MAX);
	for (size_t i = 0; i < walk.steps.n; i++)
		for (const struct macro *m = klp_map_get(&macros->macros, walk.steps.v[i].name); m;
		     m = m->other)
			if (leads(&walk, m, i)) {
				take_chain(&walk, i, ret);
				return ret->n > 0;
			}
	return false;
}
