// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/change.h"

const char *klp_change_kind_name(enum klp_change_kind kind)
{
	static const char *const names[] = { "modified", "added",   "removed",
					     "header",	 "linkage", "named" };

	return names[kind];
}
