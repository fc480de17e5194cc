#include "env.h"


/*
 * Not this one.
 */

/* One line. */
struct thing {
	int a; /* a */
};

static int x; /* behind x */
/* of limit */
static const int limit = 3; /* behind limit */

// A new kind
static int gone(int a)
{
	/* inside */
	return exported(a) + limit; // at the end
} /* behind gone */

/**
 * target - with a kernel-doc comment
 * @t: "quoted" and it's
 */
int target(struct thing *t)
{
	return gone(t->a) + 1;
}
/* behind everything */
