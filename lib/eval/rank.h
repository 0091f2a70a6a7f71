/*
 * Measures of a ranked list, and whether two lists differ by more than
 * chance.
 *
 * nDCG has the grade itself as its gain and log2(rank + 1) as its discount,
 * as trec_eval has (Jarvelin and Kekalainen 2002). hit@1 is 1 when the
 * first document is relevant; recall@k the share of the relevant documents
 * among the first k; all@10 is 1 when none is missing there.
 */
#ifndef KB_EVAL_RANK_H
#define KB_EVAL_RANK_H

#include "eval/qrels.h"

enum kb_measure {
	KB_HIT_1,
	KB_RECALL_1,
	KB_RECALL_5,
	KB_RECALL_10,
	KB_RECALL_100,
	KB_MRR_10,
	KB_NDCG_10,
	KB_ALL_10,
	KB_MEASURES,
};

extern const char *const kb_measure_names[KB_MEASURES];

void kb_rank_measure(const struct kb_eval_query *query,
		     const struct kb_ranking *ranking, double out[KB_MEASURES]);

struct kb_paired {
	double difference; /* mean of b - a */
	double p;	   /* two-sided, random sign flips */
	double low, high;  /* 95% interval of the difference, bootstrap */
};

/*
 * Compare n paired values by 'rounds' random permutations and as many
 * bootstrap samples (Smucker, Allan, Carterette 2007). The same seed gives
 * the same result. rounds >= 1.
 */
struct kb_paired kb_paired_test(const double *a, const double *b, size_t n,
				unsigned rounds, uint64_t seed);

#endif
