/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What shells know of a tool, written from its option table: for bash, and for zsh. */
#ifndef KLP_TOOLS_COMPLETION_H
#define KLP_TOOLS_COMPLETION_H

#include "common.h"

/* The script, on standard output; false: no such shell is known. */
bool completion_print(const struct tool *tool, const char *shell);

#endif
