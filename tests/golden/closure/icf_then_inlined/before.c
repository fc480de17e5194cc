extern int io(int, int);

static inline int rx_setup(int a)
{
	int r = io(a, 1);

	if (r < 0)
		return r;
	for (int i = 0; i < 3; i++)
		r += io(r, i);
	return io(a, 2) + 7;
}

static inline int tx_setup(int a)
{
	int r = io(a, 1);

	if (r < 0)
		return r;
	for (int i = 0; i < 3; i++)
		r += io(r, i);
	return io(a, 2) + 7;
}

int dev_rx(int a) { return rx_setup(a) + 1; }
int dev_tx(int a) { return tx_setup(a) * 3; }
