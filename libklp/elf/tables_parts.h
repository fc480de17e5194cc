/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reader of a livepatch's tables consists of. Inside elf/ only. */
#ifndef KLP_ELF_TABLES_PARTS_H
#define KLP_ELF_TABLES_PARTS_H

#include "elf/tables.h"

/* Sorts the extents, and sets changed_by. patch: where the klp_patch lies. */
void klp_tables__find_changes(const struct klp_image *image, struct klp_table_place patch,
			      struct klp_tables *tables);

#endif
