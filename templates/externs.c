// SPDX-License-Identifier: GPL-2.0
/*
 * @NAME@: what the new functions need of the running kernel and it doesn't export. They
 * say (*klpe_foo) where the source says foo; here klpe_foo is defined, and made to point to foo when
 * the livepatch is loaded, or, for a patched module, before the functions of that are redirected.
 *
 * The usual way is a livepatch relocation, which klp-convert writes and the kernel applies. This
 * one needs nothing but Kbuild and the symbol table of the running kernel. What it costs:
 *
 *	each use is one more load, each call an indirect one (a thunk, with retpolines);
 *	loading takes a walk through all symbols of the kernel, and of all modules for each
 *	patched module that comes;
 *	nothing but this file checks what the names mean: tools that read the relocations of a
 *	livepatch see none;
 *	the pointers to symbols of modules stay writable for whoever can write to kernel memory;
 *	those to symbols of vmlinux are read-only once the livepatch is loaded.
 *
 * When it can't work: where the kernel checks what an indirect call leads to (the #error below), and
 * for references that are no load: branches on static keys, static calls and tracepoints,
 * initial values, whatever a header's inline functions refer to. klp-prep refuses those. A
 * kernel without CONFIG_KALLSYMS_ALL has no livepatching either.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cache.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/version.h>

@each HAS_CALLBACKS@
#include "callbacks.h"
@end@
#include "externs.h"

/* Functions whose address the kernel itself doesn't take may not be called by address there. */
#if defined(CONFIG_X86_KERNEL_IBT) || defined(CONFIG_ARM64_BTI_KERNEL) || \
	defined(CONFIG_CFI_CLANG) || defined(CONFIG_CFI) || defined(CONFIG_PPC64_ELF_ABI_V1)
#error "this kernel checks indirect calls: use livepatch relocations"
#endif
/* Before, kallsyms left it to its callers to keep modules from going. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 12, 0)
#error "kernels before 5.12 need livepatch relocations"
#endif

@each EXTERNS@
@each FOR_VMLINUX@
void *@POINTER@ __ro_after_init;
@end@
@each FOR_MODULE@
void *@POINTER@;
@end@
@end@
@each HAS_MODULE_EXTERNS@
/* module_kallsyms_on_each_symbol(), which isn't exported either */
static void *modules_walk __ro_after_init;
@end@

/* A symbol of the running kernel. */
struct extern_symbol {
	const char *name;
	const char *object;  /* that has it; NULL: vmlinux */
	const char *patched; /* the object whose new functions need it; NULL: vmlinux */
	unsigned long sympos; /* 0: the name is unique there; else 1 for the first of it, ... */
	void **pointer;
	/* while a walk is under way */
	unsigned long count, address;
};

static struct extern_symbol extern_symbols[] = {
@each HAS_MODULE_EXTERNS@
	{
		.name = "module_kallsyms_on_each_symbol",
		.pointer = &modules_walk,
	},
@end@
@each EXTERNS@
	{
		.name = "@SYMBOL@",
@each OF_MODULE@
		.object = "@OBJECT@",
@end@
@each FOR_MODULE@
		.patched = "@OBJECT@",
@end@
		.sympos = @SYMPOS@,
		.pointer = &@POINTER@,
	},
@end@
};

/* ---- the walk ----------------------------------------------------------------------------- */

/* Symbols of one object that are wanted for one object. */
struct walk {
	const char *object, *patched;
};

static bool same_object(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool belongs(const struct extern_symbol *e, const struct walk *w)
{
	return same_object(e->object, w->object) && same_object(e->patched, w->patched);
}

/* Counts as kernel/livepatch/core.c does: each symbol of that name, in the order of the walk. */
static void see(const struct walk *w, const char *name, unsigned long address)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(extern_symbols); i++) {
		struct extern_symbol *e = &extern_symbols[i];

		if (!belongs(e, w) || strcmp(e->name, name))
			continue;
		e->count++;
		if (e->count == (e->sympos ? e->sympos : 1))
			e->address = address;
	}
}

/* What the walks of kernels before 6.4 call, and of those since then. */
typedef int with_module_fn(void *, const char *, struct module *, unsigned long);
typedef int without_module_fn(void *, const char *, unsigned long);

static int __maybe_unused see_with_module(void *data, const char *name, struct module *mod,
					  unsigned long address)
{
	const struct walk *w = data;

	if (same_object(mod ? mod->name : NULL, w->object))
		see(w, name, address);
	return 0;
}

static int __maybe_unused see_without_module(void *data, const char *name, unsigned long address)
{
	see(data, name, address);
	return 0;
}

/* ---- the functions that walk --------------------------------------------------------------- */

/* The name of the symbol that an address lies in; false when there is none. */
static bool symbol_at(unsigned long address, char *name, unsigned long *start, unsigned long *size)
{
	unsigned long offset;
	char *behind;

	sprint_symbol(name, address);
	behind = strrchr(name, '+');
	if (!behind || sscanf(behind, "+%lx/%lx", &offset, size) != 2)
		return false;
	*behind = '\0';
	*start = address - offset;
	return true;
}

/* More than any kernel has symbols. */
#define MAX_STEPS (1UL << 22)

/*
 * kallsyms_on_each_symbol() isn't exported. sprint_symbol() is, is defined in the same file,
 * and knows what every address belongs to: the other one is found by going from symbol to
 * symbol, from there to both sides.
 */
static unsigned long find_walk(void)
{
	static char name[KSYM_SYMBOL_LEN];
	unsigned long up = (unsigned long)sprint_symbol, down = up, start, size, steps;

	for (steps = 0; (up || down) && steps < MAX_STEPS; steps++) {
		if (up && symbol_at(up, name, &start, &size)) {
			if (!strcmp(name, "kallsyms_on_each_symbol"))
				return start;
			up = size ? start + size : 0;
		} else {
			up = 0;
		}
		if (down && symbol_at(down - 1, name, &start, &size)) {
			if (!strcmp(name, "kallsyms_on_each_symbol"))
				return start;
			down = start;
		} else {
			down = 0;
		}
		cond_resched();
	}
	pr_err("kallsyms_on_each_symbol() is not in the symbol table\n");
	return 0;
}

/* Their types differ by kernel: which ones these are is asked of its headers. */
#define IS(function, ...) __builtin_types_compatible_p(typeof(function), __VA_ARGS__)

static int walk_vmlinux(struct walk *w)
{
	unsigned long each = find_walk();

	BUILD_BUG_ON(!IS(kallsyms_on_each_symbol, int(with_module_fn *, void *)) &&
		     !IS(kallsyms_on_each_symbol, int(without_module_fn *, void *)));
	if (!each)
		return -ENOENT;
	if (IS(kallsyms_on_each_symbol, int(with_module_fn *, void *)))
		return ((int (*)(with_module_fn *, void *))each)(see_with_module, w);
	return ((int (*)(without_module_fn *, void *))each)(see_without_module, w);
}
@each HAS_MODULE_EXTERNS@

/* Of all modules before 6.2, of one since then. */
static int walk_module(struct walk *w)
{
	BUILD_BUG_ON(!IS(module_kallsyms_on_each_symbol, int(with_module_fn *, void *)) &&
		     !IS(module_kallsyms_on_each_symbol,
			 int(const char *, with_module_fn *, void *)) &&
		     !IS(module_kallsyms_on_each_symbol,
			 int(const char *, without_module_fn *, void *)));
	if (IS(module_kallsyms_on_each_symbol, int(with_module_fn *, void *)))
		return ((int (*)(with_module_fn *, void *))modules_walk)(see_with_module, w);
	if (IS(module_kallsyms_on_each_symbol, int(const char *, with_module_fn *, void *)))
		return ((int (*)(const char *, with_module_fn *, void *))modules_walk)(
			w->object, see_with_module, w);
	return ((int (*)(const char *, without_module_fn *, void *))modules_walk)(
		w->object, see_without_module, w);
}
@end@

/* ---- what comes of it ---------------------------------------------------------------------- */

static int check(const struct extern_symbol *e)
{
	const char *object = e->object ? e->object : "vmlinux";

	if (!e->count)
		pr_err("'%s' is not in the symbol table of '%s'\n", e->name, object);
	else if (!e->sympos && e->count > 1)
		pr_err("which '%s' of '%s' is meant is not known: there are %lu\n", e->name, object,
		       e->count);
	else if (e->sympos > e->count)
		pr_err("there is no '%s' number %lu in '%s'\n", e->name, e->sympos, object);
	else
		return 0;
	return -ENOENT;
}

/* No entry before has the same object. */
static bool is_first(size_t i, const struct walk *w)
{
	while (i)
		if (belongs(&extern_symbols[--i], w))
			return false;
	return true;
}

int resolve_externs(const char *patched)
{
	struct extern_symbol *e, *end = extern_symbols + ARRAY_SIZE(extern_symbols);
	int err;

	/* a module may have been there before */
	for (e = extern_symbols; e < end; e++)
		if (same_object(e->patched, patched))
			e->count = 0;
	for (e = extern_symbols; e < end; e++) {
		struct walk w = { e->object, patched };

		if (!belongs(e, &w) || !is_first(e - extern_symbols, &w))
			continue;
@each HAS_MODULE_EXTERNS@
		err = e->object ? walk_module(&w) : walk_vmlinux(&w);
@end@
@each NO_MODULE_EXTERNS@
		err = walk_vmlinux(&w);
@end@
		if (err)
			return err;
	}
	for (e = extern_symbols; e < end; e++) {
		err = same_object(e->patched, patched) ? check(e) : 0;
		if (err)
			return err;
	}
	for (e = extern_symbols; e < end; e++)
		if (same_object(e->patched, patched))
			*e->pointer = (void *)e->address;
	return 0;
}
@each HAS_MODULE_EXTERNS@

int pre_patch_externs(struct klp_object *obj)
{
	int err = resolve_externs(obj->name);

@each THEN@
	if (!err && !strcmp(obj->name, "@OBJECT@"))
		err = @FUNCTION@(obj);
@end@
	return err;
}
@end@
