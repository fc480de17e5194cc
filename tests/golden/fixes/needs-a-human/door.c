#include "door.h"

static int limit = 3;

int door_knock(struct door *door)
{
	return door->open < limit++;
}

static int enter(struct door *door)
{
	door->open++;
	return 0;
}

const struct door_ops door_ops = {
	.enter = enter,
};
