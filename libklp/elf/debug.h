/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a file for its debug information, which lies in it: nothing is looked for elsewhere, or
 * fetched. Inside elf/ only, which is the only home of libdw.
 */
#ifndef KLP_ELF_DEBUG_H
#define KLP_ELF_DEBUG_H

#include <elfutils/libdwfl.h>

#include "base/error.h"

/* Relocations are applied. A file without debug information has no units. Close with dwfl_end(). */
int klp_debug__open(const char *path, Dwfl **ret, Dwfl_Module **ret_module, struct klp_error *err);

#endif
