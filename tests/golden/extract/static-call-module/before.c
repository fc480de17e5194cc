#include "env.h"
#include "static_call.h"

static int first(int a)
{
	return hidden(a);
}
DEFINE_STATIC_CALL(chosen, first);

int target(int a)
{
	return static_call(chosen)(a) + 1;
}
