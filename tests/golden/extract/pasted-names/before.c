#include "env.h"


static int value_one = 1, value_two = 2;
#define VALUE(n) value_##n
#define GET(n) (VALUE(n) + 1)

int target(int a)
{
	return VALUE(one) + GET(two) + a + 1;
}

void other(int a)
{
	value_one = value_two = a;
}
