// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * References from sections that the kernel puts to use while it loads the livepatch
 * (elf/livepatch.h klp_lp_early()). kernel/module/main.c apply_relocations() resolves
 * .klp.rela.vmlinux.* before that since Linux 5.8; those to modules follow in
 * kernel/livepatch/core.c klp_enable_patch(), too late. And from the per-CPU section, where none
 * is ever resolved (klp_lp_is_percpu()).
 */
#include <string.h>

#include "convert/private.h"
#include "elf/livepatch.h"
#include "model/release.h"

static int refuse(struct klp_conversion *c, uint32_t target, const struct klp_image_rela *rela,
		  const struct klp_symref *ref, const char *instead)
{
	const struct klp_image_sym *in = klp_image_user(&c->image, target, rela->offset);
	const char *section = c->image.sections.v[target].name;
	const char *place = klp_convert__place(c, target, rela->offset, ref->symbol);
	const char *way = klp_convert__way_to(c, section, ref->symbol);
	const char *by = way ? klp_sprintf(c->arena, " by way of %.200s", way) : "";

	klp_error_set(c->err, KLP_EINPUT,
		      "'%.150s'%s refers to '%.200s' of %s'%s'%s from section '%s', which the "
		      "kernel uses before it can resolve that",
		      in ? in->name : "code", place, ref->symbol,
		      strcmp(ref->object, "vmlinux") ? "module " : "", ref->object, by, section);
	if (klp_convert__is_event(ref->symbol))
		instead =
			"test the event with static_key_enabled(&__tracepoint_EVENT.key), and call "
			"__traceiter_EVENT() instead of trace_EVENT()";
	klp_error_hint(c->err, "%s%s", instead,
		       *place ? ""
			      : "; build the module with debug information to be told the line");
	return klp_convert__fail(c);
}

int klp_convert__percpu(struct klp_conversion *c, uint32_t target,
			const struct klp_image_rela *rela, const struct klp_symref *ref)
{
	const struct klp_image_sym *in = klp_image_covering(&c->image, target, rela->offset);

	if (!klp_lp_is_percpu(c->image.sections.v[target].name))
		return 0;
	klp_error_set(c->err, KLP_EINPUT,
		      "the initial value of the per-CPU variable '%.150s' refers to '%.200s' of "
		      "'%s' (section '%s'), where the kernel applies no relocations",
		      in ? in->name : "?", ref->symbol, ref->object,
		      c->image.sections.v[target].name);
	klp_error_hint(c->err, "assign it in code, for each CPU: per_cpu(VARIABLE, cpu) = ...");
	return klp_convert__fail(c);
}

bool klp_convert__may_refuse(const struct klp_conversion *c, uint32_t target)
{
	const char *section = c->image.sections.v[target].name;

	return klp_lp_is_percpu(section) || klp_lp_early(section, "", 0);
}

int klp_convert__early(struct klp_conversion *c, uint32_t target, const struct klp_image_rela *rela,
		       const struct klp_symref *ref, const char *section_object)
{
	const char *section = c->image.sections.v[target].name, *instead;

	instead = klp_lp_early(section, section_object, klp_release_number(c->opts->tree->release));
	return instead ? refuse(c, target, rela, ref, instead) : 0;
}
