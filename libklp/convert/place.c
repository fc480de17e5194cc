// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where in the source a reference is made that a message is about: its line in the function, the
 * macros and the inlined functions that stand between that line and the reference, and how one
 * spells the use of a key.
 */
#include <string.h>

#include "base/buf.h"
#include "convert/private.h"
#include "elf/line.h"

#define STATIC_CALL_KEY	       "__SCK__"
#define STATIC_CALL_TRAMPOLINE "__SCT__"
#define TRACEPOINT	       "__tracepoint_"
#define TRACEPOINT_CALL	       "tp_func_"

/* A message says no more of the way when it is as long as that. */
#define MAX_WAY 400

static const char *behind(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(name, prefix, len) ? NULL : name + len;
}

static bool is_section(const char *name, const char *wanted)
{
	size_t len = strlen(wanted);

	return !strncmp(name, wanted, len) && (!name[len] || name[len] == '.');
}

/* The name of a static call's key, or the symbol's. */
static const char *key_of(const char *symbol)
{
	const char *key = behind(symbol, STATIC_CALL_KEY);

	return key ? key : behind(symbol, STATIC_CALL_TRAMPOLINE);
}

/* "ext4_sync" of a tracepoint's key, NULL for any other. */
static const char *event_of(const char *symbol)
{
	const char *key = key_of(symbol);

	return key ? behind(key, TRACEPOINT_CALL) : behind(symbol, TRACEPOINT);
}

bool klp_convert__is_event(const char *symbol)
{
	return event_of(symbol) != NULL;
}

const char *klp_convert__way_to(struct klp_conversion *c, const char *section, const char *symbol)
{
	const char *key = key_of(symbol), *event = event_of(symbol);

	if (event)
		return klp_sprintf(c->arena, "trace_%s()", event);
	if (key)
		return klp_sprintf(c->arena, "static_call(%s)", key);
	if (is_section(section, "__jump_table"))
		return klp_sprintf(c->arena,
				   "static_branch_likely(&%s) or static_branch_unlikely()", symbol);
	return NULL;
}

/* Paths of the kernel as they are written in its tree. */
static const char *shown(const struct klp_conversion *c, const char *path)
{
	const char *const dirs[] = { c->opts->tree->source, c->opts->tree->build };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		const char *in = dirs[i] ? behind(path, dirs[i]) : NULL;

		if (in && *in == '/')
			return in + 1;
	}
	return path;
}

/* The words by which a line of the source can mean that key. */
static void words_for(struct klp_conversion *c, const char *symbol, struct klp_strs *ret)
{
	const char *key = key_of(symbol), *event = event_of(symbol);

	klp_vec_push(c->arena, ret, symbol);
	if (key)
		klp_vec_push(c->arena, ret, key);
	if (event)
		klp_vec_push(c->arena, ret, klp_sprintf(c->arena, "trace_%s", event));
}

/* From a line outwards in: its macros, the function that was inlined there, the line in that ... */
struct way {
	struct klp_conversion *c;
	struct klp_macros *macros;
	const char *symbol;
	struct klp_buf buf;
	const char *between; /* what stands before the next item */
	bool there;	     /* the key was said: what makes a jump of it needs no explanation */
};

static bool is_full(const struct way *way)
{
	return way->buf.len >= MAX_WAY;
}

static void say(struct way *way, const char *kind, const char *what)
{
	if (is_full(way))
		return;
	klp_buf_addf(&way->buf, "%s%s%.60s", way->between, kind, what);
	way->between = ", ";
}

/* function: of what is inlined on that line, or NULL */
static void say_macros(struct way *way, const char *file, unsigned int line, const char *function)
{
	struct klp_strs wanted = {}, chain;

	words_for(way->c, way->symbol, &wanted);
	if (way->there || !file)
		return;
	way->there = klp_convert__macros_between(way->macros, file, line, &wanted, &chain);
	if (!way->there && function) {
		wanted = (struct klp_strs){};
		klp_vec_push(way->c->arena, &wanted, function);
		klp_convert__macros_between(way->macros, file, line, &wanted, &chain);
	}
	for (size_t i = 0; i < chain.n; i++)
		say(way, "macro ", chain.v[i]);
}

static void say_inlined(struct way *way, const struct klp_line *line)
{
	for (size_t i = line->inlined.n; i--;) {
		const struct klp_line_call *call = &line->inlined.v[i];
		const char *file = i ? line->inlined.v[i - 1].file : line->file;
		unsigned int number = i ? line->inlined.v[i - 1].line : line->line;

		say_macros(way, call->file, call->line, call->function);
		if (is_full(way))
			break;
		say(way, "inlined ", call->function);
		klp_buf_add(&way->buf, "()");
		if (file)
			klp_buf_addf(&way->buf, " at %.120s:%u", shown(way->c, file), number);
	}
	say_macros(way, line->file, line->line, NULL);
	if (is_full(way))
		klp_buf_add(&way->buf, " ...");
}

const char *klp_convert__place(struct klp_conversion *c, uint32_t target, uint64_t offset,
			       const char *symbol)
{
	struct way way = { .c = c, .symbol = symbol, .between = ": " };
	const struct klp_line_call *outer;
	uint32_t shndx = target;
	uint64_t at = offset;
	struct klp_line line;

	if (!klp_image_function(&c->image, target, offset))
		klp_image_site(&c->image, target, offset, &shndx, &at);
	if (!klp_line_at(c->arena, c->image.path, shndx, at, &line))
		return "";
	outer = line.inlined.n ? &line.inlined.v[line.inlined.n - 1] : NULL;
	way.macros = klp_convert__macros(c, &line.files);
	klp_buf_init(&way.buf, c->arena);
	if (outer && outer->file)
		klp_buf_addf(&way.buf, " (%.120s:%u", shown(c, outer->file), outer->line);
	else
		klp_buf_addf(&way.buf, " (%.120s:%u", shown(c, line.file), line.line);
	say_inlined(&way, &line);
	klp_buf_add(&way.buf, ")");
	return way.buf.p;
}
