/*
 * Weights of retrieval.confidence. Private to lib/search/confidence.c.
 *
 * Logistic regression (L2 3) on whether a judged document is among the first
 * ten hits, over questions searched with their documents and again in an
 * index from which these were removed, each set with the same weight. Fitted
 * on zh_cmrc2018, en_multihop, en_lfqa and en_wice_evidence, scored on other
 * sets. tests/eval/fit-confidence.py --write makes them.
 */
#ifndef KB_SEARCH_CONFIDENCE_WEIGHTS_H
#define KB_SEARCH_CONFIDENCE_WEIGHTS_H

enum {
	KB_C_COVERAGE,
	KB_C_RISE,
	KB_C_MARGIN,
	KB_C_AGREEMENT,
	KB_C_GRAPH,
	KB_C_NEAR,
	KB_C_UNKNOWN,
	KB_C_FEATURES,
};

static const double kb_confidence_weights[KB_C_FEATURES] = {
    [KB_C_COVERAGE] = 1.63,  [KB_C_RISE] = 1.55,  [KB_C_MARGIN] = 2.19,
    [KB_C_AGREEMENT] = 1.08, [KB_C_GRAPH] = 2.03, [KB_C_NEAR] = 1.68,
    [KB_C_UNKNOWN] = -0.59,
};

static const double kb_confidence_bias = -3.54;

#endif
