/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 7: the plain module's references become livepatch relocations
 * (Documentation/livepatch/module-elf-format.rst).
 *
 * Every undefined symbol that the plan names is renamed to .klp.sym.OBJ.NAME,POS, gets
 * section index SHN_LIVEPATCH, and its relocations move from .rela.SECTION to
 * .klp.rela.OBJ.SECTION (".klp.rela.ext4..text") with SHF_RELA_LIVEPATCH, where OBJ is the object
 * whose loading resolves them. What is undefined, not planned and no export of vmlinux is an error.
 */
#ifndef KLP_CONVERT_CONVERT_H
#define KLP_CONVERT_CONVERT_H

#include "base/error.h"
#include "base/map.h"
#include "model/plan.h"

struct klp_convert_stats {
	unsigned int symbols;	  /* made into .klp.sym */
	unsigned int relocations; /* moved */
	struct klp_strs sections; /* the .klp.rela sections made */
};

/*
 * in is the module that Kbuild built, out the livepatch; exports maps the exports of the
 * build (struct klp_export of parsers/symvers.h). Refused: a signed module, a converted one,
 * a planned reference from a section that is applied before livepatch relocations when its
 * object is a module. `out` doesn't appear unless all went well.
 */
int klp_convert(struct klp_arena *arena, const char *in, const char *out,
		const struct klp_plan *plan, const struct klp_map *exports,
		struct klp_convert_stats *ret, struct klp_error *err);

#endif
