/* Unigram: tokens, what is refused, and blobs that are damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "token/piece/vocabulary.h"
#include "token/token_tally.h"

/* tests/eval/charsmap.py '\n' ' ' '\r' ' ' '\uff21' A 'e\u0301' '\u00e9'
 * '\u200b' ' ' '\u00aa' a '\u00ad' '' '\u321a' '\u9000\u6b3e a' */
/* clang-format off */
static const char charsmap[] =
	"AAQAAAAEAAAVAACADAAAgAoAAIAJAACABwAAgAQAAIACAACAAAAAgAAAAIAAAACA"
	"Cg0AAA0tAAAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIBlhAEAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAICABAIA"
	"AAAAgAAAAIAAAACAAAAAgIEFAgCLLQIAiCwCAAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAmmkCAAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIChhQIAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAICqsQIAAAAAgAAAAIAAAACAAAAAgK2pAgAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgLzwAgAAAACA"
	"AAAAgAAAAIAAAACAAAAAgMIAAwAAAACAAAAAgAAAAIAAAACAAAAAgMw8AwAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIDjjAMA"
	"4oQDAAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIDvvAMA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACAAAAAgAAAAIAAAACA"
	"AAAAgAAAAIAAAACAAAAAgAAAAIAgACAAw6kAYQAAIADpgIDmrL4gYQBBAA==";
/* clang-format on */

static const char tokens[] =
    "[\"<unk>\",0],[\"<s>\",0],[\"</s>\",0],[\"\\u2581\",-3],"
    "[\"\\u2581\\u9000\",-4],[\"\\u9000\\u6b3e\",-5],[\"\\u6b3e\",-6],"
    "[\"a\",-4],[\"ab\",-5],[\"b\",-4.5],[\"\\u2581a\",-4],"
    "[\"\\u00e9\",-6],[\"c\",-4],[\"\\u2581\\u9000\\u6b3e\",-4.25],"
    "[\"aab\",-20],[\"A\",-5],[\",\",-3],[\"/\",-7],[\"s\",-7],"
    "[\"<\",-7],[\">\",-7],[\"\\u2581\\u9000\\u6b3ea\",-9],"
    "[\"\\u9000\",-7]";

#define ADDED(id, name) \
	"{\"id\":" id ",\"content\":\"" name "\",\"special\":true}"
#define PRECOMPILED "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"%s\"}"
#define METASPACE(more) \
	"{\"type\":\"Metaspace\",\"replacement\":\"\\u2581\"," more "}"
#define WORDS                                                  \
	"{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":" \
	"\"WhitespaceSplit\"}," METASPACE("\"add_prefix_space\":true") "]}"
#define ALWAYS	      METASPACE("\"prepend_scheme\":\"always\",\"split\":true")
#define SPECIAL(name) "{\"SpecialToken\":{\"id\":\"" name "\",\"type_id\":0}}"
#define TEXT(name)    "{\"Sequence\":{\"id\":\"" name "\",\"type_id\":0}}"

static const char post[] =
    "{\"type\":\"TemplateProcessing\",\"single\":[" SPECIAL("<s>") "," TEXT("A") "," SPECIAL("</s>") "],\"pair\":[" SPECIAL(
	"<s>") "," TEXT("A") "," SPECIAL("</s>") "," SPECIAL("</s>") "," TEXT("B") "," SPECIAL("</s>") "],\"special_tokens\":{"
												       "\"<s>\":{\"ids\":[1]},"
												       "\"</s>\":{\"ids\":[2]}}}";

struct form {
	const char *normalizer, *pre;
	bool bytes;
};

static const struct form words = {PRECOMPILED, WORDS, false};
static const struct form marks = {
    "{\"type\":\"Sequence\",\"normalizers\":[" PRECOMPILED
    ",{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true},"
    "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},"
    "\"content\":\"\\u2581\"}]}",
    ALWAYS, false};
static const struct form whole = {
    PRECOMPILED, METASPACE("\"prepend_scheme\":\"first\",\"split\":false"),
    false};
static const struct form plain = {"null", ALWAYS, false};
static const struct form bytes = {PRECOMPILED, WORDS, true};

/* With the charsmap where it says %s. */
static void add_normalizer(struct kb_buf *out, const char *text)
{
	const char *at = strstr(text, "%s");

	if (at) {
		kb_buf_add(out, text, (size_t)(at - text));
		kb_buf_add_cstr(out, charsmap);
		text = at + 2;
	}
	kb_buf_add_cstr(out, text);
}

/* The tokenizer.json of a form. */
static void make_json(struct kb_buf *out, const struct form *form)
{
	kb_buf_reset(out);
	kb_buf_add_cstr(out,
			"{\"added_tokens\":[" ADDED("0", "<unk>") "," ADDED(
			    "1", "<s>") "," ADDED("2", "</s>") "],"
							       "\"normali"
							       "zer\":");
	add_normalizer(out, form->normalizer);
	kb_buf_printf(out,
		      ",\"pre_tokenizer\":%s,\"post_processor\":%s,\"model\":{"
		      "\"type\":\"Unigram\",\"unk_id\":0,\"byte_fallback\":%s,"
		      "\"vocab\":[%s",
		      form->pre, post, form->bytes ? "true" : "false", tokens);
	for (unsigned i = 0; form->bytes && i < 256; i++)
		kb_buf_printf(out, ",[\"<0x%02X>\",0]", i);
	kb_buf_add_cstr(out, "]}}");
}

struct model {
	struct kb_buf json, blob;
	struct kb_vocabulary v;
};

static void model_make(struct model *m, const struct form *form)
{
	struct kb_err err = {0};

	kb_buf_init(&m->json, 0);
	kb_buf_init(&m->blob, 0);
	make_json(&m->json, form);
	if (kb_vocabulary_read(kb_buf_str(&m->json), &m->blob, &err) ||
	    kb_vocabulary_open(&m->v, m->blob.ptr, m->blob.len, &err))
		fail_msg("%s", err.msg);
}

static void model_release(struct model *m)
{
	kb_buf_release(&m->json);
	kb_buf_release(&m->blob);
}

/* The tokens as "4 5 6". */
static const char *tokens_of(const struct model *m, struct kb_str text)
{
	static char line[512];
	uint32_t ids[64];
	bool rest;
	size_t n = kb_vocabulary_encode(&m->v, text, ids, 64, &rest), at = 0;

	assert_false(rest);
	assert_int_equal(
	    kb_vocabulary_encode(&m->v, text, NULL, SIZE_MAX, NULL), n);
	line[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s%u",
				       i ? " " : "", ids[i]);
	return line;
}

/* What the tokenizers library says of the same vocabulary. */
static const struct {
	const struct form *form;
	const char *text, *tokens;
} rows[] = {
    {&words, "\u9000\u6b3e", "13"},
    {&words, "\u9000\u6b3ea", "13 7"},
    {&words, "ab", "3 8"},
    {&words, "aab", "10 8"},
    {&words, "a b", "10 3 9"},
    {&words, "a\nb", "10 3 9"},
    {&words, "a\r\nb", "10 3 9"},
    {&words, "\uff21", "3 15"},
    {&words, "e\u0301", "3 11"},
    {&words, "\u00aa\u0301", "10"},
    {&words, "\u00ad", ""},
    {&words, "a\u200bb", "10 3 9"},
    {&words, "\u321a", "13 10"},
    {&words, "zz\u9000z", "3 0 22 0"},
    {&words, "z z", "3 0 3 0"},
    {&words, "", ""},
    {&words, "   ", ""},
    {&words, " a  b  ", "10 3 9"},
    {&words, "\u2581a", "10"},
    {&words, "a\u2581b", "10 3 9"},
    {&words, "a\u3000b", "10 3 9"},
    {&words, "</", "3 19 17"},
    {&words, "\u00e9,", "3 11 16"},
    {&words, "\u9000\u6b3e\u9000\u6b3ea\u6b3e", "13 5 7 6"},
    {&words, "\u6b3e\u0301\u0302", "3 6 0"},
    {&marks, "a\u3000b", "10 0 9"},
    {&whole, "   ", "3 3 3"},
    {&whole, " a  b  ", "10 3 3 9 3 3"},
    {&whole, "a\u3000b", "10 0 9"},
    {&plain, "a\nb", "10 0 9"},
    {&plain, "a\r\nb", "10 0 9"},
    {&plain, "\uff21", "3 0"},
    {&plain, "e\u0301", "3 0"},
    {&plain, "\u00aa\u0301", "3 0"},
    {&plain, "\u00ad", "3 0"},
    {&plain, "a\u200bb", "10 0 9"},
    {&plain, "\u321a", "3 0"},
    {&plain, "   ", "3 3 3"},
    {&plain, " a  b  ", "10 3 3 9 3 3"},
    {&plain, "a\u3000b", "10 0 9"},
    {&bytes, "zz\u9000z", "3 145 145 22 145"},
    {&bytes, "z z", "3 145 3 145"},
    {&bytes, "\u6b3e\u0301\u0302", "3 6 227 152 227 153"},
};

static void the_tokens_are_those_of_the_library(void **state)
{
	struct model m;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		model_make(&m, rows[i].form);
		assert_string_equal(tokens_of(&m, kb_str_of(rows[i].text)),
				    rows[i].tokens);
		model_release(&m);
	}
}

/* The library would find </s> and <unk> in a text. */
static void special_tokens_are_text(void **state)
{
	struct model m;

	(void)state;
	model_make(&m, &words);
	assert_int_equal(m.v.cls, 1);
	assert_int_equal(m.v.sep, 2);
	assert_int_equal(m.v.between, 2);
	assert_string_equal(tokens_of(&m, KB_STR("a</s>")), "10 19 17 18 20");
	assert_string_equal(tokens_of(&m, KB_STR("<unk>")), "3 19 0 20");
	assert_string_equal(tokens_of(&m, KB_STR("a\xff"
						 "b")),
			    "10 0 9");
	model_release(&m);
}

static void no_more_than_is_wanted(void **state)
{
	const struct kb_str text = KB_STR("a b a b");
	uint32_t ids[4] = {0, 0, 99, 99};
	struct model m;
	bool rest;

	(void)state;
	model_make(&m, &words);
	assert_int_equal(kb_vocabulary_encode(&m.v, text, ids, 2, &rest), 2);
	assert_true(rest);
	assert_int_equal(ids[1], 3);
	assert_int_equal(ids[2], 99);
	assert_int_equal(
	    kb_vocabulary_encode(&m.v, KB_STR("a b a"), ids, 4, &rest), 4);
	assert_false(rest);
	model_release(&m);
}

/* A text of megabytes without a blank is read as far as its tokens are
 * wanted. */
static void a_long_text(void **state)
{
	static char text[1 << 24];
	uint32_t ids[8];
	struct model m;
	bool rest;

	(void)state;
	model_make(&m, &whole);
	memset(text, ',', sizeof(text));
	for (int i = 0; i < 1000; i++)
		assert_int_equal(kb_vocabulary_encode(
				     &m.v, (struct kb_str){text, sizeof(text)},
				     ids, 8, &rest),
				 8);
	assert_true(rest);
	model_release(&m);
}

/* Whatever parts a text comes in, in the forms of each kind of cut. */
static void parts_of_a_text_count_as_the_whole(void **state)
{
	static const struct form *const forms[] = {&words, &marks, &whole,
						   &plain};
	static const char *const parts[] = {
	    "a",    "ab",   " ",    "\n", "\u9000\u6b3e", "\u6b3e\n\u9000",
	    "a\nb", "\r\n", "  \n", "/",  "e\u0301",	  "\u200b\n"};
	enum { SIZE = 1 << 20 };
	char *text = malloc(SIZE + 64);
	uint64_t seed = 1;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		char path[] = "/tmp/kb-unigram-XXXXXX.json";
		int fd = mkstemps(path, 5);
		struct kb_token_counter *counter;
		struct kb_token_tally tally;
		struct kb_tokenizer *t;
		size_t len = 0, n;
		struct kb_buf json;
		struct kb_err err;

		kb_buf_init(&json, 0);
		make_json(&json, forms[i]);
		assert_int_equal(write(fd, json.ptr, json.len),
				 (ssize_t)json.len);
		close(fd);
		if (kb_tokenizer_open(path, NULL, &t, &err))
			fail_msg("%s", err.msg);
		assert_true(kb_tokenizer_is_exact(t));
		counter = kb_token_counter_new(t);
		while (len < SIZE) {
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			n = (seed >> 33) % (sizeof(parts) / sizeof(*parts));
			memcpy(text + len, parts[n], strlen(parts[n]));
			len += strlen(parts[n]);
		}
		kb_token_tally_init(&tally, counter);
		for (size_t at = 0; at < len; at += n) {
			n = len - at < 77777 ? len - at : 77777;
			kb_token_tally_add(&tally, text + at, n);
		}
		kb_token_tally_end(&tally);
		assert_int_equal(tally.tokens,
				 kb_token_count(counter, text, len));
		kb_token_tally_release(&tally);
		kb_token_counter_free(counter);
		kb_tokenizer_close(t);
		kb_buf_release(&json);
		unlink(path);
	}
	free(text);
}

static const struct {
	const char *json, *message;
} refused[] = {
    {"{\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: a Unigram model without the pre_tokenizer Metaspace is "
     "not understood"},
    {"{\"normalizer\":{\"type\":\"NFKC\"},\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: here a normalizer of type 'NFKC' is not understood"},
    {"{\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"x\"},"
     "\"content\":\" \"},\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: a normalizer that replaces 'x' is not understood"},
    {"{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":"
     "\"!\"},\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: precompiled_charsmap is no base64"},
    {"{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":"
     "\"/////w==\"},\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: precompiled_charsmap is cut short, or none"},
    {"{\"pre_tokenizer\":{\"type\":\"Whitespace\"},"
     "\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: here a pre_tokenizer of type 'Whitespace' is not "
     "understood"},
    {"{\"pre_tokenizer\":" ALWAYS ",\"model\":{\"type\":\"Unigram\"}}",
     "tokenizer.json: no array 'model.vocab'"},
    {"{\"pre_tokenizer\":" ALWAYS
     ",\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\"]]}}",
     "tokenizer.json: token 0 is no pair of a text and a score"},
    {"{\"pre_tokenizer\":" ALWAYS
     ",\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]]}}",
     "tokenizer.json: 'unk_id' is not 0 to 0"},
    {"{\"pre_tokenizer\":" ALWAYS ",\"model\":{\"type\":\"Unigram\","
     "\"unk_id\":0,\"vocab\":[[\"a\",0]]}}",
     "tokenizer.json: a vocabulary without a token for text"},
    {"{\"pre_tokenizer\":" ALWAYS ",\"model\":{\"type\":\"Unigram\","
     "\"byte_fallback\":true,\"unk_id\":0,\"vocab\":[[\"a\",0],[\"b\",0]]}}",
     "tokenizer.json: byte_fallback without a token '<0x00>'"},
};

static void what_is_not_understood_is_named(void **state)
{
	struct kb_err err;
	struct kb_buf out;

	(void)state;
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		assert_true(kb_vocabulary_read(kb_str_of(refused[i].json), &out,
					       &err) < 0);
		assert_string_equal(err.msg, refused[i].message);
		assert_int_equal(out.len, 0);
	}
	kb_buf_release(&out);
}

/* Each cut of a blob is refused; a flipped byte leads nowhere. */
static void damaged_blobs(void **state)
{
	struct kb_vocabulary v;
	uint32_t ids[16];
	struct model m;

	(void)state;
	model_make(&m, &bytes);
	for (size_t len = 0; len < m.blob.len; len++)
		assert_int_equal(kb_vocabulary_open(&v, m.blob.ptr, len, NULL),
				 KB_EFORMAT);
	for (size_t at = 0; at < m.blob.len; at++) {
		m.blob.ptr[at] ^= 0x41;
		if (!kb_vocabulary_open(&v, m.blob.ptr, m.blob.len, NULL)) {
			size_t n = kb_vocabulary_encode(
			    &v, KB_STR("a \u9000\u6b3e, e\u0301z"), ids, 16,
			    NULL);

			for (size_t i = 0; i < n; i++)
				assert_true(ids[i] < v.n);
		}
		m.blob.ptr[at] ^= 0x41;
	}
	model_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_tokens_are_those_of_the_library),
	    cmocka_unit_test(special_tokens_are_text),
	    cmocka_unit_test(no_more_than_is_wanted),
	    cmocka_unit_test(a_long_text),
	    cmocka_unit_test(parts_of_a_text_count_as_the_whole),
	    cmocka_unit_test(what_is_not_understood_is_named),
	    cmocka_unit_test(damaged_blobs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
