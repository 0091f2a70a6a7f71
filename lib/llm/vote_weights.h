/*
 * What tells that further samples of an answer would agree with it, and that
 * the one with the most votes is right.
 *
 * Fitted by tests/eval/selfcons.py on ../shared/data/prompt/selfcons (recorded
 * samples of GPT-4 on six tasks), half 0; half 1 is scored by the same script,
 * which prints the figures: accuracy of the vote beside that of all samples,
 * the share of samples that were asked for, ECE of the confidence.
 */
#ifndef KB_LLM_VOTE_WEIGHTS_H
#define KB_LLM_VOTE_WEIGHTS_H

/* Of a first answer, that two others agree with it: logarithms of 1 + its
 * characters, digits and newlines. */
#define KB_VOTE_ALONE_BIAS	 11.0482
#define KB_VOTE_ALONE_CHARACTERS (-0.9349)
#define KB_VOTE_ALONE_DIGITS	 (-0.4530)
#define KB_VOTE_ALONE_LINES	 (-0.7237)
/* From here on it is enough alone: half of the samples of three are asked for.
 */
#define KB_VOTE_ALONE_ENOUGH 3.0758

/* Of several answers: that the leading one is that of most of endlessly many,
 * votes being drawn from Beta(1, 1) (Aggarwal et al., "Let's sample step by
 * step", 2023, equation 4, threshold of its section 4). */
#define KB_VOTE_SURE .95

/* That the leading answer is right: of one sample by the above, held within
 * what was seen; of several also by the share of the votes and the
 * logarithm of the samples. */
#define KB_VOTE_ALONE_LEAST 0.9738
#define KB_VOTE_ALONE_MOST  4.9312
#define KB_VOTE_ONE_BIAS    0.1671
#define KB_VOTE_ONE_ALONE   0.8516
#define KB_VOTE_MANY_BIAS   (-6.0058)
#define KB_VOTE_MANY_ALONE  0.4259
#define KB_VOTE_MANY_SHARE  7.4855
#define KB_VOTE_MANY_VOTES  0.6003

/* Words that two longer answers share (F1), of which neither says a number or
 * a negation that the other does not; set by hand. */
#define KB_VOTE_ALIKE .7

#endif
