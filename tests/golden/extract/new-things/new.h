#define NEW_LIMIT 3
