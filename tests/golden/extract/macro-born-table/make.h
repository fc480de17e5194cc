/* A function with a table, and a second entry that nobody here calls. */
#define MAKE(name) \
	const int name##_table[2] = { 3, 4 }; \
	int name##_entry(int a); \
	int name(int a); \
	static inline int do_##name(int a); \
	int name##_entry(int a) \
	{ \
		return do_##name(-a); \
	} \
	int name(int a) \
	{ \
		return do_##name(a) + name##_table[a & 1]; \
	} \
	static inline int do_##name(int a)
