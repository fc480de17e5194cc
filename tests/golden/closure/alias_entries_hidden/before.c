#define noinline __attribute__((__noinline__))

extern void wait_for_event(void);
int quota_bonus;

/* no memory access: GCC marks it "const" */
static noinline int quota_limit(int uid)
{
	int i, r = 1;

	for (i = 0; i < uid; i++)
		r = r * 31 + i;
	return r;
}

static long do_quota(int uid);
long an_entry(int uid) __attribute__((__alias__("do_quota")));
long the_entry(int uid) __attribute__((__alias__("do_quota")));

static long do_quota(int uid)
{
	if (quota_limit(uid) < 7)
		return -1;
	wait_for_event();
	return quota_limit(uid);
}
