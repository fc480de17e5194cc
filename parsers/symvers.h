/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Module.symvers: the exports of a kernel build. Written by scripts/mod/modpost.c
 * (write_dump()): CRC, symbol, module, export type, namespace, separated by tabs.
 */
#ifndef KLP_PARSERS_SYMVERS_H
#define KLP_PARSERS_SYMVERS_H

#include <stdint.h>

#include "base/error.h"
#include "base/map.h"

struct klp_export {
	const char *symbol;
	const char *module; /* "vmlinux", or a path without suffix: "fs/jbd2/jbd2" */
	const char *type;   /* "EXPORT_SYMBOL", "EXPORT_SYMBOL_GPL" */
	const char *ns;	    /* namespace, "" for none (C++ keeps the whole word for itself) */
	uint32_t crc;
};

/* Fills map (initialised by the caller): symbol -> struct klp_export. */
int klp_symvers_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		      struct klp_map *map, struct klp_error *err);

#endif
