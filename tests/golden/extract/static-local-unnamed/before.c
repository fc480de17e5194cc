#include "env.h"

int target(int a)
{
	static struct {
		int x;
		struct {
			char c[4];
		} in;
	} one = { 1 };
	static struct {
		int y;
	} __attribute__((__aligned__(16))) two[2], *current;
	static union {
		int i;
		char c;
	} *either;
	static enum { LOW, HIGH } level;

	if (!current)
		current = &two[a & 1];
	if (level == LOW)
		level = a ? HIGH : LOW;
	if (a)
		either = (void *)&one;
	one.in.c[a & 3]++;
	return one.x++ + current->y++ + either->i + level;
}
