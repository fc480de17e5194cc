/* As include/linux/once.h: the macro's variables say whether what they guard is set up. */
#define ONCE(func, ...) ({ \
	static _Bool __attribute__((__section__(".data.once"))) ___done; \
	static struct mutex ___once_key = { 1 }; \
	if (___once_key.locked && !___done) { \
		func(__VA_ARGS__); \
		___done = 1; \
		___once_key.locked = 0; \
	} \
})

/* As net_get_random_once(): one macro after the other. */
#define ONCE_FOR(lock) /* with arguments in brackets */ \
	ONCE(mutex_lock, (lock))
