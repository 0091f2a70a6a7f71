/*
 * Weights of the built-in model. Private to lib/model.
 *
 * Sentence weights: softmax over the sentences of a question, maximum
 * likelihood of those that hold the gold answer, L2 0.002. Confidence
 * weights: logistic regression (L2 1) on whether the chosen sentence holds
 * the gold answer, over questions as they are and again with every document
 * that answers taken away, from what kb-search finds. Fitted on one half of
 * the questions of zh_cmrc2018 (CC BY-SA 4.0), en_squad (CC BY-SA 4.0) and the
 * sample shop, scored on the other.
 */
#ifndef KB_MODEL_LOCAL_WEIGHTS_H
#define KB_MODEL_LOCAL_WEIGHTS_H

#include "model/local.h"

static const double kb_local_sentence_weights[KB_FEATURES] = {
    [KB_F_COVER_RARE] = -0.34,
    [KB_F_COVER_RARE_TITLE] = 7.73,
    [KB_F_COVER_RARE_HIT] = 1.56,
    [KB_F_COVER] = 0.13,
    [KB_F_COVER_TITLE] = 7.21,
    [KB_F_PREVIOUS] = 5.98,
    [KB_F_NEXT] = 2.71,
    [KB_F_RUN] = 2.14,
    [KB_F_SCORE] = 2.57,
    [KB_F_RANK] = 1.36,
    [KB_F_FIRST] = 1.11,
    [KB_F_LENGTH] = 0.10,
    [KB_F_MEASURE] = 2.26,
    [KB_F_KIND + KB_LOCAL_WHEN - 1] = 3.40,
    [KB_F_KIND + KB_LOCAL_HOW_LONG - 1] = 12.84,
    [KB_F_KIND + KB_LOCAL_HOW_MUCH - 1] = 10.25,
    [KB_F_KIND + KB_LOCAL_HOW_MANY - 1] = 2.41,
    [KB_F_KIND + KB_LOCAL_WHO - 1] = -0.25,
    [KB_F_KIND + KB_LOCAL_WHERE - 1] = 2.59,
    [KB_F_KIND + KB_LOCAL_WHY - 1] = 3.37,
    [KB_F_KIND + KB_LOCAL_HOW - 1] = 0.09,
    [KB_F_KIND + KB_LOCAL_YES_NO - 1] = 1.18,
    [KB_F_SHORT] = -1.73,
    [KB_F_QUESTION] = -2.00,
};

static const double kb_local_confidence_weights[KB_TRAITS] = {
    [KB_T_COVER_TITLE] = 1.25,	 [KB_T_COVER_HIT] = 0.86,
    [KB_T_COVER] = 2.36,	 [KB_T_COVER_ALL] = 2.36,
    [KB_T_MISSING_WORDS] = 0.07, [KB_T_MISSING_RUN] = -0.32,
    [KB_T_MARGIN] = 0.46,	 [KB_T_KIND] = 0.77,
    [KB_T_IS_WHAT] = 0.66,	 [KB_T_TITLE] = 0.59,
    [KB_T_TITLE_ASKED] = 1.08,	 [KB_T_NOT_FIRST] = -0.41,
    [KB_T_WEIGHT] = 1.45,	 [KB_T_RUN] = -0.63,
    [KB_T_RATIO] = 0.06,	 [KB_T_MEASURE] = -0.36,
    [KB_T_YES_NO] = 0.81,	 [KB_T_MISSING_CODE] = -1.53,
};
static const double kb_local_confidence_bias = -9.92;

#endif
