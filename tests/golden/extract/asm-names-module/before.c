#include "env.h"

static int count __used = 3;

static noinline __used int helper(int a)
{
	return a + count++;
}

int x_global(int a)
{
	return a - count;
}

__asm__(".pushsection .text\n"
	".globl thunk\n"
	".type thunk, @function\n"
	"thunk: jmp helper\n"
	".size thunk, . - thunk\n"
	".popsection\n");
int thunk(int a);

/* Names that no declaration can change. */
int target(int a)
{
	int b = a;

	__asm__ volatile("call helper" : "+D"(a) : : "memory", "ax");
	__asm__ volatile("call x_global\n\taddl count(%%rip), %0" : "+D"(b) : : "memory", "ax");
	return thunk(a) + b + 1;
}
