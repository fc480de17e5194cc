#include "limits.h"

int direct(int x);
int direct(int x)
{
	return x < LIMIT;
}

int slack(int x);
int slack(int x)
{
	return is_slack(x);
}
