#include "prompt/render.h"

#include "text/literals.h"

/* Phrases that speak to a model rather than to a reader. */
static const char *const orders[] = {
    "ignore previous",
    "ignore all",
    "ignore the above",
    "ignore your",
    "disregard previous",
    "disregard all",
    "disregard the above",
    "forget previous",
    "forget your",
    "override your",
    "忽略以上",
    "忽略上述",
    "忽略之前",
    "忽略前面",
    "忽略所有",
    "无视以上",
    "无视之前",
    "无视上述",
    "不要理会",
    "忘记之前",
    "忘掉之前",
};

static struct kb_literals order_set = KB_LITERALS(orders);

/* In any case of their letters. */
static const char *const markers[] = {
    "<|im_start|>",  "<|im_end|>",    "<|system|>",    "<|user|>",
    "<|assistant|>", "<|endoftext|>", "<|eot_id|>",    "<|start_header_id|>",
    "<<sys>>",	     "[inst]",	      "<<<dotprompt:",
};

static struct kb_literals marker_set = KB_LITERALS(markers);

static bool any(struct kb_literals *set, const char *p, size_t len)
{
	struct kb_literal_it it =
	    kb_literals_at(kb_literals_index(set), p, len);

	return kb_literal_next(&it) != NULL;
}

/* U+200B to 200F, 202A to 202E, 2060 to 2064, 2066 to 2069, FEFF and the
 * tags from E0000. */
static bool is_hidden(const unsigned char *p, size_t len)
{
	if (len < 3)
		return false;
	if (p[0] == 0xe2 && p[1] == 0x80)
		return (p[2] >= 0x8b && p[2] <= 0x8f) ||
		       (p[2] >= 0xaa && p[2] <= 0xae);
	if (p[0] == 0xe2 && p[1] == 0x81)
		return p[2] >= 0xa0 && p[2] <= 0xa9 && p[2] != 0xa5;
	if (p[0] == 0xef)
		return p[1] == 0xbb && p[2] == 0xbf;
	return p[0] == 0xf3 && p[1] == 0xa0 && (p[2] & 0xfe) == 0x80;
}

/*
 * What can begin something: a first byte and the one behind it share a bit.
 * Testing both at once keeps the loop free of the branches that common
 * letters would mislead.
 */
enum { IG = 1, DI = 2, FO = 4, OV = 8, MARK = 16, HAN = 32, HIDE = 64 };

static const unsigned char first[256] = {
    ['i'] = IG,	  ['I'] = IG,	 ['d'] = DI,	['D'] = DI,
    ['f'] = FO,	  ['F'] = FO,	 ['o'] = OV,	['O'] = OV,
    ['<'] = MARK, ['['] = MARK,	 [0xe4] = HAN,	[0xe5] = HAN,
    [0xe6] = HAN, [0xe2] = HIDE, [0xef] = HIDE, [0xf3] = HIDE,
};

static const unsigned char second[256] = {
    ['g'] = IG,	   ['G'] = IG,	  ['i'] = DI,	 ['I'] = DI | MARK,
    ['o'] = FO,	   ['O'] = FO,	  ['v'] = OV,	 ['V'] = OV,
    ['|'] = MARK,  ['<'] = MARK,  [0xb8] = HAN,	 [0xbf] = HAN,
    [0x97] = HAN,  [0x80] = HIDE, [0x81] = HIDE, [0xbb] = HIDE,
    [0xa0] = HIDE,
};

unsigned kb_prompt_lint(struct kb_str text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	unsigned found = 0;

	for (size_t i = 0; i + 1 < text.len; i++) {
		unsigned may = first[p[i]] & second[p[i + 1]];
		size_t left = text.len - i;

		if (!may)
			continue;
		if (may == HIDE)
			found |= is_hidden(p + i, left) ? KB_LINT_HIDDEN : 0;
		else if (may == MARK && any(&marker_set, text.ptr + i, left))
			found |= KB_LINT_MARKER;
		else if (any(&order_set, text.ptr + i, left))
			found |= KB_LINT_ORDERS;
	}
	return found;
}
