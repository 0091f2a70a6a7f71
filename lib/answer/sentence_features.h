/*
 * What the built-in model measures of a sentence (features) and of the best
 * one (traits), and by which names its models ask for them.
 */
#ifndef KB_ANSWER_SENTENCE_FEATURES_H
#define KB_ANSWER_SENTENCE_FEATURES_H

/* What a question asks for. */
enum kb_wanted {
	KB_WANTED_WHAT,
	KB_WANTED_WHEN,
	KB_WANTED_HOW_LONG,
	KB_WANTED_HOW_MUCH,
	KB_WANTED_HOW_MANY,
	KB_WANTED_WHO,
	KB_WANTED_WHERE,
	KB_WANTED_WHY,
	KB_WANTED_HOW,
	KB_WANTED_YES_NO,
	KB_WANTED_KINDS
};

enum kb_sentence_feature {
	KB_SENTENCE_COVER_RARE, /* units covered, weighted by rarity */
	KB_SENTENCE_COVER_RARE_TITLE,
	KB_SENTENCE_COVER_RARE_HIT,
	KB_SENTENCE_COVER,
	KB_SENTENCE_COVER_TITLE,
	KB_SENTENCE_PREVIOUS, /* what the sentence before adds */
	KB_SENTENCE_NEXT,
	KB_SENTENCE_RUN,   /* longest common run of terms */
	KB_SENTENCE_SCORE, /* of the passage, relative to the first */
	KB_SENTENCE_RANK,
	KB_SENTENCE_FIRST, /* first sentence of its passage */
	KB_SENTENCE_LENGTH,
	KB_SENTENCE_MEASURE, /* asked-for unit: +1 there, -1 missing */
	KB_SENTENCE_KIND,    /* one for each kind but WHAT: cue is there */
	KB_SENTENCE_SHORT = KB_SENTENCE_KIND + KB_WANTED_KINDS - 1,
	KB_SENTENCE_QUESTION, /* is a question itself */
	KB_SENTENCE_NEAR,     /* the question's pieces near what is wanted */
	KB_SENTENCE_HEAD,     /* a heading, a header, a term */
	KB_SENTENCE_OPTION,  /* of an option, where one or a way is asked for */
	KB_SENTENCE_MEANING, /* how it meets the question (meaning.h); 0 where
			      * there is no encoder */
	KB_SENTENCE_FEATURES
};

enum kb_answer_trait {
	KB_TRAIT_COVER_TITLE,
	KB_TRAIT_COVER_HIT,
	KB_TRAIT_COVER,
	KB_TRAIT_COVER_ALL,
	KB_TRAIT_MISSING_WORDS, /* words and codes the passage lacks, up to 3 */
	KB_TRAIT_MARGIN,	/* to the best sentence of another passage */
	KB_TRAIT_KIND,
	KB_TRAIT_IS_WHAT,
	KB_TRAIT_TITLE,	      /* share of the question in the title */
	KB_TRAIT_TITLE_ASKED, /* share of the title in the question */
	KB_TRAIT_NOT_FIRST,
	KB_TRAIT_WEIGHT,
	KB_TRAIT_MEASURE,
	KB_TRAIT_YES_NO,
	KB_TRAIT_MISSING_CODE,
	KB_TRAIT_RARE_TITLE,   /* cover by rarity: sentence and title */
	KB_TRAIT_RARE_HIT,     /* ... the whole passage */
	KB_TRAIT_BEYOND,       /* of what the title lacks, in the sentence */
	KB_TRAIT_BEYOND_HIT,   /* ... in the passage */
	KB_TRAIT_BEYOND_OTHER, /* ... only in another passage */
	KB_TRAIT_OPTION,       /* the same of the best sentence */
	KB_TRAIT_SHARE,	       /* of the answer's sentences, among all: logit */
	KB_TRAIT_MEANING,      /* the same of the best sentence */
	KB_TRAITS
};

extern const char *const kb_answer_traits[KB_TRAITS];

#endif
