// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/release.h"

#include <stdlib.h>

#include "model/plan_check.h"

unsigned int klp_release_number(const char *release)
{
	char *end;
	unsigned long major, minor;

	if (!release)
		return 0;
	major = strtoul(release, &end, 10);
	if (end == release || *end != '.')
		return 0;
	minor = strtoul(end + 1, NULL, 10);
	return major < 256 && minor < 256 ? KLP_RELEASE(major, minor) : 0;
}

size_t klp_release_max_symbol(unsigned int release)
{
	return release >= KLP_RELEASE(6, 1) ? KLP_MAX_SYMBOL : 127;
}
