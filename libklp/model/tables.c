// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/tables.h"

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
