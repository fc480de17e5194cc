// SPDX-License-Identifier: GPL-2.0-or-later
/* The fix makes a slot larger than may be: nobody compiles that, also not without what isn't needed. */
#include "size.h"

int slots_used(int n);
int slots_size(int n);

int slots_used(int n)
{
	return n / 2;
}

int slots_size(int n)
{
	check_slot(16);
	return n * 16;
}
