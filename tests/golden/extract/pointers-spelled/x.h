#define COUNTED(a) ((a) + count)
#define SUM(a) ((a) + hidden(hidden_count))
#define show(v) printk("%s %d\n", #v, v)
