#include "answer/range_end.h"

unsigned kb_range_ends(const struct kb_cue_text *text)
{
	static const char *const low[] = {
	    "lowest",	"minimum", "min",    "least",  "shortest", "smallest",
	    "earliest", "from",	   "start*", "begin*", "began",	   "open*",
	    "launch*",	"since",   "最低",   "最小",   "最少",	   "最短",
	    "最早",	"至少",	   "下限",   "开始",   "起",	   "从什么",
	    "从几",	"从哪",	   "从何",   "开放",   "开业",	   "开幕",
	    "开售",	"启动",	   "开门",   "开馆",   "上班",	   "营业时间从",
	    NULL};
	static const char *const high[] = {
	    "highest", "maximum", "max",     "most",   "longest", "largest",
	    "latest",  "up to",	  "last*",   "end",    "ends",	  "ended",
	    "until",   "till",	  "through", "close*", "expire*", "deadline",
	    "最高",    "最大",	  "最多",    "最长",   "最晚",	  "至多",
	    "上限",    "结束",	  "截止",    "截至",   "到期",	  "闭幕",
	    "关门",    "闭馆",	  "打烊",    "下班",   "最后",	  "为止",
	    "到什么",  "到几",	  "到哪",    "到何",   NULL};

	return (kb_cue_any(text, low) ? KB_RANGE_LOW : 0) |
	       (kb_cue_any(text, high) ? KB_RANGE_HIGH : 0);
}
