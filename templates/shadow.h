/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A shadow variable in place of the member '@MEMBER@' that a fix adds to @RECORD@.
 *
 * Objects of the running kernel have no room for a new member, and code that isn't patched goes on
 * allocating them without it. So the value lies beside the object: the kernel keeps it in a
 * hash table, by the object's address and an id (kernel/livepatch/shadow.c,
 * Documentation/livepatch/shadow-vars.rst).
 *
 * To use it, in the fix in place of the member:
 *
 *	- add this file to the fix, beside the unit that uses it, and include it there behind
 *	  the definition of @RECORD@;
 *	- where the value is set for the first time, or may be needed for an object that is
 *	  older than the livepatch, call shadow_@NAME@_get_or_alloc(): it may sleep or not
 *	  as its gfp flags say, and gives NULL when there is no memory;
 *	- where it is only read, call shadow_@NAME@_get(): NULL says that this object has
 *	  none, which the code must have an answer for;
 *	- before an object is freed, call shadow_@NAME@_free(), on every way out. The memory is
 *	  soon another object, which would be taken for the old one otherwise.
 *
 * The kernel protects the table, not what lies in a value: that wants the lock that
 * would protect the member. Objects which unpatched code frees leave their value behind.
 *
 * When the livepatch goes for good, all values have to: call
 * klp_shadow_free_all(@ID@UL, NULL) in the post_unpatch callback (klp-prep --callbacks=FILE),
 * and give the livepatch a state (--state), so that none takes its place that doesn't know of them.
 */
#ifndef SHADOW_@UPPER@_H
#define SHADOW_@UPPER@_H

#include <linux/livepatch.h>

/* The same in every livepatch: it comes of the member's name alone (FNV-1a of "@MEMBER@"). */
#define SHADOW_@UPPER@_ID @ID@UL

struct shadow_@NAME@ {
	@DECLARATION@;
};

/*
 * What the value begins with. Runs when it is allocated, under a spinlock: it must not sleep. The
 * memory is zeroed already; an error, a negative number, takes it away again.
 */
static inline int shadow_@NAME@_init(void *obj, void *data, void *arg)
{
	return 0;
}

/* The value of an object, or NULL when it has none. */
static inline struct shadow_@NAME@ *shadow_@NAME@_get(@RECORD@ *obj)
{
	return klp_shadow_get(obj, SHADOW_@UPPER@_ID);
}

/* The same, made when it isn't there yet; NULL without memory. */
static inline struct shadow_@NAME@ *shadow_@NAME@_get_or_alloc(@RECORD@ *obj, gfp_t gfp)
{
	return klp_shadow_get_or_alloc(obj, SHADOW_@UPPER@_ID, sizeof(struct shadow_@NAME@), gfp,
				       shadow_@NAME@_init, NULL);
}

/* Takes it away; nothing happens when there is none. */
static inline void shadow_@NAME@_free(@RECORD@ *obj)
{
	klp_shadow_free(obj, SHADOW_@UPPER@_ID, NULL);
}

#endif
