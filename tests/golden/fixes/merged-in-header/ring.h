/* Two rings of one layout: gcc makes one function of both, and no dump tells. */
struct ring {
	int slots, used;
};

int ring_io(struct ring *ring, int command);

static inline int setup_receive(struct ring *ring)
{
	int status = ring_io(ring, 1);

	if (status < 0)
		return status;
	for (int i = 0; i < ring->slots; i++)
		status += ring_io(ring, 16 + i);
	return ring_io(ring, 2) + status;
}

static inline int setup_transmit(struct ring *ring)
{
	int status = ring_io(ring, 1);

	if (status < 0)
		return status;
	for (int i = 0; i < ring->slots; i++)
		status += ring_io(ring, 16 + i);
	return ring_io(ring, 2) + status;
}
