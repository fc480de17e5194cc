// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/clang.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct klp_clang klp_clang;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[512]; /* why it could not be loaded; "" when it was */

static void *find(void *library, const char *name)
{
	void *function = dlsym(library, name);

	if (!function && !trouble[0])
		snprintf(trouble, sizeof(trouble), "%s has no '%s'", KLP_LIBCLANG, name);
	return function;
}

/* Never closed: it doesn't survive that, and the process ends soon. */
static void load(void)
{
	void *library = dlopen(KLP_LIBCLANG, RTLD_LAZY | RTLD_LOCAL);

	if (!library) {
		snprintf(trouble, sizeof(trouble), "%s", dlerror());
		return;
	}
#define KLP_CLANG_FIND(name) *(void **)(&klp_clang.name) = find(library, "clang_" #name);
	KLP_CLANG_FUNCTIONS(KLP_CLANG_FIND)
#undef KLP_CLANG_FIND
}

int klp_clang_load(struct klp_error *err)
{
	pthread_once(&once, load);
	if (!trouble[0])
		return 0;
	klp_error_set(err, KLP_ETROUBLE, "can't load libclang: %s", trouble);
	return klp_error_hint(err, "install the libclang that this was built with, or build it "
				   "again with another one: make LLVM_CONFIG=llvm-config-19");
}
