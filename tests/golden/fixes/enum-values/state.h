enum state {
	STATE_NEW,
	STATE_DONE,
	STATE_GONE = 10,
	STATE_LAST,
};

#define IS_DONE(s) ((s) == STATE_DONE)
