/*
 * What a model says of a text: for each column z, which is above 0 when the
 * text is likely one of its own, and from these the label.
 *
 * The value of a feature is (1 + ln of its count) times its idf; the values of
 * each group (class_features.h) are made of length 1 together, those that the
 * model does not know among them: much that is unknown makes every z small, as
 * it should. They become whole numbers, so that z does not depend on the order
 * of the features or on the machine.
 */
#ifndef KB_CLASSIFY_CLASS_SCORE_H
#define KB_CLASSIFY_CLASS_SCORE_H

#include "classify/class_features.h"
#include "classify/class_kernel.h"
#include "classify/class_model.h"

#define KB_CLASS_COUNTS 16 /* whose values are kept */

/* Of one thread. */
struct kb_class_scratch {
	float counts[KB_CLASS_COUNTS];
	struct kb_class_features features;
	struct kb_class_weighed {
		const struct kb_class_row *row; /* or 'unknown' */
		float value;
	} * weighed;
	struct kb_class_term *dense; /* cap_weighed, too */
	size_t cap_weighed;
	/* Of features that the model does not know: it has no weights. */
	struct kb_class_row unknown;
	int32_t *sums;
	float *z;
	size_t n_columns; /* that sums and z have room for */
};

struct kb_class_scratch *kb_class_scratch_new(void);
void kb_class_scratch_free(void *scratch);

/* 1 + ln(count). */
float kb_class_count_value(uint32_t count);

/* z of the model's columns: n_columns numbers in the scratch, valid until the
 * next call. */
const float *kb_class_score(const struct kb_class_model *model,
			    struct kb_class_scratch *scratch,
			    struct kb_str text);

#define KB_CLASS_NONE UINT32_MAX

/* The best of the columns first .. first + n - 1 and the next, or
 * KB_CLASS_NONE; equal ones by their number. */
struct kb_class_best {
	uint32_t best, next;
	double z, next_z; /* -infinity without a column */
};
struct kb_class_best kb_class_best_of(const float *z, uint32_t first,
				      uint32_t n);

/* ---- the label ---- */

/*
 * A text is none of the labels when its best z is below that of the share
 * 'keep' of the texts that have one. Of the others a child whose score is below
 * 'leaf' or 'threshold' gives way to the best parent, and what is then still
 * below 'threshold' is none of the labels, too.
 */
struct kb_class_rule {
	double keep; /* 0..1; 0: all. Only of a model that is calibrated. */
	double threshold, leaf; /* 0..1 */
};

/* What a text is: a column, or KB_CLASS_NONE for none of them. */
struct kb_class_label {
	uint32_t column, runner_up;
	double score;  /* the chance that the column is right; of NONE, that
			* the runner-up is */
	double margin; /* by which the best column is ahead of the next, in z */
};

struct kb_class_label kb_class_decide(const struct kb_class_model *model,
				      const float *z,
				      const struct kb_class_rule *rule);

/* KB_EINVAL: the rule asks for what the model does not know. */
int kb_class_rule_check(const struct kb_class_rule *rule,
			const struct kb_class_model *model, const char *path,
			struct kb_err *err);

#endif
