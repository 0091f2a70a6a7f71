#include "answer/lexicon/cohyponyms.h"

#include "answer/lexicon/cohyponyms_table.h"
#include "base/letters.h"

static const bool in_place[CLASSES] = {
    [DEVICE] = true, [PART] = true,   [LOAD] = true,   [FEE] = true,
    [CELL] = true,   [HOLDER] = true, [SPEED] = true,  [FACE] = true,
    [PORT] = true,   [GEAR] = true,   [ENGINE] = true, [LOCALITY] = true,
    [BILL] = true,
};

static const bool is_case[CLASSES] = {
    [HOLIDAY] = true, [HOUR] = true, [SEASON] = true, [REGION] = true,
    [SIDE] = true,    [SEAL] = true, [TICKET] = true,
};

static const bool alone[CLASSES] = {
    [BRAND] = true,
};

size_t kb_cohyponyms_find(struct kb_str text, struct kb_cohyponym *out,
			  size_t max)
{
	const struct kb_literal_index *index =
	    kb_literals_index(&kb_cohyponym_set);
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < max;) {
		const struct kb_literal *found =
		    kb_literals_may(index, text.ptr + i, text.len - i) &&
			    kb_may_begin(text.ptr, i)
			? kb_literals_word(index, text.ptr, text.len, i)
			: NULL;

		if (!found) { /* none begins inside a word */
			size_t letters =
			    kb_count_letters(text.ptr + i, text.len - i);

			i += letters ? letters : 1;
			continue;
		}
		out[n++] = (struct kb_cohyponym){
		    .start = (uint32_t)i,
		    .end = (uint32_t)i + found->len,
		    .class = kb_cohyponym_rows[found->row].class,
		    .member = kb_cohyponym_rows[found->row].member,
		};
		i += found->len;
	}
	return n;
}

bool kb_cohyponyms_have(const struct kb_cohyponym *all, size_t n,
			const struct kb_cohyponym *of)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].class == of->class && all[i].member == of->member)
			return true;
	return false;
}

bool kb_cohyponym_in_place(unsigned class)
{
	return in_place[class];
}

bool kb_cohyponym_alone(unsigned class)
{
	return alone[class];
}

bool kb_cohyponym_is_case(unsigned class)
{
	return is_case[class];
}
