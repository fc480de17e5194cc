/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What klp_image_load() makes for the questions of image_find.c. Inside elf/ only. */
#ifndef KLP_ELF_IMAGE_PARTS_H
#define KLP_ELF_IMAGE_PARTS_H

#include "elf/image.h"

/* Empty: it is filled by the first question. */
struct klp_image_index *klp_image__index_new(struct klp_arena *arena);

#endif
