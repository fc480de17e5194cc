/* As the kernel's with jump labels: a branch is a no-op or a jump, listed with its key. */
#ifndef JUMP_LABEL_H
#define JUMP_LABEL_H

struct static_key {
	int enabled;
};
struct static_key_true {
	struct static_key key;
};
struct static_key_false {
	struct static_key key;
};
#define DEFINE_STATIC_KEY_TRUE(name) struct static_key_true name = { { 1 } }
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name = { { 0 } }

static inline int static_key_count(struct static_key *key)
{
	return key->enabled;
}
#define static_key_enabled(x) (static_key_count((struct static_key *)(x)) > 0)

static inline __attribute__((__always_inline__)) _Bool arch_static_branch(struct static_key *key,
									   _Bool branch)
{
	__asm__ goto("1: .byte 0x0f,0x1f,0x44,0x00,0x00\n"
		     ".pushsection __jump_table, \"aw\"\n"
		     ".balign 8\n"
		     ".long 1b - ., %l[yes] - .\n"
		     ".quad %c0 + %c1 - .\n"
		     ".popsection\n"
		     : : "i"(key), "i"(branch) : : yes);
	return 0;
yes:
	return 1;
}

static inline __attribute__((__always_inline__)) _Bool static_key_false(struct static_key *key)
{
	return arch_static_branch(key, 0);
}

static inline __attribute__((__always_inline__)) _Bool static_key_true(struct static_key *key)
{
	return !arch_static_branch(key, 1);
}

#define static_branch_likely(x) (!arch_static_branch(&(x)->key, 1))
#define static_branch_unlikely(x) arch_static_branch(&(x)->key, 0)
#define static_branch_maybe(config, x) (config ? static_branch_likely(x) : static_branch_unlikely(x))

#endif
