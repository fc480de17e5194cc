#include "env.h"

int target(int a)
{
	static int calls;
	static struct point {
		int x;
	} point, *points[2];
	static int (*hook)(int (*)(int), char), (*(*get)(int))(void);

	if (a)
		hook = NULL, point.x++, points[1] = &point, get = NULL;
	return calls++ + hook(NULL, 1) + points[0]->x + get(1)() + 1;
}
