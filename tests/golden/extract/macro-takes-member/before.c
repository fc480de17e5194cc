/* A macro is given the name of a variable, and takes a member of that name, too. */
struct unit {
	int limits[2];
};

struct unit *unit_of(int id);
int limit_of(int id);
int own_limit(const struct unit *unit);
void set_limits(int low, int high);

static struct unit units[2];
static int limits[2] = { 1, 2 };

__attribute__((noinline)) struct unit *unit_of(int id)
{
	units[id & 1].limits[0]++;
	return id < 0 ? 0 : &units[id & 1];
}

#define chosen(id, var)                 \
	(*({                            \
		__typeof__(&var) p = &var; \
		if (unit_of(id))        \
			p = &unit_of(id)->var; \
		p;                      \
	}))

void set_limits(int low, int high)
{
	limits[0] = low;
	limits[1] = high;
}

int limit_of(int id)
{
	return chosen(id, limits)[0];
}

/* Spelled here, each is what it is. */
int own_limit(const struct unit *unit)
{
	return unit->limits[1] + limits[1];
}
