/*
 * Byte-pair encoding: ids as tiktoken gives them, a line of
 * tests/data/tokens.jsonl each (tests/eval/tokens.py --write), and as merging
 * pair after pair gives them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "token/bpe.h"
#include "token/bpe_builtin.h"
#include "token/bpe_piece.h"
#include "token/tiktoken_file.h"
#include "token/token_tally.h"
#include "json/rec.h"

#define VECTORS_FILE "tests/data/tokens.jsonl"
#define VECTORS_MIN  1000

static uint64_t seed = 1;

static uint32_t below(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % n;
}

/* ---- kept vectors ---- */

static void assert_ids(struct kb_bpe_counter *counter, struct kb_str text,
		       struct kb_json want)
{
	struct kb_json_iter it = kb_json_iter(want);
	struct kb_buf ids;
	size_t n = 0;

	kb_buf_init(&ids, 0);
	kb_bpe_encode(counter, text.ptr, text.len, &ids);
	for (; kb_json_next(&it); n++) {
		uint32_t id;
		int64_t number;

		assert_true(kb_json_int(it.val, &number));
		assert_in_range(n, 0, ids.len / sizeof(id) - 1);
		memcpy(&id, ids.ptr + n * sizeof(id), sizeof(id));
		if (id != (uint64_t)number)
			fail_msg("'%.*s': token %zu is %u in the place of %lld",
				 (int)text.len, text.ptr, n, id,
				 (long long)number);
	}
	assert_int_equal(n, ids.len / sizeof(uint32_t));
	assert_int_equal(n, kb_bpe_count(counter, text.ptr, text.len));
	kb_buf_release(&ids);
}

static void ids_are_those_of_tiktoken(void **state)
{
	struct kb_bpe o200k, cl100k;
	struct kb_bpe_counter *counters[2];
	struct kb_arena arena;
	FILE *f = fopen(VECTORS_FILE, "r");
	char *line = NULL;
	size_t cap = 0, n = 0;
	ssize_t len;

	(void)state;
	assert_non_null(f);
	kb_bpe_builtin(KB_SPLIT_O200K, &o200k);
	kb_bpe_builtin(KB_SPLIT_CL100K, &cl100k);
	counters[0] = kb_bpe_counter_new(&o200k);
	counters[1] = kb_bpe_counter_new(&cl100k);
	kb_arena_init(&arena);
	for (; (len = getline(&line, &cap, f)) > 1; n++) {
		struct kb_rec rec;
		struct kb_str text;

		kb_arena_reset(&arena);
		assert_int_equal(
		    kb_rec_scan(&rec, &arena, line, (size_t)len - 1, NULL), 0);
		assert_true(
		    kb_json_str(kb_rec_get(&rec, "text"), &arena, &text));
		assert_ids(counters[0], text, kb_rec_get(&rec, "o200k"));
		assert_ids(counters[1], text, kb_rec_get(&rec, "cl100k"));
	}
	assert_true(n >= VECTORS_MIN);
	kb_arena_release(&arena);
	kb_bpe_counter_free(counters[0]);
	kb_bpe_counter_free(counters[1]);
	free(line);
	fclose(f);
}

/* ---- beside the plain way ---- */

/* The definition: the lowest rank, the leftmost of equals, until none. */
static size_t merge_plainly(const struct kb_bpe *bpe, uint32_t *ids, size_t n)
{
	for (;;) {
		uint32_t least = KB_BPE_NO_RANK;
		size_t at = 0;

		for (size_t i = 0; i + 1 < n; i++) {
			uint32_t rank = kb_bpe_rank(bpe, ids[i], ids[i + 1]);

			if (rank < least) {
				least = rank;
				at = i;
			}
		}
		if (least == KB_BPE_NO_RANK)
			return n;
		ids[at] = kb_bpe_id(bpe, least);
		memmove(ids + at + 1, ids + at + 2,
			(n - at - 2) * sizeof(*ids));
		n--;
	}
}

static void assert_as_plain(struct kb_bpe_counter *counter,
			    const struct kb_bpe *bpe, const char *text,
			    size_t len)
{
	uint32_t ids[1024];
	struct kb_buf want, got;

	kb_buf_init(&want, 0);
	kb_buf_init(&got, 0);
	for (size_t at = 0, end; at < len; at = end) {
		end = kb_token_split(bpe->rule, text, len, at);
		assert_true(end - at <= 1024);
		for (size_t i = at; i < end; i++)
			ids[i - at] = bpe->byte_id[(unsigned char)text[i]];
		kb_buf_add(&want, ids,
			   merge_plainly(bpe, ids, end - at) * sizeof(*ids));
	}
	kb_bpe_encode(counter, text, len, &got);
	assert_int_equal(got.len, want.len);
	if (got.len)
		assert_memory_equal(got.ptr, want.ptr, got.len);
	assert_int_equal(kb_bpe_count(counter, text, len),
			 got.len / sizeof(*ids));
	kb_buf_release(&want);
	kb_buf_release(&got);
}

/* Parts of words, of characters and of nothing, of which long pieces come. */
static size_t make(unsigned kind, char *text, size_t room)
{
	static const char *const parts[] = {"a",
					    "aa",
					    "th",
					    "the",
					    "ing",
					    "er",
					    "S",
					    "\xe7\x9a\x84",
					    "\xe4\xb8\xad\xe5\x9b\xbd",
					    "\xe4\xba\xac",
					    "\xe6\x98",
					    "\xaf",
					    "\xe5",
					    "\x97",
					    "\xef\xbc\x8c",
					    "\xe3\x81\x97\xe3\x81",
					    " ",
					    "\n",
					    "=",
					    "\xf0\x9f\x98\x80",
					    "\xc3\xa9",
					    "\xed\xa0\x80",
					    "\xd0\xbe",
					    "\xe9\xbe\x98"};
	size_t len = 0, want = 1 + below((uint32_t)room - 16);

	while (len < want) {
		uint32_t i =
		    below(kind == 0 ? 8 : sizeof(parts) / sizeof(*parts));
		char any = (char)below(256);

		if (kind == 2 && below(4)) {
			text[len++] = any;
			continue;
		}
		memcpy(text + len, parts[i], strlen(parts[i]));
		len += strlen(parts[i]);
	}
	return len;
}

static void any_text_is_merged_as_defined(void **state)
{
	static const enum kb_split_rule rules[] = {KB_SPLIT_O200K,
						   KB_SPLIT_CL100K};
	char text[1024];

	(void)state;
	for (size_t r = 0; r < 2; r++) {
		struct kb_bpe bpe;
		struct kb_bpe_counter *counter;

		kb_bpe_builtin(rules[r], &bpe);
		counter = kb_bpe_counter_new(&bpe);
		for (unsigned i = 0; i < 3000; i++) {
			size_t room = i % 20 ? 100 : sizeof(text);
			size_t len = make(i % 3, text, room);

			assert_as_plain(counter, &bpe, text, len);
		}
		kb_bpe_counter_free(counter);
	}
}

/* Tokens of any ids, not only of bytes; the ways agree with each other. */
static void every_way_merges_alike(void **state)
{
	static const unsigned lengths[] = {1,  2,  13,	14,  15,  16,
					   40, 63, 125, 126, 127, 300};
	struct kb_bpe_room *room = NULL;
	struct kb_bpe bpe;

	(void)state;
	kb_bpe_builtin(KB_SPLIT_O200K, &bpe);
	for (unsigned i = 0; i < 6000; i++) {
		size_t n = lengths[i % (sizeof(lengths) / sizeof(*lengths))];
		size_t most = i % 5 ? 120 : bpe.n_ranks, want;
		uint32_t plain[301], other[301], start[301];

		for (size_t k = 0; k < n; k++)
			start[k] = below((uint32_t)most);
		memcpy(plain, start, n * sizeof(*start));
		want = merge_plainly(&bpe, plain, n);
		memcpy(other, start, n * sizeof(*start));
		assert_int_equal(kb_bpe_merge_long(&bpe, &room, other, n),
				 want);
		assert_memory_equal(other, plain, want * sizeof(*plain));
		if (n > KB_BPE_SHORT)
			continue;
		memcpy(other, start, n * sizeof(*start));
		assert_int_equal(kb_bpe_merge_short(&bpe, other, n), want);
		assert_memory_equal(other, plain, want * sizeof(*plain));
		memcpy(other, start, n * sizeof(*start));
		assert_int_equal(kb_bpe_merge_plain(&bpe, other, n), want);
		assert_memory_equal(other, plain, want * sizeof(*plain));
	}
	kb_bpe_room_free(room);
}

/* A line that begins with a letter behind one that ends with one. */
static void lines_add_up(void **state)
{
	struct kb_bpe bpe;
	struct kb_bpe_counter *counter;
	char text[600];

	(void)state;
	kb_bpe_builtin(KB_SPLIT_O200K, &bpe);
	counter = kb_bpe_counter_new(&bpe);
	for (unsigned i = 0; i < 2000; i++) {
		size_t a = make(0, text, 200), b;

		memcpy(text + a, "x\n", 2);
		text[a + 2] = 'y';
		b = make(1, text + a + 3, 200) + 1;
		assert_int_equal(kb_bpe_count(counter, text, a + 2 + b),
				 kb_bpe_count(counter, text, a + 2) +
				     kb_bpe_count(counter, text + a + 2, b));
	}
	kb_bpe_counter_free(counter);
}

static void what_was_counted_before_does_not_matter(void **state)
{
	struct kb_bpe bpe;
	struct kb_bpe_counter *used;
	char text[128];

	(void)state;
	kb_bpe_builtin(KB_SPLIT_O200K, &bpe);
	used = kb_bpe_counter_new(&bpe);
	for (unsigned i = 0; i < 300; i++) {
		struct kb_bpe_counter *fresh = kb_bpe_counter_new(&bpe);
		size_t len = make(i % 3, text, sizeof(text));

		assert_int_equal(kb_bpe_count(used, text, len),
				 kb_bpe_count(fresh, text, len));
		kb_bpe_counter_free(fresh);
	}
	assert_int_equal(kb_bpe_count(used, "", 0), 0);
	/* a piece and the same with zeros behind it are two */
	assert_int_equal(kb_bpe_count(used, "\x01\0", 2), 2);
	assert_int_equal(kb_bpe_count(used, "\x01", 1), 1);
	kb_bpe_counter_free(used);
}

/* Whatever parts a text comes in. */
static void parts_of_a_text_count_as_the_whole(void **state)
{
	static const char *const names[] = {"o200k", "cl100k"};
	enum { SIZE = 3 << 20 };
	char *text = malloc(SIZE + 1024);

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < 4; i++) {
		struct kb_tokenizer *tokenizer;
		struct kb_token_counter *counter;
		struct kb_token_tally tally;
		size_t len = 0, at = 0, n;

		assert_int_equal(
		    kb_tokenizer_open(names[i % 2], NULL, &tokenizer, NULL), 0);
		counter = kb_token_counter_new(tokenizer);
		while (len < SIZE) {
			len += make(i / 2, text + len, 60);
			for (n = below(3); n; n--)
				text[len++] = " \n/}\r\t"[below(6)];
		}
		kb_token_tally_init(&tally, counter);
		for (; at < len; at += n) {
			n = 1 + below(90000);
			if (n > len - at)
				n = len - at;
			kb_token_tally_add(&tally, text + at, n);
		}
		kb_token_tally_end(&tally);
		assert_int_equal(tally.tokens,
				 kb_token_count(counter, text, len));
		assert_int_equal(tally.bytes, len);
		kb_token_tally_release(&tally);
		kb_token_counter_free(counter);
		kb_tokenizer_close(tokenizer);
	}
	free(text);
}

/* ---- files of ranks ---- */

static void add_token(struct kb_buf *file, const char *token, size_t len,
		      unsigned rank)
{
	kb_base64_add(file, token, len);
	kb_buf_printf(file, " %u\n", rank);
}

static void add_bytes(struct kb_buf *file)
{
	for (unsigned i = 0; i < 256; i++) {
		char byte = (char)i;

		add_token(file, &byte, 1, i);
	}
}

static void a_token_without_a_way_to_it_is_taken(void **state)
{
	struct kb_bpe_owned owned;
	struct kb_bpe_counter *counter;
	struct kb_buf file, ids;
	struct kb_err err;
	static const struct {
		const char *text;
		uint32_t ids[4];
		size_t n;
	} rows[] = {
	    /* whole, though nothing below 256 leads to it */
	    {"abcd", {256}, 1},
	    /* by a pair of tokens with higher ranks */
	    {"abcde", {256, 'e'}, 2},
	    {"abc", {257, 'c'}, 2},
	    {"cd", {258}, 1},
	};

	(void)state;
	kb_buf_init(&file, 0);
	kb_buf_init(&ids, 0);
	add_bytes(&file);
	add_token(&file, "abcd", 4, 256);
	add_token(&file, "ab", 2, 257);
	add_token(&file, "cd", 2, 258);
	assert_int_equal(
	    kb_tiktoken_read(&owned, kb_buf_str(&file), KB_SPLIT_O200K, &err),
	    0);
	counter = kb_bpe_counter_new(&owned.bpe);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		kb_buf_reset(&ids);
		kb_bpe_encode(counter, rows[i].text, strlen(rows[i].text),
			      &ids);
		assert_int_equal(ids.len / 4, rows[i].n);
		assert_memory_equal(ids.ptr, rows[i].ids, ids.len);
	}
	kb_bpe_counter_free(counter);
	kb_bpe_owned_release(&owned);
	kb_buf_release(&file);
	kb_buf_release(&ids);
}

static void a_wrong_file_says_where(void **state)
{
	static const struct {
		const char *line, *why;
	} rows[] = {
	    {"YWI= x\n", "line 257 is not base64, a blank and a rank"},
	    {"YWI=\n", "line 257 is not base64"},
	    {"Y!I= 256\n", "line 257 is not base64"},
	    {" 256\n", "line 257 is not base64"},
	    {"YWI= 99999999999\n", "line 257 is not base64"},
	    {"YWI= 255\n", "line 257 is not base64, a blank and a rank of its"},
	    {"YQ== 256\n", "tokens 97 and 256 are the same"},
	};
	struct kb_bpe_owned owned;
	struct kb_buf file;
	struct kb_err err;
	size_t n;

	(void)state;
	kb_buf_init(&file, 0);
	add_bytes(&file);
	n = file.len;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		file.len = n;
		kb_buf_add_cstr(&file, rows[i].line);
		assert_int_equal(kb_tiktoken_read(&owned, kb_buf_str(&file),
						  KB_SPLIT_O200K, &err),
				 KB_EFORMAT);
		assert_ptr_equal(strstr(err.msg, rows[i].why), err.msg);
	}
	file.len = n - 10;
	kb_buf_add_char(&file, '\n');
	assert_int_equal(kb_tiktoken_read(&owned, (struct kb_str){"", 0},
					  KB_SPLIT_O200K, &err),
			 KB_EFORMAT);
	assert_non_null(strstr(err.msg, "0 of the 256 bytes"));
	kb_buf_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_are_those_of_tiktoken),
	    cmocka_unit_test(any_text_is_merged_as_defined),
	    cmocka_unit_test(every_way_merges_alike),
	    cmocka_unit_test(lines_add_up),
	    cmocka_unit_test(what_was_counted_before_does_not_matter),
	    cmocka_unit_test(parts_of_a_text_count_as_the_whole),
	    cmocka_unit_test(a_token_without_a_way_to_it_is_taken),
	    cmocka_unit_test(a_wrong_file_says_where),
	};

	return cmocka_run_group_tests_name("bpe", tests, NULL, NULL);
}
