#include "env.h"

#define KIND(name) struct s_##name { int a; };
#include "kinds.h"
#undef KIND

#define KIND(name) KIND_##name,
enum kind {
#include "kinds.h"
	NKINDS
};
#undef KIND

#define KIND(name) static inline int kind_##name(void) { return KIND_##name; }
#include "kinds.h"

int target(int a)
{
	return a + kind_b() + 1;
}

int other(struct s_a *a)
{
	return a->a;
}
