#include "env.h"

int target(int a);
int (*global_hook)(int);

int target(int a)
{
	global_hook = target;
	return a ? target(a - 1) : 1;
}
