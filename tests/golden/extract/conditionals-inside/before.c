#include "env.h"


#define FEATURE 1

static int feature_count;

#ifdef FEATURE
static noinline int feature(int a)
{
	feature_count++;
	return hidden(a);
}
#else
static inline int feature(int a)
{
	return 0;
}
#endif

int target(int a)
{
#ifdef FEATURE
	a += feature(a);
#else
	a = nothing;
#endif
#if defined(OTHER) || \
	defined(MORE)
	a = no_feature(a);
#elif FEATURE > 0
	a++;
#endif
	return a + 1;
}

int other(int a)
{
	feature_count = feature(a);
	return feature(a + 1);
}
