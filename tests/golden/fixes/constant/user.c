#include "rates.h"

extern unsigned int sink(unsigned int x);

unsigned int user(unsigned int x);
unsigned int user(unsigned int x)
{
	return sink(x) + base_rate;
}

unsigned int scales(unsigned int x);
unsigned int scales(unsigned int x)
{
	return sink(scaled(x));
}

unsigned int other(unsigned int x);
unsigned int other(unsigned int x)
{
	return sink(x);
}
