#include "env.h"


enum { FIRST = 1, SECOND };
enum named { THIRD = SECOND + 1, FOURTH };
enum unused { FIFTH };
typedef enum { SIXTH = 6 } six_t;
struct holder {
	enum { INNER_A, INNER_B } inner;
};

int target(int a)
{
	switch (a) {
	case FIRST:
		return FOURTH;
	case SIXTH:
		return INNER_B;
	}
	return 1;
}
