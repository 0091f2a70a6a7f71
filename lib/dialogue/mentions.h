/*
 * Values that a turn mentions, each with the slot that it fills and its clean
 * span: of "推荐您去人均消费68元的讲礼驴肉馆用餐" the price 68元 and the name
 * 讲礼驴肉馆.
 *
 * Found are, the earlier before the later where they overlap: names of a
 * gazetteer; known slot names with a value behind them ("订单号是 A1009", "my
 * budget is $300"); what names itself: e-mail, telephone, amounts of money,
 * ratings, durations, times, dates, stations, types; names by their endings
 * (name_spans.h) and members of enumerations.
 */
#ifndef KB_DIALOGUE_MENTIONS_H
#define KB_DIALOGUE_MENTIONS_H

#include "base/arena.h"
#include "dialogue/mention.h"
#include "gazetteer/gazetteer.h"

#define KB_MENTIONS_MAX 96

/* At most KB_MENTIONS_MAX of the text, in its order. Returns their number. */
size_t kb_mentions_find(struct kb_str text, const struct kb_gazetteer *g,
			struct kb_arena *arena, struct kb_mention *out);

#endif
