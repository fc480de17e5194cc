extern struct static_key_false bonus_key;

#define bonus_enabled() static_branch_unlikely(&bonus_key)
#define bonus() (bonus_enabled() ? 100 : 0)
