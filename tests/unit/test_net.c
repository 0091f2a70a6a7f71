#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/delta.h"
#include "net/form.h"
#include "net/http/sse.h"
#include "net/retry.h"

static void take_event(void *arg, struct kb_str event, struct kb_str data)
{
	struct kb_buf *out = arg;

	kb_buf_printf(out, "<%.*s|%.*s>", (int)event.len,
		      event.ptr ? event.ptr : "", (int)data.len, data.ptr);
}

/* Every stream is fed whole, by bytes and in pieces of three. */
static void events_are_the_same_in_pieces_of_any_size(void **state)
{
	static const struct {
		const char *stream, *events;
	} cases[] = {
	    {"data: a\n\ndata: b\n\n", "<|a><|b>"},
	    {"data: a\r\n\r\ndata: b\r\n\r\n", "<|a><|b>"},
	    {"data: a\r\rdata: b\r\r", "<|a><|b>"},
	    {"data: 你好\n\ndata: naïve 中文\n\n", "<|你好><|naïve 中文>"},
	    {": comment\ndata:a\n:\n\n", "<|a>"},
	    {"data: a\ndata: b\ndata\n\n", "<|a\nb\n>"},
	    {"event: error\ndata: x\n\ndata: y\n\n", "<error|x><|y>"},
	    {"id: 1\nretry: 5\nunknown: x\n\ndata:  two\n\n", "<| two>"},
	    {"\xef\xbb\xbf"
	     "data: bom\n\n",
	     "<|bom>"},
	    {"data: no blank line", "<|no blank line>"},
	    {"data: cut\r", "<|cut>"},
	    {"\n\n\n", ""},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].stream);

		for (size_t step = 1; step <= len + 1; step += 2) {
			struct kb_sse sse;
			struct kb_buf out;

			kb_buf_init(&out, 0);
			kb_buf_add_cstr(&out, "");
			kb_sse_init(&sse, 1000, take_event, &out);
			for (size_t at = 0; at < len; at += step)
				assert_int_equal(
				    kb_sse_feed(&sse, cases[i].stream + at,
						len - at < step ? len - at
								: step,
						NULL),
				    0);
			assert_int_equal(kb_sse_end(&sse, NULL), 0);
			assert_string_equal(out.len ? out.ptr : "",
					    cases[i].events);
			kb_sse_release(&sse);
			kb_buf_release(&out);
		}
	}
}

static void an_event_past_the_limit_is_refused(void **state)
{
	static const char line[] = "data: 0123456789\n";
	struct kb_sse sse;
	struct kb_buf out;
	struct kb_err err;
	int rc = 0;

	(void)state;
	kb_buf_init(&out, 0);
	kb_sse_init(&sse, 64, take_event, &out);
	for (int i = 0; i < 8 && !rc; i++)
		rc = kb_sse_feed(&sse, line, sizeof(line) - 1, &err);
	assert_int_equal(rc, KB_ELIMIT);
	assert_non_null(strstr(err.msg, "64 bytes"));
	assert_int_equal(out.len, 0);
	kb_sse_release(&sse);
	kb_buf_release(&out);
}

static void a_failure_has_the_class_that_decides_what_follows(void **state)
{
	static const struct {
		enum kb_http_end end;
		int status;
		const char *code, *message;
		enum kb_retry_class class;
	} cases[] = {
	    {KB_HTTP_COMPLETE, 200, "", "", KB_RETRY_OK},
	    {KB_HTTP_CONNECT, 0, "", "", KB_RETRY_TRANSIENT},
	    {KB_HTTP_COMPLETE, 408, "", "", KB_RETRY_TRANSIENT},
	    {KB_HTTP_COMPLETE, 409, "", "", KB_RETRY_TRANSIENT},
	    {KB_HTTP_COMPLETE, 500, "", "x", KB_RETRY_TRANSIENT},
	    {KB_HTTP_COMPLETE, 502, "", "", KB_RETRY_TRANSIENT},
	    {KB_HTTP_COMPLETE, 529, "", "Overloaded", KB_RETRY_TRANSIENT},
	    {KB_HTTP_TIMEOUT, 0, "", "", KB_RETRY_SILENT},
	    {KB_HTTP_TIMEOUT, 200, "", "", KB_RETRY_SILENT},
	    {KB_HTTP_COMPLETE, 429, "", "", KB_RETRY_RATE},
	    {KB_HTTP_COMPLETE, 429, "Throttling.RateQuota", "", KB_RETRY_RATE},
	    {KB_HTTP_COMPLETE, 429, "insufficient_quota", "", KB_RETRY_ACCOUNT},
	    {KB_HTTP_COMPLETE, 401, "", "", KB_RETRY_ACCOUNT},
	    {KB_HTTP_COMPLETE, 402, "", "", KB_RETRY_ACCOUNT},
	    {KB_HTTP_COMPLETE, 403, "", "", KB_RETRY_ACCOUNT},
	    {KB_HTTP_COMPLETE, 400, "Arrearage", "", KB_RETRY_ACCOUNT},
	    {KB_HTTP_COMPLETE, 413, "", "", KB_RETRY_CAPACITY},
	    {KB_HTTP_COMPLETE, 404, "model_not_found", "", KB_RETRY_CAPACITY},
	    {KB_HTTP_COMPLETE, 400, "context_length_exceeded", "",
	     KB_RETRY_CAPACITY},
	    {KB_HTTP_COMPLETE, 400, "", "This model's maximum context length",
	     KB_RETRY_CAPACITY},
	    {KB_HTTP_COMPLETE, 400, "", "ContextWindowExceededError",
	     KB_RETRY_CAPACITY},
	    {KB_HTTP_COMPLETE, 400, "", "Invalid model name passed",
	     KB_RETRY_CAPACITY},
	    {KB_HTTP_COMPLETE, 400, "", "Incorrect API key provided",
	     KB_RETRY_ACCOUNT},
	    {KB_HTTP_COMPLETE, 400, "content_filter", "", KB_RETRY_CONTENT},
	    {KB_HTTP_COMPLETE, 400, "data_inspection_failed", "",
	     KB_RETRY_CONTENT},
	    {KB_HTTP_COMPLETE, 400, "", "", KB_RETRY_REQUEST},
	    {KB_HTTP_COMPLETE, 422, "", "", KB_RETRY_REQUEST},
	    {KB_HTTP_COMPLETE, 302, "", "", KB_RETRY_REQUEST},
	    {KB_HTTP_INVALID, 0, "", "", KB_RETRY_REQUEST},
	    {KB_HTTP_CUT, 200, "", "", KB_RETRY_TRUNCATED},
	    {KB_HTTP_COMPLETE, 200, "", "oops", KB_RETRY_TRANSIENT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_http_reply reply = {.end = cases[i].end,
					      .status = cases[i].status};

		assert_string_equal(kb_retry_name(kb_retry_classify(
					&reply, kb_str_of(cases[i].code),
					kb_str_of(cases[i].message), NULL)),
				    kb_retry_name(cases[i].class));
	}
}

static void waiting_is_jittered_seeded_and_at_least_what_was_asked(void **state)
{
	uint64_t a = 7, b = 7, c = 8;
	bool differs = false;

	(void)state;
	for (int i = 0; i < 200; i++) {
		int64_t x = kb_retry_wait_ms(&a, i % 9, -1);
		int64_t top = (int64_t)KB_RETRY_BASE_MS << (i % 9);

		assert_int_equal(x, kb_retry_wait_ms(&b, i % 9, -1));
		differs |= x != kb_retry_wait_ms(&c, i % 9, -1);
		assert_in_range(x, 0, KB_RETRY_CAP_MS);
		assert_true(x <= top);
		assert_true(kb_retry_wait_ms(&a, 0, 5000) >= 5000);
		kb_retry_wait_ms(&b, 0, 5000);
	}
	assert_true(differs);
}

static void keys_go_only_over_https_or_to_this_machine(void **state)
{
	static const struct {
		const char *url;
		bool good;
	} cases[] = {
	    {"https://api.example.com/v1", true},
	    {"HTTPS://api.example.com", true},
	    {"http://localhost:8080/v1", true},
	    {"http://127.0.0.1/v1", true},
	    {"http://127.9.9.9:1", true},
	    {"http://[::1]:8080/v1", true},
	    {"http://[0:0:0:0:0:0:0:1]/", true},
	    {"http://[::ffff:127.0.0.1]/", true},
	    {"http://localhost.:1/", false},
	    {"http://LOCALHOST", true},
	    {"http://127.1/v1", true},
	    {"http://0x7f000001/", true},
	    {"http://127.0.0.999/", false},
	    {"http://127.0.0.1.", false},
	    {"http://127.0.0.1.1/", false},
	    {"http://128.1/", false},
	    {"http://[::2]/", false},
	    {"http://[::1/", false},
	    {"http://[::ffff:10.0.0.1]/", false},
	    {"http://10.127.0.1/", false},
	    {"http://localhost..", false},
	    {"http://api.example.com", false},
	    {"http://localhost.example.com", false},
	    {"http://127.0.0.1.example.com", false},
	    {"http://example.com/127.0.0.1", false},
	    {"http://127.0.0.1@example.com/", false},
	    {"https://user:word@example.com/", false},
	    {"ftp://localhost/", false},
	    {"file:///etc/passwd", false},
	    {"localhost:8080", false},
	    {"https://a b/", false},
	    {"https://a\r\nX: y/", false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(kb_http_check_url(cases[i].url, false, NULL) ==
				     0,
				 cases[i].good);
	assert_int_equal(kb_http_check_url("http://x.example", true, NULL), 0);
	assert_int_equal(kb_http_check_url("ftp://localhost", true, NULL),
			 KB_EINVAL);
}

/* Hidden whole, and handed out byte by byte as a stream is shown. */
static void a_key_is_hidden_wherever_it_is_cut(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
	    {"a key-123 b", "a [redacted] b"},
	    {"key-123key-123", "[redacted][redacted]"},
	    {"key-12 key-1234 key-123456", "key-12 [redacted]4 [redacted]"},
	    {"aXaXaXb aXaXaXaXaXbc", "[redacted] aXaX[redacted]c"},
	    {"密钥key-123。", "密钥[redacted]。"},
	    {"short ollama", "short ollama"},
	    {"key-12", "key-12"},
	    {"", ""},
	};
	static const char *const keys[] = {"key-123", "key-123456", "aXaXaXb",
					   "short", "ollama"};
	struct kb_secrets secrets = {0};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < 5; i++)
		kb_secrets_add(&secrets, &arena, kb_str_of(keys[i]));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_str text = kb_str_of(cases[i].text);
		struct kb_buf out;
		size_t used = 0;

		assert_true(kb_str_is(kb_secrets_hidden(&secrets, text, &arena),
				      cases[i].shown));
		kb_buf_init(&out, 0);
		kb_buf_add_cstr(&out, "");
		for (size_t n = 0; n <= text.len; n++)
			used += kb_secrets_hide(
			    &secrets,
			    kb_str_skip((struct kb_str){text.ptr, n}, used),
			    n < text.len, &out);
		assert_int_equal(used, text.len);
		assert_true(kb_str_is(kb_buf_str(&out), cases[i].shown));
		kb_buf_release(&out);
	}
	kb_arena_release(&arena);
}

static void no_spelling_of_json_keeps_a_key(void **state)
{
	static const struct {
		const char *json, *shown;
	} cases[] = {
	    {"{\"a\": \"key-123\", \"key-123\":[1]}",
	     "{\"a\": \"[redacted]\", \"[redacted]\":[1]}"},
	    {"[\"k\\u0065y-123\"]", "[\"[redacted]\"]"},
	    {"[\"\\nnext\",\"\\\\\"]", "[\"\\nnext\",\"\\\\\"]"},
	    {"[\"q\\\"uote\"]", "[\"[redacted]\"]"},
	    {"[1.50,null]", "[1.50,null]"},
	};
	struct kb_secrets secrets = {0};
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	kb_secrets_add(&secrets, &arena, KB_STR("key-123"));
	kb_secrets_add(&secrets, &arena, KB_STR("q\"uote"));
	kb_secrets_add(&secrets, &arena, KB_STR("nnexts"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(
		    kb_str_is(kb_secrets_hidden_json(
				  &secrets, kb_str_of(cases[i].json), &arena),
			      cases[i].shown));
	kb_arena_release(&arena);
}

static int parse(const char *json, struct kb_err *err)
{
	struct kb_providers set;
	int rc;

	kb_providers_init(&set);
	rc = kb_providers_parse(&set, kb_str_of(json), "p.json", err);
	kb_providers_release(&set);
	return rc;
}

static void a_wrong_configuration_is_told_by_its_place(void **state)
{
	static const struct {
		const char *json, *message; /* NULL: good */
	} cases[] = {
	    {"{\"providers\":[\"local\"]}", NULL},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x/v1\"},"
	     "\"local\"]}",
	     NULL},
	    {"{}", NULL},
	    {"[]", "'p.json':1: not a JSON object"},
	    {"{\"providers\":[],\n\"providers\":[]}", "'p.json':2: duplicate"},
	    {"{\"providers\":7}", "p.json: no array 'providers'"},
	    {"{\n", "'p.json':2: "},
	    {"{\"providers\":[7]}", "provider 1: neither an object"},
	    {"{\"providers\":[{\"name\":\"a\"}]}", "no 'base_url'"},
	    {"{\"providers\":[{\"base_url\":\"https://x\"}]}", "no 'name'"},
	    {"{\"providers\":[\"local\",\"local\"]}", "'local' stands twice"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"key\":\"sk-1\"}]}",
	     "use key_env"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"modle\":\"m\"}]}",
	     "unknown member 'modle'"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"timeout\":-1}]}",
	     "'timeout'"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"model\":\"a\\nb\"}]}",
	     "no string of one line"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x#y\"}]}",
	     "has a '#'"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"http://x\"}]}",
	     "insecure_http"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"http://x\","
	     "\"insecure_http\":true}]}",
	     NULL},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"insecure_http\":1}]}",
	     "neither true nor false"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"price\":2}]}",
	     "'price' is no object"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"price\":{\"inptu\":2}}]}",
	     "unknown member 'price.inptu'"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"headers\":{\"X-A\":{\"evn\":\"K\"}}}]}",
	     "unknown member 'headers.evn'"},
	    {"{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	     "\"key_env\":\"K\",\"headers\":{\"Authorization\":"
	     "{\"env\":\"K\"}}}]}",
	     "that of the key"},
	};
	struct kb_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc = parse(cases[i].json, &err);

		assert_int_equal(!rc, !cases[i].message);
		if (rc)
			assert_non_null(strstr(err.msg, cases[i].message));
	}
}

static void extra_members_keep_their_numbers(void **state)
{
	static const char json[] =
	    "{\"providers\":[{\"name\":\"a\",\"base_url\":\"https://x\","
	    "\"extra\":{\"z\": 0.1, \"a\":9007199254740993,\n"
	    "\"b\":1e-7,\"c\":[true,null,\"\\u4f60\\n\"]}}]}";
	struct kb_providers set;

	(void)state;
	kb_providers_init(&set);
	assert_int_equal(
	    kb_providers_parse(&set, kb_str_of(json), "p.json", NULL), 0);
	assert_true(kb_str_is(set.items[0].extra,
			      "{\"z\":0.1,\"a\":9007199254740993,"
			      "\"b\":1e-7,"
			      "\"c\":[true,null,\"你\\n\"]}"));
	kb_providers_release(&set);
}

static void rows_of_an_answer_come_by_their_index(void **state)
{
	static const struct kb_str texts[] = {{"a", 1}, {"b", 1}};
	static const struct {
		const char *body;
		bool good;
	} cases[] = {
	    {"{\"data\":[{\"index\":1,\"embedding\":[3,4]},"
	     "{\"index\":0,\"embedding\":\"AACAPwAAAEA=\"}]}",
	     true},
	    {"{\"data\":[{\"index\":0,\"embedding\":[1,2]}]}", false},
	    {"{\"data\":[{\"index\":0,\"embedding\":[1,2]},"
	     "{\"index\":0,\"embedding\":[3,4]}]}",
	     false},
	    {"{\"data\":[{\"index\":0,\"embedding\":[1,2]},"
	     "{\"index\":1,\"embedding\":[3]}]}",
	     false},
	    {"{\"data\":[{\"index\":0,\"embedding\":[1,2]},"
	     "{\"index\":9,\"embedding\":[3,4]}]}",
	     false},
	    {"{\"data\":[{\"index\":0,\"embedding\":[1,1e99]},"
	     "{\"index\":1,\"embedding\":[3,4]}]}",
	     false},
	    {"{\"data\":[{\"index\":0,\"embedding\":[]},"
	     "{\"index\":1,\"embedding\":[]}]}",
	     false},
	    {"{\"data\":{}}", false},
	    {"[]", false},
	};
	struct kb_form_ask ask = {
	    .kind = KB_FORM_EMBED, .texts = texts, .n_texts = 2};
	struct kb_form_reply reply;
	struct kb_arena arena;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc = kb_form_parse(&ask, &kb_dialect_openai,
				       kb_str_of(cases[i].body), &arena, &reply,
				       NULL);

		assert_int_equal(!rc, cases[i].good);
		if (rc)
			continue;
		assert_int_equal(reply.dim, 2);
		for (int k = 0; k < 4; k++)
			assert_true(reply.values[k] == (float)(k + 1));
	}
	kb_arena_release(&arena);
}

/* What the texts are is sent once, whatever the provider's 'extra' says. */
static void an_embedding_tells_what_its_texts_are(void **state)
{
	const struct kb_str texts[] = {KB_STR("a")};
	struct kb_provider provider = {
	    .model = "m", .extra = KB_STR("{\"input_type\":\"other\"}")};
	struct kb_form_ask ask = {.kind = KB_FORM_EMBED,
				  .texts = texts,
				  .n_texts = 1,
				  .temperature = -1};
	struct kb_buf body;

	(void)state;
	kb_buf_init(&body, 0);
	kb_form_build(&ask, &provider, &body);
	assert_non_null(strstr(body.ptr, "\"input_type\":\"other\""));
	kb_buf_reset(&body);
	ask.input_type = KB_STR("search_query");
	kb_form_build(&ask, &provider, &body);
	assert_non_null(strstr(body.ptr, "\"input_type\":\"search_query\""));
	assert_null(strstr(body.ptr, "other"));
	kb_buf_release(&body);
}

static struct kb_arena arena;

static struct kb_form_reply chat(const char *body, int *rc, struct kb_err *err)
{
	static const struct kb_form_ask ask = {.kind = KB_FORM_CHAT};
	struct kb_form_reply reply;

	*rc = kb_form_parse(&ask, &kb_dialect_openai, kb_str_of(body), &arena,
			    &reply, err);
	return reply;
}

#define MESSAGE(text) "{\"choices\":[{\"message\":{" text "}}]"

/* A text of JSON's grammar is an answer whatever its strings and numbers
 * hold, and broken characters of it are U+FFFD. */
static void a_body_that_jansson_refuses_is_read(void **state)
{
	static const struct {
		const char *body, *text;
	} cases[] = {
	    {MESSAGE("\"content\":\"退\xff款\"") "}", "退\xef\xbf\xbd款"},
	    {MESSAGE("\"content\":\"a\\ud800b\\udc00\"") "}", "a\xef\xbf\xbd"
							      "b\xef\xbf\xbd"},
	    {MESSAGE("\"content\":\"\\ud83d\\ude00\"") "}", "😀"},
	    {MESSAGE("\"content\":\"x\"") ",\"n\":123456789012345678901234}",
	     "x"},
	    {MESSAGE("\"content\":\"x\"") ",\"n\":[-1e999,1e-999]}", "x"},
	    {MESSAGE("\"content\":\"x\",\"content\\u0000\":\"y\"") "}", "x"},
	    {MESSAGE("\"content\":\"x\",\"\\u0063ontent\":\"last\"") "}",
	     "last"},
	    {MESSAGE("\"content\":[{\"text\":\"a\"},1e999,\"\xff\"]") "}",
	     "a\xef\xbf\xbd"},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc;
		struct kb_form_reply reply = chat(cases[i].body, &rc, NULL);

		assert_int_equal(rc, 0);
		assert_true(kb_str_is(reply.text, cases[i].text));
	}
	kb_arena_release(&arena);
}

static void what_is_passed_on_keeps_its_bytes(void **state)
{
	static const char body[] =
	    MESSAGE("\"tool_calls\":[{\"id\":\"\xff\",\"sign\": "
		    "[1.50, 123456789012345678901234,\"\xff\"],\"function\":"
		    "{\"name\":\"f\",\"arguments\": {\"b\": 1e999 "
		    ",\"a\":0.10}}}]") ",\"model\":1.50}";
	struct kb_form_reply reply;
	int rc;

	(void)state;
	kb_arena_init(&arena);
	reply = chat(body, &rc, NULL);
	assert_int_equal(rc, 0);
	assert_true(kb_str_is(
	    reply.tool_calls,
	    "[{\"id\":\"\xef\xbf\xbd\",\"type\":\"function\",\"function\":"
	    "{\"name\":\"f\",\"arguments\":"
	    "\"{\\\"b\\\": 1e999 ,\\\"a\\\":0.10}\"},"
	    "\"sign\":[1.50, 123456789012345678901234,\"\xff\"]}]"));
	assert_true(kb_str_is(reply.model, "1.50"));
	reply =
	    chat("{\"error\":{\"code\":429.0,\"message\":1e999}}", &rc, NULL);
	assert_int_equal(rc, 0);
	assert_true(kb_str_is(reply.error_code, "429.0"));
	assert_true(kb_str_is(reply.error_message, "1e999"));
	kb_arena_release(&arena);
}

static void a_body_past_its_limits_is_refused(void **state)
{
	struct kb_buf body;
	struct kb_err err;
	int rc;

	(void)state;
	kb_arena_init(&arena);
	kb_buf_init(&body, 0);
	for (int depth = 511; depth <= 512; depth++) {
		kb_buf_reset(&body);
		kb_buf_add_cstr(&body,
				MESSAGE("\"content\":\"[[[\"") ",\"x\":");
		for (int i = 0; i < depth; i++)
			kb_buf_add_char(&body, '[');
		for (int i = 0; i < depth; i++)
			kb_buf_add_char(&body, ']');
		kb_buf_add_char(&body, '}');
		chat(body.ptr, &rc, &err);
		assert_int_equal(rc, depth == 511 ? 0 : KB_EFORMAT);
	}
	assert_string_equal(err.msg, "the answer is no JSON object");
	assert_int_equal(kb_form_parse(&(struct kb_form_ask){0},
				       &kb_dialect_openai,
				       KB_STR("{\"o\":null\0}"), &arena,
				       &(struct kb_form_reply){0}, &err),
			 KB_EFORMAT);
	assert_string_equal(err.msg, "the answer is no JSON object");
	kb_buf_reset(&body);
	kb_buf_add_cstr(&body, "{\"x\":[0");
	for (size_t n = 0; n < KB_BODY_TREE_MAX / 48; n++)
		kb_buf_add(&body, ",0", 2);
	kb_buf_add_cstr(&body, "]}");
	chat(body.ptr, &rc, &err);
	assert_int_equal(rc, KB_ELIMIT);
	assert_non_null(strstr(err.msg, "more than 536870912 bytes"));
	kb_buf_release(&body);
	kb_arena_release(&arena);
}

/* Of one choice and plain texts, or of anything else: the same comes out. */
static void an_event_is_read_the_same_by_both_ways(void **state)
{
	static const struct {
		const char *delta;
		bool fast;
	} cases[] = {
	    {"{\"content\":\"hi\"}", true},
	    {"{\"role\":\"assistant\",\"content\":\"\"}", true},
	    {"{\"content\":\"\\ud800 \xff\"}", true},
	    {"{\"content\":null,\"reasoning_content\":\"hm\"}", true},
	    {"{\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}", true},
	    {"{\"content\":1,\"content\":\"last\"}", false},
	    {"{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}", false},
	    {"{\"refusal\":\"no\"}", false},
	    {"{\"content\":\"\",\"tool_calls\":[{\"id\":\"c\"}]}", false},
	    {"{\"function_call\":{\"name\":\"f\"}}", false},
	    {"{\"content\":\"x\"},\"index\":1", false},
	    {"{\"content\":\"x\"},\"finish_reason\":\"stop\"", false},
	    {"[]", false},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_form_reply a = {0}, b = {0};
		struct kb_form_stream fast, slow;
		struct kb_content_texts texts;
		char text[256];
		struct kb_str data = {text, 0};

		data.len = (size_t)snprintf(text, sizeof(text),
					    "{\"choices\":[{\"delta\":%s}]}",
					    cases[i].delta);
		kb_form_stream_init(&fast, &kb_dialect_openai);
		kb_form_stream_init(&slow, &kb_dialect_openai);
		assert_int_equal(kb_delta_texts(data, false, &arena, &texts),
				 cases[i].fast);
		assert_int_equal(kb_form_delta(&fast, data, &arena, &a, NULL),
				 0);
		assert_int_equal(kb_form_event(&slow, data, &arena, &b, NULL),
				 0);
		kb_form_stream_end(&fast, &arena, &a);
		kb_form_stream_end(&slow, &arena, &b);
		assert_true(kb_str_eq(a.text, b.text));
		assert_true(kb_str_eq(a.reasoning, b.reasoning));
		assert_true(kb_str_eq(a.tool_calls, b.tool_calls));
		assert_true(kb_str_eq(a.finish, b.finish));
		kb_form_stream_release(&fast);
		kb_form_stream_release(&slow);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_embedding_tells_what_its_texts_are),
	    cmocka_unit_test(events_are_the_same_in_pieces_of_any_size),
	    cmocka_unit_test(an_event_past_the_limit_is_refused),
	    cmocka_unit_test(a_failure_has_the_class_that_decides_what_follows),
	    cmocka_unit_test(
		waiting_is_jittered_seeded_and_at_least_what_was_asked),
	    cmocka_unit_test(keys_go_only_over_https_or_to_this_machine),
	    cmocka_unit_test(a_key_is_hidden_wherever_it_is_cut),
	    cmocka_unit_test(no_spelling_of_json_keeps_a_key),
	    cmocka_unit_test(a_wrong_configuration_is_told_by_its_place),
	    cmocka_unit_test(extra_members_keep_their_numbers),
	    cmocka_unit_test(rows_of_an_answer_come_by_their_index),
	    cmocka_unit_test(a_body_that_jansson_refuses_is_read),
	    cmocka_unit_test(what_is_passed_on_keeps_its_bytes),
	    cmocka_unit_test(a_body_past_its_limits_is_refused),
	    cmocka_unit_test(an_event_is_read_the_same_by_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
