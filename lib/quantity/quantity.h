/*
 * Quantities: numbers with their units, as Chinese and English write them.
 *
 * 120, 1,000, 3.2万, 一百二十, 两, 半, 百分之五, 八五折, 15%, $5, 200元, 3-5天,
 * 48 小时, two weeks, 2024年1月31日, Jan 31, 2024, 9:00-18:00, 256GB, 5.5 kg,
 * each with a comparator where one stands beside it (不超过, 以上, within,
 * at least). Found values are in canonical units, so that 48小时 and two days
 * are equal; so are parts of a whole, per cent: 三分之二, two thirds, 七成,
 * half of. Digits inside names and codes (iPhone15, SKU-123) are none.
 *
 * Not parsed: 几十, 数百, weekdays, relative days (明天), Roman numerals.
 */
#ifndef KB_QUANTITY_QUANTITY_H
#define KB_QUANTITY_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kb_dim {
	KB_DIM_NUMBER,	    /* no unit known */
	KB_DIM_COUNT,	    /* a Chinese measure word; 'unit' says which */
	KB_DIM_MONEY,	    /* 'unit' is the currency */
	KB_DIM_PERCENT,	    /* 15 % is 15 */
	KB_DIM_DISCOUNT,    /* per cent of the price that remains: 8折 is 80 */
	KB_DIM_DURATION,    /* seconds; a month is 30.4375 days */
	KB_DIM_WORKDAYS,    /* working days */
	KB_DIM_DATE,	    /* year * 10000 + month * 100 + day, 0 = unsaid */
	KB_DIM_CLOCK,	    /* minutes since midnight */
	KB_DIM_LENGTH,	    /* metres */
	KB_DIM_AREA,	    /* square metres */
	KB_DIM_VOLUME,	    /* litres */
	KB_DIM_MASS,	    /* kilograms */
	KB_DIM_DATA,	    /* bytes, binary multiples */
	KB_DIM_TEMPERATURE, /* degrees Celsius */
	KB_DIM_SPEED,	    /* metres a second */
	KB_DIM_FREQUENCY,   /* hertz */
	KB_DIM_POWER,	    /* watts */
	KB_DIM_VOLTAGE,	    /* volts */
	KB_DIM_CHARGE,	    /* ampere hours */
	KB_DIM_ENERGY,	    /* watt hours */
	KB_DIM_AGE,	    /* years */
	KB_DIM_SOUND,	    /* decibels */
	KB_DIM_PRESSURE,    /* pascals */
	KB_DIM_LIGHT,	    /* nits, lumens or lux; 'unit' says which */
	KB_DIM_ROTATION,    /* revolutions a minute */
	KB_DIM_CURRENT,	    /* amperes */
	KB_DIM_PIXELS,
	KB_DIM_MAX,
};

enum kb_cmp {
	KB_CMP_EQ,
	KB_CMP_ABOUT, /* within 10 % */
	KB_CMP_LE,    /* 不超过, 以内, within, up to */
	KB_CMP_LT,
	KB_CMP_GE, /* 至少, 满, 以上, at least */
	KB_CMP_GT,
};

struct kb_quantity {
	double lo, hi; /* the value, or the two ends of a range */
	double step;   /* rounding of the spelling: 3.2万 has 1000; 0 exact */
	double said;   /* the value in the unit that is said: 3 of 3 kg */
	uint32_t start, end;	     /* bytes, comparator and unit included */
	uint32_t num_start, num_end; /* the number and its unit alone */
	uint32_t unit;		     /* currency or measure word, else 0 */
	unsigned char dim;	     /* enum kb_dim */
	unsigned char cmp;	     /* enum kb_cmp */
	bool calendar;		     /* a duration given in months or years */
	bool worded;		     /* a range with 到 or "to", no dash */
	bool article;		     /* 一个, 一次: as often an article */
};

struct kb_quantities {
	struct kb_quantity *items;
	size_t n, cap;
};

/* Append the quantities of the text, in order, without overlap. Text of any
 * bytes is accepted. Of an article only the second says that it is one. */
void kb_quantities_find(struct kb_quantities *out, const char *text,
			size_t len);
void kb_quantities_find_all(struct kb_quantities *out, const char *text,
			    size_t len);
void kb_quantities_release(struct kb_quantities *q);

enum kb_agreement {
	KB_AGREE_UNRELATED, /* of different dimension, nothing to compare */
	KB_AGREE_SAME,	    /* the same value, range or bound */
	KB_AGREE_INSIDE,    /* the claim lies within what the source allows */
	KB_AGREE_PART, /* one end of the source's range, as if it were all */
	KB_AGREE_CONFLICT, /* the same dimension, and both cannot hold */
};

/* Does a claim's quantity agree with the one of its source? */
enum kb_agreement kb_quantity_compare(const struct kb_quantity *claim,
				      const struct kb_quantity *source);

/* Is it a measure with a unit of its own, and no count, date or discount? */
bool kb_quantity_is_measured(const struct kb_quantity *q);

/*
 * A number without a unit at ptr: ASCII digits (1,000 1.5), Chinese numerals
 * (一百二十, 二〇二四, 3.2万, 两) or English words (twenty-five, two hundred).
 * Returns its bytes, 0 when there is none. *step as in struct kb_quantity.
 */
size_t kb_numeral_parse(const char *ptr, size_t len, double *value,
			double *step);

#endif
