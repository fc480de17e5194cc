extern struct static_key_false bonus_key;

static inline int bonus(void)
{
	return static_branch_unlikely(&bonus_key) ? 100 : 0;
}
