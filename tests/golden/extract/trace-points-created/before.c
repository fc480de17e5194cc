#include "env.h"
#define CREATE_TRACE_POINTS
#include "trace.h"

int target(int a)
{
	trace_target(a);
	return a + 1;
}
