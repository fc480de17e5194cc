// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/tables.h"

#include <stddef.h>

const char *klp_callback_name(enum klp_callback callback)
{
	static const char *const names[KLP_NCALLBACKS] = {
		[KLP_PRE_PATCH] = "pre_patch",
		[KLP_POST_PATCH] = "post_patch",
		[KLP_PRE_UNPATCH] = "pre_unpatch",
		[KLP_POST_UNPATCH] = "post_unpatch",
	};

	return names[callback];
}

const struct klp_table_extent *klp_table_at(const struct klp_tables *tables, uint32_t shndx,
					    uint64_t offset)
{
	const struct klp_table_extent *v = tables->extents.v;
	size_t low = 0, high = tables->extents.n;

	while (low < high) { /* the first that begins behind the place */
		size_t mid = low + (high - low) / 2;

		if (v[mid].shndx < shndx || (v[mid].shndx == shndx && v[mid].offset <= offset))
			low = mid + 1;
		else
			high = mid;
	}
	return low && v[low - 1].shndx == shndx && offset - v[low - 1].offset < v[low - 1].size
		       ? &v[low - 1]
		       : NULL;
}
