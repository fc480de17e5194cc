// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/policy.h"

#include <ctype.h>
#include <string.h>

/* What stands behind the word of a rule. */
enum operands {
	ONE_FUNCTION,
	FUNCTION_AND_NAME,
	HEADER,
	CODE_AND_SYMBOL,
};

static const struct {
	const char *word;
	enum operands operands;
	bool reason; /* must be there */
	const char *form;
} kinds[KLP_POLICY_NKINDS] = {
	[KLP_POLICY_COPY] = { "copy", ONE_FUNCTION, false, "copy FUNCTION[@file.c]" },
	[KLP_POLICY_REFERENCE] = { "reference", ONE_FUNCTION, false,
				   "reference FUNCTION[@file.c]" },
	[KLP_POLICY_LEAVE_OUT] = { "leave-out", ONE_FUNCTION, true,
				   "leave-out FUNCTION[@file.c]: REASON" },
	[KLP_POLICY_NAME] = { "name", FUNCTION_AND_NAME, false,
			      "name FUNCTION[@file.c] klpp_NAME" },
	[KLP_POLICY_INCLUDE] = { "include", HEADER, false, "include <linux/x.h>" },
	[KLP_POLICY_ACCEPT] = { "accept", CODE_AND_SYMBOL, true,
				"accept KLP-CODE [SYMBOL | file.c]: REASON" },
};

struct reader {
	struct klp_arena *arena;
	struct klp_policy *policy;
	unsigned int line;
	struct klp_error *err;
};

static int malformed(struct reader *r, const char *hint, const char *what)
{
	klp_error_set(r->err, KLP_EINPUT, "%s", what);
	klp_error_at(r->err, r->policy->name, r->line, 0);
	return klp_error_hint(r->err, "%s", hint);
}

static int of_form(struct reader *r, enum klp_policy_kind kind, const char *what)
{
	return malformed(r, klp_sprintf(r->arena, "write `%s`", kinds[kind].form), what);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_identifier(const char *s)
{
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return !*s;
}

/* "KLP-NO-CODE" */
static bool is_code(const char *s)
{
	return !strncmp(s, "KLP-", 4) && s[4] &&
	       strspn(s + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(s + 4);
}

/* "<linux/x.h>": found by the compiler where it looks for headers, and nowhere above. */
static bool is_header(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_-+./";
	size_t n = strlen(s);

	return n > 4 && s[0] == '<' && s[1] != '/' && !strcmp(s + n - 3, ".h>") &&
	       strspn(s + 1, letters) == n - 2 && !strstr(s, "..");
}

/* FUNCTION[@file.c] */
static int take_function(struct reader *r, struct klp_policy_rule *rule, const char *word)
{
	size_t n = strcspn(word, "@");

	rule->subject = klp_strndup(r->arena, word, n);
	if (word[n])
		rule->file = word + n + 1;
	if (!is_identifier(rule->subject) || (rule->file && !*rule->file))
		return of_form(r, rule->kind,
			       klp_sprintf(r->arena, "'%s' names no function", word));
	return 0;
}

static int take_operands(struct reader *r, struct klp_policy_rule *rule,
			 const struct klp_strs *words)
{
	const char *last = words->n > 2 ? words->v[2] : NULL;

	rule->object = last;
	switch (kinds[rule->kind].operands) {
	case FUNCTION_AND_NAME:
		/* by that prefix a livepatch's functions are told from the kernel's */
		if (!last || !is_identifier(last) || strncmp(last, "klpp_", 5) || !last[5])
			return of_form(r, rule->kind,
				       "a replacement's name is a C identifier that begins with "
				       "'klpp_'");
		return take_function(r, rule, words->v[1]);
	case ONE_FUNCTION:
		if (last)
			break;
		return take_function(r, rule, words->v[1]);
	case HEADER:
		if (last || !is_header(words->v[1]))
			break;
		rule->subject = words->v[1];
		return 0;
	case CODE_AND_SYMBOL:
		if (!is_code(words->v[1]))
			break;
		rule->subject = words->v[1];
		return 0;
	}
	return of_form(r, rule->kind, klp_sprintf(r->arena, "this is no '%s'", words->v[0]));
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Two rules of which only one could be obeyed, or one that is there twice. */
static bool collide(const struct klp_policy_rule *a, const struct klp_policy_rule *b)
{
	bool copies = a->kind <= KLP_POLICY_REFERENCE && b->kind <= KLP_POLICY_REFERENCE;

	if ((a->kind != b->kind && !copies) || strcmp(a->subject, b->subject))
		return false;
	/* of one kind, the one with a file is an exception to the other */
	if (!same(a->file, b->file) && (a->kind == b->kind || (a->file && b->file)))
		return false;
	return a->kind != KLP_POLICY_ACCEPT || same(a->object, b->object);
}

static int add_rule(struct reader *r, const struct klp_policy_rule *rule)
{
	for (size_t i = 0; i < r->policy->rules.n; i++) {
		const struct klp_policy_rule *other = &r->policy->rules.v[i];

		if (collide(rule, other))
			return malformed(r, "keep one of them",
					 klp_sprintf(r->arena, "there is '%s' in line %u already",
						     other->text, other->line));
	}
	if (r->policy->rules.n == KLP_POLICY_MAX_RULES)
		return malformed(r, "a livepatch that needs so many exceptions should be several",
				 klp_sprintf(r->arena, "more than %d rules", KLP_POLICY_MAX_RULES));
	klp_vec_push(r->arena, &r->policy->rules, *rule);
	return 0;
}

static char *trimmed(struct klp_arena *arena, const char *s, size_t len)
{
	while (len && is_blank(s[len - 1]))
		len--;
	for (; len && is_blank(*s); len--)
		s++;
	return klp_strndup(arena, s, len);
}

static void split(struct klp_arena *arena, const char *s, size_t len, struct klp_strs *ret)
{
	const char *end = s + len;

	while (s < end) {
		const char *from = s;

		while (s < end && !is_blank(*s))
			s++;
		if (s > from)
			klp_vec_push(arena, ret, klp_strndup(arena, from, (size_t)(s - from)));
		else
			s++;
	}
}

static int kind_of(const char *word)
{
	for (int i = 0; i < KLP_POLICY_NKINDS; i++)
		if (!strcmp(kinds[i].word, word))
			return i;
	return -1;
}

static int unknown_word(struct reader *r, const char *word)
{
	return malformed(r,
			 "a rule begins with copy, reference, leave-out, name, include or accept",
			 klp_sprintf(r->arena, "there is no rule '%s'", word));
}

static int take_rule(struct reader *r, const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	struct klp_policy_rule rule = { .line = r->line };
	struct klp_strs words = {};
	int kind;

	split(r->arena, s, colon ? (size_t)(colon - s) : len, &words);
	kind = words.n ? kind_of(words.v[0]) : -1;
	if (kind < 0)
		return unknown_word(r, words.n ? words.v[0] : ":");
	rule.kind = (enum klp_policy_kind)kind;
	if (colon)
		rule.reason = trimmed(r->arena, colon + 1, len - (size_t)(colon + 1 - s));
	if (rule.reason && !*rule.reason)
		rule.reason = NULL;
	if (words.n < 2 || words.n > 3)
		return of_form(r, rule.kind, klp_sprintf(r->arena, "this is no '%s'", words.v[0]));
	if (take_operands(r, &rule, &words) < 0)
		return r->err->code;
	if (kinds[kind].reason && !rule.reason)
		return of_form(r, rule.kind,
			       klp_sprintf(r->arena, "'%s' needs a reason", words.v[0]));
	rule.text = words.v[0];
	for (size_t i = 1; i < words.n; i++)
		rule.text = klp_sprintf(r->arena, "%s %s", rule.text, words.v[i]);
	return add_rule(r, &rule);
}

static int take_line(struct reader *r, const char *s, size_t len)
{
	for (; len && is_blank(*s); len--)
		s++;
	if (!len || *s == '#')
		return 0;
	if (len > KLP_POLICY_MAX_LINE)
		return malformed(r, "what needs more words belongs into a document of its own",
				 "a line that is too long");
	/* it goes into documents, and onto terminals */
	for (size_t i = 0; i < len; i++)
		if (iscntrl((unsigned char)s[i]) && s[i] != '\t' && (s[i] != '\r' || i + 1 < len))
			return malformed(r, "a policy is plain text, one rule a line",
					 "a control character");
	return take_rule(r, s, len);
}

int klp_policy_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		     struct klp_policy *ret, struct klp_error *err)
{
	struct klp_policy policy = { .name = name };
	struct reader r = { arena, &policy, 1, err };
	const char *end = data + len;

	for (const char *p = data; p < end; r.line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if (take_line(&r, p, (size_t)(stop - p)) < 0)
			return err->code;
		p = stop + 1;
	}
	*ret = policy;
	return 0;
}

bool klp_policy_means(const char *wanted, const char *file)
{
	size_t n = file ? strlen(file) : 0, m = strlen(wanted);

	return file && n >= m && !strcmp(file + n - m, wanted) &&
	       (n == m || file[n - m - 1] == '/');
}

struct klp_policy_rule *klp_policy_find(const struct klp_policy *policy, enum klp_policy_kind kind,
					const char *function, const char *file, const char *unit)
{
	struct klp_policy_rule *any = NULL;

	for (size_t i = 0; policy && i < policy->rules.n; i++) {
		struct klp_policy_rule *rule = &policy->rules.v[i];

		if (rule->kind != kind || strcmp(rule->subject, function))
			continue;
		if (rule->file &&
		    (klp_policy_means(rule->file, file) || klp_policy_means(rule->file, unit)))
			return rule;
		if (!rule->file)
			any = rule;
	}
	return any;
}
