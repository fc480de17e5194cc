// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/x86.h"

#include <ctype.h>
#include <stdlib.h>

#include "tests/unit/lab.h"

/* Instructions in hexadecimal, their prefixes in front of a '|'. */
static const char *const known[] = {
	"90",
	"c3",
	"48|89 e5",
	"0f 0b",
	"e8 11 22 33 44",
	"2e|e8 11 22 33 44",
	"66|e9 11 22 33 44",
	"eb fe",
	"75 e3",
	"0f 85 11 22 33 44",
	"8b 75 d8",
	"48|8b 74 24 10",
	"48|8d 3d 11 22 33 44",
	"48|8b 04 c5 11 22 33 44",
	"41|c7 47 08 11 22 33 44",
	"66 41|c7 47 08 11 22",
	"48|c7 c0 11 22 33 44",
	"65 48|8b 04 25 11 22 33 44",
	"48|b8 11 22 33 44 55 66 77 88",
	"b8 11 22 33 44",
	"66|b8 11 22",
	"66|05 11 22",
	"48|05 11 22 33 44",
	"04 11",
	"f6 05 11 22 33 44 02",
	"f6 d8",
	"f7 c7 11 22 33 44",
	"66|f7 c7 11 22",
	"f7 d7",
	"48|a1 11 22 33 44 55 66 77 88",
	"67|a1 11 22 33 44",
	"c8 11 22 33",
	"f3 48|ab",
	"f0 48|0f ba 2f 07",
	"f0|0f b1 17",
	"0f 1f 84 00 00 00 00 00",
	"66 2e|0f 1f 84 00 00 00 00 00",
	"0f 01 ca",
	"0f 05",
	"f3|0f 1e fa",
	"48|0f c8",
	"66|0f 38 00 c1",
	"66|0f 3a 0f c1 08",
	"0f c7 4f 08",
	"c5 f8 77",
	"c5 f9 6f 07",
	"c4 e2 7d 18 07",
	"c4 e3 7d 39 c1 01",
	"62 f1 7c 48 10 07",
	"62 f3 7d 48 3a 47 01 02",
	NULL,
};

/* Not in 64-bit mode, or not known. */
static const char *const unknown[] = { "06", "27", "60",	  "82 c0 01",	       "9a",
				       "d6", "ea", "0f 0f c1 94", "8f e8 78 c0 c1 07", "0f 04",
				       NULL };

static size_t bytes_of(const char *text, unsigned char *ret, unsigned int *ret_opcode)
{
	size_t n = 0;

	*ret_opcode = 0;
	while (*text) {
		char *end;

		ret[n++] = (unsigned char)strtoul(text, &end, 16);
		if (*end == '|')
			*ret_opcode = (unsigned int)n;
		text = end + (*end != '\0');
	}
	return n;
}

static void lengths_are_those_of_the_manual(void **state)
{
	unsigned char bytes[32];
	unsigned int opcode, wanted;

	(void)state;
	for (size_t i = 0; known[i]; i++) {
		size_t n = bytes_of(known[i], bytes, &wanted);

		memset(bytes + n, 0xcc, sizeof(bytes) - n);
		if (klp_x86_length(bytes, sizeof(bytes), &opcode) != n || opcode != wanted)
			fail_msg("%s: length %u, %u bytes of prefixes", known[i],
				 klp_x86_length(bytes, sizeof(bytes), &opcode), opcode);
	}
}

static void what_is_cut_off_or_unknown_has_none(void **state)
{
	unsigned char bytes[32];
	unsigned int opcode;

	(void)state;
	for (size_t i = 0; known[i]; i++) {
		size_t n = bytes_of(known[i], bytes, &opcode);

		for (size_t left = 0; left < n; left++)
			if (klp_x86_length(bytes, left, &opcode))
				fail_msg("%s: %zu bytes of it are no instruction", known[i], left);
	}
	for (size_t i = 0; unknown[i]; i++) {
		size_t n = bytes_of(unknown[i], bytes, &opcode);

		if (klp_x86_length(bytes, n, &opcode))
			fail_msg("%s: length %u", unknown[i], klp_x86_length(bytes, n, &opcode));
	}
	memset(bytes, 0x66, sizeof(bytes));
	assert_int_equal(klp_x86_length(bytes, sizeof(bytes), &opcode), 0);
}

/* Of an object of the compiler's, against another program's opinion. */
static void compiled_code_is_taken_apart_as_by_objdump(void **state)
{
	static const char text[] =
		"#include <stddef.h>\n"
		"double mix(double a, float b, const long *v, size_t n)\n"
		"{ double r = a * b; for (size_t i = 0; i < n; i++) r += v[i] / 3 % 1000003; "
		"return r; }\n"
		"unsigned long bits(unsigned long x, int s)\n"
		"{ return __builtin_bswap64(x) ^ (x << s) ^ __builtin_popcountl(x) ^ (x >> 13) % "
		"7; }\n"
		"int pick(int i, char *p) { switch (i) { case 1: return p[4] & 8; case 2: return "
		"p[300];\n"
		"case 3: p[1] = 77; return 0x12345678; case 4: return *(short *)p == 0x1234;\n"
		"case 5: return *(int *)p / 7; case 6: __sync_fetch_and_add(p, 3); return 1; } "
		"return i; }\n";
	const char *listing;
	unsigned int n = 0;

	(void)state;
	lab_cc("code.o", text, "-msse2 -mavx2 -ftree-vectorize -mpopcnt");
	listing = lab_run("objdump -dw code.o");
	for (const char *line = listing; line; line = strchr(line, '\n')) {
		const char *p = strstr(line += *line == '\n', ":\t");
		unsigned char bytes[16];
		unsigned int len = 0, opcode, hex;

		if (!p || p > line + strcspn(line, "\n"))
			continue;
		/* "48 8b 07", padded, and a tab behind it */
		for (p += 2; len < sizeof(bytes) && isxdigit((unsigned char)*p) &&
			     sscanf(p, "%2x", &hex) == 1;
		     p += 3)
			bytes[len++] = (unsigned char)hex;
		if (klp_x86_length(bytes, len, &opcode) != len)
			fail_msg("length %u: %.*s", klp_x86_length(bytes, len, &opcode),
				 (int)strcspn(line, "\n"), line);
		n++;
	}
	assert_true(n > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_those_of_the_manual),
		cmocka_unit_test(what_is_cut_off_or_unknown_has_none),
		cmocka_unit_test(compiled_code_is_taken_apart_as_by_objdump),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}
