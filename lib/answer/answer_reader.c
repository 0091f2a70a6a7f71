#include "answer/reading.h"
#include "answer/sentence_weights.h"

static const char *const sentence_names[KB_SENTENCE_FEATURES] = {
    [KB_SENTENCE_COVER_RARE] = "cover_rare",
    [KB_SENTENCE_COVER_RARE_TITLE] = "cover_rare_title",
    [KB_SENTENCE_COVER_RARE_HIT] = "cover_rare_hit",
    [KB_SENTENCE_COVER] = "cover",
    [KB_SENTENCE_COVER_TITLE] = "cover_title",
    [KB_SENTENCE_PREVIOUS] = "previous",
    [KB_SENTENCE_NEXT] = "next",
    [KB_SENTENCE_RUN] = "run",
    [KB_SENTENCE_SCORE] = "score",
    [KB_SENTENCE_RANK] = "rank",
    [KB_SENTENCE_FIRST] = "first",
    [KB_SENTENCE_LENGTH] = "length",
    [KB_SENTENCE_MEASURE] = "measure",
    [KB_SENTENCE_KIND + KB_WANTED_WHEN - 1] = "kind_when",
    [KB_SENTENCE_KIND + KB_WANTED_HOW_LONG - 1] = "kind_how_long",
    [KB_SENTENCE_KIND + KB_WANTED_HOW_MUCH - 1] = "kind_how_much",
    [KB_SENTENCE_KIND + KB_WANTED_HOW_MANY - 1] = "kind_how_many",
    [KB_SENTENCE_KIND + KB_WANTED_WHO - 1] = "kind_who",
    [KB_SENTENCE_KIND + KB_WANTED_WHERE - 1] = "kind_where",
    [KB_SENTENCE_KIND + KB_WANTED_WHY - 1] = "kind_why",
    [KB_SENTENCE_KIND + KB_WANTED_HOW - 1] = "kind_how",
    [KB_SENTENCE_KIND + KB_WANTED_YES_NO - 1] = "kind_yes_no",
    [KB_SENTENCE_SHORT] = "short",
    [KB_SENTENCE_QUESTION] = "question",
    [KB_SENTENCE_NEAR] = "near",
    [KB_SENTENCE_HEAD] = "head",
    [KB_SENTENCE_OPTION] = "option",
    [KB_SENTENCE_MEANING] = "meaning",
};

const char *const kb_answer_traits[KB_TRAITS] = {
    [KB_TRAIT_COVER_TITLE] = "cover_title",
    [KB_TRAIT_COVER_HIT] = "cover_hit",
    [KB_TRAIT_COVER] = "cover",
    [KB_TRAIT_COVER_ALL] = "cover_all",
    [KB_TRAIT_MISSING_WORDS] = "missing_words",
    [KB_TRAIT_MARGIN] = "margin",
    [KB_TRAIT_KIND] = "kind",
    [KB_TRAIT_IS_WHAT] = "is_what",
    [KB_TRAIT_TITLE] = "title",
    [KB_TRAIT_TITLE_ASKED] = "title_asked",
    [KB_TRAIT_NOT_FIRST] = "not_first",
    [KB_TRAIT_WEIGHT] = "weight",
    [KB_TRAIT_MEASURE] = "measure",
    [KB_TRAIT_YES_NO] = "yes_no",
    [KB_TRAIT_MISSING_CODE] = "missing_code",
    [KB_TRAIT_RARE_TITLE] = "rare_title",
    [KB_TRAIT_RARE_HIT] = "rare_hit",
    [KB_TRAIT_BEYOND] = "beyond",
    [KB_TRAIT_BEYOND_HIT] = "beyond_hit",
    [KB_TRAIT_BEYOND_OTHER] = "beyond_other",
    [KB_TRAIT_OPTION] = "option",
    [KB_TRAIT_SHARE] = "share",
    [KB_TRAIT_MEANING] = "meaning",
};

/* The names of the features but those by which the search speaks, which
 * stand in the record already and are not judged again. */
static void bind_judging(struct kb_linear *out,
			 const struct kb_linear_model *sentence)
{
	const char *names[KB_SENTENCE_FEATURES];

	memcpy(names, sentence_names, sizeof(names));
	names[KB_SENTENCE_SCORE] = names[KB_SENTENCE_RANK] = "";
	kb_linear_bind(out, sentence, names, KB_SENTENCE_FEATURES);
}

void kb_reader_init(struct kb_reader *reader,
		    const struct kb_linear_model *sentence)
{
	*reader = (struct kb_reader){.an = kb_analyzer_new()};
	if (!sentence)
		sentence = &kb_sentence_builtin;
	kb_linear_bind(&reader->sentence, sentence, sentence_names,
		       KB_SENTENCE_FEATURES);
	bind_judging(&reader->judging, sentence);
	kb_linear_bind(&reader->meant, &kb_sentence_meant_builtin,
		       sentence_names, KB_SENTENCE_FEATURES);
	kb_map_init(&reader->stop);
	kb_form_stop_words(reader);
}

void kb_reader_release(struct kb_reader *reader)
{
	kb_terms_release(&reader->terms);
	kb_quantities_release(&reader->quantities);
	kb_map_release(&reader->stop);
	kb_analyzer_free(reader->an);
}
