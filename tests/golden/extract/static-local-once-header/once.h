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

static inline int locked(void)
{
	ONCE(exported, 3);
	return exported_count;
}
