/* The header of one file: it declares that file's functions. */
struct state {
	int count;
};
static int first(struct state *s);
static int second(struct state *s);
static int third(struct state *s);
static int fourth(struct state *s);
