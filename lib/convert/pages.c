#include "convert/pages.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "convert/pages_weights.h"

/* ---- pages ---- */

static size_t count_pages(struct kb_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.ptr[i] == '\f';
	/* what stands behind the last form feed is a page if it is anything */
	return n + (text.len && text.ptr[text.len - 1] != '\f');
}

static bool next_page(struct kb_str *rest, struct kb_str *page)
{
	const char *end;

	if (!rest->len)
		return false;
	end = memchr(rest->ptr, '\f', rest->len);
	page->ptr = rest->ptr;
	page->len = end ? (size_t)(end - rest->ptr) : rest->len;
	*rest = kb_str_skip(*rest, page->len + (end != NULL));
	return true;
}

/* ---- heads and feet ---- */

/*
 * A line of page after page is the same but for the page's number, which is
 * its first one ("3 Refunds") or its last ("Page 3 of 9" has it in the first).
 * So a line has three hashes: as it is, and with one of the two as far from
 * the page's place as it is.
 */
enum { SAME, FIRST, LAST, WAYS };

static uint64_t hash_line(struct kb_str line, size_t page, unsigned way)
{
	size_t last = line.len, digits = 0;
	uint64_t hash = way + 1;
	bool first = true;

	while (last && !kb_is_digit(line.ptr[last - 1]))
		last--;
	while (last && kb_is_digit(line.ptr[last - 1]))
		last--;
	for (size_t i = 0; i < line.len; i += digits ? digits : 1) {
		uint64_t number = 0;

		digits = 0;
		while (i + digits < line.len && digits < 9 &&
		       kb_is_digit(line.ptr[i + digits]))
			number = number * 10 +
				 (uint64_t)(line.ptr[i + digits++] - '0');
		if (!digits && line.ptr[i] == ' ')
			continue;
		if (digits &&
		    ((way == FIRST && first) || (way == LAST && i == last)))
			number -= page;
		first &= !digits;
		hash = kb_mix64(hash ^ (digits ? number + 256
					       : (unsigned char)line.ptr[i]));
	}
	return hash;
}

/* The lines with text at both ends of a page: how many. */
static size_t edge_lines(struct kb_str page,
			 struct kb_str edges[2 * KB_PAGE_EDGE])
{
	struct kb_str last[KB_PAGE_EDGE], line;
	size_t n = 0, seen = 0;

	while (kb_str_line(&page, &line)) {
		line = kb_str_trim(line);
		if (!line.len)
			continue;
		if (seen < KB_PAGE_EDGE)
			edges[n++] = line;
		else
			last[seen % KB_PAGE_EDGE] = line;
		seen++;
	}
	for (size_t i = 0; i < KB_PAGE_EDGE && seen > KB_PAGE_EDGE + i; i++)
		edges[n++] = last[(seen - 1 - i) % KB_PAGE_EDGE];
	return n;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void find_furniture(struct kb_pages *p)
{
	size_t least = (size_t)((double)p->n * KB_PAGE_REPEATED), pos = 0,
	       cap = 0;
	struct kb_str edges[2 * KB_PAGE_EDGE];
	uint64_t hashes[2 * KB_PAGE_EDGE * WAYS];
	struct kb_map_slot slot;
	struct kb_map seen;

	if (least < KB_PAGE_REPEATS)
		least = KB_PAGE_REPEATS;
	kb_map_init(&seen);
	for (size_t i = 0; i < p->n; i++) {
		size_t n = WAYS * edge_lines(p->pages[i], edges);

		for (unsigned k = 0; k < n; k++)
			hashes[k] = hash_line(edges[k / WAYS], i, k % WAYS);
		qsort(hashes, n, sizeof(*hashes), by_value);
		for (size_t k = 0; k < n; k++)
			if (!k || hashes[k] != hashes[k - 1])
				++*kb_map_put(&seen, hashes[k], NULL);
	}
	while (kb_map_next(&seen, &pos, &slot)) {
		if (slot.value < least)
			continue;
		kb_arena_grow(&p->arena, &p->furniture, &cap, p->n_furniture,
			      p->n_furniture + 1, sizeof(*p->furniture));
		p->furniture[p->n_furniture++] = slot.key;
	}
	if (p->n_furniture)
		qsort(p->furniture, p->n_furniture, sizeof(*p->furniture),
		      by_value);
	kb_map_release(&seen);
}

static bool is_furniture(const struct kb_pages *p, size_t page,
			 struct kb_str line)
{
	for (unsigned way = 0; way < WAYS && p->n_furniture; way++) {
		uint64_t hash = hash_line(line, page, way);

		if (bsearch(&hash, p->furniture, p->n_furniture, sizeof(hash),
			    by_value))
			return true;
	}
	return false;
}

static bool is_number(struct kb_str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (!kb_is_digit(line.ptr[i]))
			return false;
	return true;
}

/* The page without its head and foot. */
static struct kb_str body(const struct kb_pages *p, size_t i)
{
	struct kb_str rest = p->pages[i], line, page = rest;
	const char *end = page.ptr;
	unsigned edge = 0;
	bool first = false; /* the first line is no furniture by itself */

	for (struct kb_str r = rest; kb_str_line(&r, &line);) {
		line = kb_str_trim(line);
		if (!line.len)
			continue;
		/* a number below the head's first line makes that one of it */
		if (is_furniture(p, i, line) &&
		    (!edge || !first || is_number(line)))
			rest = r;
		else
			first |= !edge;
		if (++edge >= KB_PAGE_EDGE)
			break;
	}
	/* the last lines, from the end */
	end = rest.ptr + rest.len;
	for (edge = 0; edge < KB_PAGE_EDGE && end > rest.ptr; edge++) {
		const char *start, *stop = end;

		while (stop > rest.ptr && (unsigned char)stop[-1] <= ' ')
			stop--;
		for (start = stop; start > rest.ptr && start[-1] != '\n';)
			start--;
		line =
		    kb_str_trim((struct kb_str){start, (size_t)(stop - start)});
		if (!line.len || !is_furniture(p, i, line))
			break;
		end = start;
	}
	rest.len = (size_t)(end - rest.ptr);
	return rest;
}

/* ---- paragraphs ---- */

static uint32_t first_char(struct kb_str s)
{
	uint32_t c = 0;

	if (s.len)
		kb_utf8_next(s.ptr, s.len, &c);
	return c;
}

static bool is_wide_end(struct kb_str s)
{
	return s.len >= 3 && (unsigned char)s.ptr[s.len - 3] >= 0xe2 &&
	       ((unsigned char)s.ptr[s.len - 1] & 0xc0) == 0x80;
}

/* Han, kana, and the marks between them, before which no blank stands. */
static bool is_wide(uint32_t c)
{
	return (c >= 0x2e80 && c < 0xac00) || (c >= 0xf900 && c < 0xfb00) ||
	       (c >= 0xff00 && c < 0xfff0) || (c >= 0x20000 && c < 0x32000);
}

/* Does a line begin an item of a list? */
static bool is_item(struct kb_str line)
{
	uint32_t c = first_char(line);
	size_t n = 0;

	if (c == 0x2022 || c == 0x25cf || c == 0x25aa || c == 0x2023 ||
	    c == 0xb7 || c == 0x25a0 || c == 0xf0b7)
		return true;
	if ((c == '-' || c == '*' || c == 0x2013) && line.len > 1)
		return line.ptr[1] == ' ' || c == 0x2013;
	while (n < line.len && kb_is_digit(line.ptr[n]))
		n++;
	return n && n < 4 && n + 1 < line.len &&
	       (line.ptr[n] == '.' || line.ptr[n] == ')') &&
	       line.ptr[n + 1] == ' ';
}

/* Of the letters at both sides of a hyphen; 0: there are none at one. */
static uint64_t hash_compound(struct kb_str before, struct kb_str after)
{
	size_t from = before.len, to = 0;
	uint64_t hash;

	while (from && before.len - from < KB_PAGE_WORD &&
	       kb_is_letter(before.ptr[from - 1]))
		from--;
	while (to < after.len && to < KB_PAGE_WORD &&
	       kb_is_letter(after.ptr[to]))
		to++;
	if (from == before.len || !to)
		return 0;
	hash = kb_hash64(before.ptr + from, before.len - from, 1);
	return kb_hash64(after.ptr, to, hash) | 1;
}

static void find_compounds(struct kb_pages *p, struct kb_str text)
{
	const char *at = text.ptr, *end;

	if (!text.len)
		return;
	end = text.ptr + text.len;
	while (at < end && (at = memchr(at, '-', (size_t)(end - at)))) {
		uint64_t hash = hash_compound(
		    (struct kb_str){text.ptr, (size_t)(at - text.ptr)},
		    (struct kb_str){at + 1, (size_t)(end - at - 1)});

		if (hash)
			kb_map_put(&p->compounds, hash, NULL);
		at++;
	}
}

/* Is a word written with this hyphen elsewhere? Else the line divided it. */
static bool is_compound(const struct kb_pages *p, struct kb_str before,
			struct kb_str after)
{
	uint64_t hash = hash_compound(before, after);

	return hash && kb_map_get(&p->compounds, hash);
}

/* The hyphen at the end of what was written, before a line: joined, and what
 * was only the line's goes. */
static bool join_divided(const struct kb_pages *p, struct kb_buf *out,
			 size_t from, struct kb_str line)
{
	struct kb_str so_far = {out->ptr + from, out->len - from};
	size_t n = kb_ends(so_far.ptr, so_far.len, "-");

	if (!n)
		n = kb_ends(so_far.ptr, so_far.len, "\xc2\xad");
	if (!n)
		n = kb_ends(so_far.ptr, so_far.len, "\xe2\x80\x90");
	so_far.len -= n;
	if (!n || !so_far.len || !kb_is_letter(so_far.ptr[so_far.len - 1]) ||
	    !line.len || !kb_is_lower(*line.ptr))
		return false;
	if (n == 2 || !is_compound(p, so_far, line))
		out->len -= n;
	return true;
}

/* The longest line of the page, in bytes. */
static size_t longest(struct kb_str page)
{
	struct kb_str line;
	size_t most = 0;

	while (kb_str_line(&page, &line))
		if (line.len > most)
			most = line.len;
	return most;
}

static void put_line(const struct kb_pages *p, struct kb_buf *out, size_t from,
		     struct kb_str line, size_t before, size_t width)
{
	struct kb_str so_far = {out->ptr + from, out->len - from};

	if (join_divided(p, out, from, line)) {
		kb_buf_add_str(out, line);
		return;
	}
	/* a short line was not broken by the page's edge */
	if (is_item(line) || ((double)before < (double)width * KB_PAGE_SHORT &&
			      !kb_is_lower(*line.ptr)))
		kb_buf_add_char(out, '\n');
	else if (!is_wide_end(so_far) || !is_wide(first_char(line)))
		kb_buf_add_char(out, ' ');
	kb_buf_add_str(out, line);
}

void kb_pages_text(const struct kb_pages *p, size_t i, struct kb_buf *out)
{
	struct kb_str rest = body(p, i), line;
	size_t width = longest(rest), from = out->len, before = 0;
	bool gap = false;

	while (kb_str_line(&rest, &line)) {
		line = kb_str_trim(line);
		if (!line.len) {
			gap = out->len > from;
			continue;
		}
		if (out->len == from) {
			kb_buf_add_str(out, line);
		} else if (gap &&
			   !kb_ends(out->ptr + from, out->len - from, "-")) {
			kb_buf_add_cstr(out, "\n\n");
			kb_buf_add_str(out, line);
		} else {
			put_line(p, out, from, line, before, width);
		}
		before = line.len;
		gap = false;
	}
}

/* ---- tables ---- */

bool kb_pages_is_table(const struct kb_pages *p, size_t i)
{
	struct kb_str rest = body(p, i), line;
	size_t n = 0, little = 0;

	while (kb_str_line(&rest, &line)) {
		line = kb_str_trim(line);
		if (!line.len)
			continue;
		n++;
		little += line.len <= KB_PAGE_CELL;
	}
	return n >= KB_PAGE_LINES && (double)little > (double)n * KB_PAGE_TABLE;
}

/* Cells of a line: how many; written when 'out' is given. */
static size_t cells(struct kb_str line, struct kb_buf *out, size_t *text)
{
	size_t n = 0, start = 0;

	line = kb_str_trim(line);
	*text = 0;
	for (size_t i = 0; i <= line.len; i++) {
		bool end = i == line.len;
		size_t blanks = 0;

		while (!end && i + blanks < line.len &&
		       line.ptr[i + blanks] == ' ')
			blanks++;
		if (!end && blanks < 2)
			continue;
		if (out && n)
			kb_buf_add_cstr(out, " | ");
		if (out)
			kb_buf_add(out, line.ptr + start, i - start);
		n++;
		*text += i - start;
		i += blanks;
		start = i;
	}
	return n;
}

bool kb_pages_rows(const struct kb_pages *p, size_t i, struct kb_buf *out)
{
	struct kb_str page = body(p, i), rest = page, line;
	size_t n = 0, rows = 0, text, bytes = 0, all = 0;

	while (kb_str_line(&rest, &line)) {
		size_t c;

		if (!kb_str_trim(line).len)
			continue;
		n++;
		c = cells(line, NULL, &text);
		rows += c > 1;
		if (c > 1) {
			bytes += text;
			all += c;
		}
	}
	/* two columns of prose have long cells */
	if ((double)rows < (double)n * KB_PAGE_ROWS ||
	    (double)bytes > (double)all * KB_PAGE_CELL)
		return false;
	for (rest = page, n = 0; kb_str_line(&rest, &line);) {
		if (!kb_str_trim(line).len) {
			n += n > 0;
			continue;
		}
		if (n)
			kb_buf_add_cstr(out, n > 2 ? "\n\n" : "\n");
		cells(line, out, &text);
		n = 1;
	}
	return true;
}

/* ---- all of it ---- */

void kb_pages_init(struct kb_pages *p, struct kb_str text)
{
	struct kb_str rest = text, page;

	*p = (struct kb_pages){0};
	kb_map_init(&p->compounds);
	kb_arena_init(&p->arena);
	p->pages = kb_arena_calloc(&p->arena, count_pages(text) + 1,
				   sizeof(*p->pages));
	while (next_page(&rest, &page))
		p->pages[p->n++] = page;
	find_furniture(p);
	find_compounds(p, text);
}

void kb_pages_release(struct kb_pages *p)
{
	kb_map_release(&p->compounds);
	kb_arena_release(&p->arena);
}
