// SPDX-License-Identifier: GPL-2.0-or-later
/* The options that livepatching needs, or that make it harder. */
#include <string.h>

#include "audit/private.h"

static const struct {
	const char *name;
	bool wanted;		    /* set; else it is better unset */
	enum klp_severity severity; /* of what is said when it isn't so */
	bool said;		    /* klp_tree_check() says it */
	const char *why;
} options[] = {
	{ "CONFIG_LIVEPATCH", true, KLP_ERROR, true, "by it livepatches are loaded at all" },
	{ "CONFIG_KALLSYMS_ALL", true, KLP_ERROR, false, "by it static variables are found" },
	{ "CONFIG_DYNAMIC_FTRACE", true, KLP_ERROR, false,
	  "by it functions are redirected at their entry" },
	{ "CONFIG_HAVE_RELIABLE_STACKTRACE", true, KLP_WARNING, false,
	  "by it the kernel sees which tasks may switch over" },
	{ "CONFIG_LTO", false, KLP_ERROR, false,
	  "what functions rely on crosses files, so that no fix can be proved" },
	{ "CONFIG_CC_IS_CLANG", false, KLP_WARNING, false,
	  "clang writes no account of what it inlines" },
	{ "CONFIG_MODULE_SIG_FORCE", false, KLP_NOTE, false,
	  "a livepatch must be signed before it can be loaded" },
};

static void say(struct klp_audit_work *work, size_t i)
{
	const char *fmt = options[i].wanted ? "the kernel was built without %s: %s"
					    : "the kernel was built with %s: %s";
	struct klp_finding *f;

	if (options[i].said)
		return;
	f = klp_finding_add(work->arena, &work->audit->findings, options[i].severity, "KLP-CONFIG",
			    fmt, options[i].name, options[i].why);
	f->file = ".config";
	f->hint = options[i].wanted ? "set it, and build the kernel again"
				    : "where that is a choice, build the kernel without it";
}

void klp_audit__config(struct klp_audit_work *work)
{
	const struct klp_tree *tree = work->tree;

	work->audit->release = tree->release;
	work->audit->version = klp_tree_config(tree, "CONFIG_CC_VERSION_TEXT");
	if (!tree->config.n) {
		if (tree->lone)
			klp_tree_say_no_config(work->arena, &work->audit->findings);
		return;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		bool set = klp_tree_config_is(tree, options[i].name);

		klp_vec_push(work->arena, &work->audit->config,
			     (struct klp_audit_option){
				     .name = options[i].name,
				     .value = klp_tree_config(tree, options[i].name),
				     .good = set == options[i].wanted,
				     .why = options[i].why,
			     });
		if (set != options[i].wanted)
			say(work, i);
	}
}
