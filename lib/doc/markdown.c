#include "doc/blocks.h"

#include "json/write.h"

/* The line at *pos without its newline; *pos goes behind it. */
static struct kb_str next_line(struct kb_str all, size_t *pos)
{
	const char *p = all.ptr + *pos;
	const char *nl = memchr(p, '\n', all.len - *pos);
	size_t len = nl ? (size_t)(nl - p) : all.len - *pos;

	*pos += len + (nl != NULL);
	return (struct kb_str){p, len};
}

/* End of the front matter (the byte behind its closing line), 0 when the
 * file has none: it must open in the first line and close again. */
static size_t front_matter_end(struct kb_str all, uint32_t *n_lines)
{
	size_t pos = 0;
	struct kb_str line;

	if (!kb_str_is(kb_doc_trim(next_line(all, &pos)), "---"))
		return 0;
	*n_lines = 1;
	while (pos < all.len && *n_lines < 200) {
		line = next_line(all, &pos);
		++*n_lines;
		line = kb_doc_trim(line);
		if (kb_str_is(line, "---") || kb_str_is(line, "..."))
			return pos;
	}
	return 0;
}

static struct kb_str unquote(struct kb_str s)
{
	if (s.len >= 2 && (s.ptr[0] == '"' || s.ptr[0] == '\'') &&
	    s.ptr[s.len - 1] == s.ptr[0])
		return (struct kb_str){s.ptr + 1, s.len - 2};
	return s;
}

/* [a, "b", c] as an array of strings. */
static void write_list(struct kb_jw *w, struct kb_str v)
{
	size_t from = 1, i;

	kb_jw_arr(w);
	for (i = 1; i < v.len; i++) {
		if (v.ptr[i] != ',' && i != v.len - 1)
			continue;
		struct kb_str item = unquote(
		    kb_doc_trim((struct kb_str){v.ptr + from, i - from}));
		if (item.len)
			kb_jw_str(w, item);
		from = i + 1;
	}
	kb_jw_end(w);
}

/* A scalar as JSON: what reads as a JSON value of itself stays that. */
static void write_value(struct kb_jw *w, struct kb_str v)
{
	struct kb_json val;

	if (v.len >= 2 && v.ptr[0] == '[' && v.ptr[v.len - 1] == ']')
		write_list(w, v);
	else if (kb_json_check(v.ptr, v.len, &val, NULL) == KB_OK &&
		 val.type != KB_JSON_STRING)
		kb_jw_raw(w, (struct kb_str){val.ptr, val.len});
	else
		kb_jw_str(w, unquote(v));
}

/*
 * "key: value" lines: id and title are the document's, the rest goes to
 * meta. Deeper YAML (indented lines, blocks) is passed over.
 */
static int read_front_matter(struct kb_doc *doc, struct kb_arena *arena,
			     struct kb_str front, struct kb_err *err)
{
	struct kb_buf meta;
	struct kb_jw w;
	struct kb_str line, key, value;
	struct kb_json whole;
	const char *colon;
	size_t pos = 0, n = 0;
	int rc;

	kb_buf_init(&meta, 0);
	kb_jw_init(&w, &meta);
	kb_jw_obj(&w);
	while (pos < front.len) {
		line = next_line(front, &pos);
		colon = memchr(line.ptr, ':', line.len);
		if (!colon || colon == line.ptr ||
		    memchr(" \t-#", line.ptr[0], 4))
			continue;
		key = kb_doc_trim(
		    (struct kb_str){line.ptr, (size_t)(colon - line.ptr)});
		value = kb_doc_trim((struct kb_str){
		    colon + 1, line.len - (size_t)(colon - line.ptr) - 1});
		if (!value.len)
			continue;
		if (kb_str_is(key, "title")) {
			doc->title = unquote(value);
		} else if (kb_str_is(key, "id")) {
			doc->id = unquote(value);
		} else {
			kb_jw_key(&w,
				  kb_arena_strndup(arena, key.ptr, key.len));
			write_value(&w, value);
			n++;
		}
	}
	kb_jw_end(&w);
	if (n)
		doc->meta = kb_arena_copy(arena, kb_buf_str(&meta));
	kb_buf_release(&meta);
	whole = (struct kb_json){n ? KB_JSON_OBJECT : KB_JSON_NONE,
				 doc->meta.ptr, doc->meta.len};
	rc = kb_doc_set_valid(doc, kb_json_get(whole, "valid_from"),
			      kb_json_get(whole, "valid_until"), arena, err);
	return rc;
}

int kb_doc_read_markdown(struct kb_doc *doc, struct kb_arena *arena,
			 struct kb_str all, struct kb_err *err)
{
	uint32_t n_lines = 0;
	size_t skip = front_matter_end(all, &n_lines);
	int rc;

	if (skip) {
		rc = read_front_matter(doc, arena,
				       (struct kb_str){all.ptr, skip}, err);
		if (rc < 0)
			return rc;
	} else {
		n_lines = 0;
	}
	doc->text = (struct kb_str){all.ptr + skip, all.len - skip};
	doc->text_lines = true;
	kb_doc_find_blocks(doc, arena, 1 + n_lines, true);
	if (!doc->title.len)
		doc->title = kb_doc_first_heading(doc, 1);
	return KB_OK;
}
