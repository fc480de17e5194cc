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

struct head {
	const char *source; /* a file with its directives */
	const char *macros; /* a file: there when `code` is made */
	struct klp_cc__part code, neutral;
};

struct klp_cc_heads {
	pthread_mutex_t lock; /* of what follows, and the arena */
	struct klp_arena *arena;
	const char *dir;
	struct klp_map heads; /* directives -> struct head */
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

/* A new name in the heads' directory. */
static char *new_file(struct klp_cc_heads *heads, struct klp_arena *arena, const char *what)
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

/*
 * The text of -dD without its definitions, each line in its place; those, in their order, into
 * part->macros, but for what every run has by itself. False where the counter isn't told, or where
 * the text says what the file is called that it was made of (__BASE_FILE__).
 */
static bool take_apart(const struct klp_proc_result *result, const char *source,
		       struct klp_cc__part *part, struct klp_buf *out)
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
			if (!common)
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

static int write_macros(struct klp_cc_heads *heads, struct head *head, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const struct klp_cc__part *part = &head->code;
	struct klp_buf out;

	klp_buf_init(&out, scratch);
	klp_buf_addn(&out, part->macros.p, part->macros.len);
	count_on(&out, part->counted);
	head->macros = new_file(heads, part->arena, "macros");
	return klp_file_write(head->macros, out.p, out.len, err);
}

/* Under the part's lock. */
static int make(struct klp_cc_heads *heads, struct head *head, struct klp_cc__part *part,
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
	struct klp_buf out;

	if (part->state != KLP_CC__UNTRIED)
		return 0;
	part->state = KLP_CC__FAILED;
	if (klp_cc__run_one(scratch, &job, NULL, &result, err) < 0)
		return err->code;
	klp_buf_init(&out, scratch);
	klp_buf_init(&part->macros, part->arena);
	/* what it has to say, it says of the whole */
	if (result.status || (code && result.err_len) ||
	    klp_cc__is_tricky(result.out, result.out_len) ||
	    !take_apart(&result, head->source, part, &out) || !read_part(part, &out))
		return 0;
	if (code) {
		part->lean = klp_cc__lean_read(part->arena, part->text, part->len, &part->toks,
					       &part->decls);
		if (write_macros(heads, head, err) < 0)
			return err->code;
	}
	part->state = KLP_CC__MADE;
	return 0;
}

/* No condition asks for a line, or for what else differs: the rest is the same behind both. */
static bool same_macros(const struct head *head)
{
	const struct klp_buf *a = &head->code.macros, *b = &head->neutral.macros;

	return a->len == b->len && !memcmp(a->p, b->p, a->len);
}

/* Both are made side by side when two ask at a time. *ret: they are there. */
static int make_both(struct klp_cc_heads *heads, struct head *head, const struct klp_unit *unit,
		     bool *ret, struct klp_error *err)
{
	struct klp_cc__part *order[] = { &head->code, &head->neutral };
	bool made = true;

	if (pthread_mutex_trylock(&order[0]->lock) == 0) {
		make(heads, head, order[0], unit, err);
	} else {
		order[0] = &head->neutral;
		order[1] = &head->code;
		pthread_mutex_lock(&order[0]->lock);
		make(heads, head, order[0], unit, err);
	}
	made = order[0]->state == KLP_CC__MADE;
	pthread_mutex_unlock(&order[0]->lock);
	if (made && !err->code) {
		pthread_mutex_lock(&order[1]->lock);
		make(heads, head, order[1], unit, err);
		made = order[1]->state == KLP_CC__MADE;
		pthread_mutex_unlock(&order[1]->lock);
	}
	*ret = made && same_macros(head);
	return err->code;
}

static int make_one(struct klp_cc_heads *heads, struct head *head, const struct klp_unit *unit,
		    bool *ret, struct klp_error *err)
{
	pthread_mutex_lock(&head->code.lock);
	make(heads, head, &head->code, unit, err);
	*ret = head->code.state == KLP_CC__MADE;
	pthread_mutex_unlock(&head->code.lock);
	return err->code;
}

/* The head of these directives. */
static int get_head(struct klp_cc_heads *heads, const struct klp_cut *cut, struct head **ret,
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
		struct head *head = klp_new(heads->arena, struct head);

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

/* ---- a run ------------------------------------------------------------------------------ */

static int write_rest(const struct klp_cut *cut, const char *path, struct klp_error *err)
{
	unsigned int line = 1;
	struct klp_buf out;

	for (size_t i = 0; i < cut->rest; i++)
		line += cut->text[i] == '\n';
	klp_buf_init(&out, cut->arena);
	klp_buf_addf(&out, "#line %u ", line);
	klp_cc__add_name(&out, cut->name);
	klp_buf_addn(&out, cut->text + cut->rest, cut->len - cut->rest);
	return klp_file_write(path, out.p, out.len, err);
}

static int run_rest(struct klp_arena *arena, const struct klp_cc_job *job,
		    const struct klp_cut *cut, const struct head *head, struct klp_proc_result *ret,
		    struct klp_error *err)
{
	struct klp_cc_job rest = *job;

	rest.source = new_file(job->unit->heads, cut->arena, "rest");
	if (write_rest(cut, rest.source, err) == 0)
		klp_cc__run_one(arena, &rest, head->macros, ret, err);
	unlink(rest.source);
	return err->code;
}

/* Behind its own name it enters a file (flag 1): by an #include that isn't written like one. */
static bool enters_files(const struct klp_cut *cut, const struct klp_proc_result *rest)
{
	struct klp_buf name;
	const char *p;

	klp_buf_init(&name, cut->arena);
	klp_cc__add_name(&name, cut->name);
	p = strstr(rest->out, name.p);
	for (p = p ? p : rest->out; (p = strstr(p, "\n# ")); p++) {
		const char *end = p + 1 + strcspn(p + 1, "\n"),
			   *flags = memrchr(p, '"', (size_t)(end - p));

		if (flags && begins(flags, end, "\" 1"))
			return true;
	}
	return false;
}

/* A head of the unit is this version's, too: nothing that it reads, or might, stands elsewhere. */
static bool is_for(struct klp_arena *arena, const struct head *head, const struct klp_cc_job *job)
{
	for (size_t i = 0; job->overlay && i < job->overlay->files.n; i++) {
		const char *file = job->overlay->files.v[i], *name = klp_path_base(file);

		if (memmem(head->code.text, head->code.len, name, strlen(name)) ||
		    !klp_file_exists(klp_path_join(arena, job->unit->source_root, file)))
			return false;
	}
	return true;
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
	       klp_cc__is_gcc(job->unit->argv.v[0]) && has_markers(job->unit);
}

int klp_cc__head_run(struct klp_arena *arena, const struct klp_cc_job *job,
		     struct klp_cc__pieces *ret, bool *ret_done, struct klp_error *err)
{
	const bool code = job->mode == KLP_CC_PREPROCESS_CODE;
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_cc_heads *heads = job->unit->heads;
	struct klp_cut cut = {
		.arena = scratch,
		.name = job->source ? job->source : job->unit->source_arg,
	};
	bool made = false;
	struct head *head;
	char *text;

	*ret_done = false;
	if (!may_be_cut(job))
		return 0;
	if (klp_file_read(scratch, klp_path_join(scratch, job->unit->cwd, cut.name), KLP_MAX_TEXT,
			  &text, &cut.len, err) < 0)
		return err->code;
	cut.text = text;
	if (!klp_cc__cut(&cut, job->unit))
		return 0;
	if (get_head(heads, &cut, &head, err) < 0 ||
	    (code ? make_one(heads, head, job->unit, &made, err)
		  : make_both(heads, head, job->unit, &made, err)) < 0)
		return err->code;
	if (!made || !is_for(scratch, head, job))
		return 0;
	*ret = (struct klp_cc__pieces){ .name = cut.name };
	ret->head = code ? &head->code : &head->neutral;
	if (run_rest(arena, job, &cut, head, &ret->rest, err) < 0)
		return err->code;
	/* its errors should name what was asked for */
	*ret_done = !ret->rest.status && !enters_files(&cut, &ret->rest);
	return 0;
}
