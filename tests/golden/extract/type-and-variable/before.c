#include "env.h"

static struct config {
	int limit;
} config = { 3 }, *current_config = &config;

int target(struct config *c)
{
	config.limit = c->limit;
	return current_config->limit + 1;
}

void other(struct config *c)
{
	current_config = c;
}
