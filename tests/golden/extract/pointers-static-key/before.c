#include "env.h"
#include "linux/jump_label.h"
#include "trace.h"
#include "bonus.h"

struct tracepoint __tracepoint_target;
DEFINE_STATIC_KEY_FALSE(bonus_key);
static DEFINE_STATIC_KEY_FALSE(slow_key);
static DEFINE_STATIC_KEY_TRUE(quick_key);
static DEFINE_STATIC_KEY_TRUE(maybe_key);
static struct static_key old_keys[2];

#define is_quick() static_branch_likely(&quick_key)

int switch_all(int on)
{
	slow_key.key.enabled = maybe_key.key.enabled = on;
	quick_key.key.enabled = old_keys[1].enabled = !on;
	return on;
}

int target(int a)
{
	if (static_branch_unlikely(&slow_key))
		a += 1;
	if (is_quick())
		a += 2;
	if (static_branch_maybe(1, &maybe_key))
		a += 4;
	if (static_key_false(&old_keys[1]))
		a += 8;
	a += bonus();
	trace_target(a);
	return a;
}
