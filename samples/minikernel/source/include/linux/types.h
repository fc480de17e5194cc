/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The basic types of minikernel, and the attributes that decide what can be traced. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#define NULL ((void *)0)

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long size_t;
typedef long ssize_t;
typedef _Bool bool;
enum { false, true };

#define __section(name) __attribute__((__section__(name)))
#define __used __attribute__((__used__))
#define __aligned(n) __attribute__((__aligned__(n)))
#define noinline __attribute__((__noinline__))
#define notrace __attribute__((__no_instrument_function__))
#define inline inline notrace

#endif
