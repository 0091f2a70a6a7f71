#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eval/answer.h"
#include "eval/eval.h"
#include "eval/runs.h"
#include "learn/paired.h"
#include "learn/reliability.h"

static void close_to(double got, double want)
{
	if (fabs(got - want) > 1e-6)
		fail_msg("got %.6f, want %.6f", got, want);
}

static void the_answer_is_found_in_what_was_said(void **state)
{
	static const struct {
		const char *answer, *gold;
		bool contained;
		double f1;
	} rows[] = {
	    {"It costs $1,299.00 today.", "1299", true, 2 * 1.0 / 5},
	    {"可在７天内退货[1]。", "7天", true, 2 * 2.0 / 10},
	    {"退貨請在15天內", "退货", true, 2 * 2.0 / 9},
	    {"17天", "7天", false, 2 * 1.0 / 4},
	    {"iPhone15 Pro支持", "iphone 15 pro", true, 2 * 3.0 / 8},
	    {"smaller", "small", false, 0},
	    {"The G. Stanley Hall", "Stanley Hall", true, 2 * 2.0 / 5},
	    {"3.5", "35", false, 0},
	    {"3.50", "3.5", true, 1},
	    {"don’t", "don't", true, 1},
	    {"", "x", false, 0},
	    {"x\xff", "X", true, 1},
	};
	struct kb_answer_tokens a = {0}, g = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		kb_answer_tokens(&a, kb_str_of(rows[i].answer));
		kb_answer_tokens(&g, kb_str_of(rows[i].gold));
		if (kb_answer_contains(&a, &g) != rows[i].contained)
			fail_msg("'%s' in '%s'", rows[i].gold, rows[i].answer);
		close_to(kb_answer_f1(&a, &g), rows[i].f1);
	}
	kb_answer_tokens_release(&a);
	kb_answer_tokens_release(&g);
}

static void measures_agree_with_hand_counts(void **state)
{
	struct kb_judgement relevant[] = {{1, 2}, {2, 1}, {3, 1}};
	struct kb_judged_query query = {.items = relevant, .n = 3};
	uint64_t docs[] = {9, 1, 8, 2, 7, 6, 5, 4, 10, 11, 3};
	struct kb_ranking ranking = {.docs = docs, .n = 11};
	double v[KB_MEASURES];

	(void)state;
	kb_rank_measure(&query, &ranking, v);
	close_to(v[KB_HIT_1], 0);
	close_to(v[KB_RECALL_5], 2.0 / 3);
	close_to(v[KB_RECALL_10], 2.0 / 3);
	close_to(v[KB_RECALL_100], 1);
	close_to(v[KB_MRR_10], 0.5);
	close_to(v[KB_ALL_10], 0);
	close_to(v[KB_NDCG_10],
		 (2 / log2(3) + 1 / log2(5)) / (2 + 1 / log2(3) + 0.5));
	ranking.n = 0;
	kb_rank_measure(&query, &ranking, v);
	close_to(v[KB_NDCG_10], 0);
}

static void equal_runs_do_not_differ(void **state)
{
	double a[40], b[40];
	struct kb_paired p, again;

	(void)state;
	for (int i = 0; i < 40; i++) {
		a[i] = i % 3;
		b[i] = a[i];
	}
	p = kb_paired_test(a, b, 40, 1000, 1);
	close_to(p.p, 1);
	close_to(p.difference, 0);
	for (int i = 0; i < 40; i++)
		b[i] += 1;
	p = kb_paired_test(a, b, 40, 1000, 1);
	again = kb_paired_test(a, b, 40, 1000, 1);
	assert_true(p.p < 0.01);
	close_to(p.low, 1);
	assert_true(p.p == again.p);
}

static void calibration_agrees_with_hand_counts(void **state)
{
	struct kb_outcome o[] = {
	    {0.3, false}, {0.9, true}, {0.7, false}, {0.6, true}};
	struct kb_outcome tied[] = {
	    {0.5, true}, {0.5, false}, {0.5, true}, {0.5, false}};
	struct kb_reliability c = kb_reliability_measure(o, 4);

	(void)state;
	close_to(c.auroc, 0.75);
	close_to(c.brier, (0.09 + 0.01 + 0.49 + 0.16) / 4);
	close_to(c.aurc, (0 + 0.5 + 1.0 / 3 + 0.5) / 4);
	close_to(c.ece, (0.1 + 0.7 + 0.4 + 0.3) / 4);
	c = kb_reliability_measure(tied, 4);
	close_to(c.auroc, 0.5);
	close_to(c.aurc, 0.5);
	close_to(c.ece, 0);
	c = kb_reliability_measure(tied, 0);
	assert_true(isnan(c.auroc));
}

/* What a limit says. */
static char told[200];

static void tell(const char *line)
{
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s;", line);
}

static const char *put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return name;
}

/* Ids are compared as text, chunks of one document count once, the score
 * orders a TREC run, a head line and Windows line ends do no harm. */
static void runs_and_judgements_are_read(void **state)
{
	const char *files[2];
	struct kb_eval_opts opts = {.json = true, .rounds = 100, .seed = 1};
	struct kb_err err = {0};
	struct kb_buf out;

	(void)state;
	opts.qrels = put("q.tsv", "query\tdoc\tgrade\r\n7\ta b\t1\r\n"
				  "8\t0\tc\t2\r\n9\td\t0\n");
	files[0] =
	    put("r.jsonl",
		"{\"id\":7,\"hits\":[{\"doc\":\"x\"},{\"doc\":\"x\"},"
		"{\"doc\":\"a b\"}]}\n{\"id\":\"8\",\"hits\":[{\"doc\":\"c\"}"
		"]}\n{\"id\":5,\"hits\":[]}\n");
	files[1] = put("r.trec", "7\tQ0\ta b\t2\t9.5\tt\n7\tQ0\tx\t1\t1\tt\n");
	opts.files = files;
	opts.n_files = 2;
	kb_buf_init(&out, 0);
	assert_int_equal(kb_eval_retrieval(&opts, &out, &err), 0);
	assert_non_null(strstr(
	    out.ptr, "{\"run\":\"r.jsonl\",\"queries\":3,\"missing\":1,"
		     "\"hit@1\":0.3333,\"recall@1\":0.3333,\"recall@5\":0.6667,"
		     "\"recall@10\":0.6667,\"recall@100\":0.6667,"
		     "\"mrr@10\":0.5,"));
	assert_non_null(
	    strstr(out.ptr, "{\"run\":\"r.trec\",\"queries\":3,\"missing\":2,"
			    "\"hit@1\":0.3333,"));
	kb_buf_reset(&out);
	opts.qrels = NULL;
	opts.n_files = 1;
	files[0] = put("r.jsonl", "{\"id\":1,\"gold\":{\"docs\":[\"x\",7]},"
				  "\"hits\":[{\"doc\":7},{\"doc\":\"y\"}]}\n"
				  "{\"id\":2,\"gold\":{\"docs\":[]}}\n");
	assert_int_equal(kb_eval_retrieval(&opts, &out, &err), 0);
	assert_non_null(strstr(out.ptr, "\"queries\":1,\"missing\":0,"
					"\"hit@1\":1,\"recall@1\":0.5,"));
	opts.qrels = "q.tsv";
	files[0] = put("bad", "7 Q0 a\n");
	assert_int_equal(kb_eval_retrieval(&opts, &out, &err), KB_EINVAL);
	assert_string_equal(err.msg, "bad:1: neither a JSON object nor 'query "
				     "Q0 document rank score tag'");
	kb_buf_release(&out);
}

/* Equal scores, also such as differ beyond single precision: the greater id
 * first, whatever the column of ranks and the order of the lines say. */
static void ties_are_those_of_trec_eval(void **state)
{
	static const struct {
		const char *run;
		bool first; /* is b the first document? */
	} rows[] = {
	    {"1 Q0 a 1 2 t\n1 Q0 b 2 2 t\n", true},
	    {"1 Q0 b 2 2.00000001 t\n1 Q0 c 1 2 t\n", false},
	    {"1 Q0 b 1 2 t\n1 Q0 ba 2 2 t\n", false},
	    {"1 Q0 c 1 1.9 t\n1 Q0 b 2 2 t\n", true},
	    {"1 Q0 a 1 nan t\n", false},
	};
	const char *files[1] = {"ties.run"};
	struct kb_eval_opts opts = {.json = true, .rounds = 100, .seed = 1};
	struct kb_buf out;

	(void)state;
	opts.qrels = put("ties.tsv", "1 0 b 1\n1 0 a -1\n");
	opts.files = files;
	opts.n_files = 1;
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_err err = {0};
		bool read = !strstr(rows[i].run, "nan");

		put("ties.run", rows[i].run);
		kb_buf_reset(&out);
		assert_int_equal(kb_eval_retrieval(&opts, &out, &err),
				 read ? KB_OK : KB_EINVAL);
		if (read)
			assert_non_null(strstr(out.ptr, rows[i].first
							    ? "\"hit@1\":1,"
							    : "\"hit@1\":0,"));
	}
	kb_buf_release(&out);
}

static void answers_are_counted_by_route(void **state)
{
	const char *files[1];
	struct kb_eval_opts opts = {.json = true, .threshold = 0.6};
	struct kb_err err = {0};
	struct kb_buf out;

	(void)state;
	files[0] =
	    put("a.jsonl",
		"{\"answer\":\"7天\",\"route\":\"answer\",\"confidence\":0.9,"
		"\"gold\":{\"answers\":\"7天\",\"docs\":\"a\"},"
		"\"hits\":[{\"doc\":\"a\"}]}\n"
		"{\"answer\":\"8 [7]\",\"route\":\"answer\",\"confidence\":0.8,"
		"\"gold\":{\"answers\":[7]}}\n"
		"{\"answer\":\"x\",\"route\":\"human\",\"confidence\":0.1,"
		"\"gold\":{\"answers\":[]}}\n"
		"{\"answer\":\"x\",\"error\":{\"code\":\"einval\"},"
		"\"gold\":{\"answers\":[\"x\"]}}\n"
		"{\"answer\":\"no gold\"}\n");
	opts.files = files;
	opts.n_files = 1;
	kb_buf_init(&out, 0);
	assert_int_equal(kb_eval_answers(&opts, &out, &err), 0);
	assert_string_equal(
	    out.ptr,
	    "{\"records\":4,\"without_gold\":1,\"errors\":1,\"answerable\":3,"
	    "\"contained\":0.6667,\"f1\":0.6667,\"exact\":0.6667,"
	    "\"rouge_l\":0.6667,\"numbers\":0.5,"
	    "\"answered\":0.5,\"routed\":0.5,\"answerable_answered\":0.6667,"
	    "\"accuracy_answered\":0.5,\"hallucination\":0.5,"
	    "\"wrong_answerable\":0.5,\"unanswerable_routed\":1,"
	    "\"docs@5\":1,\"assertions\":null,\"asserted\":null}\n");
	kb_buf_reset(&out);
	assert_int_equal(kb_eval_confidence(&opts, &out, &err), 0);
	assert_non_null(strstr(out.ptr, "{\"records\":3,\"right\":0.3333,"));
	kb_buf_release(&out);
}

/* By hand: right .9 .7 .2, wrong .8 0 (an error), at a threshold of .6. */
static void labelled_records_are_checked(void **state)
{
	const char *files[1];
	struct kb_eval_limits limits = {0};
	struct kb_buf out, plot;
	struct kb_eval_opts opts = {
	    .json = true,
	    .threshold = 0.6,
	    .by = "kind",
	    .risk = 0.5,
	    .delta = 0.4,
	    .draws = 20,
	    .labels = 10,
	    .seed = 1,
	    .limits = &limits,
	    .plot = &plot,
	};
	struct kb_err err = {0};

	(void)state;
	files[0] =
	    put("a.jsonl",
		"{\"label\":1,\"confidence\":0.9,\"kind\":\"x\"}\n"
		"{\"label\":\"unsupported\",\"confidence\":0.8,\"kind\":7}\n"
		"{\"label\":true,\"confidence\":0.7,\"kind\":\"x\"}\n"
		"{\"label\":false,\"error\":{\"code\":\"io\"}}\n"
		"{\"label\":\"supported\",\"confidence\":0.2,"
		"\"kind\":\"x\",\"check\":{\"p\":1}}\n"
		"{\"label\":null,\"confidence\":0.2}\n"
		"{\"label\":1,\"confidence\":2}\n");
	opts.files = files;
	opts.n_files = 1;
	kb_buf_init(&out, 0);
	kb_buf_init(&plot, 0);
	assert_int_equal(kb_eval_limits_add(&limits, "risk=0.3", true, &err),
			 KB_OK);
	assert_int_equal(kb_eval_limits_add(&limits, "risk", true, &err),
			 KB_EINVAL);
	assert_int_equal(kb_eval_limits_add(&limits, "risk=x", false, &err),
			 KB_EINVAL);
	assert_int_equal(kb_eval_check(&opts, &out, &err), KB_OK);
	assert_non_null(strstr(
	    out.ptr, "{\"records\":5,\"without_label\":1,\"without_score\":1,"
		     "\"errors\":1,\"right\":0.6,\"auroc\":0.6667,"));
	assert_non_null(strstr(
	    out.ptr,
	    "\"threshold\":0.6,\"answered\":0.6,\"right_answered\":0.6667,"
	    "\"wrong_answered\":0.5,\"risk\":0.3333,"
	    "\"balanced_accuracy\":0.5833,\"f1\":0.5,"
	    "\"f1_flag_all\":0.5714,"));
	assert_non_null(
	    strstr(out.ptr,
		   "{\"by\":\"kind\",\"value\":\"-\",\"right\":0,"
		   "\"right_answered\":null,\"wrong\":1,\"wrong_answered\":0}\n"
		   "{\"by\":\"kind\",\"value\":\"7\",\"right\":0,"
		   "\"right_answered\":null,\"wrong\":1,\"wrong_answered\":1}\n"
		   "{\"by\":\"kind\",\"value\":\"x\",\"right\":3,"
		   "\"right_answered\":0.6667,\"wrong\":0,"
		   "\"wrong_answered\":null}\n"));
	assert_non_null(strstr(plot.ptr, "<polyline"));
	assert_string_equal(plot.ptr + plot.len - 7, "</svg>\n");
	told[0] = '\0';
	assert_int_equal(kb_eval_limits_judge(&limits, tell, &err), 1);
	assert_string_equal(told, "risk is 0.3333, over 0.3;");
	kb_eval_limits_add(&limits, "rsik=0.3", true, &err);
	assert_int_equal(kb_eval_limits_judge(&limits, tell, &err), KB_EINVAL);
	assert_string_equal(err.msg, "this report has no measure 'rsik'");

	files[0] = put("a.jsonl", "{\"label\":\"perhaps\"}\n");
	assert_int_equal(kb_eval_check(&opts, &out, &err), KB_EINVAL);
	assert_non_null(strstr(err.msg, "a.jsonl:1: 'label' must be"));
	files[0] = put("a.jsonl", "{\"confidence\":1}\n");
	assert_int_equal(kb_eval_check(&opts, &out, &err), KB_EINVAL);
	kb_eval_limits_release(&limits);
	kb_buf_release(&plot);
	kb_buf_release(&out);
}

/* Six questions of three documents; b answers four that a does not, and lacks
 * one. By hand: McNemar of 1 and 4 is 2 * (1 + 5) / 32. */
static void two_files_of_answers_are_compared(void **state)
{
	const char *files[2];
	struct kb_eval_opts opts = {.json = true, .rounds = 2000, .seed = 1};
	struct kb_err err = {0};
	struct kb_buf a, b, out;

	(void)state;
	kb_buf_init(&a, 0);
	kb_buf_init(&b, 0);
	kb_buf_init(&out, 0);
	for (int i = 0; i < 6; i++) {
		const char *gold = "\"gold\":{\"answers\":[\"yes\"],\"docs\":";

		kb_buf_printf(&a, "{\"id\":%d,\"answer\":\"%s\",%s[%d]}}\n", i,
			      i == 0 || i == 5 ? "yes" : "no", gold, i / 2);
		kb_buf_printf(&b, "{\"id\":\"%d\",\"answer\":\"%s\",%s%d}}\n",
			      i, i ? "yes" : "no", gold, i / 2);
	}
	kb_buf_add_cstr(&b, "{\"id\":9,\"answer\":\"x\",\"gold\":{}}\n");
	files[0] = put("a.jsonl", a.ptr);
	files[1] = put("b.jsonl", b.ptr);
	opts.files = files;
	opts.n_files = 2;
	assert_int_equal(kb_eval_compare(&opts, &out, &err), KB_OK);
	assert_non_null(
	    strstr(out.ptr, "{\"measure\":\"contained\",\"records\":6,"
			    "\"unpaired\":1,\"a\":0.3333,\"b\":0.8333,"
			    "\"only_a\":1,\"only_b\":4,\"difference\":0.5,"));
	assert_non_null(strstr(out.ptr, "\"p_mcnemar\":0.375,"));
	assert_non_null(strstr(out.ptr, "{\"measure\":\"rouge_l\","));
	files[1] = put("b.jsonl", "{\"id\":1,\"gold\":{}}\n"
				  "{\"id\":1,\"gold\":{}}\n");
	assert_int_equal(kb_eval_compare(&opts, &out, &err), KB_EINVAL);
	assert_non_null(strstr(err.msg, "whose 'id' is there already"));
	files[1] = put("b.jsonl", "{\"id\":77,\"gold\":{}}\n");
	assert_int_equal(kb_eval_compare(&opts, &out, &err), KB_EINVAL);
	opts.n_files = 1;
	assert_int_equal(kb_eval_compare(&opts, &out, &err), KB_EINVAL);
	kb_buf_release(&a);
	kb_buf_release(&b);
	kb_buf_release(&out);
}

static char root[] = "/tmp/kb-eval-XXXXXX";

static int setup(void **state)
{
	(void)state;
	return mkdtemp(root) && chdir(root) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const made[] = {"q.tsv",    "r.jsonl", "r.trec",
					   "bad",      "a.jsonl", "b.jsonl",
					   "ties.tsv", "ties.run"};

	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		unlink(made[i]);
	return chdir("/") || rmdir(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_answer_is_found_in_what_was_said),
	    cmocka_unit_test(measures_agree_with_hand_counts),
	    cmocka_unit_test(equal_runs_do_not_differ),
	    cmocka_unit_test(calibration_agrees_with_hand_counts),
	    cmocka_unit_test(runs_and_judgements_are_read),
	    cmocka_unit_test(ties_are_those_of_trec_eval),
	    cmocka_unit_test(labelled_records_are_checked),
	    cmocka_unit_test(two_files_of_answers_are_compared),
	    cmocka_unit_test(answers_are_counted_by_route),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
