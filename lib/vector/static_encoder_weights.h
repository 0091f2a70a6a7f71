/*
 * How a static encoder is learned. Private to static_encoder_fit.c and
 * static_encoder_texts.c.
 *
 * RIDGE was chosen on half 0 of the Chinese paraphrases of tests/eval/pairs.py,
 * by recall@100 of the encoder alone: .757 of 0.1, .763 of 0.01, .765 of 0.003,
 * and half 1, held out, is in man/figures.md. tests/eval/fit-constants.py
 * static (2026-11-30; nDCG@10 and recall@10 of cache_en, cache_zh and
 * zh_kdconv_kb without the model at question time, with encoders learned anew:
 * .568 on half 0, .577 on half 1): half of RIDGE -.0001 +-.0023 (half 1 +.0004
 * +-.0010), twice -.0016 +-.0024; half of STEPS -.0008 +-.0034 (-.0015
 * +-.0026), twice
 * +.0015 +-.0024 (+.0016 +-.0019), and takes twice the time; UNIT_TEXTS_MIN of
 * 1 +.0002 +-.0018, of 4 +.0016 +-.0027 (-.0005 +-.0019): all within chance.
 *
 * AGREEMENT_MIN stands between the sets where the encoder finds what the model
 * finds (kb-index --info: cache_zh .927, 12,000 of it .915, 1,000 of it .839,
 * zh_kdconv_kb .889, cache_en .806) and those where it does not (en_locomo_mem
 * .703, en_lfqa .697, en_cisi .629, en_squad .626, en_wice_evidence .621,
 * zh_cmrc2018 .496).
 */
#ifndef KB_VECTOR_STATIC_ENCODER_WEIGHTS_H
#define KB_VECTOR_STATIC_ENCODER_WEIGHTS_H

/* That the vectors of texts that were left out have to reach. */
#define AGREEMENT_MIN 0.75f

/* Of the squares of the table, beside those of what texts lack. */
#define RIDGE 0.01f

#define STEPS	       12 /* of conjugate gradients */
#define UNIT_TEXTS_MIN 2  /* that a unit stands in, to have a vector */

#endif
