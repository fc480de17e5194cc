#define LIMIT 100
#define SLACK 8
#define BOUND (LIMIT + SLACK)
#define CLAMP(x) ((x) > BOUND ? BOUND : (x))

static inline int is_over(int x)
{
	return x > LIMIT;
}

static inline int is_slack(int x)
{
	return x > SLACK;
}
