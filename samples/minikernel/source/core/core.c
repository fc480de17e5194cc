// SPDX-License-Identifier: GPL-2.0-or-later
/* Starts minikernel, keeps its log, and takes livepatches. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/string.h>

#define LOG_LINES 64
#define LOG_WIDTH 80

static char log_lines[LOG_LINES][LOG_WIDTH];
static unsigned int log_next;

void log_line(const char *line)
{
	strscpy(log_lines[log_next++ % LOG_LINES], line, LOG_WIDTH);
}
EXPORT_SYMBOL(log_line);

/* Every function that can be traced begins with a call of this. */
void __fentry__(void);
void notrace __fentry__(void)
{
}
EXPORT_SYMBOL(__fentry__);

static struct klp_patch *patches[8];
static unsigned int npatches;

int klp_enable_patch(struct klp_patch *patch)
{
	if (!patch || !patch->mod || !patch->objs)
		return -EINVAL;
	if (npatches == ARRAY_SIZE(patches))
		return -ENOSPC;
	patches[npatches++] = patch;
	log_line("livepatch enabled");
	return 0;
}
EXPORT_SYMBOL_GPL(klp_enable_patch);

extern initcall_t __start_initcalls[], __stop_initcalls[];

static int __init run_initcalls(initcall_t *call, initcall_t *end)
{
	int err = 0;

	for (; call < end && !err; call++)
		err = (*call)();
	return err;
}

void start_kernel(void);
void __init start_kernel(void)
{
	if (run_initcalls(__start_initcalls, __stop_initcalls))
		log_line("an initcall failed");
}
