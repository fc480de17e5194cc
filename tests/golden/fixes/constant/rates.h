static const unsigned int base_rate = 7;

static inline unsigned int scaled(unsigned int x)
{
	return x * base_rate;
}
