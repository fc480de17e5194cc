#include "env.h"
#include "defs.h"

static LIST_HEAD(waiting);
static DEFINE_SPINLOCK(lock);
static void do_work(struct work_struct *work);
static DECLARE_WORK(work, do_work);
static DEFINE_STATIC_KEY_FALSE(enabled);
static DEFINE_PER_CPU_SHARED_ALIGNED(struct list_head, lists);
static DEFINE_IDA(ida);

static noinline void do_work(struct work_struct *w)
{
	w->data++;
	ida.head = w;
}

int target(int a)
{
	if (waiting.next == &waiting || enabled.enabled)
		return lock.raw;
	work.func(&work);
	lists.next = &waiting;
	ida.lock.raw++;
	return a ? ida.head == &lock : 1;
}

int other(int a)
{
	waiting.next = a ? &lists : NULL;
	enabled.enabled = lock.raw = a;
	work.func = a ? do_work : NULL;
	return a;
}
