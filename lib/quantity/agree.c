/* Comparing quantities. */
#include <math.h>

#include "quantity/agree_weights.h"
#include "quantity/quantity.h"

static bool same_part(int a, int b)
{
	return !a || !b || a == b;
}

/* Dates agree when no part that both say differs. */
static bool same_date(double a, double b)
{
	int x = (int)a, y = (int)b;

	return same_part(x / 10000, y / 10000) &&
	       same_part(x / 100 % 100, y / 100 % 100) &&
	       same_part(x % 100, y % 100);
}

/* How far apart two values may be and still be one. */
static double slack(const struct kb_quantity *a, const struct kb_quantity *b,
		    double x, double y)
{
	double size = fmax(fabs(x), fabs(y));
	double s = fmax(a->step, b->step) * ROUNDING;

	s = fmax(s, size * 1e-6);
	if (a->cmp == KB_CMP_ABOUT || b->cmp == KB_CMP_ABOUT)
		s = fmax(s, size * ABOUT);
	if (a->dim == KB_DIM_DURATION && a->calendar != b->calendar)
		s = fmax(s, size * CALENDAR);
	return s;
}

static bool same_value(const struct kb_quantity *a, const struct kb_quantity *b,
		       double x, double y)
{
	if (a->dim == KB_DIM_DATE)
		return same_date(x, y);
	/* version 5.10 is not 5.1 */
	if (a->dim == KB_DIM_NUMBER && b->dim == KB_DIM_NUMBER && a->step > 0 &&
	    b->step > 0 && a->step < 1 && b->step < 1 &&
	    fabs(a->step - b->step) > 1e-9 && fabs(x - y) < 1e-9)
		return false;
	return fabs(x - y) <= slack(a, b, x, y);
}

/* -1 an upper bound, 1 a lower one, 0 neither. */
static int direction(const struct kb_quantity *q)
{
	switch (q->cmp) {
	case KB_CMP_LE:
	case KB_CMP_LT:
		return -1;
	case KB_CMP_GE:
	case KB_CMP_GT:
		return 1;
	default:
		return 0;
	}
}

static bool is_range(const struct kb_quantity *q)
{
	return q->hi > q->lo;
}

/* A year alone; "2017" may be one, or a plain number. */
static bool is_year(const struct kb_quantity *q)
{
	return q->dim == KB_DIM_DATE && (int)q->lo % 10000 == 0;
}

static bool year_is_number(const struct kb_quantity *a,
			   const struct kb_quantity *b)
{
	if (!is_year(a) || (b->dim != KB_DIM_NUMBER && b->dim != KB_DIM_COUNT))
		return false;
	return fabs(a->lo / 10000 - b->lo) < .5 && b->lo >= b->hi;
}

static bool comparable(const struct kb_quantity *a, const struct kb_quantity *b)
{
	if (a->dim == KB_DIM_NUMBER || b->dim == KB_DIM_NUMBER)
		return a->dim == b->dim ||
		       (a->dim == KB_DIM_COUNT || b->dim == KB_DIM_COUNT);
	if (a->dim != b->dim)
		return false;
	if (a->dim == KB_DIM_COUNT)
		return !a->unit || !b->unit || a->unit == b->unit;
	if (a->dim != KB_DIM_DATE)
		return a->unit == b->unit;
	/* a year and a day of a month have nothing in common */
	return ((int)a->lo / 10000 && (int)b->lo / 10000) ||
	       ((int)a->lo / 100 % 100 && (int)b->lo / 100 % 100) ||
	       ((int)a->lo % 100 && (int)b->lo % 100);
}

/* Ranges of which one end says too little: "3 days" of "3 to 5 days", one day
 * of several. That something opens at 9:00 says enough of 9:00-18:00, as does
 * the day of a birth, and numbers without a unit may be no range at all (a
 * score, pages), but for "800 to 3200". */
static bool is_whole(const struct kb_quantity *q)
{
	if (q->dim == KB_DIM_DATE)
		return is_range(q) && (int)q->lo % 100 && (int)q->hi % 100 &&
		       (int)q->lo / 10000 == (int)q->hi / 10000;
	return is_range(q) && (q->dim != KB_DIM_NUMBER || q->worded) &&
	       q->dim != KB_DIM_CLOCK;
}

/* A single claimed value against a bound or a range of the source. */
static enum kb_agreement compare_point(const struct kb_quantity *claim,
				       const struct kb_quantity *source)
{
	double v = claim->lo;
	int dir = direction(source);

	if (same_value(claim, source, v, source->lo) ||
	    same_value(claim, source, v, source->hi))
		return is_whole(source) && claim->cmp == KB_CMP_EQ
			   ? KB_AGREE_PART
			   : KB_AGREE_SAME;
	if (is_range(source))
		return v > source->lo && v < source->hi ? KB_AGREE_INSIDE
							: KB_AGREE_CONFLICT;
	if (dir)
		return (dir < 0) == (v < source->lo) ? KB_AGREE_INSIDE
						     : KB_AGREE_CONFLICT;
	return KB_AGREE_CONFLICT;
}

static enum kb_agreement compare_bound(const struct kb_quantity *claim,
				       const struct kb_quantity *source)
{
	int a = direction(claim), b = direction(source);
	double bound = a < 0 ? claim->hi : claim->lo;

	if (b)
		return a == b && same_value(claim, source, bound,
					    b < 0 ? source->hi : source->lo)
			   ? KB_AGREE_SAME
			   : KB_AGREE_CONFLICT;
	/* "at most 15" is not what "15 to 23" says */
	if (same_value(claim, source, bound, a < 0 ? source->hi : source->lo))
		return KB_AGREE_SAME;
	/* "over 100" where the source says 120 */
	if (a < 0 ? source->hi <= bound : source->lo >= bound)
		return KB_AGREE_INSIDE;
	return KB_AGREE_CONFLICT;
}

/* "300" of "300 off 50" may be what another says with its unit: 300元. */
static bool says_the_number(const struct kb_quantity *a,
			    const struct kb_quantity *b)
{
	return a->dim == KB_DIM_NUMBER && b->dim > KB_DIM_COUNT &&
	       b->dim != KB_DIM_DATE && b->dim != KB_DIM_CLOCK &&
	       !is_range(a) && !is_range(b) && a->said >= 2 &&
	       fabs(a->said - b->said) <= a->said * 1e-6;
}

/* "Costs 25 % less" and "25 % off", which is kept as what remains. */
static bool is_reduction(const struct kb_quantity *a,
			 const struct kb_quantity *b)
{
	return a->dim == KB_DIM_PERCENT && b->dim == KB_DIM_DISCOUNT &&
	       fabs(a->lo + b->lo - 100) < ROUNDING;
}

enum kb_agreement kb_quantity_compare(const struct kb_quantity *claim,
				      const struct kb_quantity *source)
{
	if (says_the_number(claim, source) || says_the_number(source, claim) ||
	    is_reduction(claim, source) || is_reduction(source, claim))
		return KB_AGREE_SAME;
	if (year_is_number(claim, source) || year_is_number(source, claim))
		return KB_AGREE_SAME;
	if (!comparable(claim, source))
		return KB_AGREE_UNRELATED;
	if (direction(claim))
		return compare_bound(claim, source);
	if (!is_range(claim))
		return compare_point(claim, source);
	if (is_range(source)) {
		if (same_value(claim, source, claim->lo, source->lo) &&
		    same_value(claim, source, claim->hi, source->hi))
			return KB_AGREE_SAME;
		return claim->lo >= source->lo && claim->hi <= source->hi
			   ? KB_AGREE_INSIDE
			   : KB_AGREE_CONFLICT;
	}
	return claim->lo <= source->lo && source->lo <= claim->hi
		   ? KB_AGREE_INSIDE
		   : KB_AGREE_CONFLICT;
}

bool kb_quantity_is_measured(const struct kb_quantity *q)
{
	switch (q->dim) {
	case KB_DIM_NUMBER:
	case KB_DIM_COUNT:
	case KB_DIM_DISCOUNT:
	case KB_DIM_WORKDAYS:
	case KB_DIM_DATE:
	case KB_DIM_CLOCK:
		return false;
	default:
		return true;
	}
}
