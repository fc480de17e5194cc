/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of report/ share; nobody else sees a json_t. */
#ifndef KLP_REPORT_JSON_H
#define KLP_REPORT_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/vec.h"
#include "model/finding.h"
#include "model/upgrade.h"

static inline void klp__json_decref(json_t **json)
{
	json_decref(*json);
}
#define KLP_CLEANUP_JSON __attribute__((cleanup(klp__json_decref)))

/*
 * A string, or null for NULL. What is no UTF-8 (a file name may be anything) has the
 * offending bytes replaced: JSON can't carry them, and a report without the entry would lie.
 */
json_t *klp__json_str(const char *s);
json_t *klp__json_strs(const struct klp_strs *strs);
/* Adds value (stolen) under key. */
void klp__json_set(json_t *object, const char *key, json_t *value);
void klp__json_push(json_t *array, json_t *value);
/* As they stand in report.json. */
json_t *klp__json_upgrade(const struct klp_upgrade *upgrade);
json_t *klp__json_findings(const struct klp_findings *list);
/* Two columns a level, keys in the order in which they were set, a newline at the end. */
char *klp__json_text(struct klp_arena *arena, const json_t *json);

#endif
