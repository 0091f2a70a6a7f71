/*
 * What of its question the passage of a claim lacks.
 *
 * A claim says nothing to a question about a thing, an attribute or a condition
 * that its passage, title included, never names. A word is there as itself, as
 * a word of the same beginning or as a synonym; one that only names what an
 * answer gives ("how heavy" of a weight) is not looked for where the claim
 * gives that. A number in a name is there behind the word it stands behind in
 * the question, so "Book 15" is not in "Book 14, 15 hours".
 */
#ifndef KB_RELEVANCE_LACKING_H
#define KB_RELEVANCE_LACKING_H

#include "relevance/relevance.h"

/* The features of it, KB_RELEVANCE_LACK to KB_RELEVANCE_NUMBERS and
 * KB_RELEVANCE_KNOWN, beside those of kind and measure, which are known; and
 * the first of what is missing that says most. holder: the sentence that holds
 * the claim; subject: the one that is most about the question. */
void kb_lacking_features(const struct kb_relevance *r, uint32_t subject,
			 uint32_t holder, const struct kb_prepared *claim,
			 unsigned offers, double *f,
			 struct kb_missing *missing);

/* asked_things.c: what of the folded question is neither in the folded text nor
 * in its title, in digits or words: with its unit or behind the same word. */
struct kb_asked_number kb_lacking_number(struct kb_str question,
					 struct kb_str text,
					 struct kb_str title);

/* Does the Chinese word begin with a verb of one character? */
bool kb_lacking_acts(struct kb_str word);

/* Does the passage lack a number of the question, or a name that the index has,
 * so that it is of another thing? */
bool kb_lacking_thing(const struct kb_relevance *r, uint32_t hit);

/* other_kind.c: is an amount asked for, and nothing offered (enum kb_cue) that
 * could be one? */
bool kb_lacking_amount(const struct kb_form *form,
		       const struct kb_prepared *claim, unsigned offers);

/* Does a claim that says little say a quantity where another one, a person or a
 * place is asked for: 24 hours for "how much is it", 1578 for "where"? */
bool kb_lacking_kind(const struct kb_relevance *r,
		     const struct kb_prepared *claim, unsigned offers);

/*
 * excluded.c: a word of the question that the passage does not name, and whose
 * place another one has: of the same class (answer/lexicon/cohyponyms.h), or
 * before the same word. lack: of each unit, what the passage lacks of it. Of
 * the folded question; len 0 for none.
 */
struct kb_str kb_lacking_excluded(const struct kb_relevance *r, uint32_t holder,
				  const double *lack);

/* misplaced.c: the first run of the units, as the question has it; len 0 for no
 * unit. */
struct kb_str kb_lacking_units(const struct kb_relevance *r, uint64_t units);

/* The first word of the question that neither a clause nor the title above it
 * names, and that a word of the clause excludes; len 0 for none. */
struct kb_str kb_lacking_contrast(const struct kb_relevance *r,
				  struct kb_str clause, struct kb_str title);

/* quantity_case.c: as kb_quantity_compare(), of two of one kind and unit; ages
 * are years, too. */
enum kb_agreement kb_lacking_compare(const struct kb_quantity *asked,
				     const struct kb_quantity *told);

/* Does a bound or range of the text, which is no answer of the
 * claim's, hold a quantity of the question, or only exclude it? *asked is that
 * quantity, of the folded question; len 0 for KB_CASE_NONE. */
enum kb_case { KB_CASE_NONE, KB_CASE_MET, KB_CASE_OTHER };
enum kb_case kb_lacking_case(const struct kb_relevance *r, struct kb_str text,
			     const struct kb_prepared *claim,
			     struct kb_str *asked);

/*
 * misplaced.c: of the question, what stands in the passage beside another value
 * than the claim's: in another row or column of a table, or in another clause
 * of its sentence. The hit is the claim's. len 0 for none.
 */
struct kb_str kb_lacking_misplaced(const struct kb_relevance *r,
				   const struct kb_prepared *claim,
				   uint32_t hit);

#endif
