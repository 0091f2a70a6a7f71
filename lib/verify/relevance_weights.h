/*
 * Numbers by which an answer is measured against its question, beside the
 * models. Private to lib/verify.
 *
 * Set by hand, once; tests/eval/fit-relevance.py says with them what is sent
 * of the half of en_squad and zh_cmrc2018 that was held out: it stands with the
 * models in relevant_weights.h.
 */
#ifndef KB_VERIFY_RELEVANCE_WEIGHTS_H
#define KB_VERIFY_RELEVANCE_WEIGHTS_H

/* From this weight on a piece of the question counts. */
#define CONTENT_UNIT  0.3
#define CONTENT_TOKEN 0.3f

#define LEAST_RARITY 0.05 /* of a piece that is everywhere */

/* A sentence's score. */
#define SHARE_OWN     0.35
#define SHARE_WINDOW  0.40
#define SHARE_PASSAGE 0.25

/* Of what the best sentence holds of a claim, another one that holds it. */
#define HELD_SHARE 0.95f

#define ALIKE_LETTERS 4 /* a word that begins so may be the name's */

#define BRIEF_PART 0.5 /* of its sentence; a claim that is less is brief */

#define NEAR_DECAY 0.88 /* of nearness, from word to word */

#endif
