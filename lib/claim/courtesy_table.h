/* The words of courtesy.c, and what each may be. */
#ifndef KB_CLAIM_COURTESY_TABLE_H
#define KB_CLAIM_COURTESY_TABLE_H

#include "claim/word_classes.h"

enum kb_courtesy_class {
	HEAD = 1 << 0,	  /* means courtesy */
	FILL = 1 << 1,	  /* may stand in courtesy */
	GREETS = 1 << 2,  /* a name may follow */
	TOPIC = 1 << 3,	  /* what follows says what it is about */
	ASSERTS = 1 << 4, /* a finite verb: it is a statement after all */
	SIGN = 1 << 5,	  /* closes a letter */
	SOURCE = 1 << 6,  /* what an answer is taken from */
	GIVEN = 1 << 7,	  /* said of a source */
	SAYS = 1 << 8,	  /* what a source does */
	LEADS = 1 << 9,	  /* begins an attribution */
};

extern const struct kb_word_class kb_courtesy_english[], kb_courtesy_chinese[];
extern struct kb_literals kb_courtesy_english_set, kb_courtesy_chinese_set;

/* Phrases that lead to a statement. */
extern struct kb_literals kb_courtesy_leads;
/* Words that answer by themselves. */
extern struct kb_literals kb_courtesy_yes, kb_courtesy_no;

#endif
