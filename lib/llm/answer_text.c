#include "llm/clean_line.h"
#include "llm/local.h"

/* The next cell of a row; false after the last. */
static bool next_cell(struct kb_str *rest, struct kb_str *cell)
{
	const char *bar;

	if (!rest->len)
		return false;
	bar = memchr(rest->ptr, '|', rest->len);
	*cell = *rest;
	if (bar)
		cell->len = (size_t)(bar - rest->ptr);
	*rest = kb_str_skip(*rest, cell->len + (bar != NULL));
	*cell = kb_str_trim(*cell);
	return true;
}

/* A row of a table: its first cell, and each of the others behind what the
 * header says of it. */
static void put_row(struct kb_buf *out, struct kb_str row, struct kb_str header,
		    bool is_han)
{
	struct kb_str cell, name;

	for (size_t i = 0; next_cell(&row, &cell); i++) {
		if (!next_cell(&header, &name))
			name.len = 0;
		if (!cell.len)
			continue;
		if (i)
			kb_buf_add_cstr(out, i > 1    ? is_han ? "，" : ", "
					     : is_han ? "："
						      : ": ");
		if (i && name.len) {
			kb_clean_line_add(out, name, false, is_han);
			kb_buf_add_char(out, ' ');
		}
		kb_clean_line_add(out, cell, false, is_han);
	}
}

static bool was_said(const struct kb_extent *extent, size_t n, size_t item)
{
	for (size_t i = 0; i < n; i++)
		if (extent->items[i] == item)
			return true;
	return false;
}

/* Part two items of a list that end without a mark. */
static void put_mark(struct kb_buf *out, bool is_han)
{
	static const char *const ends[] = {".",	 "!",  "?",  ":",  ";",	 ",",
					   "。", "！", "？", "：", "；", "，"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (kb_ends(out->ptr, out->len, ends[i]))
			return;
	kb_buf_add_cstr(out, is_han ? "；" : ";");
}

static void put_item(struct kb_buf *out, const struct kb_reading *r,
		     const struct kb_extent *extent, size_t i)
{
	const struct kb_reading_sentence *s = &r->sentences[extent->items[i]];
	const struct kb_reading_sentence *under =
	    s->under >= 0 ? &r->sentences[s->under] : NULL;
	bool is_han = r->question.is_han;

	if (i && (s->kind == KB_LAYOUT_ITEM || s->kind == KB_LAYOUT_CODE))
		put_mark(out, is_han);
	if (under && under->kind == KB_LAYOUT_TERM &&
	    !was_said(extent, i, (size_t)s->under) &&
	    !(i && r->sentences[extent->items[i - 1]].under == s->under)) {
		kb_clean_line_add(out, under->text, false, is_han);
		kb_buf_add_cstr(out, is_han ? "：" : ": ");
	}
	if (s->kind == KB_LAYOUT_ROW && under &&
	    under->kind == KB_LAYOUT_HEADER)
		put_row(out, s->text, under->text, is_han);
	else
		kb_clean_line_add(out, s->text, s->kind == KB_LAYOUT_ROW,
				  is_han);
	if (s->kind == KB_LAYOUT_TERM && i + 1 < extent->n)
		kb_buf_add_cstr(out, is_han ? "：" : ": ");
}

/* What is told of one passage, and its citation. */
static void put_part(struct kb_buf *out, const struct kb_reading *r,
		     const struct kb_extent *extent)
{
	size_t hit, number;

	for (size_t i = 0; i < extent->n; i++)
		put_item(out, r, extent, i);
	if (out->len > 3 && kb_ends(out->ptr, out->len, "；"))
		out->len -= 3; /* a semicolon ends no answer */
	hit = r->sentences[extent->items[0]].hit;
	number = r->asked->hits[hit].number;
	kb_buf_printf(out, " [%zu]", number ? number : hit + 1);
}

struct kb_str kb_local_write(struct kb_arena *arena, const struct kb_reading *r,
			     const struct kb_join *join)
{
	struct kb_buf out;
	struct kb_str text;

	kb_buf_init(&out, 0);
	for (size_t i = 0; i < join->n; i++) {
		if (i)
			kb_buf_add_char(&out, ' ');
		put_part(&out, r, &join->parts[i]);
	}
	text = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return text;
}
