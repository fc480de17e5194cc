// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

void *memcpy(void *to, const void *from, size_t len)
{
	char *out = to;
	const char *in = from;

	while (len--)
		*out++ = *in++;
	return to;
}
EXPORT_SYMBOL(memcpy);

void *memset(void *to, int byte, size_t len)
{
	char *out = to;

	while (len--)
		*out++ = byte;
	return to;
}
EXPORT_SYMBOL(memset);

size_t strlen(const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	return len;
}
EXPORT_SYMBOL(strlen);

/* Always ends the copy; negative when it had to be cut. */
ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len;

	if (!size)
		return -EINVAL;
	for (len = 0; len + 1 < size && from[len]; len++)
		to[len] = from[len];
	to[len] = '\0';
	return from[len] ? -ENOSPC : (ssize_t)len;
}
EXPORT_SYMBOL(strscpy);
