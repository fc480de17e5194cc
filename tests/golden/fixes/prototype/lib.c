#include "lib.h"

int lib_get(int key)
{
	return key + 1;
}
