// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/code.h"

#include <stdlib.h>
#include <string.h>

#include "elf/operand.h"
#include "elf/x86.h"

/* The end of a branch's operand counts from behind it: R_X86_64_PC32, PLT32. */
#define OPERAND 4

struct rela {
	uint64_t at; /* in the section */
	uint32_t sym;
	int64_t addend;
};
KLP_VEC(relas, struct rela);

struct reader {
	const struct klp_code *code;
	uint32_t shndx;
	struct relas relas; /* of what is read, by place */
};

int klp_code__open(struct klp_arena *arena, const struct klp_symtab *symtab,
		   const unsigned char *data, size_t len, struct klp_code *ret,
		   struct klp_error *err)
{
	struct klp_code code = { .symtab = symtab };

	if (klp_elf__parse(arena, symtab->path, data, len, &code.elf, err) < 0)
		return err->code;
	if (code.elf.ehdr.e_machine != symtab->machine ||
	    (code.elf.ehdr.e_type == ET_REL) != symtab->relocatable) {
		klp_elf__bad(&code.elf, err, "'%s' has changed while it was read", symtab->path);
		return klp_error_hint(err, "wait until the build is done");
	}
	*ret = code;
	return 0;
}

/* What klp_sym.value counts from. */
static uint64_t base_of(const struct klp_code *code, uint32_t shndx)
{
	return code->symtab->relocatable ? 0 : code->elf.sections[shndx].sh_addr;
}

const unsigned char *klp_code__at(const struct klp_code *code, uint32_t shndx, uint64_t value,
				  uint64_t *ret_left)
{
	const unsigned char *bytes;
	uint64_t offset, size;

	if (!shndx || shndx >= code->elf.n)
		return NULL;
	bytes = klp_elf__bytes(&code->elf, shndx);
	offset = value - base_of(code, shndx);
	size = code->elf.sections[shndx].sh_size;
	if (!bytes || value < base_of(code, shndx) || offset >= size)
		return NULL;
	*ret_left = size - offset;
	return bytes + offset;
}

static int by_at(const void *a, const void *b)
{
	const struct rela *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static int read_relas(struct klp_arena *arena, const struct klp_code *code, uint32_t shndx,
		      uint64_t from, uint64_t to, struct relas *ret, struct klp_error *err)
{
	for (uint32_t i = 1; i < code->elf.n; i++) {
		const Elf64_Rela *v;
		const void *table;
		size_t n;

		if (code->elf.sections[i].sh_type != SHT_RELA ||
		    code->elf.sections[i].sh_info != shndx)
			continue;
		if (klp_elf__table(arena, &code->elf, i, ELF_T_RELA, &table, &n, err) < 0)
			return err->code;
		v = table;
		for (size_t k = 0; k < n; k++)
			if (v[k].r_offset >= from && v[k].r_offset < to)
				klp_vec_push(arena, ret,
					     (struct rela){ v[k].r_offset,
							    (uint32_t)ELF64_R_SYM(v[k].r_info),
							    v[k].r_addend });
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_at);
	return 0;
}

static uint32_t section_at(const struct klp_code *code, uint64_t address)
{
	for (uint32_t i = 1; i < code->elf.n; i++) {
		const Elf64_Shdr *s = &code->elf.sections[i];

		if ((s->sh_flags & SHF_EXECINSTR) && address >= s->sh_addr &&
		    address - s->sh_addr < s->sh_size)
			return i;
	}
	return 0;
}

static struct klp_place related(const struct reader *r, const struct rela *rela)
{
	const struct klp_symtab *symtab = r->code->symtab;
	const struct klp_sym *sym;

	if (rela->sym >= symtab->n)
		return (struct klp_place){};
	sym = &symtab->v[rela->sym];
	if (!klp_sym_defined(sym))
		return (struct klp_place){ .sym = sym };
	return (struct klp_place){ .shndx = sym->shndx,
				   .value = sym->value + (uint64_t)rela->addend + OPERAND };
}

/* operand: where the branch's displacement stands; next: what it counts from. */
static struct klp_place target_of(const struct reader *r, uint64_t operand, uint64_t next,
				  int64_t displacement)
{
	struct klp_place place = { .shndx = r->shndx, .value = next + (uint64_t)displacement };
	const struct rela key = { .at = operand }, *rela = NULL;

	if (!r->code->symtab->relocatable) {
		place.shndx = section_at(r->code, place.value);
		return place;
	}
	if (r->relas.n)
		rela = bsearch(&key, r->relas.v, r->relas.n, sizeof(key), by_at);
	return rela ? related(r, rela) : place;
}

/* Intel SDM vol. 2, appendix A; op: behind the prefixes. */
static enum klp_flow flow_of(const unsigned char *op, uint64_t left)
{
	const unsigned char second = left > 1 ? op[1] : 0, group5 = second >> 3 & 7;

	switch (*op) {
	case 0x90:
		return KLP_FLOW_NOP;
	case 0xc2: /* RET */
	case 0xc3:
	case 0xca:
	case 0xcb:
	case 0xcf: /* IRET */
		return KLP_FLOW_RETURN;
	case 0xcc: /* INT3 */
		return KLP_FLOW_TRAP;
	case 0xe0: /* LOOP, JRCXZ */
	case 0xe1:
	case 0xe2:
	case 0xe3:
		return KLP_FLOW_BRANCH;
	case 0xe8:
		return KLP_FLOW_CALL;
	case 0xe9:
	case 0xeb:
		return KLP_FLOW_JUMP;
	case 0xff:
		return group5 == 4 || group5 == 5   ? KLP_FLOW_INDIRECT
		       : group5 == 2 || group5 == 3 ? KLP_FLOW_CALL
						    : KLP_FLOW_ON;
	case 0x0f:
		break;
	default:
		return (*op & 0xf0) == 0x70 ? KLP_FLOW_BRANCH : KLP_FLOW_ON;
	}
	if (second == 0x07 || second == 0x35) /* SYSRET, SYSEXIT */
		return KLP_FLOW_RETURN;
	if (second == 0x0b || second == 0xb9 || second == 0xff) /* UD2, UD1, UD0 */
		return KLP_FLOW_TRAP;
	if (second == 0x1f)
		return KLP_FLOW_NOP;
	return (second & 0xf0) == 0x80 ? KLP_FLOW_BRANCH : KLP_FLOW_ON;
}

static void aim(const struct reader *r, const unsigned char *op, unsigned int len, uint64_t at,
		struct klp_insn *insn)
{
	uint64_t section_at_op = at - base_of(r->code, r->shndx);
	struct klp_branch branch;

	/* An indirect call leads to a place that nobody knows. */
	if (klp_branch_decode(op, len, &branch))
		insn->to = target_of(r, section_at_op + branch.opcode, at + branch.len,
				     branch.displacement);
	else if (insn->flow == KLP_FLOW_BRANCH && len == 2)
		insn->to = target_of(r, section_at_op + 1, at + 2, (int8_t)op[1]);
}

int klp_code__read(struct klp_arena *arena, const struct klp_code *code, uint32_t shndx,
		   uint64_t from, uint64_t to, struct klp_insns *ret, bool *ret_bad,
		   struct klp_error *err)
{
	struct reader r = { .code = code, .shndx = shndx };
	uint64_t left = 0, base;
	const unsigned char *p = klp_code__at(code, shndx, from, &left);

	*ret_bad = false;
	if (!p || to <= from || to - from > left) {
		*ret_bad = true;
		return 0;
	}
	base = base_of(code, shndx);
	if (code->symtab->relocatable &&
	    read_relas(arena, code, shndx, from - base, to - base, &r.relas, err) < 0)
		return err->code;
	while (from < to) {
		struct klp_insn *insn;
		unsigned int prefixes, n = klp_x86_length(p, to - from, &prefixes);

		if (!n) {
			*ret_bad = true;
			return 0;
		}
		insn = klp_vec_add(arena, ret);
		insn->at = from;
		insn->flow = flow_of(p + prefixes, n - prefixes);
		aim(&r, p + prefixes, n - prefixes, from + prefixes, insn);
		p += n;
		from += n;
	}
	return 0;
}

const struct klp_sym *klp_code__named(const struct klp_code *code, const struct klp_place *place)
{
	const struct klp_sym *sym;

	if (place->sym || !place->shndx)
		return place->sym;
	sym = klp_symtab_covering(code->symtab, place->shndx, place->value);
	return sym && sym->value == place->value ? sym : NULL;
}
