// SPDX-License-Identifier: GPL-2.0-or-later
/* Which links there are, and which units each one took. */
#include "tree/lto.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "parsers/kbuild_cmd.h"
#include "tree/lto_private.h"

/* ---- the dumps of links, by their names ---------------------------------------------------- */

/* Shortens *len by `end` when the name ends so. */
static bool cut(const char *name, size_t *len, const char *end)
{
	size_t n = strlen(end);

	if (*len < n || memcmp(name + *len - n, end, n))
		return false;
	*len -= n;
	return true;
}

/* With -dumpdir P- the name is "P-wpa": whose output that is isn't told. */
static bool cut_stage(const char *name, size_t *len, const char *stage, struct klp_link_dump *ret)
{
	if (!cut(name, len, stage) || !*len || (name[*len - 1] != '.' && name[*len - 1] != '-'))
		return false;
	ret->output_len = name[*len - 1] == '.' ? *len - 1 : 0;
	return true;
}

/* "OUT.ltrans12", behind which mostly stands ".ltrans" */
static bool is_ltrans(const char *name, size_t len, struct klp_link_dump *ret)
{
	size_t digits = 0;

	cut(name, &len, ".ltrans");
	ret->number = 0;
	while (digits < len && name[len - digits - 1] >= '0' && name[len - digits - 1] <= '9')
		digits++;
	if (!digits || digits > 6)
		return false;
	for (size_t i = len - digits; i < len; i++)
		ret->number = ret->number * 10 + (unsigned int)(name[i] - '0');
	len -= digits;
	ret->stage = KLP_LINK_LTRANS;
	return cut_stage(name, &len, "ltrans", ret);
}

bool klp_tree__is_link_dump(const char *dump, struct klp_link_dump *ret)
{
	static const char whole[] = ".lto.o-";
	size_t len = strlen(dump) - strlen(KLP_DUMP_SUFFIX), n = len;
	const char *at;

	if (is_ltrans(dump, len, ret))
		return true;
	ret->number = 0;
	ret->stage = KLP_LINK_WPA;
	if (cut_stage(dump, &n, "wpa", ret))
		return true;
	n = len;
	if (!cut(dump, &n, ".lto.o") || !(at = memmem(dump, n, whole, strlen(whole))))
		return false;
	ret->stage = KLP_LINK_WHOLE;
	ret->output_len = (size_t)(at - dump);
	return true;
}

bool klp_is_link_dump(const char *dump)
{
	struct klp_link_dump ignored;

	return klp_tree__is_link_dump(dump, &ignored);
}

/* ---- the links ----------------------------------------------------------------------------- */

/* What lies there of one output. */
struct found {
	const char *output;
	const char *wpa, *whole; /* the newest of each */
	struct klp_strs ltrans;	 /* by number; NULL where there is a gap */
};

static struct found *found_of(struct klp_tree *tree, struct klp_map *outputs, const char *output)
{
	struct found *found = klp_map_get(outputs, output);

	if (!found) {
		found = klp_new(tree->arena, struct found);
		found->output = output;
		klp_map_put(outputs, output, found);
	}
	return found;
}

static int64_t dump_mtime(const struct klp_tree *tree, const char *dump)
{
	return dump ? klp_file_mtime(klp_path_join(tree->arena, tree->ipa_dumps, dump)) : 0;
}

static void take_dump(struct klp_tree *tree, struct klp_map *outputs, const char *dump)
{
	struct klp_link_dump link;
	struct found *found;

	if (!klp_tree__is_link_dump(dump, &link) || !link.output_len)
		return;
	found = found_of(tree, outputs, klp_strndup(tree->arena, dump, link.output_len));
	if (link.stage == KLP_LINK_WPA)
		found->wpa = dump;
	else if (link.stage == KLP_LINK_WHOLE &&
		 dump_mtime(tree, dump) > dump_mtime(tree, found->whole))
		found->whole = dump; /* each link makes up a name */
	while (link.stage == KLP_LINK_LTRANS && found->ltrans.n <= link.number)
		klp_vec_push(tree->arena, &found->ltrans, NULL);
	if (link.stage == KLP_LINK_LTRANS)
		found->ltrans.v[link.number] = dump;
}

/* The last link decides of which kind it was. */
static struct klp_lto *lto_of(struct klp_tree *tree, const struct found *found)
{
	struct klp_lto *lto = klp_new(tree->arena, struct klp_lto);
	bool whole = dump_mtime(tree, found->whole) > dump_mtime(tree, found->wpa);

	lto->output = found->output;
	lto->path = klp_path_join(tree->arena, tree->build, found->output);
	klp_vec_push(tree->arena, &lto->dumps, whole ? found->whole : found->wpa);
	lto->one_stage = whole;
	for (size_t i = 0; !whole && i < found->ltrans.n; i++)
		klp_vec_push(tree->arena, &lto->dumps, found->ltrans.v[i]);
	return lto;
}

/* ---- what was linked ----------------------------------------------------------------------- */

#define MAX_LIST ((size_t)16 << 20)

/* The words of a link's commands that may name what is linked. */
struct words {
	bool known;
	struct klp_map objects;
	struct klp_strs archives;
};

static void take_word(struct klp_tree *tree, struct words *words, const char *word);

/* @fs/ext4/ext4.mod */
static void take_list(struct klp_tree *tree, struct words *words, const char *file)
{
	struct klp_error ignored = {};
	char *text, *save = NULL;
	size_t len;

	if (!klp_path_is_safe(file) ||
	    klp_file_read(tree->arena, klp_path_join(tree->arena, tree->build, file), MAX_LIST,
			  &text, &len, &ignored) < 0)
		return;
	for (char *word = strtok_r(text, " \t\n", &save); word;
	     word = strtok_r(NULL, " \t\n", &save))
		if (*word != '@')
			take_word(tree, words, word);
}

static void take_word(struct klp_tree *tree, struct words *words, const char *word)
{
	const char *name = klp_path_clean(tree->arena, word);
	size_t len = strlen(name);

	if (*word == '@') {
		take_list(tree, words, word + 1);
	} else if (cut(name, &len, ".o")) {
		words->known = true;
		klp_map_put(&words->objects, name, words);
	} else if (cut(name, &len, ".a")) {
		words->known = true;
		klp_vec_push(tree->arena, &words->archives, name);
	}
}

/* Unknown when there is no .cmd file, or it names a script. */
static void read_words(struct klp_tree *tree, const struct klp_lto *lto, struct words *ret)
{
	const char *path =
		klp_path_join(tree->arena, tree->build, klp_tree__cmd_of(tree->arena, lto->output));
	struct klp_error ignored = {};
	struct klp_cmd cmd;
	char *text;
	size_t len;

	*ret = (struct words){};
	klp_map_init(&ret->objects, tree->arena);
	if (!klp_file_exists(path) ||
	    klp_file_read(tree->arena, path, KLP_MAX_TEXT, &text, &len, &ignored) < 0 ||
	    klp_cmd_parse(tree->arena, path, text, len, &cmd, &ignored) < 0)
		return;
	for (size_t i = 0; i < cmd.commands.n; i++)
		for (size_t k = 1; k < cmd.commands.v[i].n; k++)
			if (strcmp(cmd.commands.v[i].v[k - 1], "-o"))
				take_word(tree, ret, cmd.commands.v[i].v[k]);
}

static bool is_listed(struct klp_tree *tree, const struct words *words, const char *object)
{
	bool seen;

	if (klp_map_get(&words->objects, object))
		return true;
	for (size_t i = 0; i < words->archives.n; i++) {
		const char *archive = words->archives.v[i];
		const char *below = klp_path_below(object, klp_path_dir(tree->arena, archive));

		if (klp_tree__archive_lists(klp_path_join(tree->arena, tree->build, archive),
					    below ? below : object, &seen))
			return true;
	}
	return false;
}

/* "fs/ext4/ext4.o" holds what is in fs/ext4/ext4.ko, "vmlinux.o" what is built in. */
static bool is_named_so(struct klp_tree *tree, const struct klp_lto *lto,
			const struct klp_tree_command *command)
{
	size_t len = strlen(lto->output);
	struct klp_error ignored = {};
	struct klp_unit *unit;
	bool ko;

	ko = cut(lto->output, &len, ".ko");
	if (!ko)
		cut(lto->output, &len, ".o");
	if (!command->module)
		return !ko && len == strlen("vmlinux") && !strncmp(lto->output, "vmlinux", len);
	return klp_tree_unit(tree, command->object, &unit, &ignored) == 0 && unit->module_file &&
	       strlen(unit->module_file) == len + strlen(".ko") &&
	       !strncmp(unit->module_file, lto->output, len);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct klp_lto_object *)a)->object,
		      ((const struct klp_lto_object *)b)->object);
}

static const char *source_of(struct klp_tree *tree, const struct klp_tree_command *command)
{
	const char *arg = klp_tree__source_arg(&command->argv), *root;
	const char *rel = klp_tree_relative(tree->arena, tree, arg ? arg : "", &root);

	return rel ? rel : arg ? arg : "";
}

static void take_objects(struct klp_tree *tree, struct klp_lto *lto,
			 const struct klp_tree_commands *commands)
{
	struct words words;

	read_words(tree, lto, &words);
	for (size_t i = 0; i < commands->n; i++) {
		const struct klp_tree_command *command = &commands->v[i];

		if (klp_tree__is_lto(&command->argv) &&
		    (words.known ? is_listed(tree, &words, command->object)
				 : is_named_so(tree, lto, command)))
			klp_vec_push(tree->arena, &lto->objects,
				     (struct klp_lto_object){ command->object,
							      source_of(tree, command),
							      command->dump });
	}
	if (lto->objects.n)
		qsort(lto->objects.v, lto->objects.n, sizeof(*lto->objects.v), compare);
}

static int find_links(struct klp_tree *tree, struct klp_error *err)
{
	struct klp_tree_commands commands = {};
	struct klp_map outputs;

	if (tree->ltos)
		return 0;
	klp_map_init(&outputs, tree->arena);
	for (size_t i = 0; i < tree->dumps.n; i++)
		take_dump(tree, &outputs, tree->dumps.v[i]);
	if (outputs.n && klp_tree_commands(tree->arena, tree, &commands, err) < 0)
		return err->code;
	tree->ltos = klp_new(tree->arena, struct klp_ltos);
	for (size_t i = 0; i < outputs.n; i++) {
		struct klp_lto *lto = lto_of(tree, outputs.entries[i].value);

		take_objects(tree, lto, &commands);
		klp_vec_push(tree->arena, tree->ltos, lto);
	}
	return 0;
}

/* ---- the link of a unit -------------------------------------------------------------------- */

static bool has_object(const struct klp_lto *lto, const char *object)
{
	return lto->objects.n &&
	       bsearch(&object, lto->objects.v, lto->objects.n, sizeof(*lto->objects.v), compare);
}

/* Of several the one that made what runs; a kernel that is linked in rounds has one for each. */
static struct klp_lto *choose(const struct klp_tree *tree, const struct klp_unit *unit,
			      const char **ret_names)
{
	const char *runs = klp_tree_object_file(tree, unit);
	struct klp_lto *found = NULL;
	size_t n = 0;

	*ret_names = "";
	for (size_t i = 0; i < tree->ltos->n; i++) {
		struct klp_lto *lto = tree->ltos->v[i];

		if (!has_object(lto, unit->object))
			continue;
		if (!strcmp(lto->path, runs))
			return lto;
		*ret_names = klp_sprintf(tree->arena, "%s%s'%s'", *ret_names, n ? ", " : "",
					 lto->output);
		found = lto;
		n++;
	}
	return n == 1 ? found : NULL;
}

static void no_link(struct klp_tree *tree, const struct klp_unit *unit, const char *names,
		    struct klp_findings *findings)
{
	struct klp_finding *f;

	if (*names) {
		f = klp_tree__lto_finding(
			tree, findings, "KLP-LTO", unit->source,
			"'%s' was linked with link-time optimisation several times (%s), and which "
			"result runs isn't known",
			unit->object, names);
		f->hint = "keep the dumps of the last link only: the one that vmlinux, or the "
			  "module, was made by";
		return;
	}
	f = klp_tree__lto_finding(tree, findings, "KLP-LTO", unit->source,
				  "'%s' was compiled for link-time optimisation, and there is no "
				  "dump of the link that made its machine code",
				  unit->object);
	if (strstr(klp_path_base(unit->argv.v[0]), "clang")) {
		f->hint = "clang tells nobody what it inlines across files; only a kernel built "
			  "without LTO can be analysed";
		return;
	}
	f->hint = "what was inlined across files stands in the dumps of the link alone: give "
		  "-fdump-ipa-clones to the link as well (OUT.wpa" KLP_DUMP_SUFFIX " and "
		  "OUT.ltransN.ltrans" KLP_DUMP_SUFFIX " beside its output), and keep its .cmd "
		  "file, which names what was linked";
}

int klp_tree_lto_of(struct klp_tree *tree, struct klp_unit *unit, unsigned int jobs,
		    const struct klp_lto **ret, struct klp_findings *findings,
		    struct klp_error *err)
{
	struct klp_lto *lto;
	const char *names;

	*ret = NULL;
	if (find_links(tree, err) < 0)
		return err->code;
	lto = choose(tree, unit, &names);
	if (!lto) {
		no_link(tree, unit, names, findings);
		return 0;
	}
	if (klp_tree__lto_check(tree, lto, jobs, findings, err) < 0)
		return err->code;
	if (!lto->usable)
		return 0;
	unit->lto_output = lto->path;
	*ret = lto;
	return 0;
}

bool klp_unit_reads(struct klp_arena *arena, const struct klp_tree *tree,
		    const struct klp_unit *unit, const char *file)
{
	const char *base = klp_path_base(file), *root;

	if (!strcmp(unit->source, file))
		return true;
	for (size_t i = 0; i < unit->deps.n; i++) {
		const char *rel;

		/* the name first: it is known without asking the file system */
		if (strcmp(klp_path_base(unit->deps.v[i]), base))
			continue;
		rel = klp_tree_relative(arena, tree, unit->deps.v[i], &root);
		if (!strcmp(rel ? rel : unit->deps.v[i], file))
			return true;
	}
	return false;
}
