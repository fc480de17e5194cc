#define pr_fmt(fmt) "x: " fmt
#define DEBUG_HEADER
#include "env.h"

int target(int a)
{
	pr_info("%d\n", a);
	return 1;
}
