/* A macro puts a word between two others: LIMIT_small_MAX is spelled by nobody. */
int take(int n);
int take_all(int n);

#define LIMIT_small_MAX 8
#define LIMIT_large_MAX 64
#define LIMIT_other_MAX 512

#define CHECK(size)                        \
	do {                               \
		if (n > LIMIT_##size##_MAX) \
			return -1;         \
	} while (0)

int take(int n)
{
	CHECK(small);
	return n + 1;
}

#define MAX_large 32

/* A macro of the function's own. */
int take_all(int n)
{
#define LEAST(size) (n < MAX_##size ? n : MAX_##size)
	CHECK(large);
	return LEAST(large) + 1;
}
