#define noinline __attribute__((__noinline__))
extern int io(int, int);

static noinline int rx_setup(int a)
{
	int r = io(a, 1);

	if (r < 0)
		return r;
	return io(a, 2) + 7;
}

static noinline int tx_setup(int a)
{
	int r = io(a, 1);

	if (r < 0)
		return r;
	return io(a, 2) + 7;
}

struct ops {
	int (*setup)(int);
};
const struct ops rx_ops = { rx_setup };
int dev_tx(int a) { return tx_setup(a) * 3; }
