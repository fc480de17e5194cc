struct list_head {
	struct list_head *next, *prev;
};
#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }

typedef struct {
	union {
		int raw;
		struct {
			unsigned char tail[1];
			const char *dep;
		};
	};
} spinlock_t;
#define DEFINE_SPINLOCK(x) spinlock_t x = (spinlock_t){ { .tail = { 0 }, .dep = #x } }

struct work_struct {
	long data;
	struct list_head entry;
	void (*func)(struct work_struct *work);
};
#define DECLARE_WORK(n, f) struct work_struct n = { 1, { &(n).entry, &(n).entry }, (f) }

struct static_key_false {
	int enabled;
};
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name = { 0 }
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name)                                     \
	__attribute__((__section__(".data..percpu" "..shared_aligned"))) \
	__typeof__(type) name __attribute__((__aligned__(64)))
#define DEFINE_IDA(name) struct { spinlock_t lock; void *head; } name = {}
