/* JSON Schema: what is of a schema, where a value is not, what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "schema/schema.h"

static struct kb_arena arena;

static struct kb_json value(const char *text)
{
	struct kb_json val = {0};

	if (kb_json_check(text, strlen(text), &val, NULL) < 0)
		fail_msg("no JSON: %s", text);
	return val;
}

/* The schemas of this file hold ' for ". */
static struct kb_json quoted(const char *text)
{
	char *copy = kb_arena_strndup(&arena, text, strlen(text));

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	return value(copy);
}

static void each_keyword_counts(void **state)
{
	static const struct {
		const char *schema, *yes, *no;
	} rows[] = {
	    {"{}", "1", NULL},
	    {"true", "1", NULL},
	    {"false", NULL, "1"},
	    {"{'type':'integer'}", "3.0", "3.5"},
	    {"{'type':'number'}", "3", "'3'"},
	    {"{'type':['null','boolean']}", "true", "0"},
	    {"{'type':'object','required':['a']}", "{'\\u0061':1}", "{'b':1}"},
	    {"{'properties':{'a':{'type':'string'}}}", "{'b':1}", "{'a':1}"},
	    {"{'properties':{'a':{}},'additionalProperties':false}", "{'a':1}",
	     "{'a':1,'b':2}"},
	    {"{'properties':{'a':{}},'additionalProperties':{'type':'null'}}",
	     "{'a':1,'b':null}", "{'b':2}"},
	    {"{'additionalProperties':true}", "{'a':1}", NULL},
	    {"{'required':['a'],'additionalProperties':false}", "1", "{'a':1}"},
	    {"{'minProperties':1,'maxProperties':2}", "{'a':1}", "{}"},
	    {"{'items':{'minimum':2}}", "[2,3]", "[2,1]"},
	    {"{'items':false}", "[]", "[1]"},
	    {"{'minItems':1,'maxItems':2}", "[1,2]", "[]"},
	    {"{'maxItems':1}", "[1]", "[1,2]"},
	    {"{'uniqueItems':true}", "[1,'1',[1],[2]]", "[{'a':1},{'a':1.0}]"},
	    {"{'minLength':2}", "'保修'", "'保'"},
	    {"{'maxLength':2}", "'保修'", "'保修期'"},
	    {"{'minimum':7}", "7", "6"},
	    {"{'minimum':7}", "'x'", "6.9"},
	    {"{'maximum':7}", "7", "7.1"},
	    {"{'exclusiveMinimum':7}", "7.1", "7"},
	    {"{'exclusiveMaximum':7}", "6.9", "7"},
	    {"{'multipleOf':0.1}", "0.3", "0.35"},
	    {"{'pattern':'^a+$'}", "'aa'", "'ab'"},
	    {"{'enum':[1,'b',[2]]}", "[2.0]", "[3]"},
	    {"{'const':{'a':1,'b':null}}", "{'b':null,'a':1}", "{'a':1}"},
	    {"{'const':null}", "null", "0"},
	    {"{'allOf':[{'minimum':1},{'maximum':2}]}", "2", "3"},
	    {"{'anyOf':[{'type':'null'},{'minimum':2}]}", "null", "1"},
	    {"{'oneOf':[{'minimum':1},{'minimum':5}]}", "2", "6"},
	    {"{'oneOf':[{'minimum':1},{'minimum':5}]}", "2", "0"},
	    {"{'not':{'type':'null'}}", "1", "null"},
	    {"{'$defs':{'a':{'type':'string'}},'$ref':'#/$defs/a'}", "'x'",
	     "1"},
	    {"{'definitions':{'a/b~c':{'type':'null'}},"
	     "'items':{'$ref':'#/definitions/a~1b~0c'}}",
	     "[null]", "[1]"},
	    {"{'properties':{'next':{'$ref':'#'}},'required':['n']}",
	     "{'n':1,'next':{'n':2}}", "{'n':1,'next':{'next':{'n':1}}}"},
	    {"{'anyOf':[{'type':'null'},{'type':'array','items':"
	     "{'$ref':'#/anyOf/0'}}]}",
	     "[null]", "[1]"},
	    {"{'format':'date'}", "'2024-02-29'", "'2023-02-29'"},
	    {"{'format':'time'}", "'23:59:60.5+08:00'", "'24:00:00Z'"},
	    {"{'format':'date-time'}", "'2024-01-31T00:00:00Z'",
	     "'2024-01-31 00:00'"},
	    {"{'format':'email'}", "'a@b.cn'", "'a b@c.cn'"},
	    {"{'format':'uri'}", "'mailto:x'", "'x/y'"},
	    {"{'format':'uuid'}", "'123e4567-e89b-12d3-a456-426614174000'",
	     "'123e4567-e89b-12d3-a456-42661417400g'"},
	    {"{'format':'ipv4'}", "'127.0.0.1'", "'127.0.0.256'"},
	    {"{'format':'ipv6'}", "'::1'", "'1::2::3'"},
	    {"{'title':'t','description':'d','$schema':'s','default':1}", "1",
	     NULL},
	};
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_json s = quoted(rows[i].schema);

		if (rows[i].yes && kb_schema_holds(s, quoted(rows[i].yes),
						   &budget, &arena, NULL) != 1)
			fail_msg("%s refuses %s", rows[i].schema, rows[i].yes);
		if (rows[i].no && kb_schema_holds(s, quoted(rows[i].no),
						  &budget, &arena, NULL) != 0)
			fail_msg("%s takes %s", rows[i].schema, rows[i].no);
		assert_int_equal(kb_schema_holds(s, (struct kb_json){0},
						 &budget, &arena, NULL),
				 0);
	}
	kb_arena_release(&arena);
}

static void what_is_wrong_has_its_place(void **state)
{
	static const struct {
		const char *schema, *value, *said;
	} rows[] = {
	    {"{'properties':{'items':{'items':{'properties':{'price':"
	     "{'type':'number'}}}}}}",
	     "{'items':[{},{'price':1},{'price':'1'}]}",
	     "$.items[2].price: expected number, got string"},
	    {"{'required':['a','b']}", "{'a':1}", "$.b: missing"},
	    {"{'additionalProperties':false}", "{'a b':1}",
	     "$['a b']: not among the properties"},
	    {"{'type':['string','null']}", "3",
	     "$: expected null or string, got integer"},
	    {"{'properties':{'a':{'type':'null'},'b':{'type':'null'}}}",
	     "{'a':1.5,'b':[]}",
	     "$.a: expected null, got number; $.b: expected null, got array"},
	    {"{'items':{'enum':['a','b']}}", "['c']",
	     "$[0]: expected one of [\"a\",\"b\"], got \"c\""},
	    {"{'minItems':3}", "[1]", "$: expected at least 3 items, got 1"},
	    {"{'maximum':3}", "3.5", "$: expected 3 or less, got 3.5"},
	    {"{'anyOf':[{'type':'null'},{'type':'object','required':['a']}]}",
	     "{}", "$: none of 2 alternatives; $.a: missing"},
	    {"{'not':{}}", "1", "$: it is what 'not' excludes"},
	    {"{'format':'date'}", "'soon'",
	     "$: expected the format date, got \"soon\""},
	    {"{'items':{'type':'null'}}", "[1,1,1,1,1,1,1,1]",
	     "$[4]: expected null, got integer"},
	};
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_schema *schema;
		struct kb_buf faults;
		size_t len = strlen(rows[i].said);

		kb_buf_init(&faults, 0);
		assert_int_equal(
		    kb_schema_new(&schema, quoted(rows[i].schema), NULL), 0);
		assert_int_equal(kb_schema_check(schema, quoted(rows[i].value),
						 &budget, &arena, &faults,
						 NULL),
				 0);
		if (faults.len < len ||
		    strcmp(faults.ptr + faults.len - len, rows[i].said))
			fail_msg("%s: %s", rows[i].schema, faults.ptr);
		kb_buf_release(&faults);
		kb_schema_free(schema);
	}
	kb_arena_release(&arena);
}

static void what_is_no_schema_is_said(void **state)
{
	static const struct {
		const char *schema, *said;
	} rows[] = {
	    {"{'properties':{'a':{'patternProperties':{}}}}",
	     "schema #/properties/a: unknown keyword 'patternProperties'"},
	    {"{'items':{'anyOf':[{},{'if':{}}]}}",
	     "schema #/items/anyOf/1: unknown keyword 'if'"},
	    {"{'type':'strnig'}", "'type' must be one of null"},
	    {"{'type':7}", "'type' must be one of null"},
	    {"{'type':[]}", "'type' must be a type"},
	    {"{'required':'a'}", "'required' must be an array"},
	    {"{'required':[1]}", "'required' must be an array of strings"},
	    {"{'items':[{}]}", "schema #/items: a schema must be an object"},
	    {"{'maximum':'7'}", "'maximum' must be a number"},
	    {"{'minItems':-1}", "'minItems' must be 0 or more"},
	    {"{'multipleOf':0}", "'multipleOf' must be above 0"},
	    {"{'pattern':'('}", "schema #: pattern '('"},
	    {"{'format':'hostname'}", "'format' must be one of date"},
	    {"{'additionalProperties':7}",
	     "schema #/additionalProperties: a schema must be"},
	    {"{'enum':1}", "'enum' must be an array"},
	    {"{'oneOf':[]}", "'oneOf' must be an array of schemas"},
	    {"{'$ref':'http://x/y'}", "'$ref' must be a place"},
	    {"{'$ref':'#/$defs/x'}", "$ref '#/$defs/x' leads to no schema"},
	    {"{'$defs':{'a':{'enum':[{}]}},'$ref':'#/$defs/a/enum/0'}",
	     "leads to no schema"},
	    {"{'$ref':'#'}", "leads back to itself"},
	    {"{'$defs':{'a':{'allOf':[{'$ref':'#/$defs/b'}]},"
	     "'b':{'not':{'$ref':'#/$defs/a'}}}}",
	     "leads back to itself"},
	    {"7", "must be an object, true or false"},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_schema *schema;
		struct kb_err err = {0};

		assert_int_equal(
		    kb_schema_new(&schema, quoted(rows[i].schema), &err),
		    KB_EINVAL);
		if (!strstr(err.msg, rows[i].said))
			fail_msg("%s: %s", rows[i].schema, err.msg);
	}
	kb_arena_release(&arena);
}

static char *repeat(const char *head, const char *tail, int n, const char *mid)
{
	struct kb_buf out;
	char *text;

	kb_buf_init(&out, 0);
	for (int i = 0; i < n; i++)
		kb_buf_add_cstr(&out, head);
	kb_buf_add_cstr(&out, mid);
	for (int i = 0; i < n; i++)
		kb_buf_add_cstr(&out, tail);
	text = kb_arena_strndup(&arena, out.ptr, out.len);
	kb_buf_release(&out);
	return text;
}

/* Shapes whose work would grow beyond bounds end with an error. */
static void work_is_bounded(void **state)
{
	struct kb_pattern_budget budget = KB_PATTERN_BUDGET;
	struct kb_err err = {0};
	struct kb_schema *schema;
	struct kb_buf list;

	(void)state;
	kb_arena_init(&arena);
	assert_int_equal(
	    kb_schema_new(&schema, value(repeat("{\"items\":", "}", 100, "{}")),
			  &err),
	    KB_ELIMIT);
	/* two ways at each level: 2^depth */
	assert_int_equal(
	    kb_schema_holds(
		quoted("{'anyOf':[{'type':'array','items':{'$ref':'#'},"
		       "'maxItems':0},"
		       "{'type':'array','items':{'$ref':'#'},'maxItems':0},"
		       "{'items':{'$ref':'#'}},{'items':{'$ref':'#'}}],"
		       "'maxItems':1,'not':{'type':'null'}}"),
		value(repeat("[", "]", 60, "null")), &budget, &arena, &err),
	    KB_ELIMIT);
	/* every item beside every other one */
	kb_buf_init(&list, 0);
	for (int i = 0; i < 5000; i++)
		kb_buf_printf(&list, "%c%d", i ? ',' : '[', i);
	kb_buf_add_char(&list, ']');
	assert_int_equal(kb_schema_holds(quoted("{'uniqueItems':true}"),
					 value(list.ptr), &budget, &arena,
					 &err),
			 KB_ELIMIT);
	kb_buf_release(&list);
	/* as deep as JSON may be */
	assert_int_equal(kb_schema_holds(quoted("{'items':{'$ref':'#'}}"),
					 value(repeat("[", "]", 490, "1")),
					 &budget, &arena, &err),
			 1);
	kb_arena_release(&arena);
}

static void strict_is_closed(void **state)
{
	static const struct {
		const char *schema;
		bool strict;
	} rows[] = {
	    {"{'type':'object','properties':{'a':{}},'required':['a'],"
	     "'additionalProperties':false}",
	     true},
	    {"{'type':'object','properties':{'a':{}},"
	     "'additionalProperties':false}",
	     false},
	    {"{'type':'object','properties':{'a':{}},'required':['a']}", false},
	    {"{'type':'array'}", false},
	};

	(void)state;
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_schema *schema;

		assert_int_equal(
		    kb_schema_new(&schema, quoted(rows[i].schema), NULL), 0);
		assert_int_equal(kb_schema_is_strict(schema), rows[i].strict);
		kb_schema_free(schema);
	}
	kb_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_keyword_counts),
	    cmocka_unit_test(what_is_wrong_has_its_place),
	    cmocka_unit_test(what_is_no_schema_is_said),
	    cmocka_unit_test(work_is_bounded),
	    cmocka_unit_test(strict_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
