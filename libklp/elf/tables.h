/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the tables of a livepatch out of its data and relocations. Any tool's module will do
 * whose klp_patch is initialised data, and not put together by code when it is loaded.
 *
 * The public members of the three structs stand first in each and have stood so since 4.15; what
 * follows them is as long as the configuration makes it. So the length of an entry is taken
 * from the table: the symbol's size, the places of the pointers in it, and the empty entry
 * at its end.
 */
#ifndef KLP_ELF_TABLES_H
#define KLP_ELF_TABLES_H

#include "base/error.h"
#include "elf/image.h"
#include "model/tables.h"

/*
 * The klp_patch of a module. release: of the kernel that it is for ("6.1.170"), NULL when unknown:
 * `states` came with 5.5 and `replace` with 5.1. KLP_EINPUT with a hint when there is none, more
 * than one, or one whose entries can't be told from what follows.
 */
int klp_tables_read(struct klp_arena *arena, const struct klp_image *image, const char *release,
		    struct klp_tables *ret, struct klp_error *err);

#endif
