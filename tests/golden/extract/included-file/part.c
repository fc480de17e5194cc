/* Of its own. */
static int in_part = 2;

static noinline int part(int a)
{
	return exported(a) + shared + in_part++ + PREFIX + 1;
}
