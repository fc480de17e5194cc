extern int sink(int n);

int pool_get(int n);
int pool_get(int n)
{
	return sink(n);
}
