#include "env.h"

struct box {
	int width, height;
};

static int limits[4] = { 1, 2, 3, 4 };
static const char *names[] = { "one", "two" };
static struct box box;
static int (*handler)(int a);
static struct mutex lock;
static char *text;

static noinline int helper(int a, const char *what)
{
	printk("%s\n", what);
	return hidden(a);
}

static noinline int __printf(1, 2) say(const char *fmt, ...)
{
	return printk("%s", fmt);
}

static noinline int chosen(int a)
{
	return hidden(a + 2);
}

int shared(int a)
{
	return hidden(a + 3);
}

int set(int a)
{
	limits[a & 3] = a;
	names[a & 1] = "other";
	box.width = a;
	handler = a ? chosen : NULL;
	text = (char *)names[a & 1];
	return helper(a, "set") + say("%d", a);
}

int target(int a)
{
	static int calls;
	int n = 0;

	calls++;
	mutex_lock(&lock);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		n += limits[i] + *limits;
	n += box.width * (&box)->height + sizeof box + sizeof(names);
	if (handler == chosen || handler == &chosen)
		n += handler(a);
	handler = shared;
	n += text[0] + names[1][0];
	say("%d", hidden_count + exported_count);
	mutex_unlock(&lock);
	return helper(n, "one") + hidden(1) + shared(2) + exported(3) + calls;
}
