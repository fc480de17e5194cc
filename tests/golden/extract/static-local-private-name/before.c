#include "env.h"

int target(int a)
{
	static int descriptor;
	static int __warned, _rs;

	if (!__warned)
		__warned = a;
	if (WARN_ON_ONCE(a < 0))
		return _rs++;
	return descriptor++ + __warned;
}
