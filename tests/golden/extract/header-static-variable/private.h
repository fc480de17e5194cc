static int seen;
static const int limits[] = { 1, 2 };
