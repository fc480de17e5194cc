#ifndef SHAPE_H
#define SHAPE_H

extern int measure(int side);

/* The fix: a margin on both sides. */
static inline int padded(int side)
{
	return measure(side) + 1;
}

/* Unchanged, but it holds padded(). */
static inline int area(int width, int height)
{
	return padded(width) * padded(height);
}

#define DOUBLE_PADDED(x) (2 * padded(x))

static inline int plain(int side)
{
	return measure(side);
}

#endif
