struct lock;
extern void lock_take(struct lock *lock);
extern void lock_give(struct lock *lock);
extern void spin_lock(struct lock *lock);
extern void spin_unlock(struct lock *lock);

struct door {
	struct lock *lock;
	int open;
};

struct door_ops {
	int (*enter)(struct door *door);
	int (*leave)(struct door *door);
};

extern int door_knock(struct door *door);
extern const struct door_ops door_ops;
