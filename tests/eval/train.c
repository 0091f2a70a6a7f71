/*
 * Learn a logistic model of lib/learn from rows of numbers; what the scripts
 * fit-*.py use.
 *
 * usage: make build/eval/train
 *	  build/eval/train [--l2 X] [--nonnegative] [--standardise]
 *			   [--fold] < rows > model.json
 *
 * The first line names the features; each other one is a target (1, 0 or
 * between), a weight, and the features' values, "nan" for one that is
 * missing. --fold writes a standardised model with means 0 and scales 1.
 */
#include <stdio.h>
#include <stdlib.h>

#include "learn/logistic.h"
#include "learn/model_file.h"

struct rows {
	double *x, *y, *weight;
	size_t n, cap_x, cap_y, cap_weight;
};

static void die(const char *why)
{
	fprintf(stderr, "train: %s\n", why);
	exit(2);
}

static size_t read_names(char *line, struct kb_linear_feature *features)
{
	size_t n = 0;

	for (char *name, *at = line; (name = strsep(&at, " \n"));) {
		if (!*name)
			continue;
		if (n == KB_LINEAR_FEATURES)
			die("too many features");
		features[n++].name = name;
	}
	return n;
}

static void read_row(const char *line, size_t d, struct rows *r)
{
	kb_grow(&r->x, &r->cap_x, (r->n + 1) * d + 1, sizeof(*r->x));
	kb_grow(&r->y, &r->cap_y, r->n + 1, sizeof(*r->y));
	kb_grow(&r->weight, &r->cap_weight, r->n + 1, sizeof(*r->weight));
	for (size_t i = 0; i < d + 2; i++) {
		double *to = i == 0   ? &r->y[r->n]
			     : i == 1 ? &r->weight[r->n]
				      : &r->x[r->n * d + i - 2];
		char *end;

		*to = strtod(line, &end);
		if (end == line)
			die("a row is too short, or holds what is no number");
		line = end;
	}
	r->n++;
}

static void fold(struct kb_linear_model *m, struct kb_linear_feature *features)
{
	for (size_t f = 0; f < m->n; f++) {
		features[f].weight /= features[f].scale;
		m->bias -= features[f].weight * features[f].mean;
		features[f].mean = 0;
		features[f].scale = 1;
	}
}

int main(int argc, char **argv)
{
	struct kb_linear_feature features[KB_LINEAR_FEATURES] = {{.name = ""}};
	struct kb_linear_model model = {.kind = KB_LOGISTIC};
	struct kb_logistic_options options = {.l2 = 1};
	bool nonnegative = false, folded = false;
	char *names = NULL, *line = NULL;
	size_t names_cap = 0, cap = 0;
	struct kb_err err = {0};
	struct rows r = {0};
	struct kb_buf out;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--nonnegative"))
			nonnegative = true;
		else if (!strcmp(argv[i], "--standardise"))
			options.standardise = true;
		else if (!strcmp(argv[i], "--fold"))
			folded = true;
		else if (!strcmp(argv[i], "--l2") && i + 1 < argc)
			options.l2 = strtod(argv[++i], NULL);
		else
			die("unknown option");
	}
	if (getline(&names, &names_cap, stdin) <= 0)
		die("no names of features");
	model.n = read_names(names, features);
	model.features = features;
	while (getline(&line, &cap, stdin) > 0)
		read_row(line, model.n, &r);
	for (size_t f = 0; f < model.n; f++)
		features[f].nonnegative = nonnegative;
	if (kb_logistic_train(
		&(struct kb_examples){r.x, r.y, r.weight, r.n, model.n},
		&options, features, &model.bias, &err))
		die(err.msg);
	if (folded)
		fold(&model, features);
	model.training.records = r.n;
	kb_buf_init(&out, 0);
	kb_model_file_write(&model, &out);
	fwrite(out.ptr, 1, out.len, stdout);
	kb_buf_release(&out);
	free(r.x);
	free(r.y);
	free(r.weight);
	free(line);
	free(names);
	return fflush(stdout) ? 2 : 0;
}
