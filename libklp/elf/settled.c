// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * References inside one section that the assembler has settled (Intel SDM vol. 2, appendix A:
 * CALL and JMP rel32, Jcc rel32, JMP, Jcc and LOOP rel8, LEA with a RIP-relative operand).
 */
#include "elf/refs.h"

#include <string.h>

#include "base/file.h"
#include "elf/file.h"
#include "elf/x86.h"

/* The widest operand that a relocation fills in code. */
#define OPERAND 8

struct section {
	const unsigned char *bytes;
	uint64_t size;
	const unsigned char *relocated; /* a flag for each byte that a relocation fills */
};

enum use { NO_USE, BRANCH, ADDRESS };

/* What looks like a reference: its operand is at `at`, behind its opcode. */
struct candidate {
	uint64_t at;
	unsigned int opcode, operand; /* bytes */
	enum use use;
};

static int mark_relocated(struct klp_arena *arena, const struct klp_elf *elf, uint32_t rela,
			  unsigned char *flags, uint64_t size, struct klp_error *err)
{
	const Elf64_Rela *relas;
	const void *table;
	size_t n;

	if (klp_elf__table(arena, elf, rela, ELF_T_RELA, &table, &n, err) < 0)
		return err->code;
	relas = table;
	for (size_t i = 0; i < n; i++) {
		uint64_t at = relas[i].r_offset;
		bool wide = ELF64_R_TYPE(relas[i].r_info) == R_X86_64_64;

		for (uint64_t k = at; k < size && k - at < (wide ? OPERAND : OPERAND / 2); k++)
			flags[k] = 1;
	}
	return 0;
}

static int load_section(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
			struct section *ret, struct klp_error *err)
{
	unsigned char *flags;

	ret->bytes = klp_elf__bytes(elf, index);
	ret->size = ret->bytes ? elf->sections[index].sh_size : 0;
	ret->relocated = flags = klp_alloc(arena, ret->size);
	for (uint32_t i = 1; i < elf->n; i++)
		if (elf->sections[i].sh_type == SHT_RELA && elf->sections[i].sh_info == index &&
		    mark_relocated(arena, elf, i, flags, ret->size, err) < 0)
			return err->code;
	return 0;
}

/* What an operand of four bytes at `at` would be part of. */
static void long_use(const struct section *s, struct candidate *ret)
{
	const unsigned char *p = s->bytes + ret->at;

	if (ret->at < 1 || s->size - ret->at < 4 || s->relocated[ret->at] ||
	    s->relocated[ret->at + 3])
		return;
	ret->operand = 4;
	ret->opcode = 1;
	if (p[-1] == 0xe8 || p[-1] == 0xe9) {
		ret->use = BRANCH;
		return;
	}
	ret->opcode = 2;
	if (ret->at < 2)
		return;
	if (p[-2] == 0x0f && (p[-1] & 0xf0) == 0x80)
		ret->use = BRANCH;
	else if (p[-2] == 0x8d && (p[-1] & 0xc7) == 0x05)
		ret->use = ADDRESS;
}

static void short_use(const struct section *s, struct candidate *ret)
{
	unsigned char op = ret->at ? s->bytes[ret->at - 1] : 0;

	if (s->relocated[ret->at] || (ret->at && s->relocated[ret->at - 1]))
		return;
	ret->opcode = ret->operand = 1;
	if (op == 0xeb || (op & 0xf0) == 0x70 || (op >= 0xe0 && op <= 0xe3))
		ret->use = BRANCH;
}

static struct candidate candidate_at(const struct section *s, uint64_t at, uint64_t target)
{
	struct candidate c = { .at = at };
	int32_t offset;

	if (at + 1 + (uint64_t)(int64_t)(int8_t)s->bytes[at] == target)
		short_use(s, &c);
	if (c.use != NO_USE || s->size - at < 4)
		return c;
	memcpy(&offset, s->bytes + at, sizeof(offset));
	if (at + 4 + (uint64_t)(int64_t)offset == target)
		long_use(s, &c);
	return c;
}

/*
 * Goes through the instructions of a function. False when one isn't known, reaches behind the
 * end or begins with what a relocation fills: then it is not known where they begin. *ret_real:
 * the candidate is one of them.
 */
static bool walk(const struct section *s, const struct klp_sym *from, const struct candidate *c,
		 bool *ret_real)
{
	uint64_t at = from->value, end = from->value + from->size;
	unsigned int opcode;

	if (end <= at || end > s->size)
		return false;
	*ret_real = false;
	while (at < end) {
		unsigned int n = klp_x86_length(s->bytes + at, end - at, &opcode);

		if (!n || s->relocated[at])
			return false;
		if (at + opcode + c->opcode == c->at && at + n == c->at + c->operand)
			*ret_real = true;
		at += n;
	}
	return true;
}

/* What only looks like one in the middle of others is known by them. */
static bool may_be_real(const struct section *s, const struct klp_sym *from,
			const struct candidate *c)
{
	bool real;

	return !walk(s, from, c, &real) || real;
}

static int find(struct klp_arena *arena, const struct klp_elf *elf, const struct klp_symtab *symtab,
		const struct klp_sym *to, struct klp_refs *ret, struct klp_error *err)
{
	struct section s = {};

	if (load_section(arena, elf, to->shndx, &s, err) < 0)
		return err->code;
	for (uint64_t at = 0; at < s.size; at++) {
		const struct candidate c = candidate_at(&s, at, to->value);
		struct klp_sym *from;

		if (c.use == NO_USE)
			continue;
		/* What is in no symbol is padding. */
		from = klp_symtab_covering(symtab, to->shndx, at);
		if (!from || !may_be_real(&s, from, &c))
			continue;
		klp_vec_push(arena, ret,
			     (struct klp_ref){
				     .from = klp_symtab_parent(symtab, from),
				     .section = to->section,
				     .offset = at,
				     .to = to,
				     .to_section = to->section,
				     .code = true,
				     .branch = c.use == BRANCH,
			     });
	}
	return 0;
}

int klp_refs_settled(struct klp_arena *arena, const struct klp_symtab *symtab,
		     const struct klp_sym *to, struct klp_refs *ret, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	struct klp_elf elf;

	if (klp_mapped_open(symtab->path, &mapped, err) < 0)
		return err->code;
	if (klp_elf__parse(scratch, symtab->path, (const unsigned char *)mapped.data, mapped.len,
			   &elf, err) < 0)
		return err->code;
	if (elf.ehdr.e_machine != EM_X86_64 || elf.ehdr.e_type != ET_REL) {
		klp_elf__bad(&elf, err, "'%s' is not a relocatable x86-64 object", elf.path);
		return klp_error_hint(err, "only the code of x86-64 is understood so far");
	}
	if (!to->shndx || to->shndx >= elf.n)
		return 0;
	return find(arena, &elf, symtab, to, ret, err);
}
