#define KNOB(name) \
	static int *__param_##name __attribute__((__used__, __section__("__param"))) = &name; \
	int name##_get(int a) \
	{ \
		return name##_scale(a, name); \
	}
