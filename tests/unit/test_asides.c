#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/cues.h"
#include "answer/match_weights.h"
#include "answer/question_form.h"
#include "answer/reading.h"

static const struct {
	const char *question;
	const char *asked; /* its words of content, what is asked of it */
	const char *told;  /* ... what stands in sentences beside */
	bool states;
} rows[] = {
    {"How much does the kettle weigh?", "kettle weigh", "", false},
    /* Reactions, greetings and frames around the question. */
    {"Oh, I see. Wow! Do you know how much the kettle weighs?", "kettle weighs",
     "", false},
    {"that is interesting! where did he grow up?", "grow up", "", false},
    {"Hello, could you tell me when the store opens? Thanks", "store opens", "",
     false},
    {"Isn't the kettle made of steel?", "kettle made steel", "", false},
    /* A word that is a reaction elsewhere is content in a question. */
    {"Is the funny video free?", "funny video free", "", false},
    /* A sentence beside the one that asks. */
    {"My kettle leaks. How long is the warranty?", "warranty", "kettle leaks",
     false},
    {"水壶漏水了。保修多久？", "保修", "水壶漏水", false},
    {"您好，请问到底水壶多重？", "水壶重", "", false},
    {"我想知道水壶保修多久", "水壶保修", "", false},
    /* The choice is between what is named; the passages compare nothing. */
    {"Who is older, Ann Lee or Bob Ray?", "ann lee bob ray", "", false},
    {"Which printer or scanner is cheaper?", "printer scanner", "", false},
    {"水壶和烤箱哪个更便宜？", "水壶烤箱", "", false},
    /* A measure word behind what counts. */
    {"读者能借几本书？", "读者借书", "", false},
    {"耳机一副多少钱？", "耳机", "", false},
    /* What somebody says asks nothing; what he wants is asked for. */
    {"the story line is not bad", "story line bad", "", true},
    {"i like watching football.", "like watching football", "", true},
    {"I want to return my kettle.", "return kettle", "", false},
    {"kettle warranty", "kettle warranty", "", false},
    {"lol", "", "", false},
    {"", "", "", false},
    {"?!. ,", "", "", false},
};

/* The words of content that are no aside; told: those of told sentences. */
static void words_of(const struct kb_form *q, bool told, char *out)
{
	size_t n = 0;
	bool was_han = false;

	for (size_t i = 0; i < q->n_units; i++) {
		const struct kb_form_unit *u = &q->units[i];

		if (u->weight < UNIT_CONTENT || u->aside || u->told != told)
			continue;
		if (n && !(u->is_han && was_han))
			out[n++] = ' ';
		memcpy(out + n, q->folded.ptr + u->start, u->end - u->start);
		n += u->end - u->start;
		was_han = u->is_han;
	}
	out[n] = 0;
}

static void what_is_not_asked_is_told_apart(void **state)
{
	struct kb_reader reader;
	struct kb_arena arena;
	char asked[512], told[512];

	(void)state;
	kb_reader_init(&reader, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kb_form form;

		kb_form_read(&reader, &arena, kb_str_of(rows[i].question),
			     &form);
		words_of(&form, false, asked);
		words_of(&form, true, told);
		if (strcmp(asked, rows[i].asked) ||
		    strcmp(told, rows[i].told) || form.states != rows[i].states)
			fail_msg("'%s': '%s', told '%s', states %d",
				 rows[i].question, asked, told, form.states);
		kb_form_release(&form);
	}
	kb_arena_release(&arena);
	kb_reader_release(&reader);
}

static const struct {
	const char *question;
	enum kb_wanted kind;
	unsigned names;
} wanted[] = {
    {"What is the weight of the kettle?", KB_WANTED_WHAT, KB_CUE_MASS},
    {"How heavy is the kettle?", KB_WANTED_HOW_MANY, KB_CUE_MASS},
    {"水壶净重多少？", KB_WANTED_HOW_MANY, KB_CUE_MASS},
    /* No quantity is wanted, though one is named. */
    {"What area is the spruce native to?", KB_WANTED_WHAT, 0},
    {"What happens to the weight of the kettle?", KB_WANTED_WHAT, 0},
    {"Is there a fee for returns?", KB_WANTED_YES_NO, 0},
    {"这次选举的重要性是什么？", KB_WANTED_WHAT, 0},
    {"55英寸电视有几个接口？", KB_WANTED_HOW_MANY, 0},
    {"下单后几天内可以申请价格保护？", KB_WANTED_HOW_LONG, 0},
};

static void a_quantity_is_wanted_where_one_is_asked_for(void **state)
{
	struct kb_reader reader;
	struct kb_arena arena;

	(void)state;
	kb_reader_init(&reader, NULL);
	kb_arena_init(&arena);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		struct kb_form form;

		kb_form_read(&reader, &arena, kb_str_of(wanted[i].question),
			     &form);
		if (form.kind != wanted[i].kind ||
		    form.names != wanted[i].names)
			fail_msg("'%s': kind %d, names %#x", wanted[i].question,
				 form.kind, form.names);
		kb_form_release(&form);
	}
	kb_arena_release(&arena);
	kb_reader_release(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_asked_is_told_apart),
	    cmocka_unit_test(a_quantity_is_wanted_where_one_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
