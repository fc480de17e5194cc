/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What nearly every file of minikernel wants. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define EINVAL 22
#define ENOSPC 28
#define ENOENT 2

void log_line(const char *line);

#endif
