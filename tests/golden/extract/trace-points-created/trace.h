/* As a header of trace events: the unit that asks for it defines what the others declare. */
#ifdef CREATE_TRACE_POINTS
#define MAKE(name) struct tracepoint __tracepoint_##name = { __traceiter_##name }; \
	int __traceiter_##name(int a) \
	{ \
		return exported(a); \
	}
#else
#define MAKE(name)
#endif
#define TRACE_EVENT(name) \
	int __traceiter_##name(int a); \
	extern struct tracepoint __tracepoint_##name; \
	static inline void trace_##name(int a) \
	{ \
		if (__tracepoint_##name.funcs) \
			__tracepoint_##name.funcs(a); \
	} \
	MAKE(name)

struct tracepoint {
	int (*funcs)(int);
};
TRACE_EVENT(target)
