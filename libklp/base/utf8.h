/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms. */
#ifndef KLP_BASE_UTF8_H
#define KLP_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Length of the character at s, of which n bytes (n > 0) are there; 0 when it is none. *ret is
 * its code point.
 */
size_t klp_utf8(const char *s, size_t n, uint32_t *ret);

#endif
