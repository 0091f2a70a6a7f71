/*
 * Weights of the built-in model. Private to lib/model.
 *
 * Sentence weights: softmax over the sentences of a question, maximum
 * likelihood of those that hold the gold answer, L2 0.002. Confidence
 * weights: logistic regression (L2 1) on whether the chosen sentence holds
 * the gold answer, over questions as they are and twice again with every
 * document, or every sentence, that answers taken away, from what kb-search
 * finds. Fitted on one half of the questions of zh_cmrc2018 (CC BY-SA 4.0),
 * en_squad (CC BY-SA 4.0) and the sample shop, scored on the other.
 * tests/eval/fit-local.py --write makes them.
 */
#ifndef KB_LLM_LOCAL_WEIGHTS_H
#define KB_LLM_LOCAL_WEIGHTS_H

#include "llm/local.h"

static const double kb_local_sentence_weights[KB_FEATURES] = {
    [KB_F_COVER_RARE] = -0.44,
    [KB_F_COVER_RARE_TITLE] = 7.75,
    [KB_F_COVER_RARE_HIT] = 2.12,
    [KB_F_COVER] = 0.21,
    [KB_F_COVER_TITLE] = 7.37,
    [KB_F_PREVIOUS] = 6.64,
    [KB_F_NEXT] = 2.86,
    [KB_F_RUN] = 2.29,
    [KB_F_SCORE] = 2.76,
    [KB_F_RANK] = 0.81,
    [KB_F_FIRST] = 1.04,
    [KB_F_LENGTH] = 0.12,
    [KB_F_MEASURE] = 2.32,
    [KB_F_KIND + KB_LOCAL_WHEN - 1] = 3.47,
    [KB_F_KIND + KB_LOCAL_HOW_LONG - 1] = 11.32,
    [KB_F_KIND + KB_LOCAL_HOW_MUCH - 1] = 11.08,
    [KB_F_KIND + KB_LOCAL_HOW_MANY - 1] = 2.36,
    [KB_F_KIND + KB_LOCAL_WHO - 1] = -0.18,
    [KB_F_KIND + KB_LOCAL_WHERE - 1] = 2.66,
    [KB_F_KIND + KB_LOCAL_WHY - 1] = 3.46,
    [KB_F_KIND + KB_LOCAL_HOW - 1] = -0.20,
    [KB_F_KIND + KB_LOCAL_YES_NO - 1] = 1.64,
    [KB_F_SHORT] = -1.62,
    [KB_F_QUESTION] = -2.00,
};

static const double kb_local_confidence_weights[KB_TRAITS] = {
    [KB_T_COVER_TITLE] = 1.04,	 [KB_T_COVER_HIT] = 1.15,
    [KB_T_COVER] = 1.48,	 [KB_T_COVER_ALL] = 0.33,
    [KB_T_MISSING_WORDS] = 0.16, [KB_T_MARGIN] = 0.45,
    [KB_T_KIND] = 0.88,		 [KB_T_IS_WHAT] = 0.58,
    [KB_T_TITLE] = 2.24,	 [KB_T_TITLE_ASKED] = 0.22,
    [KB_T_NOT_FIRST] = -1.03,	 [KB_T_WEIGHT] = 0.74,
    [KB_T_MEASURE] = 0.40,	 [KB_T_YES_NO] = -0.49,
    [KB_T_MISSING_CODE] = -1.69, [KB_T_RARE_TITLE] = -1.08,
    [KB_T_RARE_HIT] = -2.04,	 [KB_T_BEYOND] = 3.91,
    [KB_T_BEYOND_HIT] = 1.50,	 [KB_T_BEYOND_OTHER] = -0.53,
};
static const double kb_local_confidence_bias = -7.29;

#endif
