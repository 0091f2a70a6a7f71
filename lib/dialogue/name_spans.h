/*
 * Names that nothing marks, by how they end: 讲礼驴肉馆, 八达岭长城,
 * 肯德基(八达 岭步行街店); and the members of enumerations:
 * "有小汤山镇、龙脉温泉、赛百味". A name begins behind the last word of grammar
 * or mark before its ending.
 */
#ifndef KB_DIALOGUE_NAME_SPANS_H
#define KB_DIALOGUE_NAME_SPANS_H

#include "base/str.h"

struct kb_name_span {
	size_t start, end; /* bytes of the text */
};

/* At most max, in the order of the text. Returns their number. */
size_t kb_name_spans_find(struct kb_str text, struct kb_name_span *out,
			  size_t max);

#endif
