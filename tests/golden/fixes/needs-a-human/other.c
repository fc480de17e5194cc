#include "door.h"

int other(struct door *door);
int other(struct door *door)
{
	return door_knock(door);
}
