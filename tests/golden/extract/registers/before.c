#include "env.h"
#include "knob.h"

static int knob_scale(int a, int by)
{
	return a * by + 1;
}

static int knob;
KNOB(knob)

int set(int a)
{
	knob = a;
	return a;
}
