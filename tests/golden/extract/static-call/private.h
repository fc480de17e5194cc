/* Another unit changes the key. */
#define DECLARE_KEY(name, fn) extern typeof(&fn) key_##name
#define DEFINE_KEY(name, fn) DECLARE_KEY(name, fn); typeof(&fn) key_##name = fn
#define CALL(name) (*key_##name)
