#include "env.h"

#define DEPTH 3
#define TWICE(a) ((a) * 2)

struct shared {
	int x;
};

int target(int a)
{
	static int limit = 5;
	static char buf[16];
	static u32 wide;
	static int depth = DEPTH;
	static struct {
		int low, high;
	} range;
	static int *where = &exported_count, same = TWICE(3);
	static const int factor = 3;

	limit += a;
	buf[a & 15]++;
	wide += a;
	depth++;
	range.low++;
	where += a;
	same++;
	return limit + buf[a & 7] + wide + depth + range.high + *where + same + factor;
}
