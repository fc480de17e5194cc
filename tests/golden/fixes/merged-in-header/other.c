#include "ring.h"

int ring_room(const struct ring *ring);

/* Doesn't call setup_transmit, only reads the header. */
int ring_room(const struct ring *ring)
{
	return ring->slots - ring->used;
}
