/*
 * The fact check on labelled sets: AUROC, balanced accuracy at p = 0.5, and
 * the share of cases with a hard finding, beside the overlap of tokens.
 *
 * usage: make build/eval/factcheck
 *	  build/eval/factcheck [--features] cases.jsonl ...
 *
 * A case belongs to the tuning or to the scoring half by the hash of its
 * context, so that no passage is in both; only the scoring half is in the
 * table. --features prints a line for each case instead, for
 * fit-factcheck.py: file, half, label, p, flags, features.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "learn/reliability.h"
#include "verify/check.h"
#include "json/rec.h"

struct scored {
	double p, overlap;
	bool good, flagged;
};

struct set {
	struct scored *items;
	size_t n, cap;
};

static int by_p(const void *a, const void *b)
{
	double x = ((const struct scored *)a)->p;
	double y = ((const struct scored *)b)->p;

	return (x > y) - (x < y);
}

static double auroc(const struct scored *s, size_t n)
{
	struct kb_outcome *outcomes = kb_calloc(n, sizeof(*outcomes));
	double area;

	for (size_t i = 0; i < n; i++)
		outcomes[i] = (struct kb_outcome){s[i].p, s[i].good};
	area = kb_reliability_measure(outcomes, n).auroc;
	free(outcomes);
	return area;
}

static void print_row(const char *name, struct set *set)
{
	double hit[2] = {0}, of[2] = {0}, flags[2] = {0}, auc, best = 0;
	struct scored *s = set->items;

	for (size_t i = 0; i < set->n; i++) {
		of[s[i].good]++;
		hit[s[i].good] += s[i].good == (s[i].p >= .5);
		flags[s[i].good] += s[i].flagged;
	}
	auc = auroc(s, set->n);
	qsort(s, set->n, sizeof(*s), by_p);
	/* the best threshold, in hindsight */
	for (size_t i = 0, bad = 0; i < set->n; i++) {
		double tn, tp;

		bad += !s[i].good;
		tn = (double)bad / of[0];
		tp = 1 - ((double)(i + 1 - bad)) / of[1];
		if ((tn + tp) / 2 > best)
			best = (tn + tp) / 2;
	}
	for (size_t i = 0; i < set->n; i++)
		s[i].p = s[i].overlap;
	printf("%-22s %6zu %5.2f  %.3f  %.3f  %.3f   %.3f  %.3f %.3f\n", name,
	       set->n, of[0] / (double)set->n, auroc(s, set->n), auc,
	       (hit[0] / of[0] + hit[1] / of[1]) / 2, best, flags[0] / of[0],
	       flags[1] / of[1]);
}

static struct kb_str member(const struct kb_rec *rec, const char *name)
{
	struct kb_str s = {"", 0};

	kb_json_str(kb_rec_get(rec, name), rec->arena, &s);
	return s;
}

/* Mean over the checked claims of each feature, and the least of each. */
static void print_features(const char *name, bool score, bool good,
			   const struct kb_check *check)
{
	printf("%s %d %d %.4f %d", name, score, good, check->p,
	       check->flagged || check->foreign);
	for (int f = 0; f < KB_FEATURES; f++) {
		double sum = 0, least = 1;
		size_t n = 0;

		for (size_t i = 0; i < check->n_claims; i++) {
			const struct kb_checked_claim *c = &check->claims[i];

			if (c->verdict == KB_NOT_A_CLAIM ||
			    c->verdict == KB_ABSTAIN)
				continue;
			sum += c->found.f[f];
			if (c->found.f[f] < least)
				least = c->found.f[f];
			n++;
		}
		printf(" %.4f", n ? (sum / (double)n + least) / 2 : 0);
	}
	putchar('\n');
}

static void read_set(const char *path, const char *name, bool features,
		     struct kb_checker *checker, struct set *set)
{
	FILE *file = fopen(path, "r");
	struct kb_arena arena;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (!file)
		return;
	kb_arena_init(&arena);
	while ((len = getline(&line, &room, file)) > 0) {
		struct kb_check_passage passage = {{"", 0}, {"", 0}};
		struct kb_check check;
		struct kb_str answer;
		struct kb_rec rec;
		bool good, score;
		double overlap = 0;

		kb_arena_reset(&arena);
		if (line[len - 1] == '\n')
			len--;
		if (kb_rec_scan(&rec, &arena, line, (size_t)len, NULL))
			continue;
		passage.text = member(&rec, "context");
		answer = member(&rec, "answer");
		good = kb_str_is(member(&rec, "label"), "supported");
		score = kb_hash64(passage.text.ptr, passage.text.len, 7) & 1;
		if (!features && !score)
			continue;
		kb_check_answer(checker, member(&rec, "question"), answer,
				&passage, 1, 1, NULL, &arena, &check, NULL);
		if (features) {
			if (check.n_checked)
				print_features(name, score, good, &check);
			continue;
		}
		for (size_t i = 0; i < check.n_claims; i++)
			overlap += check.claims[i].found.f[KB_F_COVER] /
				   (double)check.n_claims;
		if (set->n == set->cap) {
			set->cap = set->cap * 2 + 64;
			set->items =
			    realloc(set->items, set->cap * sizeof(*set->items));
		}
		set->items[set->n++] =
		    (struct scored){check.p, overlap, good, check.flagged};
	}
	free(line);
	kb_arena_release(&arena);
	fclose(file);
}

int main(int argc, char **argv)
{
	struct kb_checker checker;
	bool features = argc > 1 && !strcmp(argv[1], "--features");

	kb_checker_init(&checker, NULL);
	if (!features)
		puts("set                         n   bad overlap AUROC   BAcc "
		     "  best   flagged: bad good");
	for (int i = 1 + features; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		struct set set = {0};
		char name[64];
		size_t n = slash ? (size_t)(slash - argv[i]) : 0, from = n;

		while (from && argv[i][from - 1] != '/')
			from--;
		snprintf(name, sizeof(name), "%.*s", (int)(n - from),
			 argv[i] + from);
		read_set(argv[i], name, features, &checker, &set);
		if (set.n)
			print_row(name, &set);
		free(set.items);
	}
	kb_checker_release(&checker);
	return 0;
}
