/*
 * Numbers by which a record is judged, beside the models. Private to
 * lib/verify.
 *
 * Set by hand. tests/eval/fit-constants.py halves and doubles each
 * (2026-11-30), by the part verify, measured as compare_weights.h says:
 * LEAST_SHARE of 1 gains .0013 +-.0006 (half 1 .0017), because it trusts less;
 * it ranks worse, AUROC of tests/eval/factcheck .955 to .949 of fc_begin, .651
 * to .621 of fc_zh_halluqa.
 *
 * By the part record: 1 - Brier of the confidence in the sentence that
 * fit-local.py thinks best, asked and with nothing that answers, whole and cut,
 * and of answers that say in part not to know, .668 and .656. RETRIEVAL_SHARE
 * was .5 then: half of it lost .021 (half 1 .025), twice gained .031 (.036), as
 * two of three have no answer there; it is not where people ask. Since the
 * relevance is measured it says little more: at .2 of the half of the project's
 * own set that is only scored .868 of the right ones are sent (.858 at .5)
 * and .131 of the wrong ones (.133), honest.py's short and exchanged answers
 * within .002 but for those of another passage, .059 to .053 of zh_cmrc2018.
 * TRUNCATED_LOGIT of 2 gains .064 (.065) where an answer is cut after three
 * fifths, which leaves less of it than a limit of tokens does. ABSTAIN_SHARE of
 * 1 gains .0014
 * +-.0011 (.0026 +-.0010), .04 of the 85 answers that it is for, most of
 * fc_zh_halluqa: .5 stays, so that they go to a human. CONTRADICTED_CAP is
 * within chance. It caps a citation of another passage, too: of the project's
 * own set, as it is written, 51 of the 90 wrong citations of the half that is
 * only scored were sent, 62 of 92 of the other; now none, and none of the 344
 * right answers that cite is held by it (honest.py own).
 *
 * LOCAL_SHARE, LOCAL_BIAS: tests/eval/fit-local-relevance.py (2026-12-01), half
 * 0 of en_squad and zh_cmrc2018 with half of their documents gone and
 * questions.jsonl of the sample shop, with encoders and without. Without any of
 * it questions.jsonl are answered .741 (.016 of what is sent is wrong), with it
 * .765 (.015). Only scored: questions-heldout.jsonl .575 to .650, none wrong;
 * half 1 of en_squad the same, .725 (.094); of zh_cmrc2018 .855 (.062) to .870
 * (.069), .855 (.055) to .862 (.050) with encoders.
 *
 * That the weakest of the stages decides, kb_score_record():
 * tests/eval/learned.py --cross (2026-11-30) puts a monotone model of all that
 * is known in its place, learned from half 0 of fc_lfqa, fc_begin,
 * fc_en_rgb_fact, fc_qags, fc_frank, fc_wice, fc_halueval_qa, fc_zh_halluqa,
 * fc_zh_ocnli and the project's own set. On half 1 of each, by what was learned
 * from the other nine: AUROC .790 in the mean, .798 by the weakest stage; ECE
 * .161 and .152. Learned from all ten .799 and .141, no better beyond chance.
 * So it stays; a user's own labels (record_fit.h) gain what sets do not share.
 */
#ifndef KB_VERIFY_CHECK_WEIGHTS_H
#define KB_VERIFY_CHECK_WEIGHTS_H

/* Score of a sentence (relevance/relevance.h) from which a refusal is needless:
 * of 300 questions of en_squad .41 to .48 whose document is there are named,
 * and .01 to .05 of those whose document is gone; zh_cmrc2018: .01 of those. */
#define NEEDLESS_SCORE .75

#define HELD_LEAST                                                \
	1.f /* weight of a sentence beside what the question says \
	     */

/* Of a question in one sentence: enough that "no" contradicts it, as
 * OPPOSITE_COVER of compare_weights.h. */
#define PARTICLE_COVER	.6
#define PARTICLE_TOKENS 8 /* an answer of so many is brief, too */

/* Of its sentence; a claim that is less is brief, as for fit-relevance.py. */
#define BRIEF_PART .5

/* The record. */
#define CONTRADICTED_CAP .3  /* a contradiction, a wrong citation */
#define FOREIGN_CAP	 .49 /* what its source does not say, in a copy */
#define RETRIEVAL_SHARE	 .2  /* of retrieval beside 1 of the facts */
#define LOCAL_SHARE	 .5  /* of the built-in answerer in its relevance */
#define LOCAL_BIAS	 -.2
#define TRUNCATED_LOGIT	 1  /* what a cut answer loses */
#define LEAST_SHARE	 .5 /* of the weakest claim, beside the mean */
#define ABSTAIN_SHARE	 .5 /* of p, when a sentence says not to know */

/* With a certificate: where its threshold is put, the default of --threshold;
 * and what is below it by the least that is printed. By definition. */
#define CERTIFIED	.6
#define CERTIFIED_BELOW .5999

/* A judge that only says yes or no; by hand, as sure as a good one is right. */
#define JUDGED_YES .9
#define JUDGED_NO  .1

#endif
