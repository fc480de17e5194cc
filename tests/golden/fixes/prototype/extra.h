static inline int extra(int x)
{
	return x ^ 5;
}
