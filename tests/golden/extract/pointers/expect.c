// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a pointer to a symbol of the running kernel that is not copied; it
 * is set when the livepatch is loaded.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"

struct box {
	int width, height;
};

/* x.c:20, copied: no symbol left to call */
#line 20 "x.c"
static noinline int __printf(1, 2) say(const char *fmt, ...)
{
	return printk("%s", fmt);
}

/* of the running kernel, not copied */
extern struct mutex *klpe_lock;
extern int (*klpe_limits)[4];
extern struct box *klpe_box;
extern const char *(*klpe_names)[2];
extern int (*(*klpe_handler))(int);
extern int (*klpe_chosen)(int a);
extern int (*klpe_shared)(int a);
extern char **klpe_text;
extern typeof(hidden_count) *klpe_hidden_count;
extern int (*klpe_helper)(int a, const char *what);
extern typeof(hidden) *klpe_hidden;

int klpp_target(int a);

/* x.c:45, patched: changed by the fix */
#line 45 "x.c"
int klpp_target(int a)
{
	extern int *klpe_target_calls; /* static: the original's */
	int n = 0;

	(*klpe_target_calls)++;
	mutex_lock(&(*klpe_lock));
	for (size_t i = 0; i < ARRAY_SIZE((*klpe_limits)); i++)
		n += (*klpe_limits)[i] + *(*klpe_limits);
	n += (*klpe_box).width * (&(*klpe_box))->height + sizeof (*klpe_box) + sizeof((*klpe_names));
	if ((*klpe_handler) == (*klpe_chosen) || (*klpe_handler) == &(*klpe_chosen))
		n += (*klpe_handler)(a);
	(*klpe_handler) = (*klpe_shared);
	n += (*klpe_text)[0] + (*klpe_names)[1][0];
	say("%d", (*klpe_hidden_count) + exported_count);
	mutex_unlock(&(*klpe_lock));
	return (*klpe_helper)(n, "one") + (*klpe_hidden)(2) + (*klpe_shared)(2) + exported(3) + (*klpe_target_calls);
}
