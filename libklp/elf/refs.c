// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/refs.h"

#include <string.h>

#include "base/file.h"
#include "elf/file.h"
#include "elf/operand.h"

/*
 * Sections whose references tell nothing about who needs whom: debugging and unwinding, the
 * list of traceable entries, what the linker throws away, and objtool's lists of sites to
 * patch, which name every function that has one.
 */
static bool ignored(const char *section)
{
	static const char *const prefixes[] = {
		".debug",
		".stab",
		".eh_frame",
		"__mcount_loc",
		"__patchable_function_entries",
		".orc_",
		".discard",
		".return_sites",
		".retpoline_sites",
		".call_sites",
		".ibt_endbr_seal",
		".BTF",
		".comment",
		".note",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(section, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* CALL, JMP, or Jcc right before the operand. */
static bool jumps(const struct klp_elf *elf, uint32_t target, uint64_t offset)
{
	const unsigned char *p = klp_elf__bytes(elf, target);

	if (!p || !offset || offset > elf->sections[target].sh_size)
		return false;
	p += offset;
	return p[-1] == 0xe8 || p[-1] == 0xe9 ||
	       (offset > 1 && p[-2] == 0x0f && (p[-1] & 0xf0) == 0x80);
}

static bool relative(uint32_t type)
{
	return type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64 ||
	       type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX ||
	       type == R_X86_64_REX_GOTPCRELX;
}

static bool is_code(const struct klp_elf *elf, uint32_t shndx)
{
	return shndx < elf->n && (elf->sections[shndx].sh_flags & SHF_EXECINSTR);
}

/*
 * The symbol at section + addend. A relative operand in code counts from the end of the
 * instruction. An address that is inside no symbol (`&array[n]`) means the one that the
 * section is about, when it is about one.
 */
static int64_t distance(const struct klp_elf *elf, uint32_t target, const Elf64_Rela *rela)
{
	const unsigned char *bytes = klp_elf__bytes(elf, target);
	uint64_t at = (uint64_t)rela->r_addend; /* whatever the file says: it may wrap */

	if (bytes && is_code(elf, target) && relative((uint32_t)ELF64_R_TYPE(rela->r_info)) &&
	    rela->r_offset < elf->sections[target].sh_size)
		at += (uint64_t)klp_operand_to_end(bytes, rela->r_offset);
	return (int64_t)at;
}

static struct klp_sym *at_addend(const struct klp_symtab *symtab, int64_t at, uint32_t shndx)
{
	struct klp_sym *sym = NULL;

	if (at >= 0)
		sym = klp_symtab_covering(symtab, shndx, (uint64_t)at);
	return sym ? sym : klp_symtab_only_in(symtab, shndx);
}

static struct klp_sym *holder(const struct klp_symtab *symtab, uint32_t shndx, uint64_t offset)
{
	struct klp_sym *sym = klp_symtab_covering(symtab, shndx, offset);

	return sym ? klp_symtab_parent(symtab, sym) : NULL;
}

static void add_ref(struct klp_arena *arena, const struct klp_elf *elf,
		    const struct klp_symtab *symtab, uint32_t target, const Elf64_Rela *rela,
		    struct klp_refs *ret)
{
	struct klp_sym *sym = &symtab->v[ELF64_R_SYM(rela->r_info)];
	uint32_t type = (uint32_t)ELF64_R_TYPE(rela->r_info);
	struct klp_ref *ref = klp_vec_add(arena, ret);
	int64_t at = distance(elf, target, rela);
	struct klp_sym *to = sym;

	ref->section = elf->names[target];
	ref->offset = rela->r_offset;
	ref->code = is_code(elf, target);
	ref->from = holder(symtab, target, rela->r_offset);
	ref->to_section = sym->section;
	if (sym->type == STT_SECTION) {
		to = at_addend(symtab, at, sym->shndx);
		at -= to ? (int64_t)to->value : 0;
	}
	ref->to_offset = (uint64_t)at;
	ref->to = to ? klp_symtab_parent(symtab, to) : NULL;
	ref->branch = ref->code && (type == R_X86_64_PLT32 || type == R_X86_64_PC32) &&
		      jumps(elf, target, rela->r_offset);
}

static int refs_of_section(struct klp_arena *arena, const struct klp_elf *elf,
			   const struct klp_symtab *symtab, uint32_t index, struct klp_refs *ret,
			   struct klp_error *err)
{
	uint32_t target = elf->sections[index].sh_info;
	const Elf64_Rela *relas;
	const void *table;
	size_t n;

	if (target >= elf->n || !(elf->sections[target].sh_flags & SHF_ALLOC) ||
	    ignored(elf->names[target]))
		return 0;
	if (klp_elf__table(arena, elf, index, ELF_T_RELA, &table, &n, err) < 0)
		return err->code;
	relas = table;
	for (size_t i = 0; i < n; i++) {
		if (ELF64_R_SYM(relas[i].r_info) >= symtab->n)
			return klp_elf__bad(elf, err, "section '%s' of '%s' is malformed",
					    elf->names[index], elf->path);
		add_ref(arena, elf, symtab, target, &relas[i], ret);
	}
	return 0;
}

int klp_refs_load(struct klp_arena *arena, const struct klp_symtab *symtab, struct klp_refs *ret,
		  struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	struct klp_refs refs = {};
	struct klp_elf elf;

	if (klp_mapped_open(symtab->path, &mapped, err) < 0)
		return err->code;
	if (klp_elf__parse(arena, symtab->path, (const unsigned char *)mapped.data, mapped.len,
			   &elf, err) < 0)
		return err->code;
	if (elf.ehdr.e_machine != EM_X86_64 || elf.ehdr.e_type != ET_REL) {
		klp_elf__bad(&elf, err, "'%s' is not a relocatable x86-64 object", elf.path);
		return klp_error_hint(err, "only relocations of x86-64 are understood so far");
	}
	for (uint32_t i = 1; i < elf.n; i++)
		if (elf.sections[i].sh_type == SHT_RELA &&
		    refs_of_section(arena, &elf, symtab, i, &refs, err) < 0)
			return err->code;
	*ret = refs;
	return 0;
}
