/*
 * Values that a page lists are those that the programs write: kb-record(5) and
 * fact-check(1) beside the tables of the sources.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "verify/check.h"

#define N_VERDICTS (KB_UNCHECKED + 1)

static char *read_page(const char *path)
{
	static char text[1 << 17];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	assert_true(feof(f));
	fclose(f);
	text[n] = '\0';
	return text;
}

/* Is 'word' one of those that the list at p says, up to 'end'? */
static bool lists(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	while (p < end) {
		size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyz_-");

		if (len == n && !memcmp(p, word, n))
			return true;
		p += len + 1;
	}
	return false;
}

static size_t count_words(const char *p, const char *end)
{
	size_t n = 0;

	while (p < end) {
		size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyz_-");

		n += len > 0 && !(len == 2 && !memcmp(p, "or", 2));
		p += len + 1;
	}
	return n;
}

/* The meaning of a member in the table of kb-record(5): one item, whose lines
 * go on behind a backslash. */
static const char *meaning(const char *page, const char *member,
			   const char **end)
{
	char row[100];
	const char *p;

	snprintf(row, sizeof(row), ".It Sy %s Ta string Ta ", member);
	p = strstr(page, row);
	if (!p)
		fail_msg("kb-record(5) has no row '%s'", row);
	p += strlen(row);
	*end = strchr(p, '\n');
	while ((*end)[-1] == '\\')
		*end = strchr(*end + 1, '\n');
	return p;
}

static void verdicts_are_listed_as_they_are_written(void **state)
{
	const char *p, *end, *page = read_page("man/kb-record.5");

	(void)state;
	p = meaning(page, "check.claims[].verdict", &end);
	for (int i = 0; i < N_VERDICTS; i++)
		if (!lists(p, end, kb_verdict_name((enum kb_verdict)i)))
			fail_msg("kb-record(5) lacks '%s'",
				 kb_verdict_name((enum kb_verdict)i));
	assert_int_equal(count_words(p, end), N_VERDICTS);

	page = read_page("man/fact-check.1");
	p = strstr(page, "\nVerdicts:\n");
	assert_non_null(p);
	end = strstr(p, "\n.El\n");
	for (int i = 0; i < N_VERDICTS; i++) {
		char item[60];

		snprintf(item, sizeof(item), "\n.It Cm %s\n",
			 kb_verdict_name((enum kb_verdict)i));
		p = strstr(p, item);
		if (!p || p > end)
			fail_msg("fact-check(1) lacks%s", item);
	}
	assert_null(memmem(p + 1, (size_t)(end - p - 1), "\n.It Cm ", 8));
}

static void codes_of_errors_are_listed_as_they_are_written(void **state)
{
	const char *end, *page = read_page("man/kb-record.5");
	const char *p = meaning(page, "error.code", &end);
	size_t n = 0;

	(void)state;
	for (int code = -1; strcmp(kb_code_name(code), "unknown") != 0;
	     code--) {
		if (!lists(p, end, kb_code_name(code)))
			fail_msg("kb-record(5) lacks '%s'", kb_code_name(code));
		n++;
	}
	assert_int_equal(count_words(p, end), n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(verdicts_are_listed_as_they_are_written),
	    cmocka_unit_test(codes_of_errors_are_listed_as_they_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
