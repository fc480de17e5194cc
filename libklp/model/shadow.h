/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A shadow variable in place of a member that a fix adds to a struct: objects of the running
 * kernel have no room for one.
 */
#ifndef KLP_MODEL_SHADOW_H
#define KLP_MODEL_SHADOW_H

#include "base/vec.h"

struct klp_shadow {
	const char *member;	 /* "note.seen", as asked for */
	const char *name;	 /* "note_seen": a C identifier */
	const char *field;	 /* "seen": the last name of the member */
	const char *record;	 /* "struct note" */
	const char *declaration; /* "u32 seen" */
	const char *id;		 /* "0x5d3c...": of the member's name alone, so that all livepatches
				    mean the same variable by it */
	const char *header;	 /* "shadow_note_seen.h", in the output directory */
};
KLP_VEC(klp_shadows, struct klp_shadow);

#endif
