extern int measure(int side);

static inline int pad_one(int side)
{
	return measure(side) + 1;
}

#define PAD(how, side) pad_##how(side)
