#define __init __attribute__((__section__(".init.text"))) __attribute__((__cold__))
struct range { int from, to, step; };
extern void note(int);
static inline int scaled(int x) { if (x > 5) note(x); return x * 3; }
static __init __attribute__((noinline)) int set_up(struct range *r)
{
	int n = scaled(r->from);

	note(n);
	note(n + 1);
	return n;
}
int __init start(struct range *r) { note(9); return set_up(r) + 1; }
int runtime(int x) { note(x); return scaled(x) + 2; }
