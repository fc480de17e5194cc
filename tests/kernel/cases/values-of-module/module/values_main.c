// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every kind of thing that a function may refer to. Reading `all` shows what it finds; writing to
 * `set` changes what isn't constant, and the kernel's static key ip4_min_ttl.
 */
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/net.h>
#include <linux/percpu.h>
#include <linux/sched/stat.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#include "values.h"

static const int values_table[] = { 3, 1, 4, 1, 5 };
static DEFINE_PER_CPU(int, values_percpu);
static int values_static = 1;
static int values_kind = 7; /* a function elsewhere in this module */

static noinline __noclone int values_same(int a)
{
	return a + 2;
}

static int values_get(char *buffer, const struct kernel_param *param)
{
	static int values_local = 60;
	int cpu, sum = 0;

	for_each_possible_cpu(cpu)
		sum += per_cpu(values_percpu, cpu);
	return sprintf(buffer, "old %d %d %d %d %d %d %d %d %d\n", values_first(),
		       values_same(100), values_static, values_local++, sum,
		       values_table[values_static % 5], values_kind, values_base(),
		       values_exported);
}

/* The kernel's key has no other switch in this guest, and none that turns it off. */
static int turn_key_on(void)
{
	struct socket *sock;
	int one = 1, rc;

	rc = sock_create_kern(&init_net, PF_INET, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (rc)
		return rc;
	rc = ip_setsockopt(sock->sk, SOL_IP, IP_MINTTL, KERNEL_SOCKPTR(&one), sizeof(one));
	sock_release(sock);
	return rc;
}

static int values_set(const char *value, const struct kernel_param *param)
{
	int cpu, rc = kstrtoint(value, 0, &values_static);

	if (rc)
		return rc;
	values_kind = 7 * values_static;
	values_exported = 50 * values_static;
	for_each_possible_cpu(cpu)
		per_cpu(values_percpu, cpu) = values_static;
	return values_static > 1 ? turn_key_on() : 0;
}

static const struct kernel_param_ops values_ops = { .get = values_get, .set = values_set };
module_param_cb(all, &values_ops, NULL, 0644);

MODULE_LICENSE("GPL");
