/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

#include <linux/types.h>

void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
size_t strlen(const char *text);
ssize_t strscpy(char *to, const char *from, size_t size);

#endif
