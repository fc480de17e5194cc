// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of fs/notes.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a pointer to a symbol of the running kernel that is not copied; it
 * is set when the livepatch is loaded.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "notes"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "notes"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include "notes.h"

/* of the running kernel, not copied */
extern unsigned int *klpe_notes_used;

/* fs/notes.c:15, changed by the fix, copied: no symbol left to call */
#line 15 "fs/notes.c"
/* A slot number from outside is good when a note was written there. */
static bool slot_is_used(unsigned int slot)
{
	return slot < (*klpe_notes_used);
}

/* fs/notes.c:21, copied: no symbol left to call */
#line 21 "fs/notes.c"
/* What a note costs its owner: the text, and the zero behind it. */
static size_t note_cost(const struct note *note)
{
	return strlen(note->text) + 1;
}

/* of the running kernel, not copied */
extern struct note (*klpe_notes)[16];

ssize_t klpp_note_read(unsigned int slot, char *to, size_t size);

/* fs/notes.c:27, patched: contains an inlined copy of slot_is_used() */
#line 27 "fs/notes.c"
ssize_t klpp_note_read(unsigned int slot, char *to, size_t size)
{
	if (!slot_is_used(slot))
		return -ENOENT;
	(*klpe_notes)[slot].reads++;
	return strscpy(to, (*klpe_notes)[slot].text, size);
}

/* of the running kernel, not copied */
extern typeof(quota_release) *klpe_quota_release;

int klpp_note_erase(unsigned int slot);

/* fs/notes.c:54, patched: contains an inlined copy of slot_is_used() */
#line 54 "fs/notes.c"
int klpp_note_erase(unsigned int slot)
{
	if (!slot_is_used(slot))
		return -ENOENT;
	(*klpe_quota_release)((*klpe_notes)[slot].owner, note_cost(&(*klpe_notes)[slot]));
	(*klpe_notes)[slot] = (*klpe_notes)[--(*klpe_notes_used)];
	return 0;
}
