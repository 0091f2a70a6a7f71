/*
 * Which of several cases a value is for, where a bound or a range tells them
 * apart: of a parcel of 3 kg in "up to 1 kg 10 yuan, 1 to 5 kg 18 yuan".
 */
#include "relevance/lacking.h"

/* Could a bound of it tell cases apart? Years are of dates, per cent of what
 * is answered; a bare number may count anything. */
static bool tells_cases(const struct kb_quantity *q)
{
	return q->dim != KB_DIM_NUMBER && q->dim != KB_DIM_DATE &&
	       q->dim != KB_DIM_PERCENT && q->dim != KB_DIM_DISCOUNT;
}

static bool is_one_value(const struct kb_quantity *q)
{
	return !(q->hi > q->lo) && !(q->lo > q->hi) &&
	       (q->cmp == KB_CMP_EQ || q->cmp == KB_CMP_ABOUT);
}

#define YEAR 31557600 /* seconds, of 365 days and a quarter */

/* Ages are said as years, too, and as bare numbers: "8 years", "6 to 12". */
static struct kb_quantity as_age(const struct kb_quantity *q)
{
	struct kb_quantity age = *q;

	if (q->dim != KB_DIM_NUMBER &&
	    (q->dim != KB_DIM_DURATION || !q->calendar))
		return age;
	age.dim = KB_DIM_AGE;
	age.unit = 0;
	if (q->dim == KB_DIM_DURATION) {
		age.lo /= YEAR;
		age.hi /= YEAR;
		age.step /= YEAR;
	}
	return age;
}

enum kb_agreement kb_lacking_compare(const struct kb_quantity *asked,
				     const struct kb_quantity *told)
{
	struct kb_quantity a = *asked, t = *told;

	if (a.dim == KB_DIM_AGE &&
	    (t.dim != KB_DIM_NUMBER || !is_one_value(&t)))
		t = as_age(told);
	else if (t.dim == KB_DIM_AGE && a.dim == KB_DIM_DURATION)
		a = as_age(asked);
	return a.dim == t.dim && a.unit == t.unit ? kb_quantity_compare(&a, &t)
						  : KB_AGREE_UNRELATED;
}

/* Does the question ask for a quantity of this kind? */
static bool asks_for(const struct kb_form *form, unsigned dim)
{
	switch (dim) {
	case KB_DIM_DURATION:
		return form->kind == KB_WANTED_HOW_LONG ||
		       form->kind == KB_WANTED_WHEN ||
		       form->names & KB_CUE_SPAN;
	case KB_DIM_CLOCK:
		return form->kind == KB_WANTED_WHEN;
	case KB_DIM_MONEY:
		return form->names & KB_CUE_MONEY;
	case KB_DIM_MASS:
		return form->names & KB_CUE_MASS;
	case KB_DIM_LENGTH:
		return form->names & KB_CUE_LENGTH;
	default:
		return form->counts || form->names;
	}
}

/* Is the only quantity of the claim this one, and asked for? Then it is the
 * answer: "within 30 days" for how long. */
static bool is_answer(const struct kb_form *form,
		      const struct kb_prepared *claim,
		      const struct kb_quantity *q)
{
	return claim->n_quantities == 1 && asks_for(form, q->dim) &&
	       kb_quantity_compare(&claim->quantities[0], q) == KB_AGREE_SAME;
}

/* What the quantities of a text say of the case of one of the question. */
static enum kb_case case_of(const struct kb_form *form,
			    const struct kb_quantity *asked,
			    const struct kb_quantities *told,
			    const struct kb_prepared *claim)
{
	enum kb_case found = KB_CASE_NONE;

	for (size_t i = 0; i < told->n; i++) {
		const struct kb_quantity *q = &told->items[i];
		enum kb_agreement agreement;

		if (is_answer(form, claim, q))
			continue;
		agreement = kb_lacking_compare(asked, q);
		if (agreement == KB_AGREE_SAME || agreement == KB_AGREE_INSIDE)
			return KB_CASE_MET;
		if (agreement == KB_AGREE_CONFLICT && !is_one_value(q))
			found = KB_CASE_OTHER;
	}
	return found;
}

enum kb_case kb_lacking_case(const struct kb_relevance *r, struct kb_str text,
			     const struct kb_prepared *claim,
			     struct kb_str *asked)
{
	struct kb_str question = r->form.folded;
	struct kb_quantities ours = {0}, theirs = {0};
	enum kb_case found = KB_CASE_NONE;

	*asked = (struct kb_str){"", 0};
	if (!r->n_numbers)
		return found;
	kb_quantities_find(&ours, question.ptr, question.len);
	kb_quantities_find(&theirs, text.ptr, text.len);
	for (size_t i = 0; i < ours.n && found != KB_CASE_MET; i++) {
		const struct kb_quantity *q = &ours.items[i];
		enum kb_case c = tells_cases(q) && is_one_value(q)
				     ? case_of(&r->form, q, &theirs, claim)
				     : KB_CASE_NONE;

		if (c == KB_CASE_NONE)
			continue;
		found = c;
		*asked = (struct kb_str){question.ptr + q->num_start,
					 q->num_end - q->num_start};
	}
	kb_quantities_release(&ours);
	kb_quantities_release(&theirs);
	return found;
}
