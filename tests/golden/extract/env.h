/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rest of the kernel, for the cases here: what is exported, and what is not. */
#ifndef ENV_H
#define ENV_H

#define NULL ((void *)0)
#define noinline __attribute__((__noinline__))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __cleanup(f) __attribute__((__cleanup__(f)))
#define __init __attribute__((__section__(".init.text")))
#define __initconst __attribute__((__section__(".init.rodata")))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __read_mostly __attribute__((__section__(".data..read_mostly")))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define EXPORT_SYMBOL(name) extern typeof(name) *const exported_##name; \
	typeof(name) *const exported_##name \
	__attribute__((__used__, __section__("___ksymtab+" #name))) = &name

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif
#define pr_info(fmt, ...) printk(pr_fmt(fmt), ##__VA_ARGS__)

#define WARN_ON_ONCE(condition) ({ \
	static _Bool __already_done; \
	int __ret = !!(condition); \
	if (__ret && !__already_done) { \
		__already_done = 1; \
		printk("%s:%d\n", __FILE__, __LINE__); \
	} \
	__ret; \
})

typedef unsigned int u32;
typedef unsigned long size_t;

struct mutex {
	int locked;
};
#define DEFINE_MUTEX(name) struct mutex name = { 0 }

#define DEFINE_PER_CPU(type, name) \
	__attribute__((__section__(".data..percpu"))) __typeof__(type) name
#define __percpu
#define DECLARE_PER_CPU(type, name) \
	extern __attribute__((__section__(".data..percpu"))) __typeof__(type) name

/* exported */
int printk(const char *fmt, ...) __printf(1, 2);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int exported(int a);
extern int exported_count;

/* not exported */
int hidden(int a);
extern int hidden_count;

static inline int in_header(int a)
{
	return exported(a) + 1;
}

#endif
