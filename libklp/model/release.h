/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions of the kernel, to be compared. */
#ifndef KLP_MODEL_RELEASE_H
#define KLP_MODEL_RELEASE_H

#include <stddef.h>

#define KLP_RELEASE(major, minor) (((unsigned int)(major) << 16) | ((unsigned int)(minor) << 8))

/* "6.1.170-3" -> KLP_RELEASE(6, 1); 0 for NULL or what is none. */
unsigned int klp_release_number(const char *release);

/*
 * How many characters of a symbol's name that kernel reads: include/linux/kallsyms.h KSYM_NAME_LEN
 * without the NUL, 511 since 6.1, 127 before. Of a release that isn't known (0) the fewer, which
 * every kernel reads.
 */
size_t klp_release_max_symbol(unsigned int release);

#endif
