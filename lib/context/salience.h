/*
 * Which turns a question needs.
 *
 * Every turn gets a BM25 score for the question's terms, part of the score
 * of its neighbours (an answer stands beside its question: 0.4 one turn
 * away, 0.15 two), and a prior for what is worth keeping whatever is asked:
 * quotations, names, digits, codes, words not said before. The product is
 * the salience. Measured on LoCoMo: neighbours +9 points of evidence kept
 * at 10 % of the tokens, the prior about 1 more.
 */
#ifndef KB_CONTEXT_SALIENCE_H
#define KB_CONTEXT_SALIENCE_H

#include "context/convo.h"
#include "text/analyze.h"

/* salience[i] for each turn of the conversation; more is more needed. An
 * empty question leaves the prior alone. */
void kb_salience(const struct kb_convo *convo, struct kb_str question,
		 struct kb_analyzer *analyzer, double *salience);

#endif
