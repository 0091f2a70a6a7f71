/*
 * The form of a question: what kind of answer it wants, in which measure, and
 * of which pieces it consists, each with a weight.
 */
#ifndef KB_ANSWER_QUESTION_FORM_H
#define KB_ANSWER_QUESTION_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer/cues.h"
#include "answer/sentence_features.h"
#include "base/arena.h"
#include "base/map.h"

#define KB_FORM_QUERY  2048 /* bytes of the question that count */
#define KB_FORM_UNITS  256
#define KB_FORM_KEYS   768
#define KB_FORM_GROUPS 16 /* of synonyms that one question touches */

/* A piece of the question: a character with its two pairs, or a word. The
 * numbers are places in the question's list of keys; -1 for none. */
struct kb_form_unit {
	double weight;
	int key, left, right;
	uint32_t start, end; /* bytes of the folded question */
	unsigned groups;     /* bits: the question's groups of synonyms */
	bool is_han, is_code;
	struct kb_str word; /* a Latin word's letters; empty for others */
	bool asks; /* of a phrase that says which kind or measure is wanted */
	bool class_word; /* of a word for the class of what is wanted */
	bool wanted;	 /* of the words behind "which", that name it */
	bool aside; /* of a greeting, a reaction, a frame around the question */
	bool told;  /* of a sentence beside the one that asks */
};

struct kb_form {
	struct kb_str folded; /* lower case, half width, simplified */
	struct kb_cue_text cues;
	enum kb_wanted kind;
	unsigned names;	  /* cues of quantities that it names in any way */
	int answer_class; /* of what is wanted, answer_class.h; 0: not known */
	bool counts;	  /* how many of something are wanted */
	unsigned measure; /* cues one of which the answer must hold; 0 none */
	bool is_han;	  /* the language of the question */
	bool asks;	  /* it has the form of a question, or orders one */
	bool states;	  /* it does not, and says something */
	struct kb_form_unit *units;
	size_t n_units;
	struct kb_map keys; /* term key -> its place + 1 */
	size_t n_keys;
	uint64_t *order; /* base terms in order, for the common run */
	size_t n_order;
	double weight; /* sum over units; > 0 */
	const char *groups[KB_FORM_GROUPS];
	size_t n_groups;
};

struct kb_reader;

/* Reads the question into *form, which lives in the arena but for its keys:
 * kb_form_release(). */
void kb_form_read(struct kb_reader *reader, struct kb_arena *arena,
		  struct kb_str query, struct kb_form *form);
void kb_form_release(struct kb_form *form);

/* Groups of synonyms of the question with a word in the folded text; bits. */
unsigned kb_form_groups(const struct kb_form *form, struct kb_str folded);

/* How well a text with these cues (enum kb_cue) offers what the kind of
 * question wants: 0..1. */
double kb_form_kind_met(enum kb_wanted kind, unsigned cues);

/* class_words.c, for kb_form_read(): mark the units of a phrase as asked, and
 * say whether it is there; mark what else an answer need not repeat. */
bool kb_form_mark_asked(struct kb_form *form, const char *cue);
void kb_form_note_words(struct kb_form *form);

/* asked_quantity.c, for kb_form_read(): may a quantity be wanted? Set
 * form->names, and mark the words for it as asked. */
bool kb_form_counts(const struct kb_form *form);
void kb_form_note_quantities(struct kb_reader *reader, struct kb_form *form);

/* What the question wants: "weight", "date", "person"; len 0 when that is not
 * known. */
struct kb_str kb_form_wanted_name(const struct kb_form *form);

/* Of a question for how long: may the answer be a length? */
bool kb_form_may_be_length(const struct kb_form *form);

/* asides.c, for kb_form_read(), last: mark what stands in the question and is
 * not asked, and say whether it only states something. */
void kb_form_note_asides(struct kb_form *form);

/* The English function words, as keys; for kb_reader_init(). */
void kb_form_stop_words(struct kb_reader *reader);

#endif
