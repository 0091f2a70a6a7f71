/*
 * The null distribution of an index that has none of its own. Private to
 * null.c.
 *
 * Means of zh_cmrc2018, en_multihop, en_lfqa and en_wice_evidence, by
 * tests/eval/fit-confidence.py; those of the sets that are held out (en_squad,
 * zh_kdconv_kb, kg_pathquestion, the sample shop) are .73 .56 .29 .18 .11.
 */
#ifndef KB_SEARCH_NULL_WEIGHTS_H
#define KB_SEARCH_NULL_WEIGHTS_H

/* Ninth deciles of the strength of questions of 2, 4, 8, 16 and 32 terms. */
#define NULL_HIGH                                 \
	{                                         \
		0.79f, 0.62f, 0.31f, 0.19f, 0.12f \
	}

/* Mean cosine of two passages by bge-small-zh or bge-small-en: .38 to .65 in
 * the indexes of eleven sets (kb-index --info), this in the mean. */
#define NULL_COSINE 0.48f

#endif
