#include "env.h"
#include "defs.h"

static LIST_HEAD(waiting);
static DEFINE_SPINLOCK(lock);
static void do_work(struct work_struct *work);
static DECLARE_WORK(work, do_work);
static DEFINE_STATIC_KEY_FALSE(enabled);
static DEFINE_PER_CPU_SHARED_ALIGNED(struct list_head, lists);
static DEFINE_IDA(ida);
/* a name that begins like an attribute, with attributes behind it */
static struct {
	int size;
} __attribute__((__packed__)) __table __read_mostly __attribute__((__aligned__(16)));

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
	__table.size++;
	return a ? __table.size + ida.head == &lock : 1;
}

int other(int a)
{
	__table.size = a;
	waiting.next = a ? &lists : NULL;
	enabled.enabled = lock.raw = a;
	work.func = a ? do_work : NULL;
	return a;
}
