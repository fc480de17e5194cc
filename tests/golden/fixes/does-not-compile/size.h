/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A check when it is compiled, as the kernel's BUILD_BUG_ON(). */
extern void too_large(void) __attribute__((__error__("a slot is too large")));

static inline __attribute__((__always_inline__)) void check_slot(unsigned int size)
{
	if (size > 16)
		too_large();
}
