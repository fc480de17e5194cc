#include "env.h"


static int count;
extern int hidden_count;
static int count = 3;
int shared;
extern int shared;

int target(int a)
{
	return count++ + shared + hidden_count + a + 1;
}

void other(int a)
{
	count = shared = a;
}
