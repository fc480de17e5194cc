#include "env.h"


int target(int a)
{
	if (a)
		return 3;
#ifdef NOPE
	return no(a);
}
#else
	printk("%d\n", __LINE__);
	return exported(a) + 1;
}
#endif
