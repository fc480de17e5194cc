extern int fetch(int key);

#define DEFINE_GETTER(name, offset)	\
	static inline int get_##name(int key)	\
	{	\
		return fetch(key) + offset;	\
	}

DEFINE_GETTER(first, 1)
DEFINE_GETTER(second, 2)
