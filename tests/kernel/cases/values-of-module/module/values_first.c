// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that other files of the module have as well. */
#include <linux/compiler.h>

#include "values.h"

static noinline __noclone int values_same(int a)
{
	return a + 1;
}

static noinline __noclone int values_kind(int a)
{
	return a + 2;
}

noinline int values_first(void)
{
	return values_same(100) + values_kind(1000);
}
