/*
 * What --tune tries, and what it takes for a gain.
 *
 * Not learned but a grid, wide enough for every set; whether it helps is held
 * out each time, as --tune keeps what it learned only when the other half of
 * the questions is not worse. nDCG@10 of other halves, without and with what
 * the steps found (kb-search --tune on the sets): zh_kdconv_kb .371 .485,
 * kg_pathquestion .830 .859, en_squad .916 .921, en_cisi .370 .386, en_lfqa
 * .717 .718; en_multihop, zh_cmrc2018 and en_wice_evidence stay as they are.
 */
#ifndef KB_TUNE_TUNE_WEIGHTS_H
#define KB_TUNE_TUNE_WEIGHTS_H

/* Weights of a leg beside 1 for the lexical one. */
#define LEG_STEPS                                                              \
	{                                                                      \
		0, 0.02f, 0.05f, 0.1f, 0.15f, 0.2f, 0.3f, 0.4f, 0.5f, 0.7f, 1, \
		    1.4f, 2, 3, 5, 8                                           \
	}
#define FAR 0.0002 /* what a step of the grid away from the start costs */

/* Of the reranker's weights: none above 1, more was worse on every set. */
#define RERANKER_STEPS            \
	{                         \
		0, 0.25f, 0.5f, 1 \
	}
#define GAIN 0.001 /* of the half learned from; less is chance */

#endif
