/*
 * Numbers of the lexical leg. Private to this folder.
 *
 * What no paper gives was set by hand. tests/eval/fit-constants.py lexical
 * halves and doubles each (2026-11-30): mean of nDCG@10 and recall@10,
 * lexical only, of cache_zh, en_cisi, en_multihop, en_squad, zh_cmrc2018 and
 * zh_kdconv_kb, .546 on half 0 and .541 on half 1, held out. No value gains on
 * half 0 beyond chance; half of IDF_POWER loses .023 +-.010 (half 1 .019).
 */
#ifndef KB_SEARCH_LEXICAL_LEXICAL_WEIGHTS_H
#define KB_SEARCH_LEXICAL_LEXICAL_WEIGHTS_H

/* Of the idf. Rare words over frequent ones, more than the logarithm has it: a
 * question is a sentence, and most of its words are not what is asked for. */
#define IDF_POWER 1.3

#define SIMILAR_LENGTH_POWER 0.8 /* where passages are like questions */
#define SIMILAR_LENGTH_PAIRS 0.3 /* times a Chinese pair there */

/* Of the classes of terms; a word's stem and a character count 1. */
#define CLASS_PAIR     0.7f  /* of Chinese characters */
#define CLASS_EXACT    0.15f /* a word as written, beside its stem */
#define VARIANT_WEIGHT 0.9f  /* of a word in another spelling: by hand */
#define CLASS_PATH     0.4f  /* a term in the name of a file: no set has such */

#endif
