// SPDX-License-Identifier: GPL-2.0-or-later
/* What another module exports: a function and a variable. */
#include <linux/module.h>

#include "values.h"

static int secret = 40;

int values_exported = 50;
EXPORT_SYMBOL_GPL(values_exported);

noinline int values_base(void)
{
	return secret;
}
EXPORT_SYMBOL_GPL(values_base);

MODULE_LICENSE("GPL");
