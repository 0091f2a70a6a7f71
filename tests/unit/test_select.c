#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "context/compress.h"
#include "dialogue/constraint.h"

/* Turns written for this test; the even ones are the user's. What is said once
 * and may be asked later is marked by +. */
static const char *const talk[] = {
    "Hey! Good to see you, how have you been?",
    "Hi! I'm great, thanks. What's new with you?",
    "+My sister Irene moved to Lisbon last March, she works at the harbour.",
    "Wow, that's amazing! You must be so proud of her.",
    "I am! Thanks for saying that, it means a lot.",
    "Of course! Family is so important, isn't it?",
    "Totally agree! They always support me, and I love that.",
    "+I adopted a beagle called Toffee yesterday, from the shelter in Ghent.",
    "Aww, so cute! I bet you are having a lot of fun.",
    "Yeah, it's so much fun! Thanks for being such a good friend.",
    "Sure! Do you like it?",
    "I do! It's great. What about you?",
    "+We signed the lease for the bakery on 12 May, the rent is 1,450 euros.",
    "That sounds awesome! Congrats, you deserve it!",
    "Thank you so much! I hope it works out.",
    "I'm sure it will! Keep it up!",
    "Thanks! Talk to you soon, take care!",
    "Bye! Have a great day!",
};

#define TURNS (sizeof(talk) / sizeof(*talk))

struct cut {
	struct kb_arena arena;
	struct kb_err err;
	struct kb_rec rec;
	struct kb_buf line;
	int rc;
};

static void add_turn(struct kb_buf *out, size_t i, const char *text,
		     const char *speaker)
{
	kb_buf_printf(out, "%s{\"role\":\"%s\",\"content\":", i ? "," : "",
		      i % 2 ? "assistant" : "user");
	kb_buf_printf(out, "\"%s%s%s\"}", speaker, *speaker ? ": " : "",
		      text + (*text == '+'));
}

static void compress(struct cut *c, const struct kb_compress_options *options)
{
	struct kb_compressor *compressor = kb_compressor_new(options);

	kb_arena_init(&c->arena);
	c->err = (struct kb_err){0};
	assert_int_equal(
	    kb_rec_scan(&c->rec, &c->arena, c->line.ptr, c->line.len, &c->err),
	    0);
	c->rc = kb_compress_apply(compressor, &c->rec, &c->arena, &c->err);
	kb_compressor_free(compressor);
}

/* talk, cut; query and names of the speakers may be "". */
static void cut_talk(struct cut *c, double ratio, const char *query,
		     const char *user, const char *other)
{
	struct kb_compress_options options = {
	    .ratio = ratio, .keep_last = 1, .no_summary = true};

	kb_buf_init(&c->line, 0);
	kb_buf_add_cstr(&c->line, "{");
	if (*query)
		kb_buf_printf(&c->line, "\"query\":\"%s\",", query);
	kb_buf_add_cstr(&c->line, "\"messages\":[");
	for (size_t i = 0; i < TURNS; i++)
		add_turn(&c->line, i, talk[i], i % 2 ? other : user);
	kb_buf_add_cstr(&c->line, "]}");
	compress(c, &options);
}

static void done(struct cut *c)
{
	kb_buf_release(&c->line);
	kb_arena_release(&c->arena);
}

static bool dropped(const struct cut *c, size_t turn)
{
	struct kb_json_iter it = kb_json_iter(
	    kb_json_get(kb_rec_get(&c->rec, "compression"), "dropped"));
	int64_t n;

	while (kb_json_next(&it))
		if (kb_json_int(it.val, &n) && n == (int64_t)turn)
			return true;
	return false;
}

static void facts_outlive_pleasantries_when_nothing_is_asked(void **state)
{
	struct cut c;

	(void)state;
	cut_talk(&c, 0.5, "", "", "");
	assert_int_equal(c.rc, 0);
	for (size_t i = 0; i < TURNS; i++)
		if (*talk[i] == '+' && dropped(&c, i))
			fail_msg("dropped: %s", talk[i]);
	assert_true(dropped(&c, 3));
	assert_true(dropped(&c, 13));
	done(&c);
}

static void a_question_keeps_what_answers_it(void **state)
{
	static const struct {
		const char *query;
		size_t turn;
	} rows[] = {
	    {"Where does Irene live?", 2},
	    {"What is the name of the dog?", 7},
	    {"How much is the rent of the bakery?", 12},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cut c;

		cut_talk(&c, 0.3, rows[i].query, "", "");
		assert_int_equal(c.rc, 0);
		if (dropped(&c, rows[i].turn))
			fail_msg("dropped for '%s'", rows[i].query);
		done(&c);
	}
}

/* Who speaks is found in the text or in the member 'name', and the names
 * themselves change nothing. */
static void other_names_of_speakers_keep_the_same_turns(void **state)
{
	struct cut a, b;

	(void)state;
	cut_talk(&a, 0.4, "What did Rosa sign in May?", "Rosa", "Felix");
	cut_talk(&b, 0.4, "What did Olga sign in May?", "Olga", "Bruno");
	assert_int_equal(a.rc, 0);
	for (size_t i = 0; i < TURNS; i++)
		assert_int_equal(dropped(&a, i), dropped(&b, i));
	assert_false(dropped(&a, 12));
	done(&a);
	done(&b);
}

static void a_question_about_a_speaker_keeps_what_that_one_said(void **state)
{
	struct kb_compress_options options = {
	    .budget_tokens = 60, .keep_last = 1, .no_summary = true};
	static const char *const said[] = {"Anna", "Ben"};

	(void)state;
	for (int who = 0; who < 2; who++) {
		struct cut c;

		kb_buf_init(&c.line, 0);
		kb_buf_printf(
		    &c.line,
		    "{\"query\":\"Which plans has %s for autumn?\","
		    "\"messages\":["
		    "{\"role\":\"user\",\"name\":\"Anna\",\"content\":\"In "
		    "autumn the plans are a sailing course and the sea.\"},"
		    "{\"role\":\"assistant\",\"name\":\"Ben\",\"content\":\"In "
		    "autumn the plans are a pottery course and the kiln.\"},"
		    "{\"role\":\"user\",\"name\":\"Anna\",\"content\":\"Fine, "
		    "see you around then, it is late and I am tired.\"}]}",
		    said[who]);
		compress(&c, &options);
		assert_int_equal(c.rc, 0);
		assert_false(dropped(&c, (size_t)who));
		assert_true(dropped(&c, (size_t)!who));
		done(&c);
	}
}

/* Each pair sounds alike. */
static void demands_and_corrections_are_told_from_talk(void **state)
{
	static const char *const pairs[][2] = {
	    {"不要红色", "不要紧"},
	    {"我不要红色的", "要不要红色的？"},
	    {"不是这个，我说的是蓝色那款", "不是很懂"},
	    {"改成周五吧", "改天再说"},
	    {"我对海鲜过敏", "我对海鲜感兴趣"},
	    {"别发顺丰", "别的快递也行"},
	    {"预算不超过300元", "预算300元左右"},
	    {"不对，是三个人", "对，是三个人"},
	    {"no, I meant the other one", "no, thanks"},
	    {"No, not red, blue", "No, not really"},
	    {"Please don't call me before 9", "I don't know who called"},
	    {"It must be waterproof", "It must have been amazing"},
	    {"Not the red one", "Not the best day"},
	    {"I'm allergic to nuts", "I'm addicted to nuts"},
	    {"Make it two nights instead", "Make it happen!"},
	    {"I changed my mind", "I made up my mind"},
	    {"The bag has to be black", "The bag is black"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (!kb_is_constraint(kb_str_of(pairs[i][0])))
			fail_msg("none: %s", pairs[i][0]);
		if (kb_is_constraint(kb_str_of(pairs[i][1])))
			fail_msg("one: %s", pairs[i][1]);
	}
}

static void demand_talk(struct kb_buf *line, const char *demand)
{
	kb_buf_init(line, 0);
	kb_buf_printf(line,
		      "{\"messages\":[{\"role\":\"user\",\"content\":"
		      "\"%s\"}",
		      demand);
	for (int i = 0; i < 12; i++)
		kb_buf_printf(line,
			      ",{\"role\":\"%s\",\"content\":\"In %d Maria "
			      "Lopez bought 'Casa %d' in Porto.\"}",
			      i % 2 ? "user" : "assistant", 1990 + i, i);
	kb_buf_add_cstr(line, "]}");
}

static void a_demand_stays_or_the_budget_is_an_error(void **state)
{
	struct kb_compress_options options = {.keep_last = 1,
					      .no_summary = true};
	struct cut c;

	(void)state;
	for (size_t budget = 60; budget < 140; budget += 10) {
		options.budget_tokens = budget;
		demand_talk(&c.line, "I said the small one, in Porto or near.");
		compress(&c, &options);
		assert_int_equal(c.rc, 0);
		assert_false(dropped(&c, 0));
		done(&c);
	}
	options.budget_tokens = 60;
	demand_talk(&c.line, "You see, the small one or such, oh well.");
	compress(&c, &options);
	assert_true(dropped(&c, 0));
	done(&c);

	options.budget_tokens = 20;
	demand_talk(&c.line, "不要红色");
	compress(&c, &options);
	assert_int_equal(c.rc, KB_ELIMIT);
	assert_non_null(strstr(c.err.msg, "demanded or corrected ("));
	assert_non_null(strstr(c.err.msg, "the budget leaves "));
	done(&c);
}

/* A long turn that does not fit leaves its best sentence, in its place. */
static void a_turn_may_stay_as_its_best_sentence(void **state)
{
	struct kb_compress_options options = {.budget_tokens = 50,
					      .keep_last = 1};
	struct kb_str text;
	struct cut c;

	(void)state;
	kb_buf_init(&c.line, 0);
	kb_buf_add_cstr(
	    &c.line,
	    "{\"query\":\"What is the code of the gate?\",\"messages\":["
	    "{\"role\":\"user\",\"content\":\"Well, it was a long day and we "
	    "all were quite tired of it. The code of the gate is K-4471. It "
	    "rained from early on, the bus was late, and nobody had thought "
	    "of bread or of anything else to eat on the way home.\",\"x\":1},"
	    "{\"role\":\"assistant\",\"content\":\"Right, right, and then "
	    "there was the thing with the umbrella and the neighbour who never "
	    "says a word to anybody in the whole street, day in, day out.\"},"
	    "{\"role\":\"user\",\"content\":\"Good night.\"}]}");
	compress(&c, &options);
	assert_int_equal(c.rc, 0);
	assert_false(dropped(&c, 0));
	assert_int_equal(kb_json_count(kb_json_get(
			     kb_rec_get(&c.rec, "compression"), "shortened")),
			 1);
	text = (struct kb_str){kb_rec_get(&c.rec, "messages").ptr,
			       kb_rec_get(&c.rec, "messages").len};
	assert_true(kb_str_has(text, KB_STR("\"The code of the gate is "
					    "K-4471.…\",\"x\":1}")));
	done(&c);
}

/* fate, why and pin of a turn, blanks between. */
static void told(const struct cut *c, size_t turn, char *out, size_t size)
{
	struct kb_json_iter it = kb_json_iter(
	    kb_json_get(kb_rec_get(&c->rec, "compression"), "explain"));
	static const char *const members[] = {"fate", "why", "pin"};
	struct kb_arena arena;
	size_t n = 0;

	kb_arena_init(&arena);
	*out = '\0';
	for (size_t i = 0; kb_json_next(&it); i++)
		for (size_t k = 0; i == turn && k < 3; k++) {
			struct kb_str s = KB_STR("");

			kb_json_str(kb_json_get(it.val, members[k]), &arena,
				    &s);
			n += (size_t)snprintf(out + n, size - n, "%s%.*s",
					      k && s.len ? " " : "", (int)s.len,
					      s.ptr);
		}
	kb_arena_release(&arena);
}

static const char explained[] =
    "{\"query\":\"What is the code of the gate?\",\"messages\":["
    "{\"role\":\"system\",\"content\":\"Be brief.\"},"
    "{\"role\":\"user\",\"content\":\"Hello there, how are you?\"},"
    "{\"role\":\"user\",\"content\":\"Please don't call me before 9.\"},"
    "{\"role\":\"assistant\",\"content\":\"The code of the gate is "
    "K-4471.\"},"
    "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"c\","
    "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
    "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"3\"},"
    "{\"role\":\"assistant\",\"content\":\"Well, well, it was a long day "
    "and all of us were rather tired of it by then, I would say.\"},"
    "{\"role\":\"user\",\"content\":\"And now?\"},"
    "{\"role\":\"assistant\",\"content\":\"Now we wait.\"}]}";

static void every_turn_is_told_why(void **state)
{
	static const char *const want[] = {
	    "kept pin system", "dropped budget", "kept pin demanded",
	    "kept question",   "kept pin tool",	 "kept pin tool",
	    "dropped budget",  "kept pin asked", "kept pin last",
	};
	struct kb_compress_options options = {.budget_tokens = 95,
					      .keep_last = 1,
					      .no_summary = true,
					      .explain = true};
	struct cut c, plain;
	char got[80];

	(void)state;
	kb_buf_init(&c.line, 0);
	kb_buf_add_cstr(&c.line, explained);
	compress(&c, &options);
	assert_int_equal(c.rc, 0);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		told(&c, i, got, sizeof(got));
		if (strcmp(got, want[i]) != 0)
			fail_msg("turn %zu: %s, not %s", i, got, want[i]);
	}
	/* Who asks why gets the same messages. */
	options.explain = false;
	kb_buf_init(&plain.line, 0);
	kb_buf_add_cstr(&plain.line, explained);
	compress(&plain, &options);
	assert_true(
	    kb_str_eq((struct kb_str){kb_rec_get(&c.rec, "messages").ptr,
				      kb_rec_get(&c.rec, "messages").len},
		      (struct kb_str){kb_rec_get(&plain.rec, "messages").ptr,
				      kb_rec_get(&plain.rec, "messages").len}));
	done(&plain);
	done(&c);

	options = (struct kb_compress_options){.keep_last = 1, .explain = true};
	kb_buf_init(&c.line, 0);
	kb_buf_add_cstr(&c.line, explained);
	compress(&c, &options);
	told(&c, 1, got, sizeof(got));
	assert_string_equal(got, "kept fits");
	done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(facts_outlive_pleasantries_when_nothing_is_asked),
	    cmocka_unit_test(a_question_keeps_what_answers_it),
	    cmocka_unit_test(other_names_of_speakers_keep_the_same_turns),
	    cmocka_unit_test(
		a_question_about_a_speaker_keeps_what_that_one_said),
	    cmocka_unit_test(demands_and_corrections_are_told_from_talk),
	    cmocka_unit_test(a_demand_stays_or_the_budget_is_an_error),
	    cmocka_unit_test(a_turn_may_stay_as_its_best_sentence),
	    cmocka_unit_test(every_turn_is_told_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
