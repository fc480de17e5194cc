/* SPDX-License-Identifier: GPL-2.0-or-later */
/* klp-prep --batch: the jobs' file in terms of the option table, and the table of results. */
#ifndef KLP_TOOLS_BATCH_H
#define KLP_TOOLS_BATCH_H

#include "common.h"

struct batch_settings {
	const char *file;   /* of the jobs */
	const char *output; /* NULL: the default */
	const char *json;   /* NULL, or where the table goes as JSON */
	const char *ninja;  /* NULL, or the Ninja file to write instead of running anything */
	unsigned int jobs;  /* 0: one for each core */
	bool quiet, verbose;
};

/* The exit status: the worst that a job came to. */
int batch_main(const struct tool *tool, const struct batch_settings *settings);

#endif
