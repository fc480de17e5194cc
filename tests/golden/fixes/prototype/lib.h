struct lib_other;

extern int lib_get(int key);
