// SPDX-License-Identifier: GPL-2.0-or-later
/* Code that refers into a table may fill it in, or change it, before it hands it on. */
#include <elf.h>
#include <stdlib.h>

#include "elf/operand.h"
#include "elf/tables_parts.h"

static int by_extent(const void *a, const void *b)
{
	const struct klp_table_extent *x = a, *y = b;

	if (x->shndx != y->shndx)
		return x->shndx < y->shndx ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Where a reference in code leads to, counted from its symbol's section. */
static uint64_t target_of(const struct klp_image *image, const struct klp_image_section *code,
			  const struct klp_image_rela *rela)
{
	uint64_t to = image->syms.v[rela->sym].value + (uint64_t)rela->addend;

	if (image->machine == EM_X86_64 &&
	    (rela->type == R_X86_64_PC32 || rela->type == R_X86_64_PLT32) && code->data &&
	    rela->offset < code->size && code->size - rela->offset >= 8)
		to += (uint64_t)klp_operand_to_end(code->data, rela->offset);
	else if (image->machine == EM_X86_64 && rela->type == R_X86_64_PC32)
		to += 4;
	else if (image->machine == EM_S390 && rela->type == R_390_PC32DBL)
		to -= 2; /* it counts from the instruction, 2 bytes before the field */
	return to;
}

void klp_tables__find_changes(const struct klp_image *image, struct klp_table_place patch,
			      struct klp_tables *tables)
{
	qsort(tables->extents.v, tables->extents.n, sizeof(*tables->extents.v), by_extent);
	for (size_t i = 1; i < image->sections.n && !tables->changed_by; i++) {
		const struct klp_image_section *s = &image->sections.v[i];
		const struct klp_image_section *code = &image->sections.v[s->info];

		if (s->type != SHT_RELA || !(code->flags & SHF_EXECINSTR))
			continue;
		for (size_t k = 0; k < s->relas.n && !tables->changed_by; k++) {
			const struct klp_image_rela *rela = &s->relas.v[k];
			const struct klp_image_sym *to = &image->syms.v[rela->sym], *by;
			uint64_t at = target_of(image, code, rela);

			/* the klp_patch's own address is what klp_enable_patch() wants */
			if (to->shndx >= image->sections.n ||
			    (to->shndx == patch.shndx && at == patch.offset) ||
			    !klp_table_at(tables, to->shndx, at))
				continue;
			by = klp_image_function(image, s->info, rela->offset);
			tables->changed_by = by ? by->name : code->name;
		}
	}
}
