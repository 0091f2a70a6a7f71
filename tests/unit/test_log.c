#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "docs.h"

#include "base/buf.h"

/* Logs, their entries parted by a line of "====", and the time of the first. */
static const struct {
	const char *why, *log, *time;
} rows[] = {
    {"syslog",
     "May  1 08:00:00 host sshd[1]: a\n====\nMay 12 08:00:01 host b\n", ""},
    {"syslog of RFC 5424",
     "<34>1 2024-05-01T08:00:00.003Z host su - - - a\n====\n"
     "<165>1 2024-05-01T08:00:01+02:00 host b\n",
     "2024-05-01T08:00:00Z"},
    {"syslog with a priority",
     "<34>Oct 11 22:14:15 host a\n====\n<34>Oct 11 22:14:16 host b\n", ""},
    {"times with a comma, a stack trace",
     "2024-05-01 08:00:00,123 ERROR a\n"
     "java.lang.IllegalStateException: x\n\tat a.b.C(C.java:1)\n\n"
     "Caused by: y\n\t... 3 more\n====\n2024-05-01 08:00:01,123 INFO b\n",
     "2024-05-01T08:00:00"},
    {"a zone beside the time",
     "2024-05-01T08:00:00.1+0800 a\n====\n2024-05-01 08:00:01 UTC [1] b\n",
     "2024-05-01T08:00:00+08:00"},
    {"nginx's errors",
     "2024/05/01 08:00:00 [error] 1#0: a\n====\n2024/05/01 08:00:01 [warn] b\n",
     "2024-05-01T08:00:00"},
    {"access logs",
     "1.2.3.4 - - [01/May/2024:08:00:00 +0200] \"GET / HTTP/1.1\" 200\n"
     "====\nwww:443 ::1 - - [01/May/2024:08:00:01 +0200] \"GET /\"\n",
     "2024-05-01T08:00:00+02:00"},
    {"Apache's errors",
     "[Wed Oct 11 14:32:52.123456 2000] [core:error] a\n====\n"
     "[Wed Oct 11 14:32:53 2000] [error] b\n",
     "2000-10-11T14:32:52"},
    {"lines of JSON that tell their time, among others",
     "{\"level\":\"info\",\"ts\":\"2024-05-01T08:00:00Z\"}\n====\n"
     "2024-05-01 08:00:01 INFO answer:\n{\"time\":\"later\"}\n====\n"
     "{\"@timestamp\": \"2024-05-01T08:00:02Z\",\"a\":1}\n====\n"
     "2024-05-01 08:00:03 INFO b\n",
     "2024-05-01T08:00:00Z"},
    {"Android's brief form",
     "I/ActivityManager( 585): a\n\tb\n====\nD/Zygote( 33): c\n", ""},
    {"glog with a goroutine",
     "E0501 08:00:01.123456   12345 server.go:84] a\n\n"
     "goroutine 1 [running]:\nmain.main()\n\t/app/main.go:10\n====\n"
     "I0501 08:00:02.123456   12345 server.go:85] b\n",
     ""},
    {"a panic without a time",
     "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:1\n====\n"
     "up again\n",
     ""},
    {"a container's log: a traceback, a line in parts",
     "2024-05-01T08:00:01.1Z stderr F Traceback (most recent call last):\n"
     "2024-05-01T08:00:02.1Z stderr F   File \"x.py\", line 1\n"
     "2024-05-01T08:00:03.1Z stderr F ValueError: x\n====\n"
     "2024-05-01T08:00:04.1Z stdout P half\n"
     "2024-05-01T08:00:05.1Z stdout F  and half\n====\n"
     "2024-05-01T08:00:06.1Z stdout F next\n",
     "2024-05-01T08:00:01Z"},
    {"Android's",
     "05-01 08:00:00.1  1  2 E AndroidRuntime: FATAL\n"
     "05-01 08:00:00.1  1  2 E AndroidRuntime: java.lang.Error\n"
     "05-01 08:00:00.1  1  2 E AndroidRuntime: \tat a.b(C.java:1)\n====\n"
     "05-01 08:00:00.1  1  2 I ActivityManager: \tat ease\n",
     ""},
    {"a traceback without a time",
     "starting up\nTraceback (most recent call last):\n"
     "  File \"x.py\", line 1, in <module>\nValueError: x\n\n"
     "During handling of the above exception, another exception occurred:\n\n"
     "Traceback (most recent call last):\n  File \"y.py\", line 2, in g\n"
     "KeyError: 'k'\n====\nnext thing\n",
     ""},
    {"levels alone",
     "ERROR:root:a\nTraceback (most recent call last):\n  File\nError\n====\n"
     "INFO:root:b\n====\n[WARN] c\nmore of c\n====\n[main] INFO x - d\n"
     "====\nlevel=info msg=e\n",
     ""},
    {"a level is a word in capitals",
     "INFO: a\nError: b\nerrors: c\nINFORMAL: d\n====\nINFO: e\n", ""},
    {"a stack trace without a time",
     "Exception in thread \"main\" java.lang.Error: x\n\tat a.b.C(C.java:1)\n"
     "Caused by: java.io.IOException: y\n\t... 2 more\n====\nstopping\n",
     ""},
    {"java.util.logging",
     "May 01, 2024 8:00:00 PM com.x.App main\nINFO: a\n====\n"
     "May 01, 2024 8:00:01 PM com.x.App main\nSEVERE: b\n",
     "2024-05-01T20:00:00"},
    {"Windows' events",
     "Log Name:      System\nDate:          5/1/2024 8:00:00 AM\n"
     "Description:\nThe service stopped.\n\nLater.\n====\n"
     "Log Name:      Application\nDate:          5/1/2024 8:00:01 AM\n",
     "2024-05-01T08:00:00"},
    {"Windows' events as a list",
     "Information\t5/1/2024 8:00:00 AM\ta\nmore\n====\n"
     "Error\t5/1/2024 8:00:01 AM\tb\n",
     "2024-05-01T08:00:00"},
    {"Redis, Ruby, MySQL",
     "1:M 01 May 2024 08:00:00.123 * a\n====\n"
     "E, [2024-05-01T08:00:01.1 #1] ERROR -- : b\n/app/a.rb:1:in `f'\n====\n"
     "# Time: 2024-05-01T08:00:02.1Z\n# Query_time: 10.0\nSELECT 1;\n",
     "2024-05-01T08:00:00"},
    {"seconds since 1970", "1714550400 a\n====\n- 1714550401 b\n",
     "2024-05-01T08:00:00Z"},
    {"since the start", "[    0.000000] Linux\n  more\n====\n[   12.3] x\n",
     ""},
    {"Chinese",
     "[2024年5月1日 08:00:00] 错误 支付失败\n详情\n====\n"
     "[2024年05月01日 08:00:01] 成功\n",
     "2024-05-01T08:00:00"},
    {"days before months where they say so",
     "01.05.2024 08:00:00 a\n====\n1-May-2024 08:00:01 b\n",
     "2024-05-01T08:00:00"},
    {"what looks like a date is none",
     "2024-05-01 a\n2024-13-01 b\n0001-01-01 c\n1.5 d\n12/24 e\n"
     "5/1/2024 f\n2024-05-01st g\n",
     "2024-05-01"},
};

static void write_entries(struct kb_buf *out, const char *log, char *time)
{
	struct kb_doc_opts opts = {.lines = true};
	struct kb_doc_reader *r;
	struct kb_arena arena;
	struct kb_doc doc;
	char *copy = strdup(log), *at;

	/* what parts the entries is not in the log */
	while ((at = strstr(copy, "====\n")))
		memmove(at, at + 5, strlen(at + 5) + 1);
	kb_arena_init(&arena);
	assert_int_equal(
	    open_bytes(&r, copy, strlen(copy), "a.log", &opts, NULL), 0);
	while (kb_doc_next(r, &arena, &doc, NULL) == 1) {
		if (!out->len)
			snprintf(time, 64, "%.*s", (int)doc.meta.len,
				 doc.meta.ptr);
		else
			kb_buf_add_cstr(out, "====\n");
		kb_buf_add_str(out, doc.text);
		kb_buf_add_char(out, '\n');
	}
	kb_doc_close(r);
	kb_arena_release(&arena);
	free(copy);
}

static void entries_are_what_a_person_would_tell_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char time[64] = "", want[64] = "";
		struct kb_buf out;

		kb_buf_init(&out, 0);
		write_entries(&out, rows[i].log, time);
		if (*rows[i].time)
			snprintf(want, sizeof(want), "{\"time\":\"%s\"}",
				 rows[i].time);
		if (strcmp(out.ptr, rows[i].log) != 0)
			fail_msg("%s:\n%s", rows[i].why, out.ptr);
		if (strcmp(time, want) != 0)
			fail_msg("%s: %s, not %s", rows[i].why, time, want);
		kb_buf_release(&out);
	}
}

static void a_log_of_json_has_messages_and_times(void **state)
{
	static const char log[] =
	    "{\"__REALTIME_TIMESTAMP\":\"1714550400123456\",\"MESSAGE\":\"a\"}"
	    "\n"
	    "{\"log\":\"b\\n\",\"time\":\"2024-05-01T08:00:00.1Z\"}\n"
	    "{\"level\":\"error\",\"ts\":1714550400.1,\"msg\":\"c\"}\n"
	    "{\"@timestamp\":\"2024-05-01T08:00:00Z\",\"message\":\"d\"}\n"
	    "{\"text\":\"e\",\"message\":\"f\"}\n";
	static const char *const want[][2] = {
	    {"a", "{\"__REALTIME_TIMESTAMP\":\"1714550400123456\","
		  "\"time\":\"2024-05-01T08:00:00Z\"}"},
	    {"b\n", "{\"time\":\"2024-05-01T08:00:00.1Z\"}"},
	    {"c", "{\"level\":\"error\",\"ts\":1714550400.1,"
		  "\"time\":\"2024-05-01T08:00:00Z\"}"},
	    {"d", "{\"@timestamp\":\"2024-05-01T08:00:00Z\","
		  "\"time\":\"2024-05-01T08:00:00Z\"}"},
	    {"e", "{\"message\":\"f\"}"},
	};
	struct kb_doc_opts opts = {.lines = true};
	struct kb_doc_reader *r;
	struct kb_arena arena;
	struct kb_doc doc;

	(void)state;
	kb_arena_init(&arena);
	assert_int_equal(
	    open_bytes(&r, log, sizeof(log) - 1, "a.json", &opts, NULL), 0);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(kb_doc_next(r, &arena, &doc, NULL), 1);
		assert_true(kb_str_is(doc.text, want[i][0]));
		if (!kb_str_is(doc.meta, want[i][1]))
			fail_msg("%.*s", (int)doc.meta.len, doc.meta.ptr);
	}
	kb_doc_close(r);
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entries_are_what_a_person_would_tell_apart),
	    cmocka_unit_test(a_log_of_json_has_messages_and_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
