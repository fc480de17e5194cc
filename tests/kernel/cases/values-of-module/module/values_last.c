// SPDX-License-Identifier: GPL-2.0-or-later
/* See values_first.c. */
#include <linux/compiler.h>

#include "values.h"

static noinline __noclone int values_same(int a)
{
	return a + 3;
}

int values_last(void);
noinline int values_last(void)
{
	return values_same(100);
}
