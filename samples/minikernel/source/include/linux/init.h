/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code and data that are needed only while the kernel, or a module, starts. */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/types.h>

#define __init __section(".init.text")
#define __exit __section(".exit.text")
#define __initdata __section(".init.data")

typedef int (*initcall_t)(void);

#ifndef MODULE
/* start_kernel() calls whatever lies in this section, in link order. */
#define module_init(fn) static initcall_t __initcall_##fn __used __section(".initcall.init") = fn
#define module_exit(fn) static void (*__exitcall_##fn)(void) __used __section(".exitcall.exit") = fn
#else
#define module_init(fn) int init_module(void) __attribute__((__alias__(#fn)))
#define module_exit(fn) void cleanup_module(void) __attribute__((__alias__(#fn)))
#endif

#endif
