#include "env.h"
#include "btf.h"

BTF_ID_LIST(ids)
BTF_ID(struct, file)

int target(int a)
{
	return ids[0] == a ? 1 : 0;
}
