#include "env.h"
#include "private.h"

static noinline __used int first(int a)
{
	return hidden(a);
}
DEFINE_KEY(switched, first);

int target(int a)
{
	static typeof(first(1)) calls;

	return CALL(switched)(a) + calls++ + 1;
}
