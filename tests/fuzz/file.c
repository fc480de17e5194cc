// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz.h"

const char *__lsan_default_suppressions(void);

/*
 * libdw 0.188 doesn't free the scopes that dwarf_getscopes() had found when it comes to a malformed
 * one. The function that allocates them is static, and has no name in Debian's library.
 */
const char *__lsan_default_suppressions(void)
{
	return "leak:libdw.so\n";
}

static char dir[64];

static void clean(void)
{
	klp_rmtree(dir);
}

char *fuzz_path(struct klp_arena *arena, const char *name)
{
	if (!dir[0]) {
		strcpy(dir, access("/dev/shm", W_OK) ? "/tmp/klp-fuzz-XXXXXX"
						     : "/dev/shm/klp-fuzz-XXXXXX");
		fuzz_expect(mkdtemp(dir) != NULL);
		atexit(clean);
	}
	return klp_path_join(arena, dir, name);
}

void fuzz_put(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	fuzz_expect(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
}

size_t fuzz_second_elf(const uint8_t *data, size_t size)
{
	const uint8_t *p = size > 4 ? memmem(data + 4, size - 4, "\177ELF", 4) : NULL;

	return p ? (size_t)(p - data) : size;
}
