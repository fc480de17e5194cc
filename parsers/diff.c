// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/diff.h"

#include <stdbool.h>
#include <string.h>

#include "base/file.h"

struct parser {
	struct klp_arena *arena;
	const char *name;
	const char *p, *end; /* what follows `text` */
	const char *text;    /* the current line, without its newline */
	size_t len;
	unsigned int line; /* of `text` */
	bool after_hunk;   /* the line before was the last one of a hunk */
	struct klp_diff diff;
	struct klp_error *err;
};

static const char unified_hint[] = "give an ordinary unified diff in -p1 form, as 'git diff', "
				   "'git format-patch' or 'diff -up a/ b/' write it";

static int refuse(struct parser *ps, const char *hint, const char *text)
{
	klp_error_set(ps->err, KLP_EINPUT, "%s", text);
	klp_error_at(ps->err, ps->name, ps->line, 0);
	return klp_error_hint(ps->err, "%s", hint);
}

static bool next_line(struct parser *ps)
{
	const char *nl;

	if (ps->p >= ps->end)
		return false;
	nl = memchr(ps->p, '\n', (size_t)(ps->end - ps->p));
	ps->text = ps->p;
	ps->len = (size_t)((nl ? nl : ps->end) - ps->p);
	ps->p = nl ? nl + 1 : ps->end;
	ps->line++;
	return true;
}

static bool begins(const char *text, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return len >= n && !memcmp(text, prefix, n);
}

static bool line_begins(const struct parser *ps, const char *prefix)
{
	return begins(ps->text, ps->len, prefix);
}

/* The line after the current one begins so. */
static bool next_begins(const struct parser *ps, size_t indent, const char *prefix)
{
	size_t left = (size_t)(ps->end - ps->p);

	return left > indent && begins(ps->p + indent, left - indent, prefix);
}

/* The path of a "--- " or "+++ " line: *ret is NULL for /dev/null. */
static int parse_path(struct parser *ps, const char **ret)
{
	const char *path = ps->text + 4, *slash;
	size_t len = ps->len - 4;
	const char *tab = memchr(path, '\t', len);
	char *copy;

	if (tab)
		len = (size_t)(tab - path);
	while (len && (path[len - 1] == ' ' || path[len - 1] == '\r'))
		len--;
	if (len == 9 && !memcmp(path, "/dev/null", 9)) {
		*ret = NULL;
		return 0;
	}
	if (len && path[0] == '"')
		return refuse(ps, "no file of the kernel needs a quoted name", "a quoted path");
	copy = klp_strndup(ps->arena, path, len);
	slash = strchr(copy, '/');
	if (!slash || copy[0] == '/' || !klp_path_is_safe(copy) || !klp_path_is_safe(slash + 1)) {
		klp_error_set(ps->err, KLP_EINPUT, "the path '%s' is not one in -p1 form", copy);
		return refuse(ps,
			      "a path must be relative and stay below the source, behind one "
			      "component that is dropped: 'a/fs/namei.c'",
			      "");
	}
	*ret = klp_path_clean(ps->arena, slash + 1);
	return 0;
}

static bool number(const char **p, const char *end, unsigned long *ret)
{
	const char *start = *p;

	*ret = 0;
	while (*p < end && **p >= '0' && **p <= '9' && *p - start < 9)
		*ret = *ret * 10 + (unsigned long)(*(*p)++ - '0');
	return *p > start;
}

/* "12,3" or "12", which means one line. */
static bool range(const char **p, const char *end, unsigned long *ret_count)
{
	unsigned long first;

	*ret_count = 1;
	if (!number(p, end, &first))
		return false;
	if (*p == end || **p != ',')
		return true;
	(*p)++;
	return number(p, end, ret_count);
}

static bool parse_hunk_header(const struct parser *ps, unsigned long *old, unsigned long *new)
{
	const char *p = ps->text + 4, *end = ps->text + ps->len;

	if (!range(&p, end, old) || end - p < 2 || memcmp(p, " +", 2))
		return false;
	p += 2;
	return range(&p, end, new) && end - p >= 3 && !memcmp(p, " @@", 3) && (*old || *new);
}

/* The lines that the header announced; the current line is the header. */
static int parse_hunk(struct parser *ps, struct klp_diff_file *file)
{
	unsigned int header = ps->line;
	unsigned long old, new;

	if (!parse_hunk_header(ps, &old, &new))
		return refuse(ps, unified_hint, "a malformed hunk header");
	while (old || new) {
		char c;

		if (!next_line(ps)) {
			ps->line = header;
			return refuse(ps,
				      "the diff is truncated; its last hunk has fewer lines than "
				      "its header says",
				      "a hunk that ends too early");
		}
		/* Mailers strip the blank of an empty context line; GNU patch knows that. */
		c = ps->len && ps->text[0] != '\r' ? ps->text[0] : ' ';
		if (c == '\\')
			continue;
		if ((c == ' ' && old && new) || (c == '-' && old) || (c == '+' && new)) {
			old -= c != '+';
			new -= c != '-';
			file->added += c == '+';
			file->removed += c == '-';
			continue;
		}
		return refuse(ps,
			      "the numbers in the '@@' line don't fit the lines that follow; was "
			      "the diff edited by hand or wrapped by a mailer?",
			      "a malformed hunk");
	}
	ps->after_hunk = true;
	return 0;
}

/* "--- " with "+++ " behind it, and the hunks. */
static int parse_file(struct parser *ps)
{
	struct klp_diff_file file = { .line = ps->line };

	if (parse_path(ps, &file.old_path) < 0)
		return ps->err->code;
	next_line(ps);
	if (parse_path(ps, &file.new_path) < 0)
		return ps->err->code;
	if (!file.old_path && !file.new_path)
		return refuse(ps, unified_hint, "a file that is neither there before nor after");
	if (file.old_path && file.new_path && strcmp(file.old_path, file.new_path)) {
		klp_error_set(ps->err, KLP_EINPUT, "the old path '%s' and the new path '%s' differ",
			      file.old_path, file.new_path);
		return refuse(ps,
			      "a fix may not rename files; make the diff with equal paths below "
			      "'a/' and 'b/'",
			      "");
	}
	if (!next_begins(ps, 0, "@@ -"))
		return refuse(ps, unified_hint, "a file header without a hunk");
	while (next_begins(ps, 0, "@@ -")) {
		next_line(ps);
		if (parse_hunk(ps, &file) < 0)
			return ps->err->code;
		/* "\ No newline at end of file" belongs to the line before it. */
		if (next_begins(ps, 0, "\\"))
			next_line(ps);
	}
	klp_vec_push(ps->arena, &ps->diff.files, file);
	return 0;
}

/* Lines of git's extended header that ask for more than a change of text. */
static const struct {
	const char *prefix, *what, *hint;
} refused[] = {
	{ "rename from ", "a renamed file", "a livepatch can't rename; make the diff without -M" },
	{ "copy from ", "a copied file", "make the diff without -C" },
	{ "new file mode 120000", "a symbolic link", "only text files can be changed" },
	{ "new file mode 160000", "a submodule", "only text files can be changed" },
	{ "new mode 120000", "a symbolic link", "only text files can be changed" },
	{ "new mode 160000", "a submodule", "only text files can be changed" },
	{ "deleted file mode 120000", "a symbolic link", "only text files can be changed" },
	{ "deleted file mode 160000", "a submodule", "only text files can be changed" },
	{ "GIT binary patch", "a binary patch", "only text files can be changed" },
	{ "Binary files ", "a binary file that differs", "only text files can be changed" },
	{ "diff --cc ", "a combined diff", unified_hint },
	{ "diff --combined ", "a combined diff", unified_hint },
	{ "@@@ ", "a combined diff", unified_hint },
	{ "***************", "a context diff", unified_hint },
	{ "@@ -", "a hunk without a file header", unified_hint },
};

/* git's "index 1234..5678 120000": the mode of a file whose mode stays. */
static bool is_special_mode(const struct parser *ps)
{
	return line_begins(ps, "index ") && ps->len > 7 &&
	       (begins(ps->text + ps->len - 7, 7, " 120000") ||
		begins(ps->text + ps->len - 7, 7, " 160000"));
}

/* A line between the files. */
static int check_between(struct parser *ps)
{
	/* GNU patch takes indented diffs, too (see "intuit_diff_type" there). */
	size_t indent = 0;

	while (indent < ps->len && strchr(" \tX", ps->text[indent]))
		indent++;
	if (indent && begins(ps->text + indent, ps->len - indent, "--- ") &&
	    next_begins(ps, indent, "+++ "))
		return refuse(ps, "GNU patch would apply it; take the quotation out of the text",
			      "an indented diff");
	if (ps->after_hunk && ps->len && strchr("+ -", ps->text[0]) && !line_begins(ps, "-- ") &&
	    !(ps->len == 2 && line_begins(ps, "--")) && !line_begins(ps, "--- "))
		return refuse(ps,
			      "the numbers in the '@@' line don't fit the lines that follow; was "
			      "the diff edited by hand?",
			      "a hunk that goes on after its end");
	if (is_special_mode(ps))
		return refuse(ps, "only text files can be changed", "a symbolic link or submodule");
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (line_begins(ps, refused[i].prefix))
			return refuse(ps, refused[i].hint, refused[i].what);
	return 0;
}

/* "Subject: ..." with its continuation lines, which begin with a blank. */
static void take_subject(struct parser *ps)
{
	char *subject = klp_strndup(ps->arena, ps->text + 8, ps->len - 8);

	while (ps->p < ps->end && (*ps->p == ' ' || *ps->p == '\t')) {
		next_line(ps);
		subject = klp_sprintf(ps->arena, "%s%.*s", subject, (int)ps->len, ps->text);
	}
	subject += strspn(subject, " \t");
	for (size_t n = strlen(subject); n && strchr(" \t\r", subject[n - 1]); n--)
		subject[n - 1] = '\0';
	if (*subject)
		ps->diff.subject = subject;
}

static int parse_all(struct parser *ps)
{
	while (next_line(ps)) {
		if (line_begins(ps, "--- ") && next_begins(ps, 0, "+++ ")) {
			if (parse_file(ps) < 0)
				return ps->err->code;
			continue;
		}
		if (check_between(ps) < 0)
			return ps->err->code;
		ps->after_hunk = false;
		if (!ps->diff.files.n && !ps->diff.subject && line_begins(ps, "Subject:"))
			take_subject(ps);
	}
	return 0;
}

int klp_diff_parse(struct klp_arena *arena, const char *name, const char *text, size_t len,
		   struct klp_diff *ret, struct klp_error *err)
{
	struct parser ps = {
		.arena = arena, .name = name, .p = text, .end = text + len, .err = err
	};

	if (len && memchr(text, '\0', len))
		return refuse(&ps, unified_hint, "binary data in a diff");
	if (parse_all(&ps) < 0)
		return err->code;
	ps.line = 0;
	if (!ps.diff.files.n)
		return refuse(&ps, unified_hint, "a diff that changes no file");
	*ret = ps.diff;
	return 0;
}
