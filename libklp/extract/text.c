// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file's own text with the edits made.
 */
#include "extract/private.h"

#include "base/buf.h"

/* The text [from, to) of a file; an edit inside another one is not made. */
void klp_extract__write_range(const struct extraction *x, uint32_t file, uint32_t from, uint32_t to,
			      struct klp_buf *out)
{
	const struct klp_tu_file *f = &x->view->tu.files.v[file];

	for (size_t i = 0; i < x->edits.n; i++) {
		const struct edit *e = &x->edits.v[i];

		if (e->file != file || e->from < from || e->to > to)
			continue;
		klp_buf_addn(out, f->text + from, e->from - from);
		klp_buf_add(out, e->text);
		from = e->to;
	}
	klp_buf_addn(out, f->text + from, to - from);
}

/* Line of an offset. */
uint32_t klp_extract__line_at(const struct extraction *x, uint32_t file, uint32_t offset)
{
	const char *text = x->view->tu.files.v[file].text;
	uint32_t line = 1;

	for (uint32_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/*
 * A piece that holds one end of a conditional only: what isn't compiled goes, and so do the
 * directives.
 */
static void write_flattened(const struct extraction *x, const struct item *item,
			    const struct klp_cpplines *lines, struct klp_buf *out)
{
	const struct klp_tu_file *f = &x->view->tu.files.v[item->file];
	uint32_t from = item->from;

	for (size_t i = 0; i < lines->n; i++) {
		const struct klp_cppline *l = &lines->v[i];
		uint32_t at = item->from + l->from, line;

		if (at < from)
			continue;
		klp_extract__write_range(x, item->file, from, at, out);
		from = item->from + l->to;
		for (size_t j = 0; j < f->skipped.n; j++)
			if (f->skipped.v[j].from >= at && f->skipped.v[j].from <= from &&
			    f->skipped.v[j].to > from)
				from = f->skipped.v[j].to < item->to ? f->skipped.v[j].to
								     : item->to;
		/* a skipped range ends at the directive that closes it */
		while (from < item->to && f->text[from] != '\n')
			from++;
		line = klp_extract__line_at(x, item->file, from);
		if (line != klp_extract__line_at(x, item->file, at))
			klp_buf_addf(out, "#line %u", line + 1);
	}
	if (from < item->to)
		klp_extract__write_range(x, item->file, from, item->to, out);
}

static bool balanced(const struct klp_cpplines *lines)
{
	int depth = 0;

	for (size_t i = 0; i < lines->n; i++) {
		depth += lines->v[i].kind == KLP_CPP_IF;
		if ((lines->v[i].kind == KLP_CPP_ELSE && !depth) ||
		    (lines->v[i].kind == KLP_CPP_ENDIF && --depth < 0))
			return false;
	}
	return depth == 0;
}

void klp_extract__write_item(struct extraction *x, const struct item *item, struct klp_buf *out)
{
	struct klp_cpplines lines = {};

	if (item->kind == ITEM_DECL)
		klp_cpplines_scan(x->arena, klp_extract__item_text(x, item), item->to - item->from,
				  &lines);
	if (!balanced(&lines))
		write_flattened(x, item, &lines, out);
	else
		klp_extract__write_range(x, item->file, item->from, item->to, out);
	klp_buf_add(out, "\n");
}

/* Before a header with branches on static keys of a module: they ask the key. */
static void begin_asking(const struct item *item, bool *asks, struct klp_buf *out)
{
	if (!*asks)
		klp_buf_add(out, "/*\n"
				     " * Static keys of a module are asked at run time: the "
				     "branches of a livepatch\n"
				     " * are set up before its references to a module are known.\n"
				     " */\n"
				     "#include <linux/jump_label.h>\n");
	*asks = true;
	if (item->asks & ASKS_MACROS)
		klp_buf_add(out,
			    "#pragma push_macro(\"static_branch_likely\")\n"
			    "#pragma push_macro(\"static_branch_unlikely\")\n"
			    "#undef static_branch_likely\n"
			    "#undef static_branch_unlikely\n"
			    "#define static_branch_likely(key) static_key_enabled(key)\n"
			    "#define static_branch_unlikely(key) static_key_enabled(key)\n");
	if (item->asks & ASKS_FUNCTIONS)
		klp_buf_add(out, "#define static_key_false(key) static_key_enabled(key)\n"
				     "#define static_key_true(key) static_key_enabled(key)\n");
}

static void end_asking(const struct item *item, struct klp_buf *out)
{
	if (item->asks & ASKS_MACROS)
		klp_buf_add(out, "#pragma pop_macro(\"static_branch_likely\")\n"
				     "#pragma pop_macro(\"static_branch_unlikely\")\n");
	if (item->asks & ASKS_FUNCTIONS)
		klp_buf_add(out, "#undef static_key_false\n"
				     "#undef static_key_true\n");
}

void klp_extract__write_include(struct extraction *x, const struct item *item, bool *asks,
				struct klp_buf *out)
{
	if (item->asks)
		begin_asking(item, asks, out);
	klp_extract__write_item(x, item, out);
	if (item->asks)
		end_asking(item, out);
}
