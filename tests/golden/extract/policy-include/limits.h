/* not included by the unit */
#define LIMIT 16
