// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: what elf/ says of the symbols, references and code of one file, on arbitrary bytes.
 * Seeds: tests/fuzz/make-seeds.
 */
#include <string.h>

#include "elf/endless.h"
#include "elf/inlined.h"
#include "elf/line.h"
#include "elf/refs.h"
#include "elf/symtab.h"
#include "fuzz.h"

#define MAX_ASKED 6 /* functions that are looked into: it is the reading that is tried out */

static void ask_symbol(const struct klp_symtab *symtab, struct klp_sym *sym)
{
	bool ambiguous;

	fuzz_expect(sym->name != NULL);
	klp_symtab_covering(symtab, sym->shndx, sym->value);
	klp_symtab_only_in(symtab, sym->shndx);
	fuzz_expect(klp_symtab_alias(symtab, sym, NULL) != sym);
	fuzz_expect(klp_symtab_parent(symtab, sym) != NULL);
	klp_symtab_locate(symtab, symtab, sym->name, &ambiguous);
	if (sym->kept && !sym->early) {
		unsigned int pos = klp_symtab_sympos(symtab, sym);

		/* the two ways of counting agree */
		fuzz_expect(pos <= klp_symtab_count(symtab, sym->name));
		klp_symtab_sympos_varies(symtab, sym);
		klp_symtab_at(symtab, sym->name, pos);
	}
}

static void ask_code(struct klp_arena *arena, const struct klp_symtab *symtab)
{
	unsigned int asked = 0;

	for (size_t i = 0; i < symtab->n && asked < MAX_ASKED; i++) {
		const struct klp_sym *sym = &symtab->v[i];
		struct klp_refs refs = {};
		struct klp_error err = {};
		enum klp_endless endless;
		struct klp_line line;
		const char *why;

		if (sym->type != STT_FUNC || !klp_sym_defined(sym))
			continue;
		asked++;
		fuzz_check_code(klp_refs_settled(arena, symtab, sym, &refs, &err), &err);
		err = (struct klp_error){};
		fuzz_check_code(klp_endless(arena, symtab, sym, &endless, &why, &err), &err);
		klp_line_at(arena, symtab->path, sym->shndx, sym->value, &line);
	}
}

static void ask_whole(struct klp_arena *arena, const struct klp_symtab *symtab)
{
	struct klp_inlined_vec inlined = {};
	struct klp_placed_vec placed = {};
	struct klp_refs refs = {};
	struct klp_error err = {};
	bool any;

	fuzz_check_code(klp_refs_load(arena, symtab, &refs, &err), &err);
	err = (struct klp_error){};
	fuzz_check_code(klp_placed_load(arena, symtab->path, symtab, &placed, &err), &err);
	err = (struct klp_error){};
	fuzz_check_code(klp_inlined_load(arena, symtab->path, symtab, &inlined, &any, &err), &err);
}

static void ask_names(struct klp_arena *arena, const char *path)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct klp_strs names = {};
	struct klp_error err = {};
	bool uses;

	fuzz_check_code(klp_symtab_functions(arena, path, NULL, &reader, &names, &err), &err);
	err = (struct klp_error){};
	fuzz_check_code(klp_symtab_uses(path, "printk", &reader, &uses, &err), &err);
	err = (struct klp_error){};
	fuzz_check_code(klp_lto_functions(arena, path, &reader, &names, &err), &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *path = fuzz_path(arena, "in");
	struct klp_symtab symtab;
	struct klp_error err = {};
	int rc;

	fuzz_put(path, data, size);
	ask_names(arena, path);
	rc = klp_symtab_load(arena, path, &symtab, &err);
	fuzz_check_code(rc, &err);
	if (rc)
		return 0;
	for (size_t i = 1; i < symtab.n && i < 256; i++)
		ask_symbol(&symtab, &symtab.v[i]);
	ask_whole(arena, &symtab);
	ask_code(arena, &symtab);
	return 0;
}
