#include "cli/opt.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool kb_opt_is_flag(const struct kb_opt *opt)
{
	return opt->type == KB_OPT_FLAG || opt->type == KB_OPT_SWITCH;
}

static int take_flag(const struct kb_opt *opt, const char *value, bool off,
		     struct kb_err *err)
{
	bool on = !off;

	if (value && !strcmp(value, "false"))
		on = off;
	else if (value && strcmp(value, "true"))
		return kb_err_set(err, KB_EINVAL,
				  "--%s: '%s' is neither true nor false",
				  opt->name, value);
	if (opt->type == KB_OPT_SWITCH)
		*(int *)opt->to = on;
	else
		*(bool *)opt->to = on;
	return 0;
}

static int take_list(const struct kb_opt *opt, const char *value,
		     struct kb_err *err)
{
	struct kb_opt_list *list = opt->to;

	if (list->n == KB_OPT_LIST_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "--%s: given more than %d times", opt->name,
				  KB_OPT_LIST_MAX);
	list->items[list->n++] = value;
	list->off = false;
	return 0;
}

static int take_choice(const struct kb_opt *opt, const char *value,
		       struct kb_err *err)
{
	size_t len = strlen(value);
	const char *p = opt->choices;

	for (int i = 0; p; i++) {
		const char *bar = strchr(p, '|');
		size_t n = bar ? (size_t)(bar - p) : strlen(p);

		if (n == len && !memcmp(p, value, n)) {
			*(int *)opt->to = i;
			return 0;
		}
		p = bar ? bar + 1 : NULL;
	}
	return kb_err_set(err, KB_EINVAL, "--%s: '%s' is none of %s", opt->name,
			  value, opt->choices);
}

static int out_of_range(const struct kb_opt *opt, const char *value,
			struct kb_err *err)
{
	if (opt->max > 0)
		return kb_err_set(err, KB_EINVAL,
				  "--%s: '%s' is not in %.10g to %.10g",
				  opt->name, value, opt->min, opt->max);
	return kb_err_set(err, KB_EINVAL, "--%s: '%s' is below %.10g",
			  opt->name, value, opt->min);
}

/* Multiplier of a size or duration suffix; 0 when there is no such one. */
static double suffix(enum kb_opt_type type, const char *text)
{
	static const struct {
		const char *text;
		double size, seconds;
	} table[] = {
	    {"", 1, 1},		  {"K", 1024, 0},	  {"M", 1048576, 0},
	    {"G", 1073741824, 0}, {"k", 1024, 0},	  {"KiB", 1024, 0},
	    {"MiB", 1048576, 0},  {"GiB", 1073741824, 0}, {"ms", 0, 0.001},
	    {"s", 0, 1},	  {"m", 0, 60},		  {"min", 0, 60},
	    {"h", 0, 3600},	  {"d", 0, 86400},
	};

	for (size_t i = 0; i < KB_OPT_N(table); i++)
		if (!strcmp(table[i].text, text))
			return type == KB_OPT_DURATION ? table[i].seconds
						       : table[i].size;
	return 0;
}

static int take_number(const struct kb_opt *opt, const char *value,
		       struct kb_err *err)
{
	char *end;
	double x, unit = 1;

	errno = 0;
	x = strtod(value, &end);
	if (opt->type == KB_OPT_SIZE || opt->type == KB_OPT_DURATION)
		unit = suffix(opt->type, end);
	else if (*end)
		unit = 0;
	if (end == value || errno || unit == 0 || !isfinite(x))
		return kb_err_set(err, KB_EINVAL, "--%s: '%s' is not a %s",
				  opt->name, value,
				  opt->type == KB_OPT_SIZE	 ? "size"
				  : opt->type == KB_OPT_DURATION ? "duration"
								 : "number");
	x *= unit;
	if (x < opt->min || (opt->max > 0 && x > opt->max))
		return out_of_range(opt, value, err);
	if (opt->type == KB_OPT_NUMBER || opt->type == KB_OPT_DURATION) {
		*(double *)opt->to = x;
		return 0;
	}
	if (x < 0 || x > 9007199254740992.0 || x != floor(x))
		return kb_err_set(err, KB_EINVAL,
				  "--%s: '%s' is not a whole number", opt->name,
				  value);
	*(uint64_t *)opt->to = (uint64_t)x;
	return 0;
}

int kb_opt_take(const struct kb_opt *opt, const char *value, bool off,
		struct kb_err *err)
{
	switch (opt->type) {
	case KB_OPT_FLAG:
	case KB_OPT_SWITCH:
		return take_flag(opt, value, off, err);
	case KB_OPT_STRING:
		*(const char **)opt->to = value;
		return 0;
	case KB_OPT_LIST:
		return take_list(opt, value, err);
	case KB_OPT_CHOICE:
		return take_choice(opt, value, err);
	default:
		return take_number(opt, value, err);
	}
}

void kb_opt_save(const struct kb_opt *opt, union kb_opt_value *value)
{
	const void *from = opt->to;

	switch (opt->type) {
	case KB_OPT_FLAG:
		value->flag = *(const bool *)from;
		break;
	case KB_OPT_SWITCH:
	case KB_OPT_CHOICE:
		value->place = *(const int *)from;
		break;
	case KB_OPT_STRING:
		value->text = *(const char *const *)from;
		break;
	case KB_OPT_COUNT:
	case KB_OPT_SIZE:
		value->count = *(const uint64_t *)from;
		break;
	case KB_OPT_NUMBER:
	case KB_OPT_DURATION:
		value->number = *(const double *)from;
		break;
	case KB_OPT_LIST:
		assert(!((const struct kb_opt_list *)from)->n);
		break;
	}
}

void kb_opt_restore(const struct kb_opt *opt, const union kb_opt_value *value)
{
	switch (opt->type) {
	case KB_OPT_FLAG:
		*(bool *)opt->to = value->flag;
		break;
	case KB_OPT_SWITCH:
	case KB_OPT_CHOICE:
		*(int *)opt->to = value->place;
		break;
	case KB_OPT_STRING:
		*(const char **)opt->to = value->text;
		break;
	case KB_OPT_COUNT:
	case KB_OPT_SIZE:
		*(uint64_t *)opt->to = value->count;
		break;
	case KB_OPT_NUMBER:
	case KB_OPT_DURATION:
		*(double *)opt->to = value->number;
		break;
	case KB_OPT_LIST:
		((struct kb_opt_list *)opt->to)->n = 0;
		((struct kb_opt_list *)opt->to)->off = true;
		break;
	}
}
