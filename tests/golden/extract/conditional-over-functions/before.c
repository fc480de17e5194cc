#include "env.h"


#define FEATURE 1

#ifdef FEATURE
int target(int a, int b)
{
	int sum = b;
#else
int target(int a)
{
	int sum = 0;
#endif

	sum += exported(a);
	printk("%d\n", __LINE__);
	return sum + 1;
}
