enum flag {
	FLAG_A = 1,
	FLAG_B = 2,
};

struct thing {
	enum flag flags;
	int size;
};
