#include "limits.h"

/* LIMIT is mentioned here alone. */
const char *comment(void);
const char *comment(void)
{
	return "LIMIT";
}
