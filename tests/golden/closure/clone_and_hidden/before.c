extern int step(int);
extern int seen;
__attribute__((noinline)) int ready(int *p) { return *p > 3; }
static int settle(int x)
{
	for (int i = 0; i < x; i++) {
		if (step(i) > 3)
			x += step(x) * 5;
		else
			x -= step(x + 3);
		if (x & 8)
			step(x ^ 5);
	}
	return x * 5 + 1;
}
/* -O2 makes no two clones for constants; CONFIG_CC_OPTIMIZE_FOR_PERFORMANCE_O3 and some files do */
static __attribute__((noinline, optimize("O3"))) int work(int *p, int mode)
{
	int a = ready(p), r = 0;

	for (int i = 0; i < *p; i++) {
		if (mode == 1)
			r += step(i) * 3;
		else if (mode == 2)
			r -= step(i + 4) + settle(r);
		else if (mode == 3)
			r ^= step(i - 4);
		else
			r += step(mode);
	}
	if (ready(p) != a)
		r++;
	return r;
}
int one(int *p) { return work(p, 1) + 1; }
int one_more(int *p) { return work(p, 1) + 12; }
int two(int *p) { return work(p, 2) + 2; }
int two_more(int *p) { return work(p, 2) + 22; }
