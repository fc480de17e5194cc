// SPDX-License-Identifier: GPL-2.0-or-later
/* While it is loaded, the kernel has a queue for incoming packets: its static key is on. */
#include <linux/module.h>
#include <linux/rtnetlink.h>

static int __init ingress_init(void)
{
	rtnl_lock();
	net_inc_ingress_queue();
	rtnl_unlock();
	return 0;
}
module_init(ingress_init);

static void __exit ingress_exit(void)
{
	rtnl_lock();
	net_dec_ingress_queue();
	rtnl_unlock();
}
module_exit(ingress_exit);

MODULE_LICENSE("GPL");
