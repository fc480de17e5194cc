#define noinline __attribute__((__noinline__))
extern int io(int, int);

noinline int rx_setup(int a)
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

int dev_rx(int a) { return rx_setup(a) + 1; }
int dev_tx(int a) { return tx_setup(a) * 3; }
