#include "env.h"
#include "private.h"

#define COMPONENT "fs"
#undef pr_fmt
#define pr_fmt(fmt) "new: " fmt
#define UNRELATED 3

int target(int a)
{
	TRACE(a);
	pr_info("%d\n", a);
	return 1;
}
