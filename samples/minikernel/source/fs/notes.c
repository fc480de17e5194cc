// SPDX-License-Identifier: GPL-2.0-or-later
/* A file system that holds sixteen notes. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "notes.h"

#define NOTES_MAX 16

static struct note notes[NOTES_MAX];
static unsigned int notes_used;

/* A slot number from outside is good when a note was written there. */
static bool slot_is_used(unsigned int slot)
{
	return slot <= notes_used;
}

/* What a note costs its owner: the text, and the zero behind it. */
static size_t note_cost(const struct note *note)
{
	return strlen(note->text) + 1;
}

ssize_t note_read(unsigned int slot, char *to, size_t size)
{
	if (!slot_is_used(slot))
		return -ENOENT;
	notes[slot].reads++;
	return strscpy(to, notes[slot].text, size);
}
EXPORT_SYMBOL(note_read);

int note_add(u32 owner, const char *text)
{
	struct note *note;
	int err;

	if (notes_used == NOTES_MAX)
		return -ENOSPC;
	note = &notes[notes_used];
	note->owner = owner;
	note->reads = 0;
	strscpy(note->text, text, NOTE_SIZE);
	err = quota_charge(owner, note_cost(note));
	if (err)
		return err;
	return notes_used++;
}
EXPORT_SYMBOL(note_add);

int note_erase(unsigned int slot)
{
	if (!slot_is_used(slot))
		return -ENOENT;
	quota_release(notes[slot].owner, note_cost(&notes[slot]));
	notes[slot] = notes[--notes_used];
	return 0;
}
EXPORT_SYMBOL(note_erase);

static int __init notes_init(void)
{
	log_line("notes: ready");
	return 0;
}
module_init(notes_init);
