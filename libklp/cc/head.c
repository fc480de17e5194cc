// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/head.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "cc/cut.h"
#include "cc/lean.h"
#include "cc/options.h"
#include "cc/run.h"

/* Units use it by the hundred; each costs a word of a condition. */
#define MAX_COUNTED 100000

/* What ends the text of a head, and tells how often __COUNTER__ was used. */
#define COUNTED "__klp_counted__ "

struct klp_cc_heads {
	pthread_mutex_t lock; /* of what follows, and the arena */
	struct klp_arena *arena;
	const char *dir;
	struct klp_map heads; /* directives -> struct klp_cc__head */
	unsigned int n;	      /* of files made */
};

struct klp_cc_heads *klp_cc_heads_new(struct klp_arena *arena, const char *dir)
{
	struct klp_cc_heads *heads = klp_new(arena, struct klp_cc_heads);

	heads->arena = klp_arena_new();
	klp_arena_adopt(arena, heads->arena);
	heads->dir = klp_strdup(heads->arena, dir);
	klp_map_init(&heads->heads, heads->arena);
	pthread_mutex_init(&heads->lock, NULL);
	return heads;
}

char *klp_cc__new_file(struct klp_cc_heads *heads, struct klp_arena *arena, const char *what)
{
	unsigned int n;

	pthread_mutex_lock(&heads->lock);
	n = heads->n++;
	pthread_mutex_unlock(&heads->lock);
	return klp_sprintf(arena, "%s/%s-%u.c", heads->dir, what, n);
}

/* ---- what a head comes to --------------------------------------------------------------- */

static bool begins(const char *line, const char *end, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(end - line) >= n && !memcmp(line, with, n);
}

/* Of what every run has by itself: built in, or defined by the command line. */
static bool is_common(const char *marker, const char *end)
{
	const char *name = memchr(marker, '"', (size_t)(end - marker));

	return name &&
	       (begins(name, end, "\"<built-in>\"") || begins(name, end, "\"<command-line>\""));
}

/* Of a definition. */
static void note_name(const char *line, const char *end, struct klp_map *names)
{
	const char *name = memchr(line, ' ', (size_t)(end - line)) + 1, *p = name;

	while (p < end && *p != ' ' && *p != '(')
		p++;
	*klp_map_slotn(names, name, (size_t)(p - name)) = names;
}

/*
 * The text of -dD without its definitions, each line in its place; those, in their order, into
 * part->macros, but for what every run has by itself, of which only the names are told. False where
 * the counter isn't told, or where the text says what the file is called that it was made of
 * (__BASE_FILE__).
 */
static bool take_apart(const struct klp_proc_result *result, const char *source,
		       struct klp_cc__part *part, struct klp_map *common_names, struct klp_buf *out)
{
	const char *end = result->out + result->out_len, *eol;
	bool common = false;

	for (const char *line = result->out; line < end; line = eol + 1) {
		eol = memchr(line, '\n', (size_t)(end - line));
		if (!eol)
			return false;
		if (begins(line, eol, COUNTED)) {
			part->counted = strtoul(line + strlen(COUNTED), NULL, 10);
			return part->counted <= MAX_COUNTED;
		}
		if (begins(line, eol, "#define ") || begins(line, eol, "#undef ")) {
			if (common)
				note_name(line, eol, common_names);
			else
				klp_buf_addn(&part->macros, line, (size_t)(eol + 1 - line));
			klp_buf_addn(out, "\n", 1);
			continue;
		}
		if (begins(line, eol, "# "))
			common = is_common(line, eol);
		else if (memmem(line, (size_t)(eol - line), source, strlen(source)))
			return false;
		klp_buf_addn(out, line, (size_t)(eol + 1 - line));
	}
	return false;
}

/* Conditions that count on: nothing else uses __COUNTER__ and leaves no text. */
static void count_on(struct klp_buf *macros, unsigned long counted)
{
	const unsigned long a_line = 64;

	for (unsigned long i = 0; i < counted; i++) {
		klp_buf_add(macros, i % a_line ? " + __COUNTER__" : "#if __COUNTER__");
		if (i + 1 == counted || (i + 1) % a_line == 0)
			klp_buf_add(macros, "\n#endif\n");
	}
}

/* What stands behind it is another declaration. */
static bool ends_between(const struct klp_ctoks *toks, const struct klp_cdecls *decls)
{
	const struct klp_cdecl *last = decls->n ? &decls->v[decls->n - 1] : NULL;
	const struct klp_ctok *tok = toks->v.n ? &toks->v.v[toks->v.n - 1] : NULL;

	if (!tok || !last)
		return !tok;
	return last->first + last->n == toks->v.n &&
	       klp_tok_is(tok, last->kind == KLP_CDECL_FUNCTION ? "}" : ";");
}

/* It stays as long as the run: what it took to grow doesn't. */
static void keep_tokens(struct klp_cc__part *part, const struct klp_ctoks *toks)
{
	struct klp_ctok_vec *v = &part->toks.v;

	v->v = klp_alloc_array(part->arena, toks->v.n + 1, sizeof(*v->v));
	if (toks->v.n)
		memcpy(v->v, toks->v.v, toks->v.n * sizeof(*v->v));
	v->n = v->cap = toks->v.n;
	for (size_t i = 0; i < toks->files.n; i++)
		klp_vec_push(part->arena, &part->toks.files,
			     klp_strdup(part->arena, toks->files.v[i]));
}

static bool read_part(struct klp_cc__part *part, const struct klp_buf *text)
{
	struct klp_error unread = {};
	struct klp_ctoks toks = {};

	part->text = klp_strndup(part->arena, text->p, text->len);
	part->len = text->len;
	if (klp_ctok_preprocessed(text->arena, "", part->text, part->len, &toks, &unread) < 0)
		return false;
	keep_tokens(part, &toks);
	return klp_cdecl_split(part->arena, &part->toks, &part->decls, &unread) == 0 &&
	       ends_between(&part->toks, &part->decls);
}

static bool says_any(const struct klp_ctoks *toks, const struct klp_map *names)
{
	for (size_t i = 0; i < toks->v.n; i++)
		if (toks->v.v[i].kind == KLP_TOK_IDENT &&
		    klp_map_getn(names, toks->v.v[i].p, toks->v.v[i].len))
			return true;
	return false;
}

/*
 * A file puts a macro back that was put aside, or may do so. Of that GCC prints "#undef" with -dD,
 * and nothing of what the macro is then.
 */
static bool has_pop(const struct klp_unit *unit, const struct klp_ctoks *toks)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	KLP_CLEANUP_FILEBUF struct klp_filebuf file = {};

	/* [0] is the name that was given, not one that was read; "<built-in>" is no file */
	for (size_t i = 1; i < toks->files.n; i++) {
		const char *path = klp_path_join(scratch, unit->cwd, toks->files.v[i]);
		struct klp_error unread = {};

		if (toks->files.v[i][0] == '<')
			continue;
		/* of one that can't be read it isn't known */
		if (klp_filebuf_load(&file, path, KLP_MAX_TEXT, &unread) < 0 ||
		    (file.len && memmem(file.data, file.len, "pop_macro", strlen("pop_macro"))))
			return true;
	}
	return false;
}

static int write_macros(struct klp_cc_heads *heads, struct klp_cc__head *head,
			struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const struct klp_cc__part *part = &head->code;
	struct klp_buf out;

	klp_buf_init(&out, scratch);
	klp_buf_addn(&out, part->macros.p, part->macros.len);
	count_on(&out, part->counted);
	head->macros = klp_cc__new_file(heads, part->arena, "macros");
	return klp_file_write(head->macros, out.p, out.len, err);
}

/* Under the part's lock. */
static int make(struct klp_cc_heads *heads, struct klp_cc__head *head, struct klp_cc__part *part,
		const struct klp_unit *unit, struct klp_error *err)
{
	static const char *const definitions[] = { "-dD", NULL };
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const bool code = part == &head->code;
	const struct klp_cc_job job = {
		.unit = unit,
		.mode = code ? KLP_CC_PREPROCESS_CODE : KLP_CC_PREPROCESS_NEUTRAL,
		.source = head->source,
		.more = definitions,
	};
	struct klp_proc_result result;
	struct klp_map common;
	struct klp_buf out;

	if (part->state != KLP_CC__UNTRIED)
		return 0;
	part->state = KLP_CC__FAILED;
	if (klp_cc__run_one(scratch, &job, NULL, &result, err) < 0)
		return err->code;
	klp_map_init(&common, scratch);
	klp_buf_init(&out, scratch);
	klp_buf_init(&part->macros, part->arena);
	/* what it has to say, it says of the whole */
	if (result.status || (code && result.err_len) ||
	    klp_cc__is_tricky(result.out, result.out_len) ||
	    !take_apart(&result, head->source, part, &common, &out) || !read_part(part, &out))
		return 0;
	if (code) {
		if (has_pop(unit, &part->toks))
			return 0;
		part->again = says_any(&part->toks, &common);
		part->lean = klp_cc__lean_read(part->arena, part->text, part->len, &part->toks,
					       &part->decls);
		if (write_macros(heads, head, err) < 0)
			return err->code;
	}
	part->state = KLP_CC__MADE;
	return 0;
}

/* No condition asks for a line, or for what else differs: the rest is the same behind both. */
static bool same_macros(const struct klp_cc__head *head)
{
	const struct klp_buf *a = &head->code.macros, *b = &head->neutral.macros;

	return a->len == b->len && !memcmp(a->p, b->p, a->len);
}

static int make_locked(struct klp_cc_heads *heads, struct klp_cc__head *head,
		       struct klp_cc__part *part, const struct klp_unit *unit, bool *ret,
		       struct klp_error *err)
{
	pthread_mutex_lock(&part->lock);
	make(heads, head, part, unit, err);
	*ret = part->state == KLP_CC__MADE;
	pthread_mutex_unlock(&part->lock);
	return err->code;
}

/* The neutral one goes with the macros of the other. */
int klp_cc__head_make(struct klp_cc_heads *heads, struct klp_cc__head *head,
		      const struct klp_unit *unit, enum klp_cc_mode mode, bool *ret,
		      struct klp_error *err)
{
	if (make_locked(heads, head, &head->code, unit, ret, err) < 0 || !*ret ||
	    mode == KLP_CC_PREPROCESS_CODE)
		return err->code;
	if (make_locked(heads, head, &head->neutral, unit, ret, err) < 0)
		return err->code;
	*ret = *ret && same_macros(head);
	return 0;
}

/* ---- which head ------------------------------------------------------------------------- */

static int find(struct klp_cc_heads *heads, const struct klp_cut *cut, struct klp_cc__head **ret,
		struct klp_error *err)
{
	struct klp_buf text;
	void **slot;

	klp_buf_init(&text, cut->arena);
	for (size_t i = cut->first; i < cut->n; i++) {
		const struct klp_cppline *line = &cut->lines.v[i];

		klp_buf_addn(&text, cut->text + line->from, line->to - line->from);
		klp_buf_add(&text, "\n");
	}
	klp_buf_add(&text, COUNTED "__COUNTER__\n");
	pthread_mutex_lock(&heads->lock);
	slot = klp_map_slotn(&heads->heads, text.p, text.len);
	if (!*slot) {
		struct klp_cc__head *head = klp_new(heads->arena, struct klp_cc__head);

		/* the key is borrowed: the map's own copy */
		heads->heads.entries[heads->heads.n - 1].key =
			klp_strndup(heads->arena, text.p, text.len);
		head->source = klp_sprintf(heads->arena, "%s/head-%u.c", heads->dir, heads->n++);
		pthread_mutex_init(&head->code.lock, NULL);
		pthread_mutex_init(&head->neutral.lock, NULL);
		head->code.arena = klp_arena_new();
		head->neutral.arena = klp_arena_new();
		klp_arena_adopt(heads->arena, head->code.arena);
		klp_arena_adopt(heads->arena, head->neutral.arena);
		*slot = head;
		if (klp_mkdirs(heads->dir, err) == 0)
			klp_file_write(head->source, text.p, text.len, err);
	}
	*ret = *slot;
	pthread_mutex_unlock(&heads->lock);
	return err->code;
}

/* It reads a file that stands elsewhere in this version, besides the source. */
static bool reads_overlaid(const struct klp_cc_job *job)
{
	const struct klp_unit *unit = job->unit;

	for (size_t i = 0; job->overlay && i < job->overlay->files.n; i++) {
		const char *file = job->overlay->files.v[i];
		size_t n = strlen(file);

		for (size_t k = 0; strcmp(file, unit->source) != 0 && k < unit->deps.n; k++) {
			size_t len = strlen(unit->deps.v[k]);

			if (len >= n && !strcmp(unit->deps.v[k] + len - n, file))
				return true;
		}
	}
	return false;
}

/* Without line markers, or with the macros in the text (-g3), nothing can be told apart. */
static bool has_markers(const struct klp_unit *unit)
{
	for (size_t i = 1; i < unit->argv.n; i++) {
		const char *arg = unit->argv.v[i];

		if (!strcmp(arg, "-P") || (!strncmp(arg, "-g", 2) && arg[strlen(arg) - 1] == '3'))
			return false;
	}
	return true;
}

static bool may_be_cut(const struct klp_cc_job *job)
{
	return job->unit->heads && !job->more &&
	       (job->mode == KLP_CC_PREPROCESS_CODE || job->mode == KLP_CC_PREPROCESS_NEUTRAL) &&
	       klp_cc__is_gcc(job->unit->argv.v[0]) && has_markers(job->unit) &&
	       !reads_overlaid(job);
}

static int cut_job(struct klp_arena *arena, const struct klp_cc_job *job, struct klp_cut *cut,
		   bool *ret, struct klp_error *err)
{
	char *text;

	*ret = false;
	*cut = (struct klp_cut){
		.arena = arena,
		.name = job->source ? job->source : job->unit->source_arg,
	};
	if (klp_file_read(arena, klp_path_join(arena, job->unit->cwd, cut->name), KLP_MAX_TEXT,
			  &text, &cut->len, err) < 0)
		return err->code;
	cut->text = text;
	*ret = klp_cc__cut(cut, job->unit);
	return 0;
}

int klp_cc__head_of(struct klp_arena *arena, const struct klp_cc_job *job, struct klp_cut *cut,
		    struct klp_cc__head **ret, struct klp_error *err)
{
	bool can;

	*ret = NULL;
	if (!may_be_cut(job))
		return 0;
	if (cut_job(arena, job, cut, &can, err) < 0 || !can)
		return err->code;
	return find(job->unit->heads, cut, ret, err);
}

int klp_cc_heads_read(const struct klp_unit *unit, const struct klp_overlay *overlay,
		      enum klp_cc_mode mode, bool *ret_apart, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_cc_job job = { .unit = unit, .mode = mode, .overlay = overlay };
	struct klp_cc__head *head;
	struct klp_cut cut;

	*ret_apart = false;
	if (overlay)
		job.source = klp_path_join(scratch, overlay->dir, unit->source);
	if (klp_cc_check(unit, err) < 0 || klp_cc__head_of(scratch, &job, &cut, &head, err) < 0 ||
	    !head)
		return err->code;
	return make_locked(unit->heads, head,
			   mode == KLP_CC_PREPROCESS_CODE ? &head->code : &head->neutral, unit,
			   ret_apart, err);
}
