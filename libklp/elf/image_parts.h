/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What klp_image_load() makes for the questions of image_find.c. Inside elf/ only. */
#ifndef KLP_ELF_IMAGE_PARTS_H
#define KLP_ELF_IMAGE_PARTS_H

#include "elf/image.h"

/* Empty: it is filled by the first question. */
struct klp_image_index *klp_image__index_new(struct klp_arena *arena);

/*
 * The pieces of a section that belong to one function each, by place: the index of the first, and
 * from where to where each is; false behind the last one.
 */
size_t klp_image__first_piece(const struct klp_image *image, uint32_t shndx);
bool klp_image__piece(const struct klp_image *image, uint32_t shndx, size_t i, uint64_t *ret_start,
		      uint64_t *ret_end);

#endif
