#define COUNTED(a) ((a) + count)
#define show(v) printk("%s %d\n", #v, v)
