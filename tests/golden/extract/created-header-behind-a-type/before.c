#include "env.h"

struct book {
	int number;
};

int target(struct book *b)
{
	return b->number;
}
