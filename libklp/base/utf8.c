// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/utf8.h"

size_t klp_utf8(const char *text, size_t left, uint32_t *ret)
{
	static const struct {
		unsigned char from, to, second_from, second_to, bits;
		size_t len;
	} forms[] = {
		{ 0x00, 0x7f, 0x00, 0xff, 0x7f, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 0x1f, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 0x0f, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 0x0f, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 0x0f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 0x0f, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 0x07, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 0x07, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 0x07, 4 },
	};
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		uint32_t c = s[0] & forms[i].bits;

		if (s[0] < forms[i].from || s[0] > forms[i].to)
			continue;
		if (forms[i].len > left || (forms[i].len > 1 && (s[1] < forms[i].second_from ||
								 s[1] > forms[i].second_to)))
			return 0;
		for (size_t k = 1; k < forms[i].len; k++) {
			if ((s[k] & 0xc0) != 0x80)
				return 0;
			c = c << 6 | (s[k] & 0x3f);
		}
		*ret = c;
		return forms[i].len;
	}
	return 0;
}
