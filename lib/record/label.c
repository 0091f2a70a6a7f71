#include "record/label.h"

int kb_label_read(const struct kb_rec *rec, struct kb_arena *arena, int *out,
		  struct kb_err *err)
{
	struct kb_json val = kb_rec_get(rec, "label");
	struct kb_str s = {"", 0};
	double x = 0;

	*out = -1;
	if (val.type <= KB_JSON_NULL)
		return KB_OK;
	kb_json_str(val, arena, &s);
	if (val.type == KB_JSON_TRUE || kb_str_is(s, "supported"))
		*out = 1;
	else if (val.type == KB_JSON_FALSE || kb_str_is(s, "unsupported"))
		*out = 0;
	else if (kb_json_num(val, &x) && (x == 0 || x == 1))
		*out = (int)x;
	else
		return kb_err_set(err, KB_EINVAL,
				  "'label' must be true or false, 1 or 0, "
				  "\"supported\" or \"unsupported\"");
	return KB_OK;
}
