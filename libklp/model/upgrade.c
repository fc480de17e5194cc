// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/upgrade.h"

const char *klp_upgrade_what_name(enum klp_upgrade_what what)
{
	static const char *const names[] = {
		[KLP_UPGRADE_SAME] = "same",	   [KLP_UPGRADE_CHANGED] = "changed",
		[KLP_UPGRADE_BOTH] = "both",	   [KLP_UPGRADE_NEW] = "new",
		[KLP_UPGRADE_RETURNS] = "returns",
	};

	return names[what];
}

const char *klp_upgrade_what_says(enum klp_upgrade_what what)
{
	static const char *const texts[] = {
		[KLP_UPGRADE_SAME] = "as before",
		[KLP_UPGRADE_CHANGED] = "patched by both, by other code",
		[KLP_UPGRADE_BOTH] = "patched by both, not compared",
		[KLP_UPGRADE_NEW] = "patched for the first time",
		[KLP_UPGRADE_RETURNS] = "the original comes back",
	};

	return texts[what];
}
