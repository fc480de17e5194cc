// SPDX-License-Identifier: GPL-2.0-or-later
/* A run in two parts: what stands behind a head, behind its macros. See head.h. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cc/cut.h"
#include "cc/head.h"
#include "cc/run.h"

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
		    const struct klp_cut *cut, const struct klp_cc__head *head,
		    struct klp_proc_result *ret, struct klp_error *err)
{
	struct klp_cc_job rest = *job;

	rest.source = klp_cc__new_file(job->unit->heads, cut->arena, "rest");
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

		if (flags && !strncmp(flags, "\" 1", 3))
			return true;
	}
	return false;
}

bool klp_cc__head_is_for(struct klp_arena *arena, const struct klp_cc__head *head,
			 const struct klp_cc_job *job)
{
	for (size_t i = 0; job->overlay && i < job->overlay->files.n; i++) {
		const char *file = job->overlay->files.v[i], *name = klp_path_base(file);

		if (memmem(head->code.text, head->code.len, name, strlen(name)) ||
		    !klp_file_exists(klp_path_join(arena, job->unit->source_root, file)))
			return false;
	}
	return true;
}

int klp_cc__head_run(struct klp_arena *arena, const struct klp_cc_job *job,
		     struct klp_cc__pieces *ret, bool *ret_done, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_cc__head *head;
	struct klp_cut cut;
	bool made;

	*ret_done = false;
	if (klp_cc__head_of(scratch, job, &cut, &head, err) < 0 || !head ||
	    klp_cc__head_make(job->unit->heads, head, job->unit, job->mode, &made, err) < 0)
		return err->code;
	if (!made || !klp_cc__head_is_for(scratch, head, job))
		return 0;
	*ret = (struct klp_cc__pieces){ .name = cut.name };
	ret->head = job->mode == KLP_CC_PREPROCESS_CODE ? &head->code : &head->neutral;
	if (run_rest(arena, job, &cut, head, &ret->rest, err) < 0)
		return err->code;
	/* its errors should name what was asked for */
	*ret_done = !ret->rest.status && !enters_files(&cut, &ret->rest);
	return 0;
}
