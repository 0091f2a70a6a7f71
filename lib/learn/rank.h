/*
 * Measures of a ranked list.
 *
 * nDCG has the grade itself as its gain and log2(rank + 1) as its discount,
 * as trec_eval has (Jarvelin and Kekalainen 2002). hit@1 is 1 when the
 * first document is relevant; recall@k the share of the relevant documents
 * among the first k; all@10 is 1 when none is missing there. Average
 * precision is the mean of the precision at the rank of each relevant
 * document, 0 for one that is not in the list (Buckley and Voorhees 2000).
 * All are 0 for a query without a relevant document, as in trec_eval.
 */
#ifndef KB_LEARN_RANK_H
#define KB_LEARN_RANK_H

#include "learn/qrels.h"

/* A list is cut here. */
#define KB_RANK_DEPTH 1000

struct kb_ranking {
	uint64_t *docs; /* hashes of ids, best first, each once */
	uint32_t n, cap;
	bool present; /* the run names the query */
};

/* The next document, unless it is there already. */
void kb_ranking_add(struct kb_ranking *ranking, uint64_t doc);

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

void kb_rank_measure(const struct kb_judged_query *query,
		     const struct kb_ranking *ranking, double out[KB_MEASURES]);

/* Average precision over the whole list. */
double kb_rank_precision(const struct kb_judged_query *query,
			 const struct kb_ranking *ranking);

/* The best sum of discounted grades that ten places can have. */
double kb_rank_ideal(const struct kb_judged_query *query);

#endif
