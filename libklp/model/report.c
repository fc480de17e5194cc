// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/report.h"

#include <string.h>

static const char *const names[KLP_NSTAGES] = {
	"detect", "closure", "check", "extract", "render", "build", "convert", "verify",
};

const char *klp_stage_name(enum klp_stage stage)
{
	return names[stage];
}

void klp_stage_progress(const struct klp_log *log, enum klp_stage stage, const char *what)
{
	klp_log(log, KLP_LOG_PROGRESS, "%d/%d %s%s%s", (int)stage + 1, KLP_NSTAGES, names[stage],
		what ? ": " : "", what ? what : "");
}

int klp_stage_parse(const char *name)
{
	for (int i = 0; i < KLP_NSTAGES; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}
