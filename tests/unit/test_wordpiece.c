#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "token/piece/vocabulary.h"

#define VOCABULARY                                                            \
	"{\"[PAD]\":0,\"[UNK]\":1,\"[CLS]\":2,\"[SEP]\":3,\"un\":4,"          \
	"\"##aff\":5,\"##able\":6,\"want\":7,\"##ed\":8,\"\\u9000\":9,"       \
	"\"\\u6b3e\":10,\",\":11,\"##\\u6b3e\":12,\"i\":13,\"##stanbul\":14," \
	"\"cafe\":15,\"\\u00e9\":16,\"A\":17,\"[\":18,\"]\":19,\"SEP\":20,"   \
	"\"sep\":21,\"unaff\":22,\"\\uff0c\":23,\"##e\":24,\"caf\":25,"       \
	"\"a\":26,\"\\u1112\":27,\"##\\u1161\":28,\"##\\u11ab\":29}"

#define TOKENIZER(normalizer)                                        \
	"{\"normalizer\":{\"type\":\"BertNormalizer\"" normalizer    \
	"},\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"       \
	"\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\"," \
	"\"max_input_chars_per_word\":12,\"vocab\":" VOCABULARY "}}"

static const char lower[] = TOKENIZER(",\"lowercase\":true");
static const char cased[] = TOKENIZER(",\"lowercase\":false");
static const char lower_marks[] =
    TOKENIZER(",\"lowercase\":true,\"strip_accents\":false");

struct model {
	struct kb_buf blob;
	struct kb_wordpiece wp;
};

static void model_make(struct model *m, const char *json)
{
	struct kb_err err = {0};

	kb_buf_init(&m->blob, 0);
	if (kb_vocabulary_read(kb_str_of(json), &m->blob, &err))
		fail_msg("%s", err.msg);
	if (kb_wordpiece_open(&m->wp, m->blob.ptr, m->blob.len, &err))
		fail_msg("%s", err.msg);
}

/* The tokens as "4 5 6". */
static const char *tokens(const struct model *m, struct kb_str text)
{
	static char line[512];
	uint32_t ids[64];
	bool rest;
	size_t n = kb_wordpiece_encode(&m->wp, text, ids, 64, &rest), at = 0;

	assert_false(rest);
	line[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s%u",
				       i ? " " : "", ids[i]);
	return line;
}

/* What the tokenizers library says of the same vocabulary. */
static const struct {
	const char *json, *text, *tokens;
} rows[] = {
    {lower, "unaffable", "22 6"},
    {lower, "UNaffable, wanted", "22 6 11 7 8"},
    {lower, "退款", "9 10"},
    {lower, "un退款un", "4 9 10 4"},
    {lower, "退\xef\xbc\x8c款", "9 23 10"},
    {lower, "café", "15"},
    {lower, "cafe\xcc\x81", "15"},
    {lower_marks, "café", "1"},
    {lower_marks, "É", "16"},
    {lower, "İstanbul", "13 14"},
    {cased, "A a", "17 26"},
    {cased, "CAFE", "1"},
    {lower, "[SEP]", "18 21 19"},
    {cased, "[SEP]", "18 20 19"},
    {lower, "한", "27 28 29"},
    {lower,
     "un\xe2\x80\x8b"
     "aff",
     "22"},
    {lower, "un\xe3\x80\x80want\n\twant\xc2\xa0un", "4 7 7 4"},
    {lower, "wantedwanted", "1"},
    {lower, "unknowable", "1"},
    {lower, "aaaaaaaaaaaaa", "1"},
    {lower,
     "un\xff"
     "aff",
     "22"},
    {lower, "", ""},
    {lower, " \t\r\n", ""},
};

static void test_rows(void **state)
{
	struct model m;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		model_make(&m, rows[i].json);
		assert_string_equal(tokens(&m, kb_str_of(rows[i].text)),
				    rows[i].tokens);
		kb_buf_release(&m.blob);
	}
}

static void test_no_more_than_wanted(void **state)
{
	const struct kb_str text = KB_STR("un want un want");
	uint32_t ids[4] = {0, 0, 99, 99};
	struct model m;
	bool rest;

	(void)state;
	model_make(&m, lower);
	assert_int_equal(kb_wordpiece_encode(&m.wp, text, ids, 2, &rest), 2);
	assert_true(rest);
	assert_int_equal(ids[1], 7);
	assert_int_equal(ids[2], 99);
	assert_int_equal(kb_wordpiece_encode(&m.wp, text, ids, 4, &rest), 4);
	assert_false(rest);
	kb_buf_release(&m.blob);
}

/* A text of megabytes is read as far as its tokens are wanted. */
static void test_long_text(void **state)
{
	static char text[1 << 24];
	uint32_t ids[8];
	struct model m;
	bool rest;

	(void)state;
	model_make(&m, lower);
	memset(text, ',', sizeof(text));
	for (int i = 0; i < 1000; i++)
		assert_int_equal(kb_wordpiece_encode(
				     &m.wp, (struct kb_str){text, sizeof(text)},
				     ids, 8, &rest),
				 8);
	assert_true(rest);
	kb_buf_release(&m.blob);
}

static const struct {
	const char *json, *message;
} refused[] = {
    {"{\"model\":{\"type\":\"BPE\"}}",
     "tokenizer.json: a model of type 'BPE' is not understood"},
    {"{}", "tokenizer.json: a model of type 'none' is not understood"},
    {"{\"model\":{\"type\":\"WordPiece\"}}",
     "tokenizer.json: a normalizer of type 'none' is not understood"},
    {"[", "tokenizer.json: byte 2: value is missing"},
    {"{\"normalizer\":{\"type\":\"BertNormalizer\"},\"pre_tokenizer\":{"
     "\"type\":\"BertPreTokenizer\"},\"model\":{\"type\":\"WordPiece\","
     "\"vocab\":{\"a\":0,\"b\":2}}}",
     "tokenizer.json: the ids of the vocabulary are not 0 to 1, each once"},
    {"{\"normalizer\":{\"type\":\"BertNormalizer\"},\"pre_tokenizer\":{"
     "\"type\":\"BertPreTokenizer\"},\"model\":{\"type\":\"WordPiece\","
     "\"vocab\":{\"[UNK]\":0}}}",
     "tokenizer.json: the vocabulary has no '[CLS]'"},
};

static void test_refused(void **state)
{
	struct kb_err err;
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		assert_int_equal(
		    kb_vocabulary_read(kb_str_of(refused[i].json), &out, &err),
		    KB_EINVAL);
		assert_string_equal(err.msg, refused[i].message);
		assert_int_equal(out.len, 0);
	}
	kb_buf_release(&out);
}

/* Each cut of a blob is refused. */
static void test_cut_blob(void **state)
{
	struct kb_wordpiece wp;
	struct model m;

	(void)state;
	model_make(&m, lower);
	for (size_t len = 0; len < m.blob.len; len++)
		assert_int_equal(kb_wordpiece_open(&wp, m.blob.ptr, len, NULL),
				 KB_EFORMAT);
	kb_buf_release(&m.blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_no_more_than_wanted),
	    cmocka_unit_test(test_long_text),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_cut_blob),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
