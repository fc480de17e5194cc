/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's .config.
 */
#ifndef KLP_PARSERS_KCONFIG_H
#define KLP_PARSERS_KCONFIG_H

#include "base/error.h"
#include "base/map.h"

/*
 * Fills map (initialised by the caller): "CONFIG_SMP" -> "y". String values come without
 * their quotes and escapes. "# CONFIG_X is not set" puts nothing.
 */
int klp_kconfig_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		      struct klp_map *map, struct klp_error *err);

#endif
