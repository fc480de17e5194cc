/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For programs that look at the units of a build one by one: their objects stand on standard input.
 */
#ifndef TESTS_KERNEL_OBJECTS_H
#define TESTS_KERNEL_OBJECTS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Calls test(ctx, object) for each line that is no comment; the exit status of the program. */
static inline int each_object(bool (*test)(const void *ctx, const char *object), const void *ctx)
{
	unsigned int passed = 0, failed = 0;
	char object[4096];

	while (fgets(object, sizeof(object), stdin)) {
		object[strcspn(object, "\n")] = '\0';
		if (!object[0] || object[0] == '#')
			continue;
		if (test(ctx, object))
			passed++;
		else
			failed++;
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}

#endif
