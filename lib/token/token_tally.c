#include "token/token_tally.h"

#include "base/ascii.h"
#include "token/token_class.h"

/* Bytes that are counted at once, or more. */
#define PART ((size_t)1 << 18)

void kb_token_tally_init(struct kb_token_tally *tally,
			 struct kb_token_counter *counter)
{
	*tally = (struct kb_token_tally){.counter = counter};
	kb_buf_init(&tally->rest, 0);
}

void kb_token_tally_release(struct kb_token_tally *tally)
{
	kb_buf_release(&tally->rest);
}

/* No normalisation makes it a blank or nothing. */
static bool is_plain(uint32_t cp)
{
	return cp < 0x80 ? kb_is_alnum((char)cp) : cp >= 0x4e00 && cp < 0xa000;
}

/* May the text be cut at the line break at 'at'? */
static bool parts(struct kb_str text, size_t at, enum kb_token_cut cut)
{
	uint32_t before, next;

	if (at == 0 || at + 1 >= text.len || text.ptr[at + 1] == '/')
		return false;
	kb_utf8_prev(text.ptr, at, &before);
	kb_utf8_next(text.ptr + at + 1, text.len - at - 1, &next);
	if (cut == KB_TOKEN_CUT_BEFORE)
		return is_plain(before) && is_plain(next);
	return before != KB_UTF8_BAD && next != KB_UTF8_BAD &&
	       kb_token_class(before) != KB_TOKEN_SPACE &&
	       kb_token_class(next) != KB_TOKEN_SPACE;
}

/* Bytes up to the last place from 'from' on where the text may be cut, or 0.
 * A character that is not there whole is broken, and cuts nothing. */
static size_t last_cut(struct kb_str text, size_t from, enum kb_token_cut cut)
{
	if (cut == KB_TOKEN_CUT_NONE)
		return 0;
	for (size_t end = text.len; end > from;) {
		const char *p = memrchr(text.ptr + from, '\n', end - from);

		if (!p)
			break;
		end = (size_t)(p - text.ptr);
		if (parts(text, end, cut))
			return end + (cut == KB_TOKEN_CUT_BEHIND);
	}
	return 0;
}

static uint64_t line_breaks(const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	uint64_t n = 0;

	for (; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

static void count_part(struct kb_token_tally *tally, size_t len)
{
	struct kb_buf *rest = &tally->rest;

	tally->tokens += kb_token_count(tally->counter, rest->ptr, len);
	memmove(rest->ptr, rest->ptr + len, rest->len - len);
	rest->len -= len;
	tally->tried = 0;
}

void kb_token_tally_add(struct kb_token_tally *tally, const char *text,
			size_t len)
{
	struct kb_buf *rest = &tally->rest;
	size_t cut;

	tally->bytes += len;
	tally->lines += line_breaks(text, len);
	kb_buf_add(rest, text, len);
	if (rest->len < PART || rest->len / 2 < tally->tried)
		return;
	cut = last_cut(kb_buf_str(rest), tally->tried,
		       kb_token_cut(tally->counter));
	if (cut)
		count_part(tally, cut);
	else
		tally->tried = rest->len - KB_UTF8_PAIR_SIZE;
}

void kb_token_tally_end(struct kb_token_tally *tally)
{
	if (tally->rest.len)
		count_part(tally, tally->rest.len);
}
