#define TRACE(a) printk("%s %d\n", COMPONENT, a)
