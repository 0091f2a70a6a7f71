#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/form.h"
#include "net/http/sse.h"

static struct kb_arena arena;

static int begin(void **state)
{
	(void)state;
	kb_arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	kb_arena_release(&arena);
	return 0;
}

/* ---- requests ---- */

#define HELLO "[{\"role\":\"user\",\"content\":\"hi 你好\"}]"
#define TALK                                                                   \
	"[{\"role\":\"system\",\"content\":\"be brief\"},"                     \
	"{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"see\"}" \
	",{\"type\":\"image_url\",\"image_url\":{\"url\":"                     \
	"\"data:image/png;base64,QUJD\"}}]},"                                  \
	"{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":"    \
	"\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\","           \
	"\"arguments\":\"{\\n\\\"a\\\":1}\"},\"thoughtSignature\":\"s\"}]},"   \
	"{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"42\"},"      \
	"{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"{\\\"x\\\":" \
	"1}\"},{\"role\":\"user\",\"content\":\"go on\"}]"

static void a_question_is_put_in_the_words_of_its_dialect(void **state)
{
	static const struct {
		const struct kb_dialect *dialect;
		const char *messages, *system, *options, *extra;
		int64_t max_tokens;
		double temperature;
		bool stream;
		const char *url, *body;
	} cases[] = {
	    {&kb_dialect_openai, HELLO, "", "", "", 9, .5, true,
	     "https://x/v1/chat/completions?a=b",
	     "{\"model\":\"m\",\"messages\":" HELLO
	     ",\"temperature\":0.5,\"max_tokens\":9,\"stream\":true,"
	     "\"stream_options\":{\"include_usage\":true}}"},
	    {&kb_dialect_anthropic, HELLO, "", "", "", 0, -1, false,
	     "https://x/v1/messages?a=b",
	     "{\"model\":\"m\",\"max_tokens\":4096,\"messages\":[{\"role\":"
	     "\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi "
	     "你好\"}]}]}"},
	    {&kb_dialect_anthropic, HELLO, "", "{\"top_k\":3}",
	     "{\"max_tokens\":50,\"top_k\":4,\"messages\":[]}", 0, .5, true,
	     "https://x/v1/messages?a=b",
	     "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
	     "[{\"type\":\"text\",\"text\":\"hi 你好\"}]}],"
	     "\"temperature\":0.5,\"stream\":true,\"max_tokens\":50,"
	     "\"top_k\":3}"},
	    {&kb_dialect_anthropic, TALK, "first", "", "", 7, -1, false,
	     "https://x/v1/messages?a=b",
	     "{\"model\":\"m\",\"max_tokens\":7,\"system\":[{\"type\":\"text\","
	     "\"text\":\"first\"},{\"type\":\"text\",\"text\":\"be brief\"}],"
	     "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
	     "\"text\",\"text\":\"see\"},{\"type\":\"image\",\"source\":"
	     "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":"
	     "\"QUJD\"}}]},{\"role\":\"assistant\",\"content\":[{\"type\":"
	     "\"tool_use\",\"id\":\"c1\",\"name\":\"f\",\"input\":{ "
	     "\"a\":1}}]},"
	     "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
	     "\"tool_use_id\":\"c1\",\"content\":\"42\"},{\"type\":"
	     "\"tool_result\",\"tool_use_id\":\"c1\",\"content\":"
	     "\"{\\\"x\\\":1}\"},{\"type\":\"text\",\"text\":\"go on\"}]}]}"},
	    {&kb_dialect_gemini, HELLO, "", "", "", 9, .5, true,
	     "https://x/v1/models/m:streamGenerateContent?alt=sse&a=b",
	     "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi "
	     "你好\"}]}],\"generationConfig\":{\"temperature\":0.5,"
	     "\"maxOutputTokens\":9}}"},
	    {&kb_dialect_gemini, HELLO, "",
	     "{\"generationConfig\":{\"topK\":3}}",
	     "{\"generationConfig\":{\"topK\":4,\"topP\":1,\"temperature\":1},"
	     "\"safetySettings\":[]}",
	     0, .5, false, "https://x/v1/models/m:generateContent?a=b",
	     "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi "
	     "你好\"}]}],\"generationConfig\":{\"temperature\":0.5,\"topP\":1,"
	     "\"topK\":3},\"safetySettings\":[]}"},
	    {&kb_dialect_gemini, TALK, "first", "", "", 0, -1, false,
	     "https://x/v1/models/m:generateContent?a=b",
	     "{\"systemInstruction\":{\"parts\":[{\"text\":\"first\"},"
	     "{\"text\":\"be brief\"}]},\"contents\":[{\"role\":\"user\","
	     "\"parts\":[{\"text\":\"see\"},{\"inlineData\":{\"mimeType\":"
	     "\"image/png\",\"data\":\"QUJD\"}}]},{\"role\":\"model\","
	     "\"parts\":[{\"functionCall\":{\"id\":\"c1\",\"name\":\"f\","
	     "\"args\":{ \"a\":1}},\"thoughtSignature\":\"s\"}]},{\"role\":"
	     "\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"c1\","
	     "\"name\":\"f\",\"response\":{\"result\":\"42\"}}},"
	     "{\"functionResponse\":{\"id\":\"c1\",\"name\":\"f\","
	     "\"response\":{\"x\":1}}},{\"text\":\"go on\"}]}]}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_provider provider = {.dialect = cases[i].dialect,
					       .base_url = "https://x/v1",
					       .url_query = "?a=b",
					       .model = "m",
					       .extra =
						   kb_str_of(cases[i].extra)};
		struct kb_form_ask ask = {
		    .messages = kb_str_of(cases[i].messages),
		    .system = kb_str_of(cases[i].system),
		    .options = kb_str_of(cases[i].options),
		    .max_tokens = cases[i].max_tokens,
		    .temperature = cases[i].temperature,
		    .stream = cases[i].stream};
		struct kb_buf body;

		kb_buf_init(&body, 0);
		kb_form_build(&ask, &provider, &body);
		kb_buf_add_char(&body, '\0');
		assert_string_equal(body.ptr, cases[i].body);
		assert_string_equal(kb_form_url(&ask, &provider, &arena, NULL),
				    cases[i].url);
		kb_buf_release(&body);
	}
}

/* What a dialect has no words for is said, and nothing is sent. */
static void what_cannot_be_asked_is_said(void **state)
{
	static const struct {
		const struct kb_dialect *dialect;
		enum kb_form_kind kind;
		const char *model, *url; /* url NULL: refused */
	} cases[] = {
	    {&kb_dialect_anthropic, KB_FORM_EMBED, "m", NULL},
	    {&kb_dialect_anthropic, KB_FORM_RERANK, "m", NULL},
	    {&kb_dialect_anthropic, KB_FORM_CHAT, "", NULL},
	    {&kb_dialect_gemini, KB_FORM_RERANK, "m", NULL},
	    {&kb_dialect_gemini, KB_FORM_CHAT, "", NULL},
	    {&kb_dialect_gemini, KB_FORM_EMBED, "e",
	     "https://x/v1beta/models/e:batchEmbedContents"},
	    {&kb_dialect_gemini, KB_FORM_CHAT, "tunedModels/a b?",
	     "https://x/v1beta/tunedModels/a%20b%3F:generateContent"},
	    {&kb_dialect_anthropic, KB_FORM_CHAT, "m", "https://x/v1/messages"},
	    {&kb_dialect_openai, KB_FORM_CHAT, "",
	     "https://x/chat/completions"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_provider provider = {.dialect = cases[i].dialect,
					       .base_url = "https://x",
					       .url_query = "",
					       .model = cases[i].model};
		struct kb_form_ask ask = {.kind = cases[i].kind};
		struct kb_err err = {0};
		const char *url = kb_form_url(&ask, &provider, &arena, &err);

		if (cases[i].url)
			assert_string_equal(url, cases[i].url);
		else
			assert_true(!url && err.code == KB_EINVAL);
	}
}

/* ---- replies ---- */

#define A &kb_dialect_anthropic
#define G &kb_dialect_gemini

static const char *show(const struct kb_form_reply *r)
{
	return kb_arena_printf(
	    &arena, "%.*s|%.*s|%.*s|%.*s|%d/%d/%d%s%s%s%.*s%s%.*s%s",
	    (int)r->text.len, r->text.ptr, (int)r->reasoning.len,
	    r->reasoning.ptr, (int)r->finish.len, r->finish.ptr,
	    (int)r->model.len, r->model.ptr, (int)r->input_tokens,
	    (int)r->cached_tokens, (int)r->output_tokens,
	    r->refused ? " refused" : "", r->unfinished ? " unfinished" : "",
	    r->tool_calls.len ? " " : "", (int)r->tool_calls.len,
	    r->tool_calls.ptr, r->error_message.len ? " error " : "",
	    (int)r->error_code.len, r->error_code.ptr,
	    r->retry_after_ms >= 0 ? " wait" : "");
}

static void a_whole_answer_is_read_in_every_dialect(void **state)
{
	static const struct {
		const struct kb_dialect *dialect;
		const char *body, *shown; /* NULL: no answer of this form */
	} cases[] = {
	    {A,
	     "{\"type\":\"message\",\"model\":\"c\",\"content\":[{\"type\":"
	     "\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"},{\"type\":"
	     "\"text\",\"text\":\"one "
	     "\"},{\"type\":\"text\",\"text\":\"two\"}],"
	     "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,"
	     "\"cache_read_input_tokens\":3,\"cache_creation_input_tokens\":2,"
	     "\"output_tokens\":7}}",
	     "one two|hm|stop|c|10/3/7"},
	    {A,
	     "{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
	     "\"f\",\"input\":{\"q\": [1.50]},\"caller\":{\"x\":1}},{\"type\":"
	     "\"tool_use\",\"id\":\"u\",\"name\":\"g\",\"input\":{}}],"
	     "\"stop_reason\":\"tool_use\"}",
	     "||tool_calls||-1/-1/-1 [{\"id\":\"t\",\"type\":\"function\","
	     "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"q\\\": "
	     "[1.50]}\"},\"caller\":{\"x\":1}},{\"id\":\"u\",\"type\":"
	     "\"function\",\"function\":{\"name\":\"g\",\"arguments\":"
	     "\"{}\"}}]"},
	    {A,
	     "{\"content\":[{\"type\":\"text\",\"text\":\"half\"}],"
	     "\"stop_reason\":\"max_tokens\"}",
	     "half||length||-1/-1/-1"},
	    {A, "{\"content\":[],\"stop_reason\":\"refusal\"}",
	     "||content_filter||-1/-1/-1"},
	    {A, "{\"content\":[],\"stop_reason\":\"pause_turn\"}",
	     "||pause_turn||-1/-1/-1 unfinished"},
	    {A,
	     "{\"content\":[{\"type\":\"text\",\"text\":\"half\"}],"
	     "\"stop_reason\":\"model_context_window_exceeded\"}",
	     "half||model_context_window_exceeded||-1/-1/-1 error "
	     "context_window_exceeded"},
	    {A,
	     "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
	     "\"message\":\"x\"}}",
	     "||||-1/-1/-1 error overloaded_error"},
	    {A, "{\"choices\":[]}", NULL},
	    {A, "{\"content\":\"x\"}", NULL},
	    {G,
	     "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":["
	     "{\"text\":\"hm\",\"thought\":true},{\"text\":\"one \"},{\"text\":"
	     "\"two\"}]},\"finishReason\":\"STOP\"}],\"modelVersion\":\"g\","
	     "\"usageMetadata\":{\"promptTokenCount\":10,"
	     "\"cachedContentTokenCount\":3,\"candidatesTokenCount\":5,"
	     "\"thoughtsTokenCount\":2,\"totalTokenCount\":17}}",
	     "one two|hm|stop|g|10/3/7"},
	    {G,
	     "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":"
	     "{\"name\":\"f\",\"args\":{\"q\": 1}},\"thoughtSignature\":"
	     "\"s\"},{\"functionCall\":{\"name\":\"f\"}}]},\"finishReason\":"
	     "\"STOP\"}]}",
	     "||tool_calls||-1/-1/-1 [{\"type\":\"function\",\"function\":"
	     "{\"name\":\"f\",\"arguments\":\"{\\\"q\\\": 1}\"},"
	     "\"thoughtSignature\":\"s\"},{\"type\":\"function\","
	     "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"},
	    {G, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
	     "||content_filter||-1/-1/-1"},
	    {G,
	     "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"ha\"}]},"
	     "\"finishReason\":\"RECITATION\"}]}",
	     "ha||content_filter||-1/-1/-1"},
	    {G,
	     "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"ha\"}]},"
	     "\"finishReason\":\"MAX_TOKENS\"}]}",
	     "ha||length||-1/-1/-1"},
	    {G,
	     "{\"candidates\":[{\"content\":{},\"finishReason\":"
	     "\"MALFORMED_FUNCTION_CALL\"}]}",
	     "||MALFORMED_FUNCTION_CALL||-1/-1/-1 unfinished"},
	    {G,
	     "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\","
	     "\"message\":\"x\",\"details\":[{\"retryDelay\":\"1.5s\"}]}}",
	     "||||-1/-1/-1 error RESOURCE_EXHAUSTED wait"},
	    {G,
	     "{\"error\":{\"status\":\"RESOURCE_EXHAUSTED\",\"message\":\"x\","
	     "\"details\":[{\"violations\":[{\"quotaId\":"
	     "\"GenerateRequestsPerDayPerProject\"}]}]}}",
	     "||||-1/-1/-1 error insufficient_quota"},
	    {G,
	     "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"message\":\"x\","
	     "\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}",
	     "||||-1/-1/-1 error API_KEY_INVALID"},
	    {G, "{\"candidates\":[]}", NULL},
	    {G, "[]", NULL},
	};
	static const struct kb_form_ask ask = {.kind = KB_FORM_CHAT};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kb_form_reply reply;
		int rc = kb_form_parse(&ask, cases[i].dialect,
				       kb_str_of(cases[i].body), &arena, &reply,
				       NULL);

		assert_int_equal(rc, cases[i].shown ? 0 : KB_EFORMAT);
		if (!rc)
			assert_string_equal(show(&reply), cases[i].shown);
	}
}

static void vectors_of_gemini_come_by_their_place(void **state)
{
	static const struct kb_str texts[] = {{"a", 1}, {"b", 1}};
	struct kb_form_ask ask = {
	    .kind = KB_FORM_EMBED, .texts = texts, .n_texts = 2};
	struct kb_provider provider = {
	    .dialect = G, .base_url = "https://x", .model = "e"};
	struct kb_form_reply reply;
	struct kb_buf body;

	(void)state;
	kb_buf_init(&body, 0);
	kb_form_build(&ask, &provider, &body);
	kb_buf_add_char(&body, '\0');
	assert_string_equal(
	    body.ptr,
	    "{\"requests\":[{\"model\":\"models/e\",\"content\":{\"parts\":"
	    "[{\"text\":\"a\"}]}},{\"model\":\"models/e\",\"content\":"
	    "{\"parts\":[{\"text\":\"b\"}]}}]}");
	kb_buf_release(&body);
	assert_int_equal(kb_form_parse(&ask, G,
				       KB_STR("{\"embeddings\":[{\"values\":"
					      "[1,2]},{\"values\":[3,4]}]}"),
				       &arena, &reply, NULL),
			 0);
	for (int k = 0; k < 4; k++)
		assert_true(reply.values[k] == (float)(k + 1));
	assert_int_equal(
	    kb_form_parse(&ask, G,
			  KB_STR("{\"embeddings\":[{\"values\":[1,2]}]}"),
			  &arena, &reply, NULL),
	    KB_EFORMAT);
}

/* ---- streams ---- */

struct reading {
	struct kb_form_stream stream;
	struct kb_form_reply reply;
	bool bad;
};

static void take_event(void *arg, struct kb_str event, struct kb_str data)
{
	struct reading *r = arg;

	(void)event;
	if (!r->stream.done && !r->bad)
		r->bad =
		    kb_form_delta(&r->stream, data, &arena, &r->reply, NULL);
}

/* The stream in two pieces, or with 'cut' only the first of them. What it
 * comes to; whole: it said so. */
static const char *read_stream(const struct kb_dialect *dialect,
			       const char *text, size_t at, bool cut,
			       bool *whole)
{
	struct reading r = {.reply = KB_FORM_REPLY};
	size_t len = strlen(text);
	struct kb_sse sse;

	kb_form_stream_init(&r.stream, dialect);
	kb_sse_init(&sse, 1 << 16, take_event, &r);
	kb_sse_feed(&sse, text, at, NULL);
	if (!cut)
		kb_sse_feed(&sse, text + at, len - at, NULL);
	kb_sse_end(&sse, NULL);
	kb_form_stream_end(&r.stream, &arena, &r.reply);
	*whole = !r.bad && !r.reply.error_message.len &&
		 (r.stream.done || r.reply.finish.len);
	kb_sse_release(&sse);
	kb_form_stream_release(&r.stream);
	return show(&r.reply);
}

#define EV(type, rest) \
	"event: " type "\ndata: {\"type\":\"" type "\"" rest "}\n\n"
#define PART(text) "{\"candidates\":[{\"content\":{\"parts\":[" text "]}"

static const struct {
	const struct kb_dialect *dialect;
	const char *text, *shown;
	bool whole;
} streams[] = {
    {A,
     EV("message_start", ",\"message\":{\"model\":\"c\",\"usage\":"
			 "{\"input_tokens\":5,\"cache_read_input_tokens\":3,"
			 "\"output_tokens\":1}}")
	 EV("content_block_start",
	    ",\"index\":0,\"content_block\":{\"type\":\"thinking\","
	    "\"thinking\":\"\"}") EV("ping", "")
	     EV("content_block_delta",
		",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
		"\"thinking\":\"hm\"}")
		 EV("content_block_delta",
		    ",\"index\":0,\"delta\":{\"type\":\"signature_delta\","
		    "\"signature\":\"x\"}")
		     EV("content_block_stop", ",\"index\":0")
			 EV("content_block_start",
			    ",\"index\":1,\"content_block\":{\"type\":\"text\","
			    "\"text\":\"\"}")
			     EV("content_block_delta",
				",\"index\":1,\"delta\":{\"type\":"
				"\"text_delta\",\"text\":\"退款 \"}")
				 EV("content_block_delta",
				    ",\"index\":1,\"delta\":{\"type\":"
				    "\"text_delta\",\"text\":\"is 5 days\"}")
				     EV("message_delta",
					",\"delta\":{\"stop_reason\":"
					"\"end_turn\"},\"usage\":"
					"{\"output_tokens\":7}")
					 EV("message_stop", ""),
     "退款 is 5 days|hm|stop|c|8/3/7", true},
    {A,
     EV("message_start", ",\"message\":{}")
	 EV("content_block_start",
	    ",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":"
	    "\"t\",\"name\":\"f\",\"input\":{}}")
	     EV("content_block_delta",
		",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
		"\"partial_json\":\"{\\\"q\\\":\"}")
		 EV("content_block_start",
		    ",\"index\":1,\"content_block\":{\"type\":\"tool_use\","
		    "\"id\":\"u\",\"name\":\"g\",\"input\":{}}")
		     EV("content_block_delta",
			",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
			"\"partial_json\":\"1}\"}")
			 EV("message_delta",
			    ",\"delta\":{\"stop_reason\":\"tool_use\"}"),
     "||tool_calls||-1/-1/-1 [{\"id\":\"t\",\"type\":\"function\","
     "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"q\\\":1}\"}},"
     "{\"id\":\"u\",\"type\":\"function\",\"function\":{\"name\":\"g\","
     "\"arguments\":\"{}\"}}]",
     true},
    {A,
     EV("content_block_delta", ",\"index\":1,\"delta\":{\"type\":"
			       "\"text_delta\",\"text\":\"ha\"}")
	 EV("error", ",\"error\":{\"type\":\"overloaded_error\","
		     "\"message\":\"x\"}"),
     "ha||||-1/-1/-1 error overloaded_error", false},
    {G,
     "data: " PART(
	 "{\"text\":\"hm\",\"thought\":true}") "}]}\r\n\r\n"
					       "data: " PART(
						   "{\"text\":\"退款 "
						   "\"}") "}]}"
							  "\r\n\r\n"
							  "data:"
							  " " PART(
							      "{\"tex"
							      "t\":"
							      "\"is "
							      "5 "
							      "days\""
							      "}") ","
								   "\"finishRea"
								   "son\":"
								   "\"STOP\"}],"
								   "\"modelVers"
								   "ion\":"
								   "\"g\","
								   "\"usageMeta"
								   "data\":{"
								   "\"promptTok"
								   "enCount\":"
								   "8,"
								   "\"candidate"
								   "sTokenCount"
								   "\":6,"
								   "\"thoughtsT"
								   "okenCount\""
								   ":1}}"
								   "\r\n\r\n",
     "退款 is 5 days|hm|stop|g|8/-1/7", true},
    {G,
     "data: " PART(
	 "{\"functionCall\":{\"name\":\"f\",\"args\":{}}}") "}]}"
							    "\r\n\r\n"
							    "data:"
							    " " PART(
								"{\"f"
								"unct"
								"ionC"
								"all"
								"\":{"
								"\"na"
								"me\""
								":\"f"
								"\"}"
								"}") ",\"finish"
								     "Reason\":"
								     "\"STOP\"}"
								     "]}"
								     "\r\n\r\n",
     "||tool_calls||-1/-1/-1 [{\"type\":\"function\",\"function\":{\"name\":"
     "\"f\",\"arguments\":\"{}\"}},{\"type\":\"function\",\"function\":"
     "{\"name\":\"f\",\"arguments\":\"{}\"}}]",
     true},
    {G, "data: " PART("{\"text\":\"half\"}") "}]}\r\n\r\n", "half||||-1/-1/-1",
     false},
    {&kb_dialect_openai,
     "data: {\"model\":\"o\",\"choices\":[{\"index\":0,\"delta\":{"
     "\"content\":\"退款 \"}}]}\n\ndata: {\"choices\":[{\"index\":0,"
     "\"delta\":{\"content\":\"is 5 days\"},\"finish_reason\":\"stop\"}]}\n\n"
     "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":8,"
     "\"completion_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":"
     "3}}}\n\ndata: [DONE]\n\n",
     "退款 is 5 days||stop|o|8/3/7", true},
};

/* Cut into two pieces anywhere it is the same; broken off anywhere before
 * its end was told it is no answer. */
static void a_stream_is_read_the_same_wherever_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++) {
		const char *text = streams[i].text;
		const char *told = strstr(text, "finishReason");
		bool whole;

		if (!told)
			told = strstr(text, "stop_reason");
		if (!told)
			told = strstr(text, "finish_reason");
		for (size_t at = 0; at <= strlen(text); at++) {
			assert_string_equal(read_stream(streams[i].dialect,
							text, at, false,
							&whole),
					    streams[i].shown);
			assert_int_equal(whole, streams[i].whole);
			read_stream(streams[i].dialect, text, at, true, &whole);
			if (!streams[i].whole || text + at < told)
				assert_false(whole);
			kb_arena_reset(&arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_question_is_put_in_the_words_of_its_dialect),
	    cmocka_unit_test(what_cannot_be_asked_is_said),
	    cmocka_unit_test(a_whole_answer_is_read_in_every_dialect),
	    cmocka_unit_test(vectors_of_gemini_come_by_their_place),
	    cmocka_unit_test(a_stream_is_read_the_same_wherever_it_is_cut),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
