#include "env.h"


#define NSLOTS 4
#define SLOT_FREE ((struct slot *)NULL)

struct slot {
	u32 id;
	struct slot *next;
};

static struct slot *slots[NSLOTS][2], pool[NSLOTS * 2];

int target(u32 id)
{
	int i;

	for (i = 0; i < NSLOTS; i++)
		if (slots[i][0] == SLOT_FREE) {
			slots[i][1] = &pool[sizeof(slots) / sizeof(slots[0])];
			return i;
		}
	return -1;
}

void other(int i)
{
	slots[i][0] = &pool[i];
	pool[i].id = i;
}
