/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A shadow variable in place of the member 'note.seen' that a fix adds to struct note.
 *
 * Objects of the running kernel have no room for a new member, and code that isn't patched goes on
 * allocating them without it. So the value lies beside the object: the kernel keeps it in a
 * hash table, by the object's address and an id (kernel/livepatch/shadow.c,
 * Documentation/livepatch/shadow-vars.rst).
 *
 * To use it, in the fix in place of the member:
 *
 *	- add this file to the fix, beside the unit that uses it, and include it there behind
 *	  the definition of struct note;
 *	- where the value is set for the first time, or may be needed for an object that is
 *	  older than the livepatch, call shadow_note_seen_get_or_alloc(): it may sleep or not
 *	  as its gfp flags say, and gives NULL when there is no memory;
 *	- where it is only read, call shadow_note_seen_get(): NULL says that this object has
 *	  none, which the code must have an answer for;
 *	- before an object is freed, call shadow_note_seen_free(), on every way out. The memory is
 *	  soon another object, which would be taken for the old one otherwise.
 *
 * The kernel protects the table, not what lies in a value: that wants the lock that
 * would protect the member. Objects which unpatched code frees leave their value behind.
 *
 * When the livepatch goes for good, all values have to: call
 * klp_shadow_free_all(0xec78dc8ac1975e96UL, NULL) in the post_unpatch callback (klp-prep --callbacks=FILE),
 * and give the livepatch a state (--state), so that none takes its place that doesn't know of them.
 */
#ifndef SHADOW_NOTE_SEEN_H
#define SHADOW_NOTE_SEEN_H

#include <linux/livepatch.h>

/* The same in every livepatch: it comes of the member's name alone (FNV-1a of "note.seen"). */
#define SHADOW_NOTE_SEEN_ID 0xec78dc8ac1975e96UL

struct shadow_note_seen {
	u32 seen;
};

/*
 * What the value begins with. Runs when it is allocated, under a spinlock: it must not sleep. The
 * memory is zeroed already; an error, a negative number, takes it away again.
 */
static inline int shadow_note_seen_init(void *obj, void *data, void *arg)
{
	return 0;
}

/* The value of an object, or NULL when it has none. */
static inline struct shadow_note_seen *shadow_note_seen_get(struct note *obj)
{
	return klp_shadow_get(obj, SHADOW_NOTE_SEEN_ID);
}

/* The same, made when it isn't there yet; NULL without memory. */
static inline struct shadow_note_seen *shadow_note_seen_get_or_alloc(struct note *obj, gfp_t gfp)
{
	return klp_shadow_get_or_alloc(obj, SHADOW_NOTE_SEEN_ID, sizeof(struct shadow_note_seen), gfp,
				       shadow_note_seen_init, NULL);
}

/* Takes it away; nothing happens when there is none. */
static inline void shadow_note_seen_free(struct note *obj)
{
	klp_shadow_free(obj, SHADOW_NOTE_SEEN_ID, NULL);
}

#endif
