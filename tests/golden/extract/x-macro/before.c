#include "env.h"

enum kind {
#define KIND(name) KIND_##name,
#include "kinds.h"
#undef KIND
	KINDS
};

static const char *const names[] = {
#define KIND(name) #name,
#include "kinds.h"
#undef KIND
};

#define COLOURS(x) x(RED) x(GREEN)
#define AS_ENUM(name) COLOUR_##name,
enum colour { COLOURS(AS_ENUM) };

int target(enum kind kind, enum colour colour)
{
	printk("%s\n", names[kind]);
	return kind == KIND_B && colour == COLOUR_RED;
}

const char *other(int i)
{
	return names[i];
}
