#include "get.h"

int first(int key);
int first(int key)
{
	return get_first(key);
}

int second(int key);
int second(int key)
{
	return get_second(key);
}
