/* Cutting text for byte-pair tokenizers, beside the patterns themselves as
 * PCRE2 runs them, over random and real text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"
#include "base/file.h"
#include "token/token_class.h"
#include "token/token_split.h"

/* White_Space; \s of PCRE2 has U+180E, too. */
#define WS                                                               \
	"\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}" \
	"\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"
#define ENDS   "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define UPPER  "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define LOWER  "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define BLANKS "[" WS "]*[\\r\\n]+|[" WS "]+(?![^" WS "])|[" WS "]+"
#define PLAIN(digits)                                                  \
	ENDS "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" digits "| ?[^" WS \
	     "\\p{L}\\p{N}]+[\\r\\n]*|" BLANKS

/* One after the other; what is between matches is a piece, too. */
static const char *const patterns[KB_SPLIT_RULES][3] = {
    [KB_SPLIT_O200K] = {"[^\\r\\n\\p{L}\\p{N}]?" UPPER "*" LOWER "+" ENDS
			"?|[^\\r\\n\\p{L}\\p{N}]?" UPPER "+" LOWER "*" ENDS
			"?|\\p{N}{1,3}| ?[^" WS "\\p{L}\\p{N}]+[\\r\\n/]*"
			"|" BLANKS},
    [KB_SPLIT_CL100K] = {"'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++"
			 "|\\p{N}{1,3}+| ?[^" WS "\\p{L}\\p{N}]++[\\r\\n]*+"
			 "|[" WS "]++$|[" WS "]*[\\r\\n]|[" WS "]+(?![^" WS
			 "])|[" WS "]"},
    [KB_SPLIT_LLAMA3] = {PLAIN("{1,3}")},
    [KB_SPLIT_QWEN2] = {PLAIN("")},
    [KB_SPLIT_GPT2] = {"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+"
		       "| ?[^" WS "\\p{L}\\p{N}]+"
		       "|[" WS "]+(?![^" WS "])|[" WS "]+"},
    [KB_SPLIT_DEEPSEEK] =
	{"\\p{N}{1,3}",
	 "[\\x{4e00}-\\x{9fa5}\\x{3040}-\\x{309f}\\x{30a0}-\\x{30ff}]+",
	 "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
	 "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
	 "| ?[\\p{P}\\p{S}]+[\\r\\n]*|" BLANKS},
};

static pcre2_code *codes[KB_SPLIT_RULES][3];
static pcre2_match_data *match;
static unsigned char differs[0x110000 / 8]; /* PCRE2 has another class */

static pcre2_code *compile(const char *pattern)
{
	int why;
	size_t at;
	pcre2_code *code = pcre2_compile(
	    (PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, &why, &at, NULL);

	assert_non_null(code);
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static int open_patterns(void **state)
{
	(void)state;
	match = pcre2_match_data_create(16, NULL);
	for (size_t r = 0; r < KB_SPLIT_RULES; r++)
		for (size_t i = 0; i < 3 && patterns[r][i]; i++)
			codes[r][i] = compile(patterns[r][i]);
	return 0;
}

static int close_patterns(void **state)
{
	(void)state;
	for (size_t r = 0; r < KB_SPLIT_RULES; r++)
		for (size_t i = 0; i < 3; i++)
			pcre2_code_free(codes[r][i]);
	pcre2_match_data_free(match);
	return 0;
}

/* Does the pattern match at or behind 'at'? */
static bool find(const pcre2_code *code, const char *text, size_t len,
		 size_t at, size_t *start, size_t *end)
{
	int rc = pcre2_match(code, (PCRE2_SPTR)text, len, at,
			     PCRE2_NO_UTF_CHECK, match, NULL);

	assert_true(rc > 0 || rc == PCRE2_ERROR_NOMATCH);
	if (rc < 0)
		return false;
	*start = pcre2_get_ovector_pointer(match)[0];
	*end = pcre2_get_ovector_pointer(match)[1];
	return true;
}

/* Cut one part by the patterns from the i-th on; ends go to out. */
static void cut(size_t rule, size_t i, const char *text, size_t len,
		size_t base, struct kb_buf *out)
{
	size_t at = 0, start, end;

	if (!len)
		return;
	if (i == 3 || !codes[rule][i]) {
		end = base + len;
		kb_buf_add(out, &end, sizeof(end));
		return;
	}
	while (find(codes[rule][i], text, len, at, &start, &end)) {
		size_t last = base + end;

		cut(rule, i + 1, text + at, start - at, base + at, out);
		kb_buf_add(out, &last, sizeof(last));
		at = end;
	}
	cut(rule, i + 1, text + at, len - at, base + at, out);
}

static void assert_cut_alike(enum kb_split_rule rule, const char *text,
			     size_t len)
{
	struct kb_buf want, got;

	kb_buf_init(&want, 0);
	kb_buf_init(&got, 0);
	cut(rule, 0, text, len, 0, &want);
	for (size_t at = 0; at < len;) {
		at = kb_token_split(rule, text, len, at);
		kb_buf_add(&got, &at, sizeof(at));
	}
	if (got.len != want.len || memcmp(got.ptr, want.ptr, got.len) != 0)
		fail_msg("rule %d cuts '%.*s' otherwise", (int)rule, (int)len,
			 text);
	kb_buf_release(&want);
	kb_buf_release(&got);
}

/* Classes differ in what was assigned since the Unicode of PCRE2, and a few
 * characters that were given another category. */
static void classes_are_those_of_unicode(void **state)
{
	pcre2_code *code =
	    compile("(\\p{Ll})|([\\p{Lu}\\p{Lt}])|([\\p{Lm}\\p{Lo}])|(\\p{M})"
		    "|(\\p{N})|([" WS "])|([\\p{P}\\p{S}])|(\\p{Cn})|");
	static const enum kb_token_class of_group[] = {0,
						       KB_TOKEN_LOWER,
						       KB_TOKEN_UPPER,
						       KB_TOKEN_LETTER,
						       KB_TOKEN_MARK,
						       KB_TOKEN_NUMBER,
						       KB_TOKEN_SPACE,
						       KB_TOKEN_SYMBOL,
						       KB_TOKEN_OTHER};
	size_t changed = 0;

	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char bytes[4];
		size_t n;
		int group;

		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		n = kb_utf8_encode(bytes, cp);
		group = pcre2_match(code, (PCRE2_SPTR)bytes, n, 0,
				    PCRE2_NO_UTF_CHECK, match, NULL) -
			1;
		assert_true(group >= 0 && group < 9);
		if (kb_token_class(cp) == of_group[group])
			continue;
		differs[cp / 8] |= (unsigned char)(1 << cp % 8);
		changed += group != 8;
	}
	assert_in_range(changed, 0, 40);
	pcre2_code_free(code);
}

static uint64_t seed = 1;

static uint32_t below(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % n;
}

/* Characters that the patterns tell apart. */
static const char *const told_apart[] = {
    "a",
    "z",
    "A",
    "Z",
    " ",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\r",
    "/",
    "'",
    "'s",
    "'S",
    "'\xc5\xbf",
    "'ll",
    "'Re",
    "'VE",
    "'d",
    "'m",
    "'t",
    "'x",
    "1",
    "0",
    "999",
    "\xc2\xb2",
    "\xe2\x85\xa7",
    "\xd9\xa1",
    "\xe4\xb8\xad",
    "\xe7\x9a\x84\xe6\x96\x87",
    "\xe3\x81\x82",
    "\xe3\x82\xab",
    "\xe3\x83\xbb",
    "\xe3\x83\xbc",
    "\xe4\xb7\x80",
    "\xef\xbc\x8c",
    "\xe3\x80\x82",
    "\xe3\x80\x80",
    "\xc2\xa0",
    "\xc2\x85",
    "\xe1\xa0\x8e",
    "\xe2\x80\xa8",
    "\xcc\x81",
    "\xe0\xa4\x83",
    "\xe2\x83\x9d",
    "\xc3\x89",
    "\xc3\xa9",
    "\xc7\x85",
    "\xca\xb0",
    "\xc2\xaa",
    "\xd7\x90",
    "\xd1\x86",
    "\xd0\xa6",
    ".",
    "!",
    "-",
    "_",
    "$",
    "~",
    "\x01",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "\xf0\x9f\x98\x80",
    "\xf0\xa0\x80\x80",
    "\xf3\xa0\x81\x81",
    "\xf0\x9d\x9f\x98",
    "hello",
    "World",
};

/* A run of random characters; 'kind' says of what. */
static size_t make(unsigned kind, char *text, size_t room)
{
	size_t n = 1 + below(40), len = 0;

	for (size_t i = 0; i < n && len + 8 < room; i++) {
		uint32_t cp = below(kind == 1 ? 0x110000 : 0x3100);

		if (kind == 0 || (cp >= 0xd800 && cp < 0xe000) ||
		    differs[cp / 8] >> cp % 8 & 1) {
			const char *some = told_apart[below(
			    sizeof(told_apart) / sizeof(*told_apart))];

			memcpy(text + len, some, strlen(some));
			len += strlen(some);
			continue;
		}
		len += kb_utf8_encode(text + len, cp);
	}
	return len;
}

static void every_rule_cuts_as_its_pattern(void **state)
{
	char text[512];

	(void)state;
	for (unsigned i = 0; i < 60000; i++) {
		size_t len = make(i % 3, text, sizeof(text));

		for (unsigned rule = 0; rule < KB_SPLIT_RULES; rule++)
			assert_cut_alike(rule, text, len);
	}
}

static void real_text_is_cut_as_the_patterns_say(void **state)
{
	static const char *const files[] = {"README.md",
					    "tests/data/questions.jsonl",
					    "tests/data/dialogues.jsonl",
					    "tests/data/templates.jsonl",
					    "lib/token/token_split.c",
					    "man/kb.7"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct kb_buf text;

		kb_buf_init(&text, 0);
		assert_int_equal(kb_file_read(files[i], 1 << 24, &text, NULL),
				 0);
		for (unsigned rule = 0; rule < KB_SPLIT_RULES; rule++)
			assert_cut_alike(rule, text.ptr, text.len);
		kb_buf_release(&text);
	}
}

static void broken_bytes_are_cut_whole(void **state)
{
	char text[64];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		size_t len = 1 + below(sizeof(text));

		for (size_t k = 0; k < len; k++)
			text[k] = (char)below(256);
		for (unsigned rule = 0; rule < KB_SPLIT_RULES; rule++)
			for (size_t at = 0, end; at < len; at = end) {
				end = kb_token_split(rule, text, len, at);
				assert_true(end > at && end <= len);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(classes_are_those_of_unicode),
	    cmocka_unit_test(every_rule_cuts_as_its_pattern),
	    cmocka_unit_test(real_text_is_cut_as_the_patterns_say),
	    cmocka_unit_test(broken_bytes_are_cut_whole),
	};

	return cmocka_run_group_tests_name("token_split", tests, open_patterns,
					   close_patterns);
}
