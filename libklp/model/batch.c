// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/batch.h"

const char *klp_batch_result_name(enum klp_batch_result result)
{
	static const char *const names[] = {
		[KLP_BATCH_NONE] = "none",	 [KLP_BATCH_MODULE] = "module",
		[KLP_BATCH_STOPPED] = "stopped", [KLP_BATCH_NOTHING_TO_DO] = "nothing-to-do",
		[KLP_BATCH_REFUSED] = "refused", [KLP_BATCH_FAILED] = "failed",
		[KLP_BATCH_KILLED] = "killed",	 [KLP_BATCH_NOT_RUN] = "not-run",
	};

	return names[result];
}

bool klp_batch_is_done(enum klp_batch_result result)
{
	return result >= KLP_BATCH_MODULE && result <= KLP_BATCH_REFUSED;
}
