// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is patched into the code of a module when it is loaded: static keys, a static call, a
 * tracepoint, all of its own. Reading `sum` adds up what they give; writing to `set` turns
 * them on.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/static_call.h>

#include "keyed.h"
#define CREATE_TRACE_POINTS
#include "keyed_trace.h"

#define keyed_is_quick() static_branch_likely(&keyed_quick)

DEFINE_STATIC_KEY_FALSE(keyed_shared);
static DEFINE_STATIC_KEY_FALSE(keyed_slow);
static DEFINE_STATIC_KEY_TRUE(keyed_quick);

static int keyed_one(int a)
{
	return a;
}

static int keyed_two(int a)
{
	return 2 * a;
}

DEFINE_STATIC_CALL(keyed_call, keyed_one);

static int keyed_sum_get(char *buffer, const struct kernel_param *param)
{
	int sum = keyed_bonus();

	if (static_branch_unlikely(&keyed_slow))
		sum += 10;
	if (keyed_is_quick())
		sum += 20;
	sum += static_call(keyed_call)(1);
	trace_keyed_sum(sum);
	pr_info("sum is %d\n", sum);
	return sprintf(buffer, "%d\n", sum);
}

static int keyed_set(const char *value, const struct kernel_param *param)
{
	bool on;
	int rc = kstrtobool(value, &on);

	if (rc)
		return rc;
	if (on) {
		static_branch_enable(&keyed_shared);
		static_branch_enable(&keyed_slow);
		static_branch_disable(&keyed_quick);
	} else {
		static_branch_disable(&keyed_shared);
		static_branch_disable(&keyed_slow);
		static_branch_enable(&keyed_quick);
	}
	static_call_update(keyed_call, on ? keyed_two : keyed_one);
	return 0;
}

static const struct kernel_param_ops keyed_sum_ops = { .get = keyed_sum_get };
module_param_cb(sum, &keyed_sum_ops, NULL, 0444);
static const struct kernel_param_ops keyed_set_ops = { .set = keyed_set };
module_param_cb(set, &keyed_set_ops, NULL, 0200);

MODULE_LICENSE("GPL");
