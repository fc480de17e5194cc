/* As a trace event: the header's function branches on the key. */
struct tracepoint {
	struct static_key key;
	int (*funcs)(int);
};
#define TRACE_EVENT(name) extern struct tracepoint __tracepoint_##name; \
	static inline void trace_##name(int a) \
	{ \
		if (static_key_false(&__tracepoint_##name.key)) \
			__tracepoint_##name.funcs(a); \
	}
TRACE_EVENT(target)
