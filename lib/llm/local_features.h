/*
 * What the built-in model measures of a sentence (features) and of the best
 * one (traits), and by which names its models ask for them.
 */
#ifndef KB_LLM_LOCAL_FEATURES_H
#define KB_LLM_LOCAL_FEATURES_H

/* What a question asks for. */
enum kb_local_kind {
	KB_LOCAL_WHAT,
	KB_LOCAL_WHEN,
	KB_LOCAL_HOW_LONG,
	KB_LOCAL_HOW_MUCH,
	KB_LOCAL_HOW_MANY,
	KB_LOCAL_WHO,
	KB_LOCAL_WHERE,
	KB_LOCAL_WHY,
	KB_LOCAL_HOW,
	KB_LOCAL_YES_NO,
	KB_LOCAL_KINDS
};

enum kb_local_feature {
	KB_F_COVER_RARE, /* units covered, weighted by rarity */
	KB_F_COVER_RARE_TITLE,
	KB_F_COVER_RARE_HIT,
	KB_F_COVER,
	KB_F_COVER_TITLE,
	KB_F_PREVIOUS, /* what the sentence before adds */
	KB_F_NEXT,
	KB_F_RUN,   /* longest common run of terms */
	KB_F_SCORE, /* of the passage, relative to the first */
	KB_F_RANK,
	KB_F_FIRST, /* first sentence of its passage */
	KB_F_LENGTH,
	KB_F_MEASURE, /* asked-for unit: +1 there, -1 missing */
	KB_F_KIND,    /* one for each kind but WHAT: cue is there */
	KB_F_SHORT = KB_F_KIND + KB_LOCAL_KINDS - 1,
	KB_F_QUESTION, /* is a question itself */
	KB_FEATURES
};

enum kb_local_trait {
	KB_T_COVER_TITLE,
	KB_T_COVER_HIT,
	KB_T_COVER,
	KB_T_COVER_ALL,
	KB_T_MISSING_WORDS, /* words and codes the passage lacks, up to 3 */
	KB_T_MARGIN,	    /* to the best sentence of another passage */
	KB_T_KIND,
	KB_T_IS_WHAT,
	KB_T_TITLE,	  /* share of the question in the title */
	KB_T_TITLE_ASKED, /* share of the title in the question */
	KB_T_NOT_FIRST,
	KB_T_WEIGHT,
	KB_T_MEASURE,
	KB_T_YES_NO,
	KB_T_MISSING_CODE,
	KB_T_RARE_TITLE,   /* cover by rarity: sentence and title */
	KB_T_RARE_HIT,	   /* ... the whole passage */
	KB_T_BEYOND,	   /* of what the title lacks, in the sentence */
	KB_T_BEYOND_HIT,   /* ... in the passage */
	KB_T_BEYOND_OTHER, /* ... only in another passage */
	KB_TRAITS
};

extern const char *const kb_local_features[KB_FEATURES];
extern const char *const kb_local_trait_names[KB_TRAITS];

#endif
