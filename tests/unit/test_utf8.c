#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"

static void only_well_formed_characters_have_a_length(void **state)
{
	static const struct {
		const char *bytes;
		size_t len; /* 0: not well-formed */
		uint32_t cp;
	} rows[] = {
	    {"a", 1, 'a'},
	    {"\x7f", 1, 0x7f},
	    {"\xc2\x80", 2, 0x80},
	    {"\xdf\xbf", 2, 0x7ff},
	    {"\xe0\xa0\x80", 3, 0x800},
	    {"中", 3, 0x4e2d},
	    {"\xed\x9f\xbf", 3, 0xd7ff},
	    {"\xee\x80\x80", 3, 0xe000},
	    {"\xef\xbf\xbf", 3, 0xffff},
	    {"\xf0\x90\x80\x80", 4, 0x10000},
	    {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	    /* overlong */
	    {"\xc0\x80", 0, 0},
	    {"\xc1\xbf", 0, 0},
	    {"\xe0\x9f\xbf", 0, 0},
	    {"\xf0\x8f\xbf\xbf", 0, 0},
	    /* surrogates, above U+10FFFF, no lead byte */
	    {"\xed\xa0\x80", 0, 0},
	    {"\xed\xbf\xbf", 0, 0},
	    {"\xf4\x90\x80\x80", 0, 0},
	    {"\xf5\x80\x80\x80", 0, 0},
	    {"\x80", 0, 0},
	    {"\xff", 0, 0},
	    /* cut, or broken inside */
	    {"\xc2", 0, 0},
	    {"\xe4\xb8", 0, 0},
	    {"\xf0\x9f\x98", 0, 0},
	    {"\xe4\x41\xad", 0, 0},
	    {"\xe4\xb8\x41", 0, 0},
	    {"\xf0\x9f\x98\x41", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = strlen(rows[i].bytes), want = rows[i].len;
		char back[4];
		uint32_t cp;

		assert_int_equal(kb_utf8_len(rows[i].bytes, n), want);
		assert_int_equal(kb_utf8_next(rows[i].bytes, n, &cp),
				 want ? want : 1);
		assert_int_equal(cp, want ? rows[i].cp : KB_UTF8_BAD);
		assert_int_equal(kb_utf8_valid(rows[i].bytes, n), want > 0);
		if (!want)
			continue;
		assert_int_equal(kb_utf8_encode(back, cp), n);
		assert_memory_equal(back, rows[i].bytes, n);
		assert_int_equal(kb_utf8_prev(rows[i].bytes, n, &cp), n);
		assert_int_equal(cp, rows[i].cp);
	}
}

static void a_bad_byte_is_a_character_of_its_own(void **state)
{
	const char *text = "a\xe4\xb8中\xff";
	uint32_t cp;

	(void)state;
	assert_int_equal(kb_utf8_count(text, 7), 5);
	assert_int_equal(kb_utf8_seek(text, 7, 2), 2);
	assert_int_equal(kb_utf8_seek(text, 7, 4), 6);
	assert_int_equal(kb_utf8_seek(text, 7, 9), 7);
	assert_int_equal(kb_utf8_prev(text, 3, &cp), 1);
	assert_int_equal(cp, KB_UTF8_BAD);
	assert_false(kb_utf8_valid(text, 7));
	assert_true(kb_utf8_valid(text, 1));
}

static void nothing_is_whole_and_has_no_characters(void **state)
{
	(void)state;
	assert_true(kb_utf8_valid("", 0));
	assert_int_equal(kb_utf8_count("", 0), 0);
	assert_int_equal(kb_utf8_seek("", 0, 3), 0);
	assert_int_equal(kb_utf8_cut("", 0, 3), 0);
}

static void a_cut_keeps_characters_whole(void **state)
{
	const char *text = "a中\xf0\x9f\x98\x80";
	static const size_t want[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};

	(void)state;
	for (size_t max = 0; max < sizeof(want) / sizeof(*want); max++)
		assert_int_equal(kb_utf8_cut(text, 8, max), want[max]);
	/* stray bytes belong to no character */
	assert_int_equal(kb_utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
}

static void a_buffer_takes_code_points(void **state)
{
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	kb_utf8_add(&out, 'a');
	kb_utf8_add(&out, 0xe9);
	kb_utf8_add(&out, 0x4e2d);
	kb_utf8_add(&out, 0x1f600);
	kb_utf8_add(&out, 0xfffd);
	assert_string_equal(out.ptr,
			    "a\xc3\xa9中\xf0\x9f\x98\x80" KB_UTF8_MARK);
	kb_buf_release(&out);
}

/* Two at a time never say more than one at a time. */
static void pairs_are_two_well_formed_characters(void **state)
{
	char bytes[8] = "abcdefgh";
	uint64_t word;

	(void)state;
	assert_true(kb_utf8_pair("中文gh", &word));
	assert_true(kb_utf8_pair_is_han(word));
	assert_true(kb_utf8_pair("。，gh", &word));
	assert_false(kb_utf8_pair_is_han(word));
	assert_false(kb_utf8_pair("中a文h", &word));
	for (uint32_t i = 0; i < 1u << 16; i++) {
		const unsigned char lead[] = {0xe0, 0xe4, 0xed, 0xef, 0xf0};

		bytes[0] = (char)lead[i % 5];
		bytes[1] = (char)(0x60 + i / 5 % 0x80);
		bytes[2] = (char)(0x60 + i / 640 % 0x80);
		memcpy(bytes + 3, bytes, 3);
		if (kb_utf8_pair(bytes, &word))
			assert_int_equal(kb_utf8_len(bytes, 6), 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_well_formed_characters_have_a_length),
	    cmocka_unit_test(a_bad_byte_is_a_character_of_its_own),
	    cmocka_unit_test(nothing_is_whole_and_has_no_characters),
	    cmocka_unit_test(a_cut_keeps_characters_whole),
	    cmocka_unit_test(a_buffer_takes_code_points),
	    cmocka_unit_test(pairs_are_two_well_formed_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
