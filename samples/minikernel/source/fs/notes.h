/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to fs/: what notes.c and quota.c share. */
#ifndef _FS_NOTES_H
#define _FS_NOTES_H

#include <linux/types.h>

#define NOTE_SIZE 64

struct note {
	u32 owner;
	u32 reads;
	char text[NOTE_SIZE];
};

int quota_charge(u32 owner, size_t bytes);
void quota_release(u32 owner, size_t bytes);

ssize_t note_read(unsigned int slot, char *to, size_t size);
int note_add(u32 owner, const char *text);
int note_erase(unsigned int slot);

#endif
