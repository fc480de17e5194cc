/* As the kernel's: a key, and a trampoline that jumps to what the key says. */
struct static_call_key {
	void *func;
};
#define DECLARE_STATIC_CALL(name, fn) \
	extern struct static_call_key __SCK__##name; \
	extern typeof(fn) __SCT__##name
#define DEFINE_STATIC_CALL(name, fn) \
	DECLARE_STATIC_CALL(name, fn); \
	struct static_call_key __SCK__##name = { (void *)fn }; \
	__asm__(".pushsection .text\n" \
		".globl __SCT__" #name "\n" \
		".type __SCT__" #name ", @function\n" \
		"__SCT__" #name ": jmp " #fn "\n" \
		".size __SCT__" #name ", . - __SCT__" #name "\n" \
		".popsection\n")
#define static_call(name) ({ \
	static void *__attribute__((__used__, __section__(".discard.addressable"))) \
		__UNIQUE_ID___addressable_##name = (void *)&__SCK__##name; \
	&__SCT__##name; \
})
