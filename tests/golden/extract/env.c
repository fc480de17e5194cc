// SPDX-License-Identifier: GPL-2.0-or-later
#include "env.h"

int exported_count, hidden_count;

int printk(const char *fmt, ...)
{
	return fmt[0];
}

void mutex_lock(struct mutex *lock)
{
	lock->locked = 1;
}

void mutex_unlock(struct mutex *lock)
{
	lock->locked = 0;
}

int exported(int a)
{
	return a + exported_count;
}

/* Another unit's static of a name that a case has, too. */
static noinline int twin(int a)
{
	__asm__ volatile("" : "+r"(a));
	return a;
}

int hidden(int a)
{
	return twin(a) + hidden_count;
}
