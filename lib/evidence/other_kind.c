#include "evidence/lacking.h"
#include "evidence/relevance_weights.h"
#include "text/quantity.h"

/* Is an amount asked for, and nothing offered that could be one? */
bool kb_lacking_amount(const struct kb_form *form,
		       const struct kb_prepared *claim, unsigned offers)
{
	double value, step;

	/* "on floor three" is no quantity and may well be one */
	for (size_t i = 0; i < claim->n_tokens; i++) {
		const struct kb_prepared_token *t = &claim->tokens[i];

		if (kb_numeral_parse(claim->texts[0].ptr + t->start,
				     t->end - t->start, &value, &step))
			return false;
	}
	return (form->kind == KB_WANTED_HOW_MUCH ||
		form->kind == KB_WANTED_HOW_MANY ||
		form->kind == KB_WANTED_HOW_LONG) &&
	       !(offers & (KB_CUE_NUMBERS | KB_CUE_AMOUNT));
}

/* Is the claim a number or a date and nothing else? */
static bool is_quantity(const struct kb_prepared *claim)
{
	size_t said = 0, all = 0;

	for (size_t i = 0; i < claim->n_quantities; i++)
		said += claim->quantities[i].end - claim->quantities[i].start;
	for (size_t i = 0; i < claim->n_tokens; i++)
		all += claim->tokens[i].end - claim->tokens[i].start;
	return said && said + SIGNS >= all;
}

/* Tokens of the claim that are not the question's. */
static size_t news_of(const struct kb_relevance *r,
		      const struct kb_prepared *claim)
{
	size_t n = 0;

	for (size_t i = 0; i < claim->n_tokens; i++)
		n += !kb_map_get(&r->bits, claim->tokens[i].key);
	return n;
}

/* Does a claim that says little say a quantity where another one, a person or a
 * place is asked for: 24 hours for "how much is it", 1578 for "where"? */
bool kb_lacking_kind(const struct kb_relevance *r,
		     const struct kb_prepared *claim, unsigned offers)
{
	const struct kb_form *form = &r->form;
	unsigned measured = offers & KB_CUE_MEASURED;

	if (!claim->n_quantities || news_of(r, claim) > BRIEF_TOKENS)
		return false;
	if (form->kind == KB_WANTED_WHO || form->kind == KB_WANTED_WHERE)
		return is_quantity(claim);
	if (form->kind == KB_WANTED_HOW_LONG)
		return measured &&
		       !(offers &
			 (KB_CUE_SPAN | KB_CUE_DATE | form->names |
			  (kb_form_may_be_length(form) ? KB_CUE_LENGTH : 0u)));
	if (form->kind == KB_WANTED_WHEN)
		return measured && !(offers & (KB_CUE_SPAN | KB_CUE_DATE));
	if (form->counts && !form->names) /* free is no number */
		return measured & ~(unsigned)KB_CUE_MONEY &&
		       !(offers & (KB_CUE_PLAIN | KB_CUE_COUNT | KB_CUE_SHARE));
	return form->names && measured && !(offers & form->names);
}
