// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Draws functions of a kernel at random: traceable ones, outside init sections, of all units
 * in C that the kernel and its modules consist of, each as likely as any other.
 *
 *	draw BUILD NUMBER SEED		one a line: FUNCTION@SOURCE OBJECT
 *
 * The same build, number and seed give the same lines, in an order that is random, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elf/symtab.h"
#include "tree/tree.h"

struct candidate {
	const char *function;
	const struct klp_unit *unit;
};
KLP_VEC(candidates, struct candidate);

/* xorshift64* (Vigna): the same numbers everywhere, unlike random(3). */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545F4914F6CDD1DULL;
}

/* A clone's name is no function of the source. */
static bool is_candidate(const struct klp_sym *sym)
{
	return sym->type == STT_FUNC && klp_sym_defined(sym) && sym->traceable &&
	       !klp_sym_is_init(sym) && !strchr(sym->name, '.');
}

static int add_unit(struct klp_arena *arena, const struct klp_unit *unit, struct candidates *ret,
		    struct klp_error *err)
{
	struct klp_symtab symtab;

	if (klp_symtab_load(arena, unit->object_path, &symtab, err) < 0)
		return err->code;
	for (size_t i = 1; i < symtab.n; i++)
		if (is_candidate(&symtab.v[i]))
			klp_vec_push(arena, ret, (struct candidate){ symtab.v[i].name, unit });
	return 0;
}

static int all(struct klp_arena *arena, struct klp_tree *tree, struct candidates *ret,
	       struct klp_error *err)
{
	struct klp_tree_commands commands = {};
	struct klp_unit *unit;

	if (klp_tree_commands(arena, tree, &commands, err) < 0)
		return err->code;
	for (size_t i = 0; i < commands.n; i++) {
		struct klp_error none = {};

		/* programs of the build itself, in one that wasn't finished */
		if (klp_tree_unit(tree, commands.v[i].object, &unit, &none) < 0)
			continue;
		if (add_unit(arena, unit, ret, err) < 0)
			return err->code;
	}
	return 0;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_tree_opts where = { .jobs = 1 };
	struct candidates list = {};
	struct klp_error err = {};
	struct klp_tree tree;
	uint64_t state;
	size_t n;

	if (argc != 4) {
		fprintf(stderr, "usage: draw BUILD NUMBER SEED\n");
		return 2;
	}
	where.ipa_dumps = argv[1];
	n = strtoul(argv[2], NULL, 10);
	state = strtoull(argv[3], NULL, 10) * 0x9E3779B97F4A7C15ULL + 1;
	if (klp_tree_open(arena, &where, &tree, &err) < 0 || all(arena, &tree, &list, &err) < 0) {
		fprintf(stderr, "draw: %s\n", err.text);
		return 2;
	}
	fprintf(stderr, "draw: %zu candidates\n", list.n);
	for (size_t i = 0; i < n && i < list.n; i++) {
		size_t k = i + next_random(&state) % (list.n - i);
		struct candidate drawn = list.v[k];

		list.v[k] = list.v[i];
		printf("%s@%s %s\n", drawn.function, drawn.unit->source, drawn.unit->object);
	}
	return 0;
}
