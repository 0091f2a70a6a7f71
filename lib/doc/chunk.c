#include "doc/chunk.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "doc/blocks.h"
#include "doc/encode.h"

struct cutter {
	const struct kb_doc *doc;
	struct kb_arena *arena;
	uint32_t target, max;
	struct kb_chunk *out;
	size_t n, cap;

	/* the chunk being gathered; empty when end == start */
	uint32_t start, end, tokens;
	const struct kb_block *first;	/* block that start stands in */
	const struct kb_block *counted; /* lines of it are counted */
	uint32_t counted_to, counted_line;
	bool body; /* holds more than headings */

	struct kb_str path[6]; /* titles of the headings above, by level */
	struct kb_str heading; /* path joined; ptr NULL when not made yet */
	struct kb_str chunk_heading;
};

/* A token has at least one for so many bytes. A sum over pieces is then
 * never less than the count of the whole. */
#define BYTES_PER_TOKEN 16u

/* Of one heading, in the heading path. */
#define TITLE_MAX 160u

/* Characters that are a token each: Han, kana, hangul. */
static bool is_cjk(uint32_t cp)
{
	return (cp >= 0x3040 && cp < 0x3100) || (cp >= 0x3400 && cp < 0xa000) ||
	       (cp >= 0xac00 && cp < 0xd7a4) || (cp >= 0xf900 && cp < 0xfb00) ||
	       (cp >= 0x20000 && cp < 0x32000);
}

/* Punctuation and spaces outside ASCII, roughly: no part of a word. */
static bool is_mark(uint32_t cp)
{
	return (cp >= 0x80 && cp < 0xc0) || (cp >= 0x2000 && cp < 0x2070) ||
	       (cp >= 0x2190 && cp < 0x2c00) || (cp >= 0x3000 && cp < 0x3040) ||
	       (cp >= 0xff00 && cp < 0xff10) || (cp >= 0xff1a && cp < 0xff21);
}

/* Back to where a character begins. */
static uint32_t char_start(const char *text, uint32_t floor, uint32_t pos)
{
	uint32_t p = pos;

	while (p > floor && pos - p < 4 && kb_utf8_is_inner(text[p]))
		p--;
	return p > floor ? p : pos;
}

/*
 * Count tokens from pos on, but stop before the one that would pass 'max',
 * or after BYTES_PER_TOKEN * max bytes. Returns where it stopped.
 */
static uint32_t walk_tokens(const char *text, uint32_t pos, uint32_t end,
			    uint32_t max, uint32_t *tokens)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t start = pos, n = 0, cp;
	bool in_word = false;
	size_t len;

	if ((uint64_t)max * BYTES_PER_TOKEN < end - pos)
		end = char_start(text, pos, pos + max * BYTES_PER_TOKEN);
	while (pos < end) {
		bool token, word;
		uint64_t pair;

		if (end - pos >= 8 && max - n >= 2 &&
		    kb_utf8_pair(p + pos, &pair) && kb_utf8_pair_is_han(pair)) {
			n += 2;
			in_word = false;
			pos += KB_UTF8_PAIR_SIZE;
			continue;
		}
		len = p[pos] < 0x80 ? 1 : kb_utf8_len(p + pos, end - pos);
		len = len ? len : 1;
		if (p[pos] < 0x80) {
			word = kb_is_alnum(text[pos]);
			token = word && !in_word;
		} else {
			cp = kb_utf8_value(p + pos, len);
			token = is_cjk(cp);
			word = !token && !is_mark(cp);
			token = token || (word && !in_word);
		}
		if (token && n == max)
			break;
		n += token;
		in_word = word;
		pos += (uint32_t)len;
	}
	/* Long runs without words (base64, rules, blanks) count by size. */
	if (n < (pos - start + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN)
		n = (pos - start + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
	*tokens = n;
	return pos;
}

uint32_t kb_chunk_tokens(const char *text, size_t len)
{
	uint32_t tokens;

	walk_tokens(text, 0, (uint32_t)len, UINT32_MAX, &tokens);
	return tokens;
}

/* ---- headings ---- */

static void enter_heading(struct cutter *c, const struct kb_block *b)
{
	unsigned level = b->level ? b->level - 1 : 0, i;
	uint32_t end = b->title_end;

	if (end - b->title_start > TITLE_MAX)
		end = char_start(c->doc->text.ptr, b->title_start,
				 b->title_start + TITLE_MAX);
	c->path[level] = (struct kb_str){c->doc->text.ptr + b->title_start,
					 end - b->title_start};
	for (i = level + 1; i < 6; i++)
		c->path[i] = KB_STR("");
	c->heading.ptr = NULL;
}

static struct kb_str heading_path(struct cutter *c)
{
	struct kb_buf buf;
	unsigned i;

	if (c->heading.ptr)
		return c->heading;
	kb_buf_init(&buf, 0);
	for (i = 0; i < 6; i++) {
		if (!c->path[i].len)
			continue;
		if (buf.len)
			kb_buf_add_cstr(&buf, " > ");
		kb_buf_add_str(&buf, c->path[i]);
	}
	c->heading = kb_arena_copy(c->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return c->heading;
}

/* ---- chunks ---- */

/* The line of pos, which is never before the pos of the last call. */
static uint32_t line_of(struct cutter *c, uint32_t pos)
{
	const struct kb_block *b = c->first;
	const char *p, *nl, *end = c->doc->text.ptr + pos;

	if (!b->line || !c->doc->text_lines)
		return b->line;
	if (c->counted != b) {
		c->counted = b;
		c->counted_to = b->start;
		c->counted_line = b->line;
	}
	p = c->doc->text.ptr + c->counted_to;
	while (p < end && (nl = memchr(p, '\n', (size_t)(end - p)))) {
		c->counted_line++;
		p = nl + 1;
	}
	c->counted_to = pos;
	return c->counted_line;
}

static void emit(struct cutter *c, uint32_t start, uint32_t end,
		 uint32_t tokens, uint32_t line, struct kb_str heading)
{
	assert(start <= end && end <= c->doc->text.len);
	assert(!c->n || c->out[c->n - 1].end <= start);
	kb_arena_grow(c->arena, &c->out, &c->cap, c->n, c->n + 1,
		      sizeof(*c->out));
	c->out[c->n++] = (struct kb_chunk){start, end, line, tokens, heading};
}

static void flush(struct cutter *c)
{
	const char *text = c->doc->text.ptr;
	uint32_t start = c->start, end = c->end;

	while (end > start && (unsigned char)text[end - 1] <= ' ')
		end--;
	while (start < end && (unsigned char)text[start] <= ' ')
		start++;
	if (end > start)
		emit(c, start, end, c->tokens, line_of(c, start),
		     c->chunk_heading.ptr ? c->chunk_heading : heading_path(c));
	c->start = c->end = c->tokens = 0;
	c->body = false;
	c->first = NULL;
	c->chunk_heading.ptr = NULL;
}

static void extend(struct cutter *c, const struct kb_block *b, uint32_t start,
		   uint32_t end, uint32_t tokens)
{
	assert(start <= end);
	assert(!c->first || c->end <= start);
	if (!c->first) {
		c->first = b;
		c->start = start;
	}
	c->end = end;
	c->tokens += tokens;
	if (b->type != KB_BLOCK_HEADING && !c->body) {
		c->body = true;
		c->chunk_heading = heading_path(c);
	}
}

/* ---- cutting long blocks ---- */

/* Behind the closing quotes and brackets that belong to a sentence end. */
static uint32_t skip_closers(const char *t, uint32_t pos, uint32_t end)
{
	static const char *const closers[] = {
	    "\xe2\x80\x9d", "\xe2\x80\x99", "\xe3\x80\x8d", "\xe3\x80\x8f",
	    "\xef\xbc\x89", "\xe3\x80\x8b", "\xe3\x80\x91"};
	size_t i;

again:
	if (pos < end && (t[pos] == '"' || t[pos] == '\'' || t[pos] == ')' ||
			  t[pos] == ']')) {
		pos++;
		goto again;
	}
	for (i = 0; i < sizeof(closers) / sizeof(closers[0]); i++) {
		if (end - pos >= 3 && !memcmp(t + pos, closers[i], 3)) {
			pos += 3;
			goto again;
		}
	}
	return pos;
}

/* Does a sentence end with the mark at pos? Gives the byte behind it. */
static uint32_t sentence_end(const char *t, uint32_t pos, uint32_t end)
{
	static const char *const marks[] = {"\xe3\x80\x82", "\xef\xbc\x81",
					    "\xef\xbc\x9f", "\xef\xbc\x9b"};
	unsigned char c = (unsigned char)t[pos];
	uint32_t behind;
	size_t i;

	if (c >= 0x80 && c != 0xe3 && c != 0xef)
		return 0;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (end - pos >= 3 && !memcmp(t + pos, marks[i], 3))
			return skip_closers(t, pos + 3, end);
	}
	if (t[pos] != '.' && t[pos] != '?' && t[pos] != '!')
		return 0;
	/* An initial or an abbreviation is short: "U.", "Dr.", "e.g." */
	if (t[pos] == '.' &&
	    (pos < 3 || !kb_is_alnum(t[pos - 1]) || !kb_is_alnum(t[pos - 2]) ||
	     !kb_is_alnum(t[pos - 3])))
		return 0;
	behind = skip_closers(t, pos + 1, end);
	return behind == end || t[behind] == ' ' || t[behind] == '\n' ? behind
								      : 0;
}

/* The end of the unit that starts at pos: of a line in a list, table or
 * code, of a sentence in a paragraph. Not looked for beyond what a chunk
 * can hold. */
static uint32_t unit_end(const struct cutter *c, const struct kb_block *b,
			 uint32_t pos)
{
	const char *t = c->doc->text.ptr;
	uint32_t behind, start = pos;
	uint64_t far = pos + ((uint64_t)c->max + 1) * BYTES_PER_TOKEN;

	for (; pos < b->end && pos < far; pos++) {
		if (t[pos] == '\n')
			return pos + 1;
		if (b->type != KB_BLOCK_PARAGRAPH)
			continue;
		behind = sentence_end(t, pos, b->end);
		if (behind)
			return behind;
	}
	return pos < b->end ? char_start(t, start, pos) : b->end;
}

/* A unit longer than max: cut at a space in the last quarter if there is
 * one, else between characters. */
static uint32_t forced_end(const struct cutter *c, uint32_t pos, uint32_t end)
{
	const char *t = c->doc->text.ptr;
	uint32_t tokens, stop, back;

	stop = walk_tokens(t, pos, end, c->max, &tokens);
	for (back = stop; back > pos + (stop - pos) / 4 * 3; back--) {
		if ((unsigned char)t[back - 1] <= ' ')
			return back;
	}
	return stop;
}

/* A block longer than max, by units gathered up to the target. */
static void cut_block(struct cutter *c, const struct kb_block *b)
{
	const char *t = c->doc->text.ptr;
	uint32_t pos = b->start, end, tokens;

	while (pos < b->end) {
		end = unit_end(c, b, pos);
		tokens = kb_chunk_tokens(t + pos, end - pos);
		if (tokens > c->max) {
			if (c->body)
				flush(c);
			end = forced_end(c, pos, end);
			tokens = kb_chunk_tokens(t + pos, end - pos);
		}
		if (c->tokens && (c->body ? c->tokens + tokens > c->target
					  : c->tokens + tokens > c->max))
			flush(c);
		extend(c, b, pos, end, tokens);
		pos = end;
	}
}

static void add_block(struct cutter *c, const struct kb_block *b)
{
	uint32_t tokens =
	    kb_chunk_tokens(c->doc->text.ptr + b->start, b->end - b->start);

	if (b->type == KB_BLOCK_HEADING) {
		if (c->body || c->tokens + tokens > c->max)
			flush(c);
		enter_heading(c, b);
	}
	if (c->body && c->tokens + tokens > c->target)
		flush(c);
	if (tokens > c->max || c->tokens + tokens > c->max)
		cut_block(c, b);
	else
		extend(c, b, b->start, b->end, tokens);
}

/* A short rest of the same section is better off with what precedes it. */
static void join_rest(struct cutter *c)
{
	struct kb_chunk *a, *b;

	if (c->n < 2)
		return;
	a = &c->out[c->n - 2];
	b = &c->out[c->n - 1];
	if (b->tokens * 8 > c->target || a->tokens + b->tokens > c->max ||
	    a->heading.ptr != b->heading.ptr)
		return;
	a->end = b->end;
	a->tokens += b->tokens;
	c->n--;
}

size_t kb_chunk_doc(struct kb_doc *doc, const struct kb_chunk_opts *opts,
		    struct kb_arena *arena, struct kb_chunk **chunks)
{
	struct cutter c = {.doc = doc, .arena = arena};
	size_t i;

	*chunks = NULL;
	if (doc->kind != KB_DOC_PLAIN)
		return 0;
	c.target = opts && opts->target_tokens ? opts->target_tokens
					       : KB_CHUNK_TARGET_TOKENS;
	c.max =
	    opts && opts->max_tokens ? opts->max_tokens : KB_CHUNK_MAX_TOKENS;
	if (c.max < c.target && opts && opts->max_tokens)
		c.target = c.max;
	else if (c.max < c.target)
		c.max = c.target;
	kb_doc_repeat_heads(doc, arena, c.target, c.max);
	for (i = 0; i < doc->n_blocks; i++)
		add_block(&c, &doc->blocks[i]);
	flush(&c);
	join_rest(&c);
	if (!c.n)
		emit(&c, 0, 0, 0, doc->line, KB_STR(""));
	*chunks = c.out;
	return c.n;
}
