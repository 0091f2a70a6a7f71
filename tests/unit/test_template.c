/* Filters, tests, methods and functions of the template language, a row
 * each; test_jinja.c runs public suites where they are present. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka.h needs the four above. */
#include <cmocka.h>
#include <stdio.h>

#include "template/tmpl.h"

/* The record of every row. */
static const char record[] =
    "{\"s\":\"Hello wide World\",\"zh\":\"退货 运费\",\"n\":-7,\"f\":2.5,"
    "\"list\":[3,1,2,1],\"words\":[\"b\",\"A\",\"a\"],\"none\":null,"
    "\"yes\":true,\"d\":{\"b\":2,\"a\":1},\"rows\":[{\"k\":\"x\",\"v\":2},"
    "{\"k\":\"y\",\"v\":1},{\"k\":\"x\",\"v\":3}],\"lines\":\"one\\ntwo\","
    "\"num\":\"12\",\"html\":\"<a>\"}";

static const struct row {
	const char *template, *want; /* NULL: an error */
} rows[] = {
    /* text */
    {"{{ s|upper }} {{ s|lower }}", "HELLO WIDE WORLD hello wide world"},
    {"{{ 'aB cD'|title }} {{ 'aB cD'|capitalize }}", "Ab Cd Ab cd"},
    {"[{{ '  a '|trim }}] [{{ 'xxay'|trim('x') }}]", "[a] [ay]"},
    {"{{ s|replace('wide', '宽') }} {{ 'aaa'|replace('a', 'b', 2) }}",
     "Hello 宽 World bba"},
    {"{{ s|truncate(9) }} {{ s|truncate(8, true) }}", "Hello... Hello..."},
    {"{{ zh|truncate(4, true, '…', 0) }}", "退货 …"},
    {"{{ s|wordcount }} {{ s|length }} {{ zh|length }}", "3 16 5"},
    {"{{ lines|indent(2) }}|{{ lines|indent(2, true) }}",
     "one\n  two|  one\n  two"},
    {"{{ n|string ~ 1 }} {{ 5|string|length }}", "-71 1"},
    {"{{ html|safe }}", "<a>"},
    /* numbers */
    {"{{ n|abs }} {{ -2.5|abs }}", "7 2.5"},
    {"{{ num|int + 1 }} {{ 'x'|int }} {{ 'x'|int(9) }} {{ 3.9|int }}",
     "13 0 9 3"},
    {"{{ '2.5'|float * 2 }} {{ 'x'|float(1.5) }}", "5.0 1.5"},
    {"{{ 2.567|round(2) }} {{ 2.5|round }} {{ 2.1|round(0, 'ceil') }} "
     "{{ 2.9|round(0, 'floor') }}",
     "2.57 2.0 3.0 2.0"},
    /* lists and objects */
    {"{{ list|first }} {{ list|last }} {{ list|min }} {{ list|max }} "
     "{{ list|sum }} {{ rows|sum('v') }}",
     "3 1 1 3 7 6"},
    {"{{ list|sort|join(',') }} {{ words|sort|join }} "
     "{{ words|sort(true)|join }}",
     "1,1,2,3 Aab bAa"},
    {"{{ list|unique|join }} {{ list|reverse|join }} {{ 'ab'|reverse }}",
     "312 1213 ba"},
    {"{{ list|select('odd')|join }} {{ list|reject('odd')|join }}", "311 2"},
    {"{{ rows|selectattr('k', 'equalto', 'x')|map(attribute='v')|join }} "
     "{{ rows|rejectattr('k', 'eq', 'x')|map(attribute='v')|join }}",
     "23 1"},
    {"{{ d|items|join }}", "('b', 2)('a', 1)"},
    {"{{ d|dictsort }} {{ d|length }}", "[('a', 1), ('b', 2)] 2"},
    {"{{ words|map('upper')|join }} {{ [none, 1]|map('default', 0, true)|"
     "join }}",
     "BAA 01"},
    {"{{ none|default('x') }} {{ none|default('x', true) }} "
     "{{ gone|default('y') }}",
     "None x y"},
    {"{{ 'abc'|list }}", "['a', 'b', 'c']"},
    {"{{ d|attr('a') }}", "1"}, /* an object's member */
    {"{{ d|tojson }} {{ zh|tojson }}", "{\"b\": 2, \"a\": 1} \"退货 运费\""},
    {"{{ d|tojson(indent=1) }}", "{\n \"b\": 2,\n \"a\": 1\n}"},
    {"{{ zh|tojson(ensure_ascii=true) }}", "\"\\u9000\\u8d27 \\u8fd0\\u8d39\""},
    {"{{ d|tojson(sort_keys=true) }}", "{\"a\": 1, \"b\": 2}"},
    /* methods */
    {"{{ s.startswith('He') }} {{ s.endswith('x') }} {{ s.find('wide') }} "
     "{{ s.count('l') }}",
     "True False 6 3"},
    {"[{{ ' a '.lstrip() }}] [{{ ' a '.rstrip() }}] [{{ 'xax'.strip('x') }}]",
     "[a ] [ a] [a]"},
    {"{{ 'a,b,c'.split(',') }} {{ 'a,b,c'.split(',', 1)|length }} "
     "{{ ' a  b '.split() }}",
     "['a', 'b', 'c'] 2 ['a', 'b']"},
    {"{{ lines.splitlines() }} {{ num.isdigit() }} {{ s.isdigit() }}",
     "['one', 'two'] True False"},
    {"{{ '-'.join(words) }} {{ 'ab'.title() }} {{ 'ab'.upper() }}",
     "b-A-a Ab AB"},
    {"{{ d.keys()|list }} {{ d.values()|sum }} {{ d.get('z', 5) }} "
     "{{ d.get('a') }}",
     "['b', 'a'] 3 5 1"},
    /* tests */
    {"{{ 4 is even }}{{ 4 is odd }}{{ 9 is divisibleby 3 }}", "TrueFalseTrue"},
    {"{{ 1 is lt 2 }}{{ 2 is le 2 }}{{ 3 is gt 2 }}{{ 2 is ge 3 }}"
     "{{ 1 is ne 1 }}{{ 1 is eq 1 }}",
     "TrueTrueTrueFalseFalseTrue"},
    {"{{ n is number }}{{ n is integer }}{{ f is float }}{{ s is string }}"
     "{{ d is mapping }}{{ list is sequence }}{{ list is iterable }}",
     "TrueTrueTrueTrueTrueTrueTrue"},
    {"{{ none is none }}{{ yes is true }}{{ yes is false }}"
     "{{ yes is boolean }}{{ gone is undefined }}{{ s is defined }}",
     "TrueTrueFalseTrueTrueTrue"},
    {"{{ 'ab' is lower }}{{ 'ab' is upper }}{{ 1 is in list }}"
     "{{ 'upper' is filter }}{{ 'odd' is test }}{{ range is callable }}",
     "TrueFalseTrueTrueTrueTrue"},
    /* operators */
    {"{{ 'wide' in s }} {{ 'a' in d }} {{ 5 not in list }}", "True True True"},
    {"{{ [1, 2] + [3] }} {{ [1, 2] < [1, 3] }} {{ [1] == [1.0] }} "
     "{{ {'a': 1} == {'a': 1} }}",
     "[1, 2, 3] True True True"},
    {"{{ 7 // 2 }} {{ -7 % 3 }} {{ 2 ** 10 }} {{ 7 / 2 }} {{ 'a' * 3 }}",
     "3 2 1024 3.5 aaa"},
    {"{{ zh[1:4] }} {{ list[::-1] }} {{ s[-5:] }}", "货 运 [1, 2, 1, 3] World"},
    {"{{ 'a\\tb\\x41\\u9000' }}", "a\tbA退"},
    {"{{ {'a': [1, 'x'], 'b': none} }}", "{'a': [1, 'x'], 'b': None}"},
    /* loops and functions */
    {"{% for x in list %}{{ loop.cycle('a', 'b') }}"
     "{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}",
     "a3b1a2b1"},
    {"{% for x in range(5) %}{% if x == 1 %}{% continue %}{% endif %}"
     "{% if x == 3 %}{% break %}{% endif %}{{ x }}{% endfor %}",
     "02"},
    {"{% for k, v in d|items %}{{ k }}{{ v }}{% endfor %}", "b2a1"},
    {"{{ dict(a=1).a }} {% set ns = namespace(i=0) %}{% for x in list %}"
     "{% set ns.i = ns.i + x %}{% endfor %}{{ ns.i }}",
     "1 7"},
    {"{{ raise_exception('no') }}", NULL},
    {"{{ s|nosuch }}", NULL},
    {"{{ 1 is nosuch }}", NULL},
};

static void check(const struct row *row, struct kb_arena *arena)
{
	const struct kb_tmpl_options options = {.lenient = true};
	struct kb_tmpl_env *env = kb_tmpl_env_new(&options);
	struct kb_tmpl_output output = {0};
	struct kb_err err = {0};
	struct kb_buf scratch;
	struct kb_tmpl *tmpl;
	struct kb_rec rec;
	struct kb_tmpl_input input = {.rec = &rec};
	int rc;

	kb_buf_init(&scratch, 0);
	assert_int_equal(kb_rec_scan(&rec, arena, record, strlen(record), &err),
			 0);
	rc = kb_tmpl_compile(env, KB_STR("row"), kb_str_of(row->template),
			     &tmpl, &err);
	if (rc == 0)
		rc = kb_tmpl_render(tmpl, &input, arena, &scratch, &output,
				    &err);
	if ((rc == 0) != (row->want != NULL) ||
	    (rc == 0 && !kb_str_is(output.text, row->want)))
		fail_msg("%s\ngives %.*s%s\nwant  %s", row->template,
			 (int)output.text.len,
			 output.text.len ? output.text.ptr : "", err.msg,
			 row->want ? row->want : "an error");
	kb_buf_release(&scratch);
	kb_tmpl_env_free(env);
}

static void every_name_does_what_it_does_in_jinja(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_arena arena;

		kb_arena_init(&arena);
		check(&rows[i], &arena);
		kb_arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_name_does_what_it_does_in_jinja),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
