// SPDX-License-Identifier: GPL-2.0-or-later
/* A module that exports other_export(). */
#include "env.h"

int other_export(int a)
{
	return exported(a);
}
