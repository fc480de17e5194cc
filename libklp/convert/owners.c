// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whose loading resolves a reference: the kernel applies .klp.rela.OBJ.* when OBJ is loaded, and
 * lets OBJ's patched functions run after that. So it is the object whose patched functions lead,
 * through calls and data of the module, to the place with the reference. The tables of the module
 * say which functions those are; its relocations, who leads to whom.
 */
#include <elf.h>
#include <string.h>

#include "convert/private.h"
#include "elf/tables.h"
#include "model/plan_check.h"

#define NOBODY	 0
#define SEVERAL	 UINT32_MAX
#define MAX_AIMS 4

/*
 * Nodes are the symbols, by index, and behind them the parts of sections that no symbol covers: one
 * for a section, but one for each entry of PowerPC's table of addresses, which all code goes through.
 */
#define TOC	  ".toc"
#define TOC_ENTRY 8

struct edge {
	uint32_t to, next; /* next: edge + 1, 0 for none */
};
KLP_VEC(edges, struct edge);

/* Who leads to a node. */
struct reach {
	uint32_t module; /* NOBODY, SEVERAL, or the number of the patched module, from 1 */
	bool vmlinux;	 /* a patched function of vmlinux does */
	bool own;	 /* the livepatch's init or exit code does */
	uint64_t funcs;	 /* klp_convert__func_bit() of each patched function that does */
};

struct klp_owners {
	uint32_t toc;		 /* that section, or 0 */
	bool unknown;		 /* the machine's code can't be read: there may be more calls */
	struct klp_strs modules; /* that are patched */
	struct klp_map numbers;	 /* of them, from 1, as pointers */
	struct klp_patched_funcs funcs;
	struct reach *reach; /* by node */
};

struct graph {
	struct klp_arena *arena;
	const struct klp_image *image;
	struct klp_owners *owners;
	const struct klp_tables *tables;
	uint32_t *first; /* by node: edge + 1 */
	struct edges edges;
	KLP_VEC(, uint32_t) work;
};

static uint32_t node_at(const struct klp_image *image, const struct klp_owners *owners,
			uint32_t shndx, uint64_t offset)
{
	const struct klp_image_sym *sym = klp_image_covering(image, shndx, offset);

	if (owners->toc && shndx == owners->toc && offset < image->sections.v[shndx].size)
		return (uint32_t)(image->syms.n + image->sections.n + offset / TOC_ENTRY);
	return sym ? (uint32_t)(sym - image->syms.v) : (uint32_t)image->syms.n + shndx;
}

/*
 * Where in its section a relocation against the section may lead. A distance counts from the end
 * of x86's instruction, which lies 4 to 8 bytes behind the field, as there may be an operand
 * behind it; on s390 from the instruction, 2 bytes before the field.
 */
static size_t aims(const struct klp_image *image, const struct klp_image_rela *r, uint64_t at[])
{
	static const int behind[MAX_AIMS] = { 4, 5, 6, 8 };
	bool x86 = image->machine == EM_X86_64 &&
		   (r->type == R_X86_64_PC32 || r->type == R_X86_64_PLT32);
	bool s390 = image->machine == EM_S390 &&
		    (r->type == R_390_PC32DBL || r->type == R_390_PLT32DBL);

	for (size_t i = 0; x86 && i < MAX_AIMS; i++)
		at[i] = (uint64_t)r->addend + (uint64_t)behind[i];
	if (!x86)
		at[0] = (uint64_t)r->addend - (s390 ? 2 : 0);
	return x86 ? MAX_AIMS : 1;
}

static void add_edge(struct graph *g, uint32_t from, uint32_t to)
{
	if (from == to)
		return;
	klp_vec_push(g->arena, &g->edges, (struct edge){ to, g->first[from] });
	g->first[from] = (uint32_t)g->edges.n;
}

/*
 * What no symbol covers and points into a function, but not to its beginning, is the table of a
 * switch: the function leads there, and not it to the function.
 */
static bool is_switch(const struct klp_image *image, uint32_t from, uint32_t to, uint64_t at)
{
	return from >= image->syms.n && to < image->syms.n &&
	       ELF64_ST_TYPE(image->syms.v[to].info) == STT_FUNC && image->syms.v[to].value != at;
}

static void add_relocation(struct graph *g, uint32_t target, const struct klp_image_rela *r)
{
	const struct klp_image_sym *sym = &g->image->syms.v[r->sym];
	uint32_t from = node_at(g->image, g->owners, target, r->offset);
	uint64_t at[MAX_AIMS];
	size_t n;

	/*
	 * Through a table of the livepatch the kernel comes to patched functions, and nobody else:
	 * who refers to it, as init code does, doesn't call what it lists.
	 */
	if (!sym->shndx || sym->shndx >= g->image->sections.n ||
	    klp_table_at(g->tables, target, r->offset))
		return;
	if (ELF64_ST_TYPE(sym->info) != STT_SECTION) {
		uint32_t to = node_at(g->image, g->owners, sym->shndx, sym->value);

		/* A label inside of something leads there, a symbol without a size to itself. */
		add_edge(g, from, to);
		return;
	}
	n = aims(g->image, r, at);
	for (size_t i = 0; i < n; i++) {
		uint32_t to = node_at(g->image, g->owners, sym->shndx, at[i]);

		if (!is_switch(g->image, from, to, at[i]))
			add_edge(g, from, to);
	}
}

/* What the assembler settled between local functions of a section. */
static void add_calls(struct graph *g, uint32_t section)
{
	struct klp_image_calls calls = {};

	if (!klp_image_calls(g->arena, g->image, section, &calls))
		g->owners->unknown = true;
	for (size_t i = 0; i < calls.n; i++)
		add_edge(g, node_at(g->image, g->owners, section, calls.v[i].from),
			 node_at(g->image, g->owners, section, calls.v[i].to));
}

/* Notes who leads to a node; what it leads to is to be told, if that is new. */
static void mark(struct graph *g, uint32_t node, const struct reach *by)
{
	struct reach *reach = &g->owners->reach[node], old = *reach;

	if (by->module && by->module != old.module)
		reach->module = old.module ? SEVERAL : by->module;
	reach->vmlinux |= by->vmlinux;
	reach->own |= by->own;
	reach->funcs |= by->funcs;
	if (reach->module != old.module || reach->vmlinux != old.vmlinux ||
	    reach->own != old.own || reach->funcs != old.funcs)
		klp_vec_push(g->arena, &g->work, node);
}

static void mark_place(struct graph *g, uint32_t shndx, uint64_t offset, uint32_t module,
		       uint64_t funcs)
{
	struct reach by = { .module = module, .vmlinux = !module, .funcs = funcs };

	if (shndx && shndx < g->image->sections.n)
		mark(g, node_at(g->image, g->owners, shndx, offset), &by);
}

static bool begins(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* Sections that the livepatch's own init or exit makes use of, or is named in. */
static bool is_own(const char *section)
{
	return begins(section, ".init.") || begins(section, ".exit.") ||
	       begins(section, ".gnu.linkonce.this_module");
}

/*
 * What the livepatch runs when it is loaded and removed itself, whether a module is there or not:
 * all of its init and exit sections, and what struct module names.
 */
static void mark_own(struct graph *g)
{
	const struct klp_image *image = g->image;
	const struct reach by = { .own = true };

	for (size_t i = 1; i < image->syms.n; i++)
		if (image->syms.v[i].shndx < image->sections.n &&
		    is_own(image->sections.v[image->syms.v[i].shndx].name))
			mark(g, (uint32_t)i, &by);
	for (size_t i = 1; i < image->sections.n; i++)
		if (is_own(image->sections.v[i].name))
			mark(g, (uint32_t)(image->syms.n + i), &by);
}

static uint32_t number_of(struct graph *g, const char *module)
{
	struct klp_owners *owners = g->owners;
	void *known = klp_map_get(&owners->numbers, module);

	if (known)
		return (uint32_t)(uintptr_t)known;
	klp_vec_push(g->arena, &owners->modules, module);
	klp_map_put(&owners->numbers, module, (void *)(uintptr_t)owners->modules.n);
	return (uint32_t)owners->modules.n;
}

static void mark_tables(struct graph *g, const struct klp_tables *tables)
{
	for (size_t i = 0; i < tables->objects.n; i++) {
		const struct klp_table_object *object = &tables->objects.v[i];
		uint32_t module = NOBODY;
		uint64_t all = 0;

		if (object->name && strcmp(object->name, "vmlinux"))
			module = number_of(g, object->name);
		for (size_t k = 0; k < object->funcs.n; k++) {
			const struct klp_table_func *func = &object->funcs.v[k];

			uint64_t bit = klp_convert__func_bit(g->owners->funcs.n);

			klp_vec_push(g->arena, &g->owners->funcs,
				     (struct klp_patched_func){ klp_table_object_name(object),
								func->old_name, func->sympos });
			mark_place(g, func->shndx, func->offset, module, bit);
			all |= bit;
		}
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			if (object->callbacks[k])
				mark_place(g, object->callback_places[k].shndx,
					   object->callback_places[k].offset, module, all);
	}
}

static void spread(struct graph *g)
{
	while (g->work.n) {
		uint32_t node = g->work.v[--g->work.n];

		for (uint32_t e = g->first[node]; e; e = g->edges.v[e - 1].next)
			mark(g, g->edges.v[e - 1].to, &g->owners->reach[node]);
	}
}

static int make_owners(struct klp_conversion *c)
{
	uint32_t toc = c->image.machine == EM_PPC64 ? klp_image_section(&c->image, TOC) : 0;
	size_t n = c->image.syms.n + c->image.sections.n +
		   (toc && c->image.sections.v[toc].data ?
			    c->image.sections.v[toc].size / TOC_ENTRY + 1 :
			    0);
	struct graph g = { .arena = c->arena, .image = &c->image };
	struct klp_tables tables = {};

	if (klp_tables_read(c->arena, &c->image, c->opts->tree->release, &tables, c->err) < 0)
		return klp_convert__fail(c);
	g.owners = klp_new(c->arena, struct klp_owners);
	klp_map_init(&g.owners->numbers, c->arena);
	g.owners->toc = toc && c->image.sections.v[toc].data ? toc : 0;
	g.owners->reach = klp_alloc_array(c->arena, n, sizeof(struct reach));
	g.tables = &tables;
	g.first = klp_alloc_array(c->arena, n, sizeof(uint32_t));
	for (size_t i = 1; i < c->image.sections.n; i++) {
		const struct klp_image_section *s = &c->image.sections.v[i];

		if ((s->flags & SHF_EXECINSTR) && s->type == SHT_PROGBITS)
			add_calls(&g, (uint32_t)i);
		if (!s->relas.n || !(c->image.sections.v[s->info].flags & SHF_ALLOC))
			continue;
		for (size_t k = 0; k < s->relas.n; k++)
			add_relocation(&g, s->info, &s->relas.v[k]);
	}
	mark_tables(&g, &tables);
	mark_own(&g);
	spread(&g);
	c->owners = g.owners;
	return 0;
}

static int refuse_name(struct klp_conversion *c, const char *object)
{
	klp_error_set(c->err, KLP_EINPUT,
		      "the livepatch patches '%.200s', which is no name that a module can have",
		      object);
	klp_error_hint(c->err, "klp_object.name is the name in /proc/modules: no path, no '-', no "
			       "'.ko'");
	return klp_convert__fail(c);
}

int klp_convert__patched(struct klp_conversion *c, const struct klp_strs **ret)
{
	if (!c->owners && make_owners(c) < 0)
		return c->err->code;
	for (size_t i = 0; i < c->owners->modules.n; i++)
		if (!klp_is_object(c->owners->modules.v[i]))
			return refuse_name(c, c->owners->modules.v[i]);
	*ret = &c->owners->modules;
	return 0;
}

static int refuse(struct klp_conversion *c, const struct klp_symref *ref, const char *place,
		  const char *why)
{
	klp_error_set(c->err, KLP_EINPUT,
		      "'%.200s' needs '%.400s' of module '%s', and %s: it can't be told when that "
		      "is to be resolved",
		      place, ref->symbol, ref->object, why);
	klp_error_hint(c->err,
		       "say which patched module resolves it: KLP_RELOC_SYMBOL(PATCHED_MODULE, %s, "
		       "%.200s), an asm label .klp.sym.rela.PATCHED_MODULE.%s.%.100s,0",
		       ref->object, ref->symbol, ref->object, ref->symbol);
	return klp_convert__fail(c);
}

static int refuse_own(struct klp_conversion *c, const struct klp_symref *ref, const char *place)
{
	klp_error_set(c->err, KLP_EINPUT,
		      "'%.200s' needs '%.400s' of module '%s', and the livepatch's init or exit code "
		      "leads there: it runs whether that module is loaded or not",
		      place, ref->symbol, ref->object);
	klp_error_hint(c->err, "do it in a callback of that klp_object (post_patch, pre_unpatch), or "
			       "say by an asm label or a plan that it is only called with the module "
			       "loaded");
	return klp_convert__fail(c);
}

/* What leads to a place of the module, and the name of what is there. */
static const struct reach *reach_of(struct klp_conversion *c, uint32_t target, uint64_t offset,
				    const char **ret_place)
{
	uint32_t node = node_at(&c->image, c->owners, target, offset);
	const struct klp_image_sym *user = node < c->image.syms.n
						   ? &c->image.syms.v[node]
						   : klp_image_user(&c->image, target, offset);

	if (user)
		node = (uint32_t)(user - c->image.syms.v);
	*ret_place = user ? user->name : c->image.sections.v[target].name;
	return &c->owners->reach[node];
}

int klp_convert__funcs(struct klp_conversion *c, const struct klp_patched_funcs **ret)
{
	if (!c->owners && make_owners(c) < 0)
		return c->err->code;
	*ret = &c->owners->funcs;
	return 0;
}

uint64_t klp_convert__leads(struct klp_conversion *c, uint32_t target, uint64_t offset)
{
	const char *place;

	return c->owners->unknown ? 0 : reach_of(c, target, offset, &place)->funcs;
}

int klp_convert__owner(struct klp_conversion *c, const struct klp_symref *ref, uint32_t target,
		       uint64_t offset, const char **ret)
{
	const struct reach *by;
	const char *place;

	*ret = ref->section_object;
	if (ref->section_object)
		return 0;
	if (!c->owners && make_owners(c) < 0)
		return c->err->code;
	by = reach_of(c, target, offset, &place);
	if (c->owners->unknown)
		return refuse(c, ref, place, "calls aren't known on this machine");
	if (by->own)
		return refuse_own(c, ref, place);
	if (by->vmlinux)
		return refuse(c, ref, place, "a patched function of vmlinux leads there");
	if (by->module == SEVERAL)
		return refuse(c, ref, place, "patched functions of several modules lead there");
	if (by->module == NOBODY)
		return refuse(c, ref, place, "no patched function leads there");
	*ret = c->owners->modules.v[by->module - 1];
	return klp_is_object(*ret) ? 0 : refuse_name(c, *ret);
}
