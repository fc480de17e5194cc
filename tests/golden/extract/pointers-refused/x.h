#define COUNTED(a) ((a) + count)
#define show(v) printk("%s %d\n", #v, v)

static inline int by_header(int a)
{
	return hidden(a);
}
