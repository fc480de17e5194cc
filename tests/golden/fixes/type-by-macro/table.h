#define SLOTS 4

struct table {
	int slot[SLOTS];
	int used;
};
