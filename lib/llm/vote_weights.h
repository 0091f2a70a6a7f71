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

/* That the leading answer is right: log-odds of the above for the first
 * sample, share of the votes, samples. */
#define KB_VOTE_RIGHT_BIAS  (-6.6894)
#define KB_VOTE_RIGHT_ALONE 0.6244
#define KB_VOTE_RIGHT_SHARE 7.5040
#define KB_VOTE_RIGHT_VOTES 0.5963

/* Words that two longer answers share (F1), of which neither says a number or
 * a negation that the other does not; set by hand. */
#define KB_VOTE_ALIKE .7

#endif
