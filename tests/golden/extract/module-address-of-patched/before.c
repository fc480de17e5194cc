#include "env.h"


int target(int a);
int (*hook)(int);

int target(int a)
{
	hook = target;
	return a ? target(a - 1) : 1;
}
