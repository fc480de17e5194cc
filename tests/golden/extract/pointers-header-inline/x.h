static inline int by_header(int a)
{
	return hidden(a);
}

#define COUNTED(a) ((a) + hidden_count)
