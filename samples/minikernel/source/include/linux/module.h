/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules: what they say of themselves, and what they may use of the kernel. */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/init.h>
#include <linux/types.h>

struct module {
	char name[56];
	int (*init)(void);
	void (*exit)(void);
};

#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE ((struct module *)NULL)
#endif

/* A name and its address, for the loader; the name of the section is what modpost reads. */
struct kernel_symbol {
	void *address;
	const char *name;
};

#define EXPORT_SYMBOL(symbol) __EXPORT_SYMBOL(symbol, "__ksymtab")
#define EXPORT_SYMBOL_GPL(symbol) __EXPORT_SYMBOL(symbol, "__ksymtab_gpl")
#define __EXPORT_SYMBOL(symbol, section)                                                          \
	static const struct kernel_symbol __ksymtab_##symbol __used __section(section) = {        \
		(void *)&symbol, #symbol,                                                         \
	}

#define __MODULE_INFO_NAME(line) __module_info_##line
#define __MODULE_INFO_AT(line, tag, text)                                                         \
	static const char __MODULE_INFO_NAME(line)[] __used __section(".modinfo")                 \
		__aligned(1) = #tag "=" text
#define MODULE_INFO(tag, text) __MODULE_INFO_AT(__LINE__, tag, text)
#define MODULE_LICENSE(text) MODULE_INFO(license, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_AUTHOR(text) MODULE_INFO(author, text)

#endif
