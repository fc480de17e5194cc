#include "env.h"
#include "once.h"

static struct mutex state;

/* The call stays: it would run again. */
int target(int a)
{
	ONCE(mutex_lock, &state);
	return state.locked + a;
}

/* The fix adds the call. */
int fresh(int a)
{
	return state.locked - a;
}

/* The fix writes the macro out: the variables are the original's. */
int written(int a)
{
	ONCE(mutex_unlock, &state);
	return state.locked * a;
}

/* The fix leaves it out. */
int left_out(int a)
{
	ONCE(mutex_unlock, &state);
	return state.locked / a;
}

/* Inside of an expression. */
int within(int a)
{
	if (a > 3 && (ONCE_FOR(&state), a))
		return 1;
	return state.locked + 1;
}
