#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "record/error_member.h"
#include "record/exchange.h"
#include "record/hit.h"
#include "record/question.h"

static struct kb_arena arena;

static int set_up(void **state)
{
	(void)state;
	kb_arena_init(&arena);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kb_arena_release(&arena);
	return 0;
}

static struct kb_rec scan(const char *line)
{
	struct kb_err err = {0};
	struct kb_rec rec;

	if (kb_rec_scan(&rec, &arena, line, strlen(line), &err))
		fail_msg("%s: %s", line, err.msg);
	return rec;
}

static void assert_text(const char *where, struct kb_str got, const char *want)
{
	if (!kb_str_is(got, want))
		fail_msg("%s: '%.*s', not '%s'", where, (int)got.len, got.ptr,
			 want);
}

#define U(content)  "{\"role\":\"user\",\"content\":" content "}"
#define A(content)  "{\"role\":\"assistant\",\"content\":" content "}"
#define TEXT(words) "{\"type\":\"text\",\"text\":\"" words "\"}"

/* ---- the question ---- */

static void all_programs_ask_the_same_question(void **state)
{
	static const struct {
		const char *record, *text;
		enum kb_question_source source;
		const char *asked;
	} rows[] = {
	    {"{\"messages\":[" U("\"m\"") "],\"query\":\"q\","
					  "\"standalone\":\"s\"}",
	     "s", KB_QUESTION_STANDALONE, "q"},
	    {"{\"messages\":[" U("\"m\"") "],\"standalone\":\"s\"}", "s",
	     KB_QUESTION_STANDALONE, "m"},
	    {"{\"messages\":[" U("\"m\"") "],\"query\":\"q\"}", "q",
	     KB_QUESTION_QUERY, "q"},
	    {"{\"messages\":[" U("\"m\"") "]}", "m", KB_QUESTION_MESSAGE, "m"},
	    /* blank is missing, in every script */
	    {"{\"standalone\":\"\",\"query\":\" \\n\\t\",\"messages\":[" U(
		 "\"m\"") "]}",
	     "m", KB_QUESTION_MESSAGE, "m"},
	    {"{\"standalone\":\"\\u3000\",\"query\":\"退货？\"}", "退货？",
	     KB_QUESTION_QUERY, "退货？"},
	    {"{\"standalone\":\"　 \",\"query\":\"q\"}", "q", KB_QUESTION_QUERY,
	     "q"},
	    {"{\"standalone\":null,\"query\":null,\"messages\":null}", "",
	     KB_QUESTION_NONE, ""},
	    {"{}", "", KB_QUESTION_NONE, ""},
	    {"{\"messages\":[]}", "", KB_QUESTION_NONE, ""},
	    /* the last user message that says something */
	    {"{\"messages\":[" U("\"one\"") "," A("\"two\"") "," U(
		 "\"  \"") "]}",
	     "one", KB_QUESTION_MESSAGE, "one"},
	    {"{\"messages\":[" U("\"one\"") "," U("null") "," U("[]") "]}",
	     "one", KB_QUESTION_MESSAGE, "one"},
	    {"{\"messages\":[" U("\"图？\"") "," U(
		 "[{\"type\":\"image_url\",\"image_url\":{"
		 "\"url\":\"u\"}}]") "]"
				     "}",
	     "图？", KB_QUESTION_MESSAGE, "图？"},
	    {"{\"messages\":[" A("\"a\"") ",{\"role\":\"tool\",\"content\":"
					  "\"t\"}]}",
	     "", KB_QUESTION_NONE, ""},
	    {"{\"messages\":[5,null,[],{\"content\":\"x\"},{\"role\":7,"
	     "\"content\":\"y\"}," U("\"q\"") "]}",
	     "q", KB_QUESTION_MESSAGE, "q"},
	    {"{\"messages\":[{\"content\":\"c\",\"role\":\"x\",\"role\":"
	     "\"user\"}]}",
	     "c", KB_QUESTION_MESSAGE, "c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_rec rec = scan(rows[i].record);
		struct kb_str last = {NULL, 0};
		struct kb_question q, asked;

		kb_turns_last_user(kb_rec_get(&rec, "messages"), &arena, &last);
		assert_int_equal(
		    kb_question_choose(&rec, last, &arena, &q, &asked, NULL),
		    0);
		assert_text(rows[i].record, q.text, rows[i].text);
		assert_int_equal(q.source, rows[i].source);
		assert_text(rows[i].record, asked.text, rows[i].asked);
		assert_int_equal(kb_question_read(&rec, &arena, &q, NULL), 0);
		assert_text(rows[i].record, q.text, rows[i].text);
		assert_int_equal(q.source, rows[i].source);
		assert_int_equal(kb_question_asked(&rec, &arena, &q, NULL), 0);
		assert_text(rows[i].record, q.text, rows[i].asked);
	}
}

static void a_member_of_another_type_is_refused_whatever_is_asked(void **state)
{
	static const char *const names[] = {"standalone", "query", "messages"};
	static const char *const others[] = {"{}", "true", "1e400", "false"};
	char line[200], want[80];

	(void)state;
	for (size_t n = 0; n < 3; n++) {
		for (size_t i = 0; i < 4; i++) {
			struct kb_err err = {0};
			struct kb_question q;
			struct kb_rec rec;

			snprintf(line, sizeof(line),
				 "{\"standalone\":\"s\",\"query\":\"q\","
				 "\"messages\":[],\"%s\":%s}",
				 names[n], others[i]);
			snprintf(want, sizeof(want), "'%s' is not %s", names[n],
				 n < 2 ? "a string" : "an array");
			rec = scan(line);
			assert_int_equal(
			    kb_question_read(&rec, &arena, &q, &err),
			    KB_EINVAL);
			assert_string_equal(err.msg, want);
			assert_int_equal(q.source, KB_QUESTION_NONE);
			assert_int_equal(q.text.len, 0);
		}
	}
}

/* ---- turns ---- */

static void a_content_has_the_text_of_its_text_parts(void **state)
{
	static const struct {
		const char *message, *text;
		unsigned holds;
	} rows[] = {
	    {U("\"a\""), "a", KB_HOLDS_TEXT},
	    {U("\"退\\u8d27\""), "退货", KB_HOLDS_TEXT},
	    {U("\"\""), "", 0},
	    {U("\" \\u00a0\""), " \302\240", 0},
	    {U("null"), "", 0},
	    {U("7"), "", 0},
	    {U("true"), "", 0},
	    {U("{\"text\":\"a\"}"), "", 0},
	    {"{\"role\":\"user\"}", "", 0},
	    {U("[" TEXT("a") "]"), "a", KB_HOLDS_TEXT},
	    {U("[" TEXT("a") "," TEXT("b") "," TEXT("c") "]"), "a\nb\nc",
	     KB_HOLDS_TEXT},
	    {U("[" TEXT("") "," TEXT("b") "]"), "b", KB_HOLDS_TEXT},
	    {U("[{\"text\":\"a\"}]"), "a", KB_HOLDS_TEXT},
	    {U("[{\"type\":\"input_text\",\"text\":\"a\"},{\"type\":"
	       "\"output_text\",\"text\":\"b\"}]"),
	     "a\nb", KB_HOLDS_TEXT},
	    {U("[{\"type\":\"text\",\"text\":5},{\"type\":\"text\"}]"), "", 0},
	    {U("[{\"type\":\"image_url\",\"text\":\"no\"}," TEXT("a") "]"), "a",
	     KB_HOLDS_TEXT | KB_HOLDS_MEDIA},
	    {U("[{\"type\":\"input_audio\",\"input_audio\":{}}]"), "",
	     KB_HOLDS_MEDIA},
	    {A("[{\"type\":\"refusal\",\"refusal\":\"no\",\"text\":\"no\"}]"),
	     "", KB_HOLDS_REFUSAL},
	    {U("[[" TEXT("a") "],\"b\",7,null,[[[]]]," TEXT("c") "]"), "c",
	     KB_HOLDS_TEXT},
	    {"{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{}]}",
	     "", KB_HOLDS_TOOL_CALLS},
	    {"{\"role\":\"assistant\",\"content\":\"a\",\"tool_calls\":null}",
	     "a", KB_HOLDS_TEXT},
	    {"{\"role\":\"assistant\",\"content\":\"a\",\"tool_calls\":[]}",
	     "a", KB_HOLDS_TEXT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_chat_message m;
		struct kb_turns turns;
		struct kb_json list;
		char *text = kb_arena_printf(&arena, "[%s]", rows[i].message);

		assert_int_equal(kb_json_check(text, strlen(text), &list, NULL),
				 0);
		turns = kb_turns_open(list);
		assert_true(kb_turns_next(&turns, &arena, &m));
		assert_text(rows[i].message, kb_content_text(m.content, &arena),
			    rows[i].text);
		assert_int_equal(kb_message_holds(&m, &arena), rows[i].holds);
		assert_false(kb_turns_next(&turns, &arena, &m));
	}
}

static void a_role_is_known_or_other_or_none(void **state)
{
	static const enum kb_role want[] = {
	    KB_ROLE_SYSTEM,    KB_ROLE_SYSTEM, KB_ROLE_USER,
	    KB_ROLE_ASSISTANT, KB_ROLE_OTHER,  KB_ROLE_OTHER,
	    KB_ROLE_NONE,      KB_ROLE_NONE,   KB_ROLE_NONE,
	};
	struct kb_rec rec =
	    scan("{\"messages\":[{\"role\":\"system\"},{\"role\":"
		 "\"developer\"},{\"role\":\"us\\u0065r\",\"name\":\"n\"},"
		 "{\"role\":\"assistant\"},{\"role\":\"tool\","
		 "\"tool_call_id\":\"t\"},{\"role\":\"User\"},{\"role\":1},{},"
		 "\"user\"]}");
	struct kb_turns turns = kb_turns_open(kb_rec_get(&rec, "messages"));
	struct kb_chat_message m;
	size_t n = 0;

	(void)state;
	for (; kb_turns_next(&turns, &arena, &m); n++) {
		assert_int_equal(m.role, want[n]);
		assert_int_equal(m.role == KB_ROLE_NONE, !m.role_text.ptr);
		assert_int_equal(m.name.type == KB_JSON_STRING, n == 2);
		assert_int_equal(m.tool_call_id.type == KB_JSON_STRING, n == 4);
	}
	assert_int_equal(n, 9);
}

/* 10,000 parts are joined in one pass. */
static void many_parts_are_one_text(void **state)
{
	struct kb_json val;
	struct kb_buf buf;
	struct kb_str text;

	(void)state;
	kb_buf_init(&buf, 0);
	for (int i = 0; i < 10000; i++)
		kb_buf_printf(&buf, "%s" TEXT("ab"), i ? "," : "[");
	kb_buf_add_char(&buf, ']');
	assert_int_equal(kb_json_check(buf.ptr, buf.len, &val, NULL), 0);
	text = kb_content_text(val, &arena);
	assert_int_equal(text.len, 10000 * 3 - 1);
	assert_memory_equal(text.ptr + text.len - 5, "ab\nab", 5);
	kb_buf_release(&buf);
}

/* What is not asked for costs nothing: no byte of the arena. */
static void a_question_of_a_long_conversation_decodes_one_text(void **state)
{
	struct kb_question q;
	struct kb_rec rec;
	struct kb_buf buf;
	char *before;

	(void)state;
	kb_arena_reset(&arena); /* one block for all of it */
	kb_buf_init(&buf, 0);
	kb_buf_add_cstr(&buf, "{\"messages\":[");
	for (int i = 0; i < 100; i++)
		kb_buf_printf(&buf, U("\"line %d\\nwith an escape\"") ",", i);
	kb_buf_add_cstr(&buf, U("\"the \\\"last\\\"\"") "]}");
	assert_int_equal(kb_rec_scan(&rec, &arena, buf.ptr, buf.len, NULL), 0);
	before = arena.next;
	assert_int_equal(kb_question_read(&rec, &arena, &q, NULL), 0);
	assert_text("the last", q.text, "the \"last\"");
	assert_in_range(arena.next - before, 1, 99);
	kb_buf_release(&buf);
}

/* ---- hits ---- */

static void a_hit_is_read_in_any_order_and_form(void **state)
{
	struct kb_rec rec =
	    scan("{\"hits\":[{\"doc\":\"d\",\"chunk\":3,\"title\":\"t\","
		 "\"text\":\"x\",\"score\":0.5,\"legs\":{\"lexical\":2},"
		 "\"source\":\"s\",\"line\":4,\"start\":5,\"end\":6,\"meta\":"
		 "{}},7,{\"te\\u0078t\":\"y\",\"doc\":12,\"title\":9,"
		 "\"score\":\"high\",\"doc\":13.0},{\"other\":1}]}");
	struct kb_record_hit hit;
	struct kb_hits hits;
	int64_t n;

	(void)state;
	assert_int_equal(kb_hits_open(&rec, &hits, NULL), 0);
	assert_int_equal(kb_hits_count(&hits), 4);
	assert_true(kb_hits_next(&hits, &hit));
	assert_text("doc", kb_hit_doc(&hit, &arena), "d");
	assert_text("text", kb_hit_str(&hit, KB_HIT_TEXT, &arena), "x");
	assert_text("heading", kb_hit_str(&hit, KB_HIT_HEADING, &arena), "");
	assert_true(kb_hit_score(&hit) == .5);
	assert_true(kb_json_int(hit.at[KB_HIT_LINE], &n) && n == 4);
	assert_int_equal(hit.at[KB_HIT_META].type, KB_JSON_OBJECT);
	assert_true(kb_hits_next(&hits, &hit)); /* 7 keeps its place */
	assert_text("doc", kb_hit_doc(&hit, &arena), "");
	assert_true(kb_hits_next(&hits, &hit));
	assert_text("text", kb_hit_str(&hit, KB_HIT_TEXT, &arena), "y");
	assert_text("doc", kb_hit_doc(&hit, &arena), "13.0");
	assert_text("title", kb_hit_str(&hit, KB_HIT_TITLE, &arena), "");
	assert_true(kb_hit_score(&hit) == 0);
	assert_true(kb_hits_next(&hits, &hit));
	assert_int_equal(hit.at[KB_HIT_TEXT].type, KB_JSON_NONE);
	assert_false(kb_hits_next(&hits, &hit));
}

static void hits_of_another_type_are_refused(void **state)
{
	static const struct {
		const char *record;
		int rc;
	} rows[] = {
	    {"{}", 0},
	    {"{\"hits\":null}", 0},
	    {"{\"hits\":[]}", 0},
	    {"{\"hits\":{\"doc\":\"d\"}}", KB_EINVAL},
	    {"{\"hits\":7}", KB_EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_rec rec = scan(rows[i].record);
		struct kb_record_hit hit;
		struct kb_hits hits;

		assert_int_equal(kb_hits_open(&rec, &hits, NULL), rows[i].rc);
		assert_int_equal(kb_hits_count(&hits), 0);
		assert_false(kb_hits_next(&hits, &hit));
	}
}

static void a_written_hit_reads_back(void **state)
{
	struct kb_hit_values values = {
	    .doc = KB_STR("d"),
	    .text = KB_STR("t\n"),
	    .score = .12345,
	    .legs = {{"lexical", 2, 4}, {"rerank", .123456789, -1}},
	    .n_legs = 2,
	    .end = 9,
	    .meta = KB_STR("{\"a\": 1}"),
	};
	struct kb_buf buf;
	struct kb_jw w;

	(void)state;
	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_hit_write(&w, &values);
	assert_string_equal(
	    buf.ptr, "{\"doc\":\"d\",\"chunk\":0,\"title\":\"\",\"text\":"
		     "\"t\\n\",\"score\":0.1235,\"legs\":{\"lexical\":2,"
		     "\"rerank\":0.123456789},\"start\":0,\"end\":9,\"meta\":"
		     "{\"a\": 1}}");
	kb_buf_release(&buf);
}

static void a_leg_is_set_and_all_else_stays(void **state)
{
	struct kb_rec rec =
	    scan("{\"hits\":[{\"x\": 1.50,\"legs\":{\"rerank\":9,\"a\":1},"
		 "\"text\":\"\\u0061\"}, 7, {\"legs\":3}]}");
	double scores[] = {.25, .5, 1};
	struct kb_json hits;

	(void)state;
	kb_hits_set_leg(&rec, "rerank", scores, 3);
	hits = kb_rec_get(&rec, "hits");
	assert_text("hits", (struct kb_str){hits.ptr, hits.len},
		    "[{\"x\":1.50,\"text\":\"\\u0061\",\"legs\":{\"a\":1,"
		    "\"rerank\":0.25}},7,{\"legs\":{\"rerank\":1}}]");
}

/* ---- error ---- */

static void an_error_reads_back(void **state)
{
	struct kb_rec rec = scan("{\"error\":null}");
	struct kb_err err = {0};
	struct kb_json val;
	struct kb_buf buf;

	(void)state;
	assert_false(kb_error_is_set(&rec));
	kb_buf_init(&buf, 0);
	kb_err_set(&err, KB_EBUSY, "a \"b\"");
	err.retryable = true;
	kb_error_set(&rec, "tool", &err, &buf);
	val = kb_rec_get(&rec, "error");
	assert_text("error", (struct kb_str){val.ptr, val.len},
		    "{\"tool\":\"tool\",\"code\":\"busy\",\"message\":\"a "
		    "\\\"b\\\"\",\"retryable\":true}");
	assert_true(kb_error_is_set(&rec));
	assert_true(kb_error_retryable(&rec));
	assert_text("tool", kb_error_tool(&rec), "tool");
	assert_text("message", kb_error_message(&rec), "a \"b\"");
	rec = scan("{\"error\":\"plain\"}");
	assert_true(kb_error_is_set(&rec));
	assert_false(kb_error_retryable(&rec));
	assert_text("message", kb_error_message(&rec), "plain");
	rec = scan("{\"error\":{\"message\":7}}");
	assert_text("message", kb_error_message(&rec),
		    "an error without a message");
	kb_buf_release(&buf);
}

/* ---- what stays together ---- */

#define CALL(id)                                                            \
	"{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":" \
	"\"" id "\",\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}"
#define TOOL(id) \
	"{\"role\":\"tool\",\"tool_call_id\":\"" id "\",\"content\":\"r\"}"
#define TOOL_USE(id)	"{\"type\":\"tool_use\",\"id\":\"" id "\",\"input\":{}}"
#define TOOL_RESULT(id) "{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\"}"

static void a_call_and_its_answers_are_one_exchange(void **state)
{
	static const struct {
		const char *messages;
		size_t n, first[6];
	} rows[] = {
	    {"", 1, {0}},
	    {U("\"a\"") "," A("\"b\"") "," U("\"c\""), 4, {0, 1, 2, 3}},
	    /* one call, two at once, one after the other */
	    {U("\"a\"") "," CALL("k") "," TOOL("k") "," A("\"b\""),
	     4,
	     {0, 1, 1, 3}},
	    {"{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"x\"},{\"id\":"
	     "\"y\"}]}," TOOL("y") "," U("\"wait\"") "," TOOL("x"),
	     4,
	     {0, 0, 2, 0}},
	    {CALL("k") "," TOOL("k") "," CALL("l") "," TOOL("l"),
	     4,
	     {0, 0, 2, 2}},
	    /* an id that is used again; an escaped one */
	    {CALL("0") "," TOOL("0") "," CALL("0") "," TOOL("0"),
	     4,
	     {0, 0, 2, 2}},
	    {CALL("a\\u0062") "," U("\"\"") "," TOOL("ab"), 3, {0, 1, 0}},
	    /* parts; the answer to two calls joins them */
	    {A("[" TOOL_USE("x") "]") "," U("[" TOOL_RESULT("x") "]"),
	     2,
	     {0, 0}},
	    {A("[" TOOL_USE("x") "]") "," A("[" TOOL_USE("y") "]") "," U(
		 "[" TOOL_RESULT("y") "," TOOL_RESULT("x") "]"),
	     3,
	     {0, 0, 0}},
	    {A("[{\"type\":\"server_tool_use\",\"id\":\"s\"},{\"type\":"
	       "\"web_search_tool_result\",\"tool_use_id\":\"s\"}]") "," U("\"q"
									   "\""),
	     2,
	     {0, 1}},
	    {CALL("k") "," U("[" TOOL_RESULT("k") "," TEXT("go on") "]"),
	     2,
	     {0, 0}},
	    /* the older form, which has no ids */
	    {"{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\"}}," U(
		 "\"u\"") ",{\"role\":\"function\",\"name\":\"f\"}",
	     3,
	     {0, 1, 0}},
	    {A("\"I shall look\"") ",{\"role\":\"ipython\",\"content\":\"1\"}",
	     2,
	     {0, 0}},
	    /* items instead of messages */
	    {"{\"type\":\"function_call\",\"call_id\":\"c\"},1,{\"type\":"
	     "\"function_call_output\",\"call_id\":\"c\"}",
	     3,
	     {0, 1, 0}},
	    /* nothing to belong to */
	    {TOOL("k") "," U("\"a\""), 2, {0, 1}},
	    {"{\"role\":\"system\",\"content\":\"s\"}," TOOL("k"), 2, {0, 1}},
	    {"1,null,[],{},{\"role\":5,\"tool_calls\":{}}",
	     6,
	     {0, 1, 2, 3, 4, 5}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char line[1024];
		struct kb_rec rec;
		size_t *first;

		snprintf(line, sizeof(line), "{\"messages\":[%s]}",
			 rows[i].messages);
		rec = scan(line);
		first = kb_exchanges(kb_rec_get(&rec, "messages"), rows[i].n,
				     &arena);
		for (size_t k = 0; k < rows[i].n; k++)
			if (first[k] != rows[i].first[k])
				fail_msg("%s: %zu goes with %zu, not %zu",
					 rows[i].messages, k, first[k],
					 rows[i].first[k]);
	}
	assert_int_equal(kb_exchanges((struct kb_json){0}, 2, &arena)[1], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_programs_ask_the_same_question),
	    cmocka_unit_test(
		a_member_of_another_type_is_refused_whatever_is_asked),
	    cmocka_unit_test(a_content_has_the_text_of_its_text_parts),
	    cmocka_unit_test(a_role_is_known_or_other_or_none),
	    cmocka_unit_test(many_parts_are_one_text),
	    cmocka_unit_test(
		a_question_of_a_long_conversation_decodes_one_text),
	    cmocka_unit_test(a_hit_is_read_in_any_order_and_form),
	    cmocka_unit_test(hits_of_another_type_are_refused),
	    cmocka_unit_test(a_written_hit_reads_back),
	    cmocka_unit_test(a_leg_is_set_and_all_else_stays),
	    cmocka_unit_test(an_error_reads_back),
	    cmocka_unit_test(a_call_and_its_answers_are_one_exchange),
	};

	return cmocka_run_group_tests_name("record", tests, set_up, tear_down);
}
