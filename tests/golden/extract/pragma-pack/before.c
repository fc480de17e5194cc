#include "env.h"


#pragma pack(push, 1)
struct packed {
	char a;
	long b;
};
#pragma pack(pop)

struct not_packed {
	char a;
	long b;
};

int target(struct packed *p, struct not_packed *n)
{
	return sizeof(*p) + sizeof(*n) + p->b + n->b + 1;
}
