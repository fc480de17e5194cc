struct range {
	int before, after;
};

extern int now(void);

static inline int before(int a, int b)
{
	return a - b < now();
}
