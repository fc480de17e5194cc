#define DEFINE_CALL(name, t1, a1, t2, a2) \
	long call_##name(t1 a1, t2 a2); \
	long call_##name(t1 a1, t2 a2)
#define DEFINE_SHOW(name) int show_##name(int unused)
