#include "state.h"

int is_done(enum state s);
int is_done(enum state s)
{
	return IS_DONE(s);
}

int is_new(enum state s);
int is_new(enum state s)
{
	return s == STATE_NEW;
}

int is_last(enum state s);
int is_last(enum state s)
{
	return s == STATE_LAST;
}
