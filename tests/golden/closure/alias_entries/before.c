extern int io(int request);

/* the way in which a system call without arguments is defined */
static long do_sync(const void *regs);
long an_entry(const void *regs) __attribute__((__alias__("do_sync")));
long the_entry(const void *regs) __attribute__((__alias__("do_sync")));

static long do_sync(const void *regs)
{
	return io(1);
}
