#include "state.h"

enum state first(void);
enum state first(void)
{
	return STATE_NEW;
}
