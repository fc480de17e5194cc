extern int pool_get(int n);
