/* As BPF_CALL_1(): the name given is one of several that the macro makes. */
#define CALL_1(name, type, arg) \
	static inline int ____##name(type arg); \
	typedef int (*as_called_##name)(type); \
	int name(long arg); \
	int name(long arg) \
	{ \
		return ((as_called_##name)____##name)((type)arg); \
	} \
	static inline int ____##name(type arg)
