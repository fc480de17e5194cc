// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ipa.h"

#include <string.h>

/* Eleven for a clone line; more only when a path holds ';'. */
#define MAX_FIELDS 64

static bool is_number(const struct klp_ipa_slice *s, uint32_t *ret)
{
	uint64_t value = 0;

	if (!s->len || s->len > 10)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(s->p[i] - '0');
	}
	if (value > UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	return true;
}

/* The number of fields, 0 when there are too many. */
static size_t split(const char *p, size_t len, struct klp_ipa_slice *fields)
{
	const char *end = p + len;

	for (size_t n = 0; n < MAX_FIELDS; p++) {
		const char *sep = memchr(p, ';', (size_t)(end - p));

		fields[n++] = (struct klp_ipa_slice){ p, (size_t)((sep ? sep : end) - p) };
		if (!sep)
			return n;
		p = sep;
	}
	return 0;
}

/* NAME;ORDER;PATH;LINE;COL in fields[0..n-1]: the path is all that is left in the middle. */
static bool read_place(const struct klp_ipa_slice *fields, size_t n, struct klp_ipa_place *ret)
{
	if (n < 5 || !fields[0].len || !is_number(&fields[1], &ret->order) ||
	    !is_number(&fields[n - 2], &ret->line) || !is_number(&fields[n - 1], &ret->column))
		return false;
	ret->name = fields[0];
	/* The mark of a name that is not to be mangled: an asm label. */
	if (ret->name.p[0] == '*') {
		ret->name.p++;
		ret->name.len--;
	}
	ret->path.p = fields[2].p;
	ret->path.len = (size_t)(fields[n - 3].p + fields[n - 3].len - fields[2].p);
	return ret->name.len && ret->path.len;
}

static bool is_word(const struct klp_ipa_slice *s, const char *word)
{
	return s->len == strlen(word) && !memcmp(s->p, word, s->len);
}

/*
 * Where the second node begins is known when no path holds ';'. Otherwise every split is
 * tried; a line that can be read in two ways is no record. Between the nodes, and before the
 * last field, older compilers wrote what they meant for people.
 */
static bool read_clone(const struct klp_ipa_slice *fields, size_t n, struct klp_ipa_record *ret)
{
	bool found = false, old;

	if (n < 11)
		return false;
	ret->how = fields[--n];
	old = n >= 12 && is_word(&fields[n - 1], "optimization:");
	n -= old;
	for (size_t first = 5; first + old + 5 <= n; first++) {
		struct klp_ipa_place from, to;

		if ((old && !is_word(&fields[first], "<-")) || !read_place(fields, first, &from) ||
		    !read_place(fields + first + old, n - first - old, &to))
			continue;
		if (found)
			return false;
		found = true;
		ret->from = from;
		ret->to = to;
	}
	return found && ret->how.len;
}

bool klp_ipa_record(const char *line, size_t len, struct klp_ipa_record *ret)
{
	static const char clone[] = "Callgraph clone;", removal[] = "Callgraph removal;";
	struct klp_ipa_slice fields[MAX_FIELDS];
	size_t n;

	ret->removal = false;
	if (len >= sizeof(clone) && !memcmp(line, clone, sizeof(clone) - 1)) {
		line += sizeof(clone) - 1;
		n = split(line, len - (sizeof(clone) - 1), fields);
		return read_clone(fields, n, ret);
	}
	if (len < sizeof(removal) || memcmp(line, removal, sizeof(removal) - 1))
		return false;
	line += sizeof(removal) - 1;
	n = split(line, len - (sizeof(removal) - 1), fields);
	ret->removal = true;
	return read_place(fields, n, &ret->from);
}

/* Why a line is no record, for whoever has to find out what wrote it. */
static const char *complaint(struct klp_arena *arena, const char *line, size_t len, bool whole)
{
	static const struct {
		const char *text;
		size_t nfields;
	} records[] = { { "Callgraph clone;", 11 }, { "Callgraph removal;", 5 } };
	static const char words[] = "Callgraph clone: ";
	struct klp_ipa_slice fields[MAX_FIELDS];

	if (!whole)
		return "it ends in the middle: the dump was cut off";
	if (len >= sizeof(words) && !memcmp(line, words, sizeof(words) - 1))
		return "it is in words: only development versions before GCC 7.1 wrote it so";
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		size_t tag = strlen(records[i].text), n;

		if (len < tag || memcmp(line, records[i].text, tag))
			continue;
		n = split(line + tag, len - tag, fields);
		if (!n)
			return klp_sprintf(arena, "it has more than %d fields", MAX_FIELDS);
		if (n != records[i].nfields)
			return klp_sprintf(arena,
					   "it has %zu fields behind '%.*s', where gcc writes %zu",
					   n, (int)tag - 1, line, records[i].nfields);
		return "its fields are not name, number, path, line and column";
	}
	return "it is no record that gcc writes";
}

struct parser {
	struct klp_arena *arena;
	struct klp_ipa_dump dump;
	struct klp_map texts;	/* each path and each kind once */
	const char *path, *how; /* the last ones: mostly it is they again */
};

static const char *intern(struct parser *ps, const struct klp_ipa_slice *s, const char **last)
{
	char *copy;

	if (*last && !strncmp(*last, s->p, s->len) && !(*last)[s->len])
		return *last;
	copy = klp_map_getn(&ps->texts, s->p, s->len);
	if (!copy) {
		copy = klp_strndup(ps->arena, s->p, s->len);
		klp_map_putn(&ps->texts, copy, s->len, copy);
	}
	return *last = copy;
}

/* FNV-1a */
static uint32_t hash_of(const char *name, size_t len, uint32_t order)
{
	uint32_t h = 2166136261u ^ order;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h ^ (h >> 15);
}

/* The slot of a node, empty when it isn't there yet. */
static uint32_t *slot_of(const struct klp_ipa_dump *dump, const char *name, size_t len,
			 uint32_t order)
{
	size_t mask = dump->nslots - 1;

	for (size_t s = hash_of(name, len, order) & mask;; s = (s + 1) & mask) {
		const struct klp_ipa_node *node;

		if (!dump->slots[s])
			return &dump->slots[s];
		node = &dump->nodes.v[dump->slots[s] - 1];
		if (node->order == order && !strncmp(node->name, name, len) && !node->name[len])
			return &dump->slots[s];
	}
}

static void make_room(struct klp_arena *arena, struct klp_ipa_dump *dump)
{

	if (dump->nodes.n * 2 < dump->nslots)
		return;
	dump->nslots = dump->nslots ? dump->nslots * 2 : 64;
	dump->slots = klp_alloc_array(arena, dump->nslots, sizeof(*dump->slots));
	for (size_t i = 0; i < dump->nodes.n; i++) {
		const struct klp_ipa_node *node = &dump->nodes.v[i];

		*slot_of(dump, node->name, strlen(node->name), node->order) = (uint32_t)i + 1;
	}
}

static uint32_t node_of(struct parser *ps, const struct klp_ipa_place *place)
{
	struct klp_ipa_dump *dump = &ps->dump;
	uint32_t *slot;

	make_room(ps->arena, dump);
	slot = slot_of(dump, place->name.p, place->name.len, place->order);
	if (!*slot) {
		struct klp_ipa_node *node = klp_vec_add(ps->arena, &dump->nodes);

		node->name = klp_strndup(ps->arena, place->name.p, place->name.len);
		node->order = place->order;
		node->path = intern(ps, &place->path, &ps->path);
		node->line = place->line;
		node->column = place->column;
		*slot = (uint32_t)dump->nodes.n;
	}
	return *slot - 1;
}

static void take_record(struct parser *ps, const struct klp_ipa_record *rec, uint32_t line)
{
	static const char inlining[] = "inlining to";
	struct klp_ipa_edge edge = { .line = line };
	struct klp_ipa_dump *dump = &ps->dump;

	edge.from = node_of(ps, &rec->from);
	if (rec->removal) {
		klp_vec_push(ps->arena, &dump->removed, edge.from);
		return;
	}
	edge.to = node_of(ps, &rec->to);
	edge.how = intern(ps, &rec->how, &ps->how);
	edge.kind = strcmp(edge.how, inlining) ? KLP_IPA_CLONE : KLP_IPA_INLINE;
	klp_vec_push(ps->arena, &dump->edges, edge);
}

/* A last line that doesn't end is what is left of one. */
static void take_line(struct parser *ps, const char *p, size_t len, uint32_t line, bool whole)
{
	struct klp_ipa_record rec;

	if (!len)
		return;
	if (whole && klp_ipa_record(p, len, &rec)) {
		take_record(ps, &rec, line);
		return;
	}
	if (ps->dump.malformed++)
		return;
	ps->dump.malformed_line = line;
	ps->dump.malformed_why = complaint(ps->arena, p, len, whole);
}

int klp_ipa_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		  struct klp_ipa_dump *ret, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct parser ps = { .arena = arena, .dump = { .name = name } };
	const char *end = data + len, *nul = len ? memchr(data, '\0', len) : NULL;
	uint32_t line = 1;

	klp_map_init(&ps.texts, scratch);
	for (const char *p = data; p < end; line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl ? nl : end) - p);

		if (n > KLP_IPA_MAX_LINE || (nul && nul < p + n)) {
			klp_error_set(err, KLP_EINPUT, "%s in an IPA dump",
				      n > KLP_IPA_MAX_LINE ? "an overlong line" : "binary data");
			klp_error_at(err, name, line, 0);
			return klp_error_hint(err, "is this a dump that gcc wrote for "
						   "-fdump-ipa-clones?");
		}
		take_line(&ps, p, n, line, nl != NULL);
		p += n + 1;
	}
	ps.dump.name = klp_strdup(arena, name);
	*ret = ps.dump;
	return 0;
}

void klp_ipa_build(struct klp_arena *arena, const char *name, struct klp_ipa_builder *ret)
{
	*ret = (struct klp_ipa_builder){ .arena = arena, .dump = { .name = name } };
}

static uint32_t built_node(struct klp_ipa_builder *builder, const char *name)
{
	struct klp_ipa_dump *dump = &builder->dump;
	uint32_t *slot;

	make_room(builder->arena, dump);
	slot = slot_of(dump, name, strlen(name), 0);
	if (!*slot) {
		klp_vec_push(builder->arena, &dump->nodes,
			     (struct klp_ipa_node){ .name = name, .path = "" });
		*slot = (uint32_t)dump->nodes.n;
	}
	return *slot - 1;
}

void klp_ipa_build_inline(struct klp_ipa_builder *builder, const char *function, const char *path,
			  uint32_t line, const char *host)
{
	struct klp_ipa_edge edge = { .how = "inlining to", .kind = KLP_IPA_INLINE };

	edge.from = built_node(builder, function);
	edge.to = built_node(builder, host);
	builder->dump.nodes.v[edge.from].path = path;
	builder->dump.nodes.v[edge.from].line = line;
	klp_vec_push(builder->arena, &builder->dump.edges, edge);
}

uint32_t klp_ipa_find(const struct klp_ipa_dump *dump, const char *name, uint32_t order)
{
	return dump->nslots ? *slot_of(dump, name, strlen(name), order) - 1 : UINT32_MAX;
}

/* Length of one suffix of the compiler at p, which is at a '.'; 0 when it is none. */
static size_t suffix_len(const char *p)
{
	static const struct {
		const char *text;
		bool number_needed;
	} suffixes[] = {
		{ ".isra", true },  { ".constprop", true },   { ".part", true },
		{ ".cold", false }, { ".localalias", false }, { ".lto_priv", true },
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t n = strlen(suffixes[i].text), digits;

		if (strncmp(p, suffixes[i].text, n))
			continue;
		digits = p[n] == '.' ? strspn(p + n + 1, "0123456789") : 0;
		if (digits)
			return n + 1 + digits;
		return suffixes[i].number_needed ? 0 : n;
	}
	return 0;
}

size_t klp_ipa_base_len(const char *name)
{
	for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
		const char *p = dot;

		for (size_t n; dot > name && *p == '.' && (n = suffix_len(p));)
			p += n;
		if (!*p && p > dot)
			return (size_t)(dot - name);
	}
	return strlen(name);
}

/* Length of ".lto_priv.N" at p, 0 when it is something else. */
static size_t priv_len(const char *p)
{
	static const char priv[] = ".lto_priv.";
	size_t digits;

	if (strncmp(p, priv, sizeof(priv) - 1))
		return 0;
	digits = strspn(p + sizeof(priv) - 1, "0123456789");
	return digits ? sizeof(priv) - 1 + digits : 0;
}

const char *klp_ipa_plain_name(struct klp_arena *arena, const char *name)
{
	char *plain, *to;

	if (!strstr(name, ".lto_priv.") || klp_ipa_base_len(name) == strlen(name))
		return name;
	plain = to = klp_strdup(arena, name);
	for (const char *p = name; *p;) {
		size_t n = priv_len(p);

		if (n)
			p += n;
		else
			*to++ = *p++;
	}
	*to = '\0';
	return plain;
}

bool klp_ipa_is_clone(const char *name)
{
	const char *p = name + klp_ipa_base_len(name);

	for (size_t n; (n = priv_len(p));)
		p += n;
	return *p;
}
