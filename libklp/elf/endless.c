// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/endless.h"

#include <string.h>

#include "base/file.h"
#include "elf/body.h"

/* From the place where a thread's function becomes an argument to the call: bytes. */
#define MAX_ARGUMENTS 128

/* include/linux/kthread.h: what the function of a thread asks in its loop. */
static const char *const asks[] = {
	"kthread_should_stop",
	"kthread_should_park",
	"kthread_freezable_should_stop",
	"kthread_should_stop_or_park",
};

/*
 * Functions whose first argument is what a new thread runs: kernel/kthread.c, kernel/fork.c,
 * kernel/vhost_task.c. (Threads begun by user_mode_thread() leave their function for an execve().)
 */
static const char *const starts[] = {
	"kthread_create_on_node", "__kthread_create_on_node", "kthread_create_on_cpu",
	"kernel_thread",	  "create_io_thread",	      "vhost_task_create",
};

/*
 * What a task waits in for as long as it takes: kernel/sched/core.c, kernel/sched/completion.c.
 * (Locks aren't among them: who holds one goes on.)
 */
static const char *const sleeps[] = {
	"schedule",
	"io_schedule",
	"freezable_schedule",
	"wait_for_completion",
	"wait_for_completion_io",
	"wait_for_completion_interruptible",
	"wait_for_completion_killable",
	"wait_for_completion_state",
	"wait_woken",
};

static const char *one_of(const struct klp_sym *sym, const char *const *names, size_t n)
{
	for (size_t i = 0; sym && i < n; i++)
		if (!strcmp(sym->name, names[i]))
			return names[i];
	return NULL;
}
#define ONE_OF(sym, names) one_of(sym, names, sizeof(names) / sizeof((names)[0]))

struct look {
	struct klp_arena *arena;
	const struct klp_code *code;
	const struct klp_sym *function;
};

/*
 * The first of `asks` that it calls again and again. Once alone is what wait_woken() does, in
 * which many tasks are, and leave.
 */
static const char *asked(struct klp_arena *arena, const struct klp_body *body)
{
	for (size_t i = 0; i < body->insns.n; i++) {
		const struct klp_insn *insn = &body->insns.v[i];
		const char *name = NULL;

		if (insn->flow == KLP_FLOW_CALL)
			name = ONE_OF(klp_code__named(body->code, &insn->to), asks);
		if (name && klp_body__again(arena, body, i))
			return name;
	}
	return NULL;
}

/* The first of `sleeps` that it calls. (A jump to one takes the function off the stack.) */
static const char *slept(const struct klp_body *body)
{
	const char *name = NULL;

	for (size_t i = 0; i < body->insns.n && !name; i++) {
		const struct klp_insn *insn = &body->insns.v[i];

		if (insn->flow == KLP_FLOW_CALL)
			name = ONE_OF(klp_code__named(body->code, &insn->to), sleeps);
	}
	return name;
}

/* The first call behind a place, or the jump before it, goes to what starts a thread. */
static int started_behind(struct look *look, uint32_t shndx, uint64_t value, const char **ret,
			  struct klp_error *err)
{
	struct klp_insns insns = {};
	uint64_t left;
	bool bad;

	if (!klp_code__at(look->code, shndx, value, &left))
		return 0;
	if (left > MAX_ARGUMENTS)
		left = MAX_ARGUMENTS;
	if (klp_code__read(look->arena, look->code, shndx, value, value + left, &insns, &bad, err) <
	    0)
		return err->code;
	for (size_t i = 0; i < insns.n; i++) {
		enum klp_flow flow = insns.v[i].flow;

		if (flow == KLP_FLOW_CALL || flow == KLP_FLOW_JUMP) {
			*ret = ONE_OF(klp_code__named(look->code, &insns.v[i].to), starts);
			return 0;
		}
		if (flow != KLP_FLOW_ON && flow != KLP_FLOW_NOP && flow != KLP_FLOW_BRANCH)
			return 0;
	}
	return 0;
}

/* mov $function,%rdi: REX.W MOV r/m64, imm32; the address is the kernel's, sign-extended. */
static const unsigned char load[] = { 0x48, 0xc7, 0xc7 };
#define LOAD_SIZE (sizeof(load) + 4)

static int started_in_vmlinux(struct look *look, uint32_t shndx, const char **ret,
			      struct klp_error *err)
{
	const Elf64_Shdr *s = &look->code->elf.sections[shndx];
	unsigned char wanted[LOAD_SIZE];
	const unsigned char *start, *p;
	uint64_t left;

	start = p = klp_code__at(look->code, shndx, s->sh_addr, &left);
	memcpy(wanted, load, sizeof(load));
	for (int i = 0; i < 4; i++)
		wanted[sizeof(load) + i] = (unsigned char)(look->function->value >> (8 * i));
	while (p && !*ret && (p = memmem(p, left, wanted, LOAD_SIZE))) {
		p += LOAD_SIZE;
		left = s->sh_size - (uint64_t)(p - start);
		if (started_behind(look, shndx, s->sh_addr + (uint64_t)(p - start), ret, err) < 0)
			return err->code;
	}
	return 0;
}

static bool loads_function(const struct look *look, uint32_t shndx, const Elf64_Rela *rela)
{
	const struct klp_symtab *symtab = look->code->symtab;
	const struct klp_sym *sym;
	const unsigned char *p;
	uint64_t left;

	if (ELF64_R_TYPE(rela->r_info) != R_X86_64_32S || ELF64_R_SYM(rela->r_info) >= symtab->n ||
	    rela->r_offset < sizeof(load))
		return false;
	sym = &symtab->v[ELF64_R_SYM(rela->r_info)];
	p = klp_code__at(look->code, shndx, rela->r_offset - sizeof(load), &left);
	return sym->shndx == look->function->shndx &&
	       sym->value + (uint64_t)rela->r_addend == look->function->value && p &&
	       left >= LOAD_SIZE && !memcmp(p, load, sizeof(load));
}

static int started_in_module(struct look *look, uint32_t rela, const char **ret,
			     struct klp_error *err)
{
	const struct klp_elf *elf = &look->code->elf;
	uint32_t shndx = elf->sections[rela].sh_info;
	const Elf64_Rela *v;
	const void *table;
	size_t n;

	if (shndx >= elf->n || !(elf->sections[shndx].sh_flags & SHF_EXECINSTR))
		return 0;
	if (klp_elf__table(look->arena, elf, rela, ELF_T_RELA, &table, &n, err) < 0)
		return err->code;
	v = table;
	for (size_t i = 0; i < n && !*ret; i++)
		if (loads_function(look, shndx, &v[i]) &&
		    started_behind(look, shndx, v[i].r_offset + 4, ret, err) < 0)
			return err->code;
	return 0;
}

/* Which of `starts` is given the function to run, or NULL. */
static int started_by(struct look *look, const char **ret, struct klp_error *err)
{
	const struct klp_elf *elf = &look->code->elf;
	bool relocatable = look->code->symtab->relocatable;
	int r = 0;

	for (uint32_t i = 1; i < elf->n && !*ret && r == 0; i++) {
		if (relocatable && elf->sections[i].sh_type == SHT_RELA)
			r = started_in_module(look, i, ret, err);
		else if (!relocatable && (elf->sections[i].sh_flags & SHF_EXECINSTR))
			r = started_in_vmlinux(look, i, ret, err);
	}
	return r;
}

static int judge(struct klp_arena *arena, struct look *look, enum klp_endless *ret,
		 const char **ret_why, struct klp_error *err)
{
	const char *name = NULL;
	struct klp_body body;
	bool stays = false;

	if (klp_body__read(look->arena, look->code, look->function, &body, err) < 0)
		return err->code;
	if (!body.unknown && !body.leaves && klp_body__stays(look->arena, &body, &stays, err) < 0)
		return err->code;
	if (stays) {
		*ret = KLP_ENDLESS_NEVER_RETURNS;
		*ret_why = "has no return";
		return 0;
	}
	*ret = KLP_ENDLESS_KTHREAD;
	name = asked(look->arena, &body);
	if (name) {
		*ret_why = klp_sprintf(arena, "calls %s()", name);
		return 0;
	}
	if (started_by(look, &name, err) < 0)
		return err->code;
	if (name) {
		*ret_why = klp_sprintf(arena, "is run by %s()", name);
		return 0;
	}
	name = slept(&body);
	if (name) {
		*ret = KLP_ENDLESS_SLEEPS;
		*ret_why = klp_sprintf(arena, "calls %s()", name);
		return 0;
	}
	*ret = body.unknown ? KLP_ENDLESS_UNKNOWN : KLP_ENDLESS_NO;
	*ret_why = body.unknown;
	return 0;
}

static const char *not_looked_at(const struct klp_symtab *symtab, const struct klp_sym *function)
{
	if (symtab->machine != EM_X86_64)
		return "is code of a machine that isn't understood";
	if (!klp_sym_defined(function) || function->type != STT_FUNC)
		return "is no function of that file";
	return function->size ? NULL : "has no size";
}

int klp_endless(struct klp_arena *arena, const struct klp_symtab *symtab,
		const struct klp_sym *function, enum klp_endless *ret, const char **ret_why,
		struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	struct look look = { .arena = scratch };
	const char *why = not_looked_at(symtab, function);
	enum klp_endless kind = KLP_ENDLESS_UNKNOWN;
	struct klp_code code;

	if (!why) {
		if (klp_mapped_open(symtab->path, &mapped, err) < 0)
			return err->code;
		if (klp_code__open(scratch, symtab, (const unsigned char *)mapped.data, mapped.len,
				   &code, err) < 0)
			return err->code;
		look.code = &code;
		/* What the .cold part of a name belongs to is looked up, not changed. */
		look.function = klp_symtab_parent(symtab, (struct klp_sym *)(uintptr_t)function);
		if (judge(arena, &look, &kind, &why, err) < 0)
			return err->code;
	}
	*ret = kind;
	*ret_why = why;
	return 0;
}
