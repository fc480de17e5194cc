/* As include/linux/btf_ids.h: a list that assembly makes, which the build fills in later. */
#define BTF_ID_LIST(name) \
	__asm__(".pushsection .BTF_ids, \"a\"\n" \
		".local " #name "\n" \
		#name ":\n" \
		".popsection\n"); \
	extern unsigned int name[];
#define BTF_ID(prefix, name) \
	__asm__(".pushsection .BTF_ids, \"a\"\n" \
		".local __BTF_ID__" #prefix "__" #name "\n" \
		".type __BTF_ID__" #prefix "__" #name ", STT_OBJECT\n" \
		".size __BTF_ID__" #prefix "__" #name ", 4\n" \
		"__BTF_ID__" #prefix "__" #name ":\n" \
		".zero 4\n" \
		".popsection\n");
