#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/visible.h"
#include "eval/records.h"
#include "eval/rows.h"
#include "learn/paired.h"
#include "json/write.h"

enum measure { CONTAINED, DECIDED, F1, ROUGE_L, MEASURES };

static const struct {
	const char *name, *difference;
	bool yes_or_no;
} measures[MEASURES] = {
    [CONTAINED] = {"contained", "contained_difference", true},
    [DECIDED] = {"decided", "decided_difference", true},
    [F1] = {"f1", "f1_difference", false},
    [ROUGE_L] = {"rouge_l", "rouge_l_difference", false},
};

/* The answers to one question. */
struct pair {
	uint64_t group;
	bool there[2];
	double value[MEASURES][2];
};

struct pairs {
	struct pair *items;
	size_t n, cap;
	struct kb_map by_id; /* hash -> place */
	int side;	     /* whose file is read */
	size_t repeated;
};

static void add(void *arg, const struct kb_answer_scores *j)
{
	struct pairs *p = arg;
	struct pair *at;
	uint64_t *place;
	bool added;

	place = kb_map_put(&p->by_id, j->id, &added);
	if (added) {
		*place = p->n;
		kb_grow(&p->items, &p->cap, p->n + 1, sizeof(*p->items));
		p->items[p->n++] = (struct pair){.group = j->group};
	}
	at = &p->items[*place];
	p->repeated += at->there[p->side];
	at->there[p->side] = true;
	at->value[CONTAINED][p->side] = j->contained;
	/* sent out and right, or kept back where nothing answers */
	at->value[DECIDED][p->side] =
	    j->answerable ? j->answered && j->contained : !j->answered;
	at->value[F1][p->side] = j->f1;
	at->value[ROUGE_L][p->side] = j->rouge_l;
}

/* ---- tests ---- */

struct tested {
	double mean[2];
	double only[2]; /* of yes or no: cases that one alone has */
	double mcnemar; /* NaN for other measures */
	struct kb_paired grouped;
	double p; /* the greater of the two, then Holm's */
};

struct columns {
	double *a, *b;
	uint64_t *group;
	size_t n, unpaired; /* in both files, in one */
};

static void gather(const struct pairs *p, struct columns *c)
{
	c->a = kb_calloc(p->n + 1, sizeof(*c->a));
	c->b = kb_calloc(p->n + 1, sizeof(*c->b));
	c->group = kb_calloc(p->n + 1, sizeof(*c->group));
	for (size_t i = 0; i < p->n; i++)
		if (p->items[i].there[0] && p->items[i].there[1])
			c->group[c->n++] = p->items[i].group;
	c->unpaired = p->n - c->n;
}

static void fill(const struct pairs *p, enum measure m, struct columns *c)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct pair *at = &p->items[i];

		if (!at->there[0] || !at->there[1])
			continue;
		c->a[n] = at->value[m][0];
		c->b[n++] = at->value[m][1];
	}
}

static void test(const struct kb_eval_opts *opts, const struct columns *c,
		 bool yes_or_no, struct tested *out)
{
	*out = (struct tested){.mcnemar = NAN};
	for (size_t i = 0; i < c->n; i++) {
		out->mean[0] += c->a[i] / (double)c->n;
		out->mean[1] += c->b[i] / (double)c->n;
		out->only[0] += c->a[i] > c->b[i];
		out->only[1] += c->b[i] > c->a[i];
	}
	out->grouped = kb_paired_grouped(c->a, c->b, c->group, c->n,
					 (unsigned)opts->rounds, opts->seed);
	if (yes_or_no)
		out->mcnemar = kb_paired_mcnemar((size_t)out->only[0],
						 (size_t)out->only[1]);
	out->p = fmax(out->grouped.p, yes_or_no ? out->mcnemar : 0);
}

/* ---- report ---- */

static void write_measure(const struct kb_eval_opts *opts,
			  const struct columns *c, enum measure m,
			  const struct tested *t, struct kb_buf *out)
{
	const struct {
		const char *name;
		double value;
		int digits;
	} rows[] = {
	    {"a", t->mean[0], 4},
	    {"b", t->mean[1], 4},
	    {"only_a", t->only[0], 0},
	    {"only_b", t->only[1], 0},
	    {"difference", t->grouped.difference, 4},
	    {"low", t->grouped.low, 4},
	    {"high", t->grouped.high, 4},
	    {"p_mcnemar", t->mcnemar, 5},
	    {"p_groups", t->grouped.p, 5},
	    {"p_holm", t->p, 5},
	};
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (opts->set) {
		kb_jw_key(&w, "set");
		kb_jw_cstr(&w, opts->set);
	}
	kb_jw_key(&w, "measure");
	kb_jw_cstr(&w, measures[m].name);
	kb_jw_key(&w, "records");
	kb_jw_int(&w, (int64_t)c->n);
	kb_jw_key(&w, "unpaired");
	kb_jw_int(&w, (int64_t)c->unpaired);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		kb_jw_key(&w, rows[i].name);
		kb_jw_fixed(&w, rows[i].value, rows[i].digits);
	}
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

static void write_table(const struct kb_eval_opts *opts,
			const struct columns *c, const struct tested *t,
			struct kb_buf *out)
{
	if (opts->set) {
		kb_visible_add(out, kb_str_of(opts->set), KB_UTF8_MARK);
		kb_buf_add_cstr(out, ": ");
	}
	kb_buf_printf(out, "%zu records", c->n);
	if (c->unpaired)
		kb_buf_printf(out, ", %zu left out as one file has them",
			      c->unpaired);
	kb_buf_add_char(out, '\n');
	kb_buf_add_cstr(out, "               a       b  only a  only b  "
			     "difference                   McNemar  groups  "
			     "  Holm\n");
	for (size_t m = 0; m < MEASURES; m++) {
		kb_buf_printf(out,
			      "%-10s %6.4f  %6.4f  %6.0f  %6.0f  %+.4f "
			      "[%+.4f, %+.4f]  ",
			      measures[m].name, t[m].mean[0], t[m].mean[1],
			      t[m].only[0], t[m].only[1],
			      t[m].grouped.difference, t[m].grouped.low,
			      t[m].grouped.high);
		if (isnan(t[m].mcnemar))
			kb_buf_add_cstr(out, "     -");
		else
			kb_buf_printf(out, "%6.4f", t[m].mcnemar);
		kb_buf_printf(out, "  %6.4f  %6.4f\n", t[m].grouped.p, t[m].p);
	}
}

static void report(const struct kb_eval_opts *opts, const struct pairs *pairs,
		   struct columns *c, struct kb_buf *out)
{
	struct tested t[MEASURES];
	double p[MEASURES];

	for (size_t m = 0; m < MEASURES; m++) {
		fill(pairs, (enum measure)m, c);
		test(opts, c, measures[m].yes_or_no, &t[m]);
		p[m] = t[m].p;
	}
	kb_paired_holm(p, MEASURES);
	for (size_t m = 0; m < MEASURES; m++) {
		t[m].p = p[m];
		kb_eval_limits_look(opts->limits, measures[m].name,
				    t[m].mean[1]);
		kb_eval_limits_look(opts->limits, measures[m].difference,
				    t[m].grouped.difference);
		if (opts->json)
			write_measure(opts, c, (enum measure)m, &t[m], out);
	}
	if (!opts->json)
		write_table(opts, c, t, out);
}

static int load(const struct kb_eval_opts *opts, struct pairs *p,
		struct kb_err *err)
{
	for (p->side = 0; p->side < 2; p->side++) {
		struct kb_eval_opts one = *opts;
		size_t without;
		int rc;

		one.files = opts->files + p->side;
		one.n_files = 1;
		rc = kb_eval_each(&one, &without, add, p, err);
		if (rc < 0)
			return rc;
		if (p->repeated)
			return kb_err_set(err, KB_EINVAL,
					  "'%s' has %zu records whose 'id' is "
					  "there already",
					  one.files[0], p->repeated);
	}
	return KB_OK;
}

int kb_eval_compare(const struct kb_eval_opts *opts, struct kb_buf *out,
		    struct kb_err *err)
{
	struct pairs p = {0};
	struct columns c = {0};
	int rc;

	if (opts->n_files != 2)
		return kb_err_set(err, KB_EINVAL,
				  "compare takes two files, not %zu",
				  opts->n_files);
	kb_map_init(&p.by_id);
	rc = load(opts, &p, err);
	gather(&p, &c);
	if (rc == KB_OK && c.n == 0)
		rc = kb_err_set(err, KB_EINVAL,
				"no record with 'gold' has its 'id' in both "
				"files");
	if (rc == KB_OK)
		report(opts, &p, &c, out);
	free(c.a);
	free(c.b);
	free(c.group);
	free(p.items);
	kb_map_release(&p.by_id);
	return rc;
}
