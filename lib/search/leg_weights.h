/*
 * What legs and variants of a question count. Private to lib/search.
 *
 * Chosen by hand on whole sets. Confirmed by tests/eval/fit-constants.py legs
 * on 2026-11-30, which halves and doubles each: mean of nDCG@10 and recall@10
 * of cache_en, cache_zh, en_cisi, en_multihop, en_squad, kg_pathquestion and
 * zh_kdconv_kb, .623 on half 0 and .636 on half 1, held out. No value gains on
 * half 0 beyond chance; half of WEIGHT_GRAPH loses .032 +-.009 (half 1 .036),
 * half of TURN_DECAY .029 +-.009 (.033). RECIPROCAL_K does nothing there: it is
 * for lists without scores.
 *
 * ASKED_WEIGHT by the part asked, the same of zh_kdconv_kb's turns as
 * ctx-compress completes them, .683 on half 0 and .691 on half 1: half of it
 * loses no more than chance, 4.0 gains .0027 +-.0023 (half 1 .0034 +-.0045).
 *
 * WEIGHT_MODEL, WEIGHT_MODEL_GRAPH and SIMILAR_LENGTH_MODEL with bge-small-zh
 * and bge-small-en, chosen on half 0 of twelve sets (those above, en_lfqa,
 * en_locomo_mem, en_wice_evidence, zh_cmrc2018, cache_zh of 12,000), recall@100
 * of paraphrases counted, too: .741 on half 0 and .753 on half 1, held out,
 * beside .724 and .732 of cosines counted from 0 of the best one's, at .7 and
 * .7. tests/eval/fit-constants.py model, of ten sets, .724 on half 0 and .732
 * on half 1: half of WEIGHT_MODEL loses .0022 +-.0052 (half 1 .0037 +-.0033),
 * twice as much .0018 +-.0044 (.0017 +-.0035), half of WEIGHT_MODEL_GRAPH .0074
 * +-.0046 (.0061 +-.0029), twice as much .0016 +-.0026 (.0023 +-.0023).
 *
 * STATIC_GAIN and SIMILAR_LENGTH_STATIC by hand on half 0 of cache_zh and
 * cache_en and on zh_kdconv_kb, where less for long passages gains: nDCG@10 of
 * the last .540 with those of a model, .548 with these, .542 with vectors of
 * words. tests/eval/fit-constants.py static, .568 on half 0 and .577 on half 1:
 * half of STATIC_GAIN -.0043 +-.0051 (half 1 -.0009 +-.0052), twice +.0001
 * +-.0055 (-.0011 +-.0052), half of SIMILAR_LENGTH_STATIC -.0015 +-.0031
 * (+.0005 +-.0031), twice +.0024 +-.0034 (+.0008 +-.0030).
 */
#ifndef KB_SEARCH_LEG_WEIGHTS_H
#define KB_SEARCH_LEG_WEIGHTS_H

/* The legs in the fused score, beside 1 of the lexical one. An index may carry
 * its own, which --tune learns. */
#define WEIGHT_WORDS	   0.05f /* vectors of words, and */
#define WEIGHT_GRAPH	   0.7f	 /* the graph beside them; or */
#define WEIGHT_MODEL	   1.4f	 /* vectors of a model, or of documents, and */
#define WEIGHT_MODEL_GRAPH 1.0f	 /* the graph beside those */

/* Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009). */
#define RECIPROCAL_K 60.0f

/* Vectors of words count 1 + SIMILAR_LENGTH_GAIN where passages are like the
 * question (length_similarity.h), and by LINKED_GAIN less where a name of it is
 * linked. Those of a model count 1 + SIMILAR_LENGTH_MODEL by the square of the
 * similarity where no name is linked. */
#define SIMILAR_LENGTH_GAIN  14.0
#define LINKED_GAIN	     2.0
#define SIMILAR_LENGTH_MODEL 1.0

/* The same of vectors that a static encoder made in the model's place, and what
 * all of it counts beside those. */
#define STATIC_GAIN	      0.5
#define SIMILAR_LENGTH_STATIC 3.0

/* The cosine that any two texts have is at most taken for this, which keeps the
 * scale above it finite. */
#define STATIC_LEAST_MAX 0.99f

/* Candidates of each leg where there are several: so many for each hit, within
 * these limits. More take more time: twice as many differ by .0003 +-.0006. */
#define LEG_DEPTH     4
#define LEG_DEPTH_MIN 40
#define LEG_DEPTH_MAX 100

/* Word vectors that are read for each hit, where the lexical leg found some and
 * codes choose them (vector.h). Less than the usual pool, it saves time: by the
 * part pool, of en_wice_evidence and of zh_news in passages (.784 on half 0,
 * .818 on half 1), half and twice as many find the same. */
#define WORD_POOL 10

#define TURN_DECAY 0.9f /* of names, each turn further back */

/* A word that is put right, beside 1 of the question's own (spell_weights.h).
 */
#define CORRECTED_WEIGHT 0.9f

/* Of a whole synonym. By legs, 0 loses .0010 +-.0012 (half 1 .0013 +-.0018),
 * half of it .0003 +-.0003 (.0005 +-.0014), and 1 is within chance. */
#define SYNONYM_WEIGHT 0.5f

/* More for a word that the person said beside one that was supplied. */
#define ASKED_WEIGHT 2.0f

#endif
