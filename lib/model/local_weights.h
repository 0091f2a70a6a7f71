/*
 * Weights of the built-in model. Private to lib/model.
 *
 * Sentence weights: softmax over the sentences of a question, maximum
 * likelihood of those that hold the gold answer, L2 0.002. Confidence
 * weights: logistic regression (L2 1) on whether the chosen sentence holds
 * the gold answer, over questions as they are and again with every document
 * that answers taken away, from what kb-search finds. Fitted on one half of
 * the questions of zh_cmrc2018 (CC BY-SA 4.0), en_squad (CC BY-SA 4.0) and the
 * sample shop, scored on the other. tests/eval/fit-local.py --write makes them.
 */
#ifndef KB_MODEL_LOCAL_WEIGHTS_H
#define KB_MODEL_LOCAL_WEIGHTS_H

#include "model/local.h"

static const double kb_local_sentence_weights[KB_FEATURES] = {
    [KB_F_COVER_RARE] = -0.35,
    [KB_F_COVER_RARE_TITLE] = 7.79,
    [KB_F_COVER_RARE_HIT] = 2.03,
    [KB_F_COVER] = 0.06,
    [KB_F_COVER_TITLE] = 7.37,
    [KB_F_PREVIOUS] = 6.57,
    [KB_F_NEXT] = 3.02,
    [KB_F_RUN] = 2.20,
    [KB_F_SCORE] = 2.63,
    [KB_F_RANK] = 1.36,
    [KB_F_FIRST] = 1.13,
    [KB_F_LENGTH] = 0.09,
    [KB_F_MEASURE] = 2.32,
    [KB_F_KIND + KB_LOCAL_WHEN - 1] = 3.50,
    [KB_F_KIND + KB_LOCAL_HOW_LONG - 1] = 12.74,
    [KB_F_KIND + KB_LOCAL_HOW_MUCH - 1] = 10.39,
    [KB_F_KIND + KB_LOCAL_HOW_MANY - 1] = 2.07,
    [KB_F_KIND + KB_LOCAL_WHO - 1] = -0.27,
    [KB_F_KIND + KB_LOCAL_WHERE - 1] = 2.58,
    [KB_F_KIND + KB_LOCAL_WHY - 1] = 3.40,
    [KB_F_KIND + KB_LOCAL_HOW - 1] = 0.67,
    [KB_F_KIND + KB_LOCAL_YES_NO - 1] = 1.22,
    [KB_F_SHORT] = -1.62,
    [KB_F_QUESTION] = -2.00,
};

static const double kb_local_confidence_weights[KB_TRAITS] = {
    [KB_T_COVER_TITLE] = 3.79,	 [KB_T_COVER_HIT] = 1.61,
    [KB_T_COVER] = 1.24,	 [KB_T_COVER_ALL] = 1.12,
    [KB_T_MISSING_WORDS] = 0.27, [KB_T_MISSING_RUN] = -0.01,
    [KB_T_MARGIN] = 0.41,	 [KB_T_KIND] = 0.96,
    [KB_T_IS_WHAT] = 0.73,	 [KB_T_TITLE] = 0.43,
    [KB_T_TITLE_ASKED] = 0.42,	 [KB_T_NOT_FIRST] = -0.80,
    [KB_T_WEIGHT] = 0.92,	 [KB_T_RUN] = -0.70,
    [KB_T_RATIO] = 0.34,	 [KB_T_MEASURE] = 0.33,
    [KB_T_YES_NO] = 0.31,	 [KB_T_MISSING_CODE] = -1.87,
};
static const double kb_local_confidence_bias = -10.05;

#endif
