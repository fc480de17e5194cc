// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/review.h"

static bool has_unit(const struct klp_units *units, const struct klp_unit *unit)
{
	for (size_t i = 0; i < units->n; i++)
		if (units->v[i] == unit)
			return true;
	return false;
}

const struct klp_text *klp_review_text(const struct klp_review *review, const struct klp_unit *unit,
				       const char *function)
{
	for (size_t i = 0; i < review->texts.n; i++)
		if (klp_strs_has(&review->texts.v[i].functions, function) &&
		    has_unit(&review->texts.v[i].units, unit))
			return &review->texts.v[i];
	return NULL;
}
