extern int table[64];
extern void account(void);
static __attribute__((noinline)) int entry(unsigned long at)
{
	if (at & 7)
		return -1;
	return table[at >> 3] * 3;
}
static __attribute__((noinline)) int lookup(unsigned long at)
{
	account();
	return entry(at) + 1;
}
int reader(unsigned long x) { return lookup(x & ~7UL) + 5; }
int other(unsigned long x) { account(); return lookup(x & ~15UL) * 7; }
