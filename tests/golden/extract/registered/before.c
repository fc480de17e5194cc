#include "env.h"
#include "sys.h"

static int limit;
module_param(limit);

SYSCALL_DEFINE1(target, int, a)
{
	return limit + a + 1;
}
EXPORT_SYMBOL(sys_target);

static int limit_show(int a)
{
	return limit + a + 1;
}
ATTR(limit);

static int __init setup(void)
{
	limit = attr_limit.show(3);
	return 0;
}
device_initcall(setup);
