/* As SYSCALL_DEFINE1() with tracing and error injection: an entry, and what registers it. */
#define ALLOW_ERROR_INJECTION(name) \
	static void *_eil_addr_##name \
		__attribute__((__used__, __section__("_error_injection_whitelist"))) = (void *)name
#define SYSCALL_METADATA(name) \
	static const char *args_##name[] = { #name }; \
	static const char **__p_syscall_meta_##name \
		__attribute__((__used__, __section__("__syscalls_metadata"))) = args_##name;
#define SYSCALL_DEFINE1(name, type, arg) \
	SYSCALL_METADATA(name) \
	int sys_##name(long arg); \
	ALLOW_ERROR_INJECTION(sys_##name); \
	static inline int __do_sys_##name(type arg); \
	int sys_##name(long arg) \
	{ \
		return __do_sys_##name((type)arg); \
	} \
	static inline int __do_sys_##name(type arg)

/* As the attribute of a driver: a function, and a structure that names it. */
struct attribute {
	int (*show)(int a);
};
#define ATTR(name) \
	static int name##_do_show(int a) \
	{ \
		return name##_show(a) + 1; \
	} \
	static struct attribute attr_##name = { name##_do_show };

#define module_param(name) \
	static int *__param_##name __attribute__((__used__, __section__("__param"))) = &name
#define device_initcall(fn) \
	static int (*__initcall_##fn)(void) \
		__attribute__((__used__, __section__(".initcall6.init"))) = fn
