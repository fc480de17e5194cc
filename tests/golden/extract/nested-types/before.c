#include "env.h"


struct inner {
	int a;
};
typedef struct inner inner_t;
union both {
	inner_t in;
	struct {
		u32 raw[2];
	};
};
struct outer {
	union both *both;
	int (*fn)(struct outer *o, const inner_t *i);
};
struct not_needed {
	struct outer o;
};

static struct outer *current_outer;

int target(void)
{
	return current_outer->fn(current_outer, &current_outer->both->in) + 1;
}

void other(struct outer *o)
{
	current_outer = o;
}
