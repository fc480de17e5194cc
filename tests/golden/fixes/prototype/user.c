#include "lib.h"

int user(int key);
int user(int key)
{
	return lib_get(key);
}

int bystander(int key);
int bystander(int key)
{
	return lib_get(key) + 1;
}
