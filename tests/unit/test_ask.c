/* What kb-ask makes of the words of a command line, and of a record for
 * people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask/ask_text.h"
#include "terminal/display.h"
#include "terminal/open_place.h"

/* ---- words ---- */

static void words(const char *usual, const char *line, const char *index,
		  const char *question)
{
	char copy[256], *list[16], *save = NULL, *asked = NULL;
	const char *got = NULL;
	struct kb_err err = {0};
	int n = 0, rc;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok_r(copy, " ", &save); w;
	     w = strtok_r(NULL, " ", &save))
		list[n++] = w;
	if (usual)
		setenv("KB_INDEX", usual, 1);
	else
		unsetenv("KB_INDEX");
	rc = kb_request_words(list, n, &got, &asked, &err);
	assert_int_equal(rc, index ? 0 : KB_EINVAL);
	if (index)
		assert_string_equal(got, index);
	if (question)
		assert_string_equal(asked, question);
	else
		assert_null(asked);
	free(asked);
}

static void the_first_word_is_the_index(void **state)
{
	(void)state;
	words(NULL, "", NULL, NULL);
	words("", "", NULL, NULL);
	words(NULL, "shop", "shop", NULL);
	words("", "shop how long", "shop", "how long");
	words(NULL, "shop.kb 退货 要多久", "shop.kb", "退货 要多久");
}

static void with_a_usual_one_it_must_look_like_one(void **state)
{
	char dir[] = "/tmp/kb-ask-XXXXXX", line[64];

	(void)state;
	words("shop.kb", "", "shop.kb", NULL);
	words("shop.kb", "how long", "shop.kb", "how long");
	words("shop.kb", "TCP/IP是什么", "shop.kb", "TCP/IP是什么");
	words("shop.kb", "other.kb how long", "other.kb", "how long");
	words("shop.kb", "kb how", "shop.kb", "kb how");
	assert_non_null(mkdtemp(dir));
	snprintf(line, sizeof(line), "%s how", dir);
	words("shop.kb", line, dir, "how");
	rmdir(dir);
	words("shop.kb", line, "shop.kb", line);
}

/* ---- a record for people ---- */

static void put(struct kb_buf *out, struct kb_str text)
{
	kb_text_printable(out, text.ptr, text.len);
}

#define HITS                                                                   \
	"\"hits\":[{\"doc\":\"a\",\"title\":\"Post\",\"text\":\"It costs 4 "   \
	"euros. It takes 3 days.\",\"source\":\"/f.md\",\"line\":7},"          \
	"{\"doc\":\"b\",\"text\":\"two\"},{\"doc\":\"c\",\"text\":\"three\"}," \
	"{\"doc\":\"d\",\"text\":\"four\"}]"
#define CLAIM(verdict, hit, start, end)                                     \
	"{\"text\":\"It costs 4 euros.\",\"verdict\":\"" verdict            \
	"\",\"evidence\":{\"hit\":" hit ",\"start\":" start ",\"end\":" end \
	"}}"
#define RECORD(claims)                                                \
	"{\"query\":\"q\",\"answer\":\"It costs 4 euros. [1]\"," HITS \
	",\"check\":{\"claims\":[" claims                             \
	"],\"reasons\":[\"num:4\"]},\"confidence\":0.5,\"route\":\"human\"}"

/* Shows the record; returns how many passages were. */
static int shown(const char *line, bool colour, char *text, size_t size)
{
	struct kb_terms terms = {0};
	struct kb_text_style style = {.colour = colour,
				      .put = put,
				      .analyzer = kb_analyzer_new(),
				      .terms = &terms};
	struct kb_arena arena;
	struct kb_buf out;
	struct kb_rec rec;
	int n;

	kb_arena_init(&arena);
	kb_buf_init(&out, 0);
	assert_int_equal(kb_rec_scan(&rec, &arena, line, strlen(line), NULL),
			 0);
	n = kb_ask_text(&rec, &style, false, &out);
	snprintf(text, size, "%.*s", (int)out.len, out.ptr ? out.ptr : "");
	kb_buf_release(&out);
	kb_arena_release(&arena);
	kb_analyzer_free(style.analyzer);
	kb_terms_release(&terms);
	return n;
}

static void an_answer_comes_with_its_sentences(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(shown(RECORD(CLAIM("supported", "1", "0", "17")),
			       false, text, sizeof(text)),
			 0);
	assert_string_equal(text, "It costs 4 euros. [1]\n"
				  "\n[1] Post  /f.md:7\n"
				  "    \"It costs 4 euros.\"\n"
				  "\n-> human, confidence 0.5 num:4\n");
	shown(RECORD(CLAIM("supported", "1", "0", "17") "," CLAIM(
		  "supported", "1", "18", "34") "," CLAIM("supported", "1", "0",
							  "17")),
	      false, text, sizeof(text));
	assert_string_equal(text, "It costs 4 euros. [1]\n"
				  "\n[1] Post  /f.md:7\n"
				  "    \"It costs 4 euros.\"\n"
				  "    \"It takes 3 days.\"\n"
				  "\n-> human, confidence 0.5 num:4\n");
}

static void a_place_outside_of_the_text_is_none(void **state)
{
	static const char *const records[] = {
	    RECORD(CLAIM("supported", "1", "0", "36")),
	    RECORD(CLAIM("supported", "1", "-1", "4")),
	    RECORD(CLAIM("supported", "1", "4", "4")),
	    RECORD(CLAIM("supported", "0", "0", "4")),
	    RECORD(CLAIM("supported", "5", "0", "2")),
	    RECORD(CLAIM("supported", "1e3", "0", "2")),
	    RECORD(CLAIM("supported", "\"1\"", "0", "2")),
	};
	char text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		shown(records[i], false, text, sizeof(text));
		assert_string_equal(text, "It costs 4 euros. [1]\n"
					  "\n-> human, confidence 0.5 num:4\n");
	}
}

static void what_is_not_supported_is_said(void **state)
{
	char text[4096];

	(void)state;
	shown(RECORD(CLAIM("contradicted", "1", "0", "17")), false, text,
	      sizeof(text));
	assert_non_null(strstr(text, "    contradicted: It costs 4 euros.\n"));
	assert_null(strchr(text, '\033'));
	shown(RECORD(CLAIM("contradicted", "1", "0", "17")), true, text,
	      sizeof(text));
	assert_non_null(strstr(text, "\033[33mcontradicted\033[0m: "));
	assert_non_null(strstr(text, "-> \033[33mhuman\033[0m, "));
}

static void what_is_not_known_comes_with_passages(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(shown(RECORD(CLAIM("abstain", "1", "0", "17")), false,
			       text, sizeof(text)),
			 KB_ASK_PASSAGES);
	assert_non_null(strstr(text, "Nearest passages:\n 1 0.000  Post"));
	assert_non_null(strstr(text, "three"));
	assert_null(strstr(text, "four"));
	/* of several claims one is enough to be no answer of that kind */
	assert_int_equal(
	    shown(RECORD(CLAIM("abstain", "1", "0",
			       "17") "," CLAIM("supported", "1", "0", "17")),
		  false, text, sizeof(text)),
	    0);
}

static void a_record_with_an_error_shows_nothing(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(shown("{\"answer\":\"x\",\"error\":{\"tool\":\"t\"}}",
			       false, text, sizeof(text)),
			 0);
	assert_string_equal(text, "");
	shown("{\"answer\":7}", false, text, sizeof(text));
	assert_string_equal(text, "");
}

/* ---- an editor ---- */

static void a_file_is_opened_at_its_line(void **state)
{
	char dir[] = "/tmp/kb-ask-XXXXXX", file[64], editor[160], got[64] = "";
	struct kb_err err = {0};
	bool opened = true;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/-o a'b", dir);
	snprintf(editor, sizeof(editor), "%s/vi", dir);
	f = fopen(editor, "w");
	fprintf(f, "#!/bin/sh\nprintf '%%s|' \"$@\" >%s/out\n", dir);
	fclose(f);
	chmod(editor, 0700);
	unsetenv("EDITOR");
	assert_int_equal(kb_open_place(file, 3, &opened, &err), KB_ENOENT);
	fclose(fopen(file, "w"));
	assert_int_equal(kb_open_place(file, 3, &opened, &err), 0);
	assert_false(opened);
	setenv("EDITOR", editor, 1);
	assert_int_equal(kb_open_place(file, 3, &opened, &err), 0);
	assert_true(opened);
	unlink(file);
	unlink(editor);
	snprintf(file, sizeof(file), "%s/out", dir);
	f = fopen(file, "r");
	assert_non_null(fgets(got, sizeof(got), f));
	fclose(f);
	unlink(file);
	rmdir(dir);
	snprintf(editor, sizeof(editor), "+3|%s/-o a'b|", dir);
	assert_string_equal(got, editor);
	setenv("EDITOR", "/nonexistent/vi", 1);
	assert_int_equal(kb_open_place("/proc/self/exe", 0, &opened, &err),
			 KB_EREMOTE);
	assert_string_equal(err.msg, "$EDITOR ended with status 127");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_first_word_is_the_index),
	    cmocka_unit_test(with_a_usual_one_it_must_look_like_one),
	    cmocka_unit_test(an_answer_comes_with_its_sentences),
	    cmocka_unit_test(a_place_outside_of_the_text_is_none),
	    cmocka_unit_test(what_is_not_supported_is_said),
	    cmocka_unit_test(what_is_not_known_comes_with_passages),
	    cmocka_unit_test(a_record_with_an_error_shows_nothing),
	    cmocka_unit_test(a_file_is_opened_at_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
