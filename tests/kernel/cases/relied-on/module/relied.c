// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A caller that relies on what gcc knows of its callee, without a trace in the dumps:
 * relied_account() doesn't write `len`, so relied_receive() keeps the value in a register over
 * the call (-fipa-modref). Reading the parameter calls it.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

struct relied {
	int len;
	int calls;
};

void relied_account(struct relied *r);
int relied_receive(struct relied *r);

noinline void relied_account(struct relied *r)
{
	r->calls++;
}

noinline int relied_receive(struct relied *r)
{
	int before = r->len;

	relied_account(r);
	return before + r->len;
}

static struct relied state;

static int relied_get(char *buffer, const struct kernel_param *param)
{
	state.len = 40;
	return sprintf(buffer, "%d\n", relied_receive(&state));
}

static const struct kernel_param_ops relied_ops = { .get = relied_get };
module_param_cb(received, &relied_ops, NULL, 0444);

MODULE_LICENSE("GPL");
