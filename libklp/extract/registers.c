// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a unit registers with the kernel by a section: exports, parameters, initcalls, events.
 * The kernel has read the original's, so that the livepatch must not come with another one.
 * Statements that do nothing else are never reached. Macros that make a function may register
 * it, too: SYSCALL_DEFINE1() does both.
 */
#include "extract/private.h"

#include <string.h>

/* Such a macro within one that makes a function; with nothing for a body it does no harm. */
static const struct {
	const char *section, *macro;
} inner[] = {
	{ "__syscalls_metadata", "SYSCALL_METADATA" }, /* include/linux/syscalls.h */
	{ "_error_injection_whitelist",
	  "ALLOW_ERROR_INJECTION" }, /* asm-generic/error-injection.h */
};

static bool has_section(const struct extraction *x, const struct klp_cdecl *d, const char *section)
{
	size_t len = strlen(section);

	for (uint32_t i = 0; i < d->n; i++) {
		const struct klp_ctok *tok = &x->view->toks.v.v[d->first + i];

		if (tok->kind == KLP_TOK_STRING && tok->len == len + 2 &&
		    !memcmp(tok->p + 1, section, len))
			return true;
	}
	return false;
}

static bool lies_in(const struct extraction *x, const char *variable, const char *section)
{
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];

		if (d->kind == KLP_CDECL_VARIABLE && d->section && !strcmp(d->name, variable) &&
		    has_section(x, d, section))
			return true;
	}
	return false;
}

bool klp_extract__registered(const struct extraction *x, const char *variable)
{
	for (size_t i = 0; i < sizeof(inner) / sizeof(*inner); i++)
		if (lies_in(x, variable, inner[i].section))
			return true;
	return false;
}

/* A macro of the item makes something in that section. */
static bool makes(const struct extraction *x, const struct item *item, const char *section)
{
	for (size_t i = 0; i < item->decls.n; i++)
		if (item->decls.v[i]->kind == KLP_TU_VARIABLE &&
		    lies_in(x, item->decls.v[i]->name, section))
			return true;
	return false;
}

void klp_extract__silence(const struct extraction *x, const struct item *item, uint32_t *done,
			  struct klp_buf *out)
{
	bool first = true;

	if (!item->function || item->decls.n < 2)
		return;
	for (uint32_t i = 0; i < sizeof(inner) / sizeof(*inner); i++) {
		if ((*done & 1U << i) || !makes(x, item, inner[i].section))
			continue;
		klp_buf_addf(out, "%s#undef %s\n#define %s(...)\n",
			     first ? "\n/* the kernel's own is registered */\n" : "",
			     inner[i].macro, inner[i].macro);
		*done |= 1U << i;
		first = false;
	}
}

/* Sections that the module loader, or somebody who is told of the module, reads. */
static bool registers(const char *section)
{
	static const char *const prefixes[] = {
		"__ksymtab",	 "___ksymtab",	   ".initcall",
		".exitcall",	 ".init.",	   "__param",
		".modinfo",	 "_ftrace_events", "__syscalls_metadata",
		"__tracepoints", "__bpf_raw_tp",   "_error_injection_whitelist",
		".BTF_ids",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(section, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

void klp_extract__check_registered(struct extraction *x, const struct klp_symtab *symtab)
{
	for (size_t i = 1; i < symtab->n; i++) {
		const struct klp_sym *sym = &symtab->v[i];
		struct klp_finding *f;

		if (!klp_sym_defined(sym) || !sym->name[0] || sym->type == STT_SECTION ||
		    !registers(sym->section))
			continue;
		f = klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-REGISTERS",
				    "the livepatch would register '%s' with the kernel, by section "
				    "'%s'",
				    sym->name, sym->section);
		f->symbol = sym->name;
		f->file = x->unit->source;
		f->hint = "a macro makes it beside a function that is needed: write the macro out "
			  "in the fix, without what registers";
	}
}
