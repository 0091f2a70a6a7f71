#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "base/utf16.h"

/* All of the bytes at once, and byte by byte. */
static void check(const char *bytes, size_t n, bool big, const char *want,
		  bool cut)
{
	for (size_t step = 1; step <= n; step += n - 1) {
		struct kb_utf16 state = {.big = big};
		char to[KB_UTF16_ROOM(64)];
		size_t done = 0;

		for (size_t i = 0; i < n; i += step)
			done += kb_utf16_convert(&state, bytes + i,
						 step < n - i ? step : n - i,
						 to + done);
		assert_int_equal(done, strlen(want));
		assert_memory_equal(to, want, done);
		assert_int_equal(kb_utf16_is_cut(&state), cut);
	}
}

static void both_orders_are_read(void **state)
{
	(void)state;
	check("a\0\x2d\x4e", 4, false, "a中", false);
	check("\0a\x4e\x2d", 4, true, "a中", false);
	check("\x3d\xd8\x00\xde", 4, false, "😀", false);
	check("\xd8\x3d\xde\x00", 4, true, "😀", false);
}

static void half_a_pair_is_marked(void **state)
{
	(void)state;
	check("\xd8\x3d\0a", 4, true,
	      "\xef\xbf\xbd"
	      "a",
	      false);
	check("\xde\x00\0a", 4, true,
	      "\xef\xbf\xbd"
	      "a",
	      false);
	check("\xd8\x3d\xd8\x3d\xde\x00", 6, true,
	      "\xef\xbf\xbd"
	      "😀",
	      false);
}

static void a_cut_character_is_told(void **state)
{
	(void)state;
	check("\0a\x4e", 3, true, "a", true);
	check("\0a\xd8\x3d", 4, true, "a", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_orders_are_read),
	    cmocka_unit_test(half_a_pair_is_marked),
	    cmocka_unit_test(a_cut_character_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
