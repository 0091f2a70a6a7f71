/*
 * What the graph's scores pass from name to chunk to name. Private to
 * graph_propagate.c.
 *
 * Tuned on half of the questions of en_multihop, kg_pathquestion, zh_kdconv_kb,
 * en_locomo_mem, en_squad and en_wice_evidence together.
 * tests/eval/fit-constants.py graph halves and doubles each (2026-11-30): mean
 * of nDCG@10 and recall@10 of en_cisi, en_multihop, en_squad, kg_pathquestion
 * and zh_kdconv_kb .677 on half 0 and .700 on half 1, held out. Half of SEED,
 * SHARE or HOP loses .014 to .041 on either half. More of SEED (2.0: +.030
 * +-.010, half 1
 * +.027 +-.011) and of SHARE (6.0: +.012 +-.008, +.005 +-.007) gains; they have
 * not been raised, as retrieval.confidence and the vector leg's weight take the
 * scores as they are and would have to be learned again with them.
 */
#ifndef KB_GRAPH_GRAPH_PROPAGATE_WEIGHTS_H
#define KB_GRAPH_GRAPH_PROPAGATE_WEIGHTS_H

#define SEED	1.0f  /* a chunk about a name of the question */
#define SHARE	3.0f  /* times the name's share of the question's words */
#define OBJECT	0.3f  /* a triple that gives the name as its value */
#define MENTION 0.15f /* a chunk that mentions the name */
#define HOP	0.8f
#define SPREAD	0.25f /* a name with n chunks gives each n^-SPREAD */
#define BEHIND	0.9f  /* of the chunk that led there */
#define NEAR	0.5f
#define SOURCES 10
#define HOPS	2

#endif
