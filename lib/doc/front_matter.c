#include "doc/front_matter.h"

#include <assert.h>

#include "base/str.h"
#include "doc/blocks.h"

#define LINES_MAX 2000u

struct reader {
	struct kb_str text;
	size_t pos;
	struct kb_arena *arena;
	struct kb_buf buf; /* of the value that is put together */
	bool toml;
};

/* ---- lines ---- */

/* The line at *pos without its newline; *pos goes behind it. */
static struct kb_str next_line(struct kb_str text, size_t *pos)
{
	const char *p = text.ptr + *pos;
	const char *nl = memchr(p, '\n', text.len - *pos);
	size_t len = nl ? (size_t)(nl - p) : text.len - *pos;

	assert(*pos <= text.len);
	*pos += len + (nl != NULL);
	return (struct kb_str){p, len};
}

static struct kb_str peek_line(const struct reader *r)
{
	size_t pos = r->pos;

	return next_line(r->text, &pos);
}

static bool is_indented(struct kb_str line)
{
	return line.len && (*line.ptr == ' ' || *line.ptr == '\t');
}

static bool starts_trimmed(struct kb_str line, const char *with)
{
	line = kb_doc_trim(line);
	return kb_starts(line.ptr, line.len, with);
}

/*
 * The line without a comment, which a blank stands before. A quote opens
 * where a value may begin.
 */
static struct kb_str uncommented(struct kb_str line)
{
	char before = ' ', quote = '\0', last = ':';

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		if (quote) {
			quote = c == quote && before != '\\' ? '\0' : quote;
		} else if ((c == '"' || c == '\'') && memchr(":,[=", last, 4)) {
			quote = c;
		} else if (c == '#' && (before == ' ' || before == '\t')) {
			line.len = i;
			break;
		}
		if (c != ' ' && c != '\t')
			last = c;
		before = c;
	}
	return kb_doc_trim(line);
}

static bool ends_front(struct kb_str line, bool toml)
{
	return toml ? kb_str_is(line, "+++")
		    : kb_str_is(line, "---") || kb_str_is(line, "...");
}

/* Is it what front matter begins with: a member, a comment, or nothing? */
static bool is_head_line(struct kb_str line, bool toml)
{
	struct kb_str text = kb_doc_trim(line);
	const char *p;

	if (!text.len || *text.ptr == '#')
		return true;
	if (toml)
		return memchr(text.ptr, '=', text.len) || *text.ptr == '[';
	p = memchr(text.ptr, ':', text.len);
	return p &&
	       (p + 1 == text.ptr + text.len || p[1] == ' ' || p[1] == '\t');
}

struct kb_front kb_front_find(struct kb_str text)
{
	struct kb_front front = {.body = {"", 0}};
	size_t pos = 0, body;
	struct kb_str line = kb_doc_trim(next_line(text, &pos));
	uint32_t n = 1;
	bool begun = false;

	front.toml = kb_str_is(line, "+++");
	if (!front.toml && !kb_str_is(line, "---"))
		return front;
	for (body = pos; pos < text.len && n < LINES_MAX;) {
		size_t at = pos;

		line = kb_doc_trim(next_line(text, &pos));
		n++;
		/* a rule above text is no front matter */
		if (!begun && !ends_front(line, front.toml)) {
			if (!is_head_line(line, front.toml))
				break;
			begun = line.len && *line.ptr != '#';
		}
		if (!ends_front(line, front.toml))
			continue;
		front.body = (struct kb_str){text.ptr + body, at - body};
		front.size = pos;
		front.n_lines = n;
		break;
	}
	return front;
}

/* ---- scalars ---- */

static struct kb_str taken(struct reader *r)
{
	return kb_arena_copy(r->arena, kb_buf_str(&r->buf));
}

/* A quote in single quotes is written twice. */
static struct kb_str single(struct reader *r, struct kb_str s)
{
	char *copy;
	size_t n = 0;

	if (!memmem(s.ptr, s.len, "''", 2))
		return s;
	copy = kb_arena_alloc(r->arena, s.len);
	for (size_t i = 0; i < s.len; i++) {
		copy[n++] = s.ptr[i];
		i += s.ptr[i] == '\'' && i + 1 < s.len && s.ptr[i + 1] == '\'';
	}
	return (struct kb_str){copy, n};
}

/* A scalar on one line, its quotes taken off. */
static struct kb_str unquote(struct reader *r, struct kb_str s, bool *quoted)
{
	struct kb_json val;
	struct kb_str out;

	*quoted = s.len >= 2 && (*s.ptr == '"' || *s.ptr == '\'') &&
		  s.ptr[s.len - 1] == *s.ptr;
	if (!*quoted)
		return s;
	/* the escapes of both languages are those of JSON, nearly */
	if (*s.ptr == '"' && kb_json_check(s.ptr, s.len, &val, NULL) == 0 &&
	    kb_json_str(val, r->arena, &out))
		return out;
	return single(r, (struct kb_str){s.ptr + 1, s.len - 2});
}

/* The items of "a, 'b, c', d" as a JSON array. */
static struct kb_str list_of(struct reader *r, struct kb_str items)
{
	struct kb_jw w;
	size_t from = 0;
	char quote = '\0';

	kb_buf_reset(&r->buf);
	kb_jw_init(&w, &r->buf);
	kb_jw_arr(&w);
	for (size_t i = 0; i <= items.len; i++) {
		char c = i < items.len ? items.ptr[i] : ',';
		struct kb_str item = {items.ptr + from, i - from};
		bool quoted;

		if (quote && i < items.len) {
			quote = c == quote ? '\0' : quote;
			continue;
		}
		item = kb_doc_trim(item);
		if (!item.len && (c == '"' || c == '\''))
			quote = c;
		if (c != ',')
			continue;
		item = unquote(r, item, &quoted);
		if (item.len)
			kb_jw_str(&w, item);
		from = i + 1;
	}
	kb_jw_end(&w);
	return taken(r);
}

/* ---- YAML ---- */

/*
 * The indented lines under "key: >" or "key: |". Folded, a newline is a
 * space, and an empty line a newline.
 */
static struct kb_str block_scalar(struct reader *r, bool folded)
{
	unsigned blanks = 0;
	size_t cut = SIZE_MAX;

	kb_buf_reset(&r->buf);
	while (r->pos < r->text.len) {
		struct kb_str line = peek_line(r), text = kb_doc_trim(line);

		if (text.len && !is_indented(line))
			break;
		next_line(r->text, &r->pos);
		if (!text.len) {
			blanks++;
			continue;
		}
		if (cut == SIZE_MAX)
			cut = (size_t)(text.ptr - line.ptr);
		if (r->buf.len && folded && !blanks)
			kb_buf_add_char(&r->buf, ' ');
		for (blanks += !folded; r->buf.len && blanks; blanks--)
			kb_buf_add_char(&r->buf, '\n');
		blanks = 0;
		/* literal text keeps what it is further indented by */
		if (!folded && (size_t)(text.ptr - line.ptr) > cut)
			text = (struct kb_str){
			    line.ptr + cut,
			    (size_t)(text.ptr + text.len - line.ptr) - cut};
		kb_buf_add_str(&r->buf, text);
	}
	return taken(r);
}

/* Lines "- item"; false, and the lines are passed over, when one is more
 * than a scalar. */
static bool block_list(struct reader *r, struct kb_str *value)
{
	struct kb_jw w;
	bool scalars = true;

	kb_buf_reset(&r->buf);
	kb_jw_init(&w, &r->buf);
	kb_jw_arr(&w);
	while (r->pos < r->text.len) {
		struct kb_str line = peek_line(r), item = kb_doc_trim(line);
		bool quoted;

		if (item.len && !is_indented(line) &&
		    !kb_starts(line.ptr, line.len, "- "))
			break;
		next_line(r->text, &r->pos);
		if (!item.len || *item.ptr == '#')
			continue;
		if (!kb_starts(item.ptr, item.len, "- ")) {
			scalars = false;
			continue;
		}
		item = uncommented((struct kb_str){item.ptr + 1, item.len - 1});
		item = unquote(r, item, &quoted);
		if (!quoted && (memmem(item.ptr, item.len, ": ", 2) ||
				item.ptr[item.len - 1] == ':'))
			scalars = false;
		kb_jw_str(&w, item);
	}
	kb_jw_end(&w);
	*value = taken(r);
	return scalars;
}

/* The value goes on in the indented lines that follow. */
static struct kb_str continued(struct reader *r, struct kb_str value)
{
	struct kb_str line = peek_line(r);

	if (r->pos >= r->text.len || !is_indented(line))
		return value;
	kb_buf_reset(&r->buf);
	kb_buf_add_str(&r->buf, value);
	for (; r->pos < r->text.len && is_indented(line); line = peek_line(r)) {
		next_line(r->text, &r->pos);
		line = uncommented(line);
		if (line.len)
			kb_buf_add_char(&r->buf, ' ');
		kb_buf_add_str(&r->buf, line);
	}
	return taken(r);
}

/* The value behind "key:"; false when it is left out. */
static bool yaml_value(struct reader *r, struct kb_str value,
		       struct kb_front_member *m)
{
	struct kb_str ahead = peek_line(r);

	value = uncommented(value);
	if (kb_str_is(value, "~") || kb_str_is(value, "null"))
		return false;
	if (value.len && (*value.ptr == '>' || *value.ptr == '|') &&
	    value.len <= 3) {
		m->quoted = true;
		m->value = block_scalar(r, *value.ptr == '>');
	} else if (!value.len) {
		if (r->pos >= r->text.len || !starts_trimmed(ahead, "- "))
			return false;
		m->is_list = true;
		return block_list(r, &m->value);
	} else if (memchr("{&*!", *value.ptr, 4)) {
		return false;
	} else {
		value = continued(r, value);
		m->is_list = *value.ptr == '[';
		if (m->is_list && value.ptr[value.len - 1] != ']')
			return false;
		if (m->is_list)
			m->value = list_of(
			    r, (struct kb_str){value.ptr + 1, value.len - 2});
		else
			m->value = unquote(r, value, &m->quoted);
	}
	return m->value.len > 0;
}

/* ---- TOML ---- */

/* A value that 'close' ends, perhaps in a later line; false when nothing
 * does. */
static bool toml_until(struct reader *r, struct kb_str first, const char *close,
		       struct kb_str *out)
{
	size_t n = strlen(close);
	const char *stop, *end = r->text.ptr + r->text.len;

	stop = memmem(first.ptr, (size_t)(end - first.ptr), close, n);
	if (!stop)
		return false;
	*out = (struct kb_str){first.ptr, (size_t)(stop - first.ptr)};
	r->pos = (size_t)(stop + n - r->text.ptr);
	if (r->pos < r->text.len)
		next_line(r->text, &r->pos);
	return true;
}

/* Lines of an array, each without its comment. */
static struct kb_str without_comments(struct reader *r, struct kb_str value)
{
	struct kb_str line, rest = value;

	kb_buf_reset(&r->buf);
	while (kb_str_line(&rest, &line)) {
		kb_buf_add_str(&r->buf, uncommented(line));
		kb_buf_add_char(&r->buf, ' ');
	}
	return taken(r);
}

static bool toml_value(struct reader *r, struct kb_str value,
		       struct kb_front_member *m)
{
	const char *hash;

	if (!value.len || *value.ptr == '{')
		return false;
	if (kb_starts(value.ptr, value.len, "\"\"\"") ||
	    kb_starts(value.ptr, value.len, "'''")) {
		const char *close = *value.ptr == '"' ? "\"\"\"" : "'''";

		m->quoted = true;
		value.len -= 3;
		value.ptr += 3;
		if (!toml_until(r, value, close, &m->value))
			return false;
		/* a newline behind the opening quotes is not meant */
		if (kb_starts(m->value.ptr, m->value.len, "\n")) {
			m->value.ptr++;
			m->value.len--;
		}
		return m->value.len > 0;
	}
	if (*value.ptr == '[') {
		m->is_list = true;
		value.len--;
		value.ptr++;
		if (!toml_until(r, value, "]", &value) ||
		    memchr(value.ptr, '[', value.len) ||
		    memchr(value.ptr, '{', value.len))
			return false;
		m->value = list_of(r, without_comments(r, value));
		return true;
	}
	/* a comment may follow, behind the closing quote of a string */
	hash = value.ptr;
	if (*hash == '"' || *hash == '\'') {
		do {
			hash =
			    memchr(hash + 1, *value.ptr,
				   (size_t)(value.ptr + value.len - hash) - 1);
		} while (hash && *value.ptr == '"' && hash[-1] == '\\');
		if (!hash)
			return false;
	}
	hash = memchr(hash, '#', (size_t)(value.ptr + value.len - hash));
	if (hash)
		value.len = (size_t)(hash - value.ptr);
	m->value = unquote(r, kb_doc_trim(value), &m->quoted);
	return m->value.len > 0;
}

/* ---- members ---- */

/* "key: value" or "key = value" in a line of the top level. */
static bool split(struct reader *r, struct kb_str line,
		  struct kb_front_member *m, struct kb_str *value)
{
	const char *p;
	bool quoted;

	if (!line.len || memchr(" \t-#[", *line.ptr, 5))
		return false;
	p = memchr(line.ptr, r->toml ? '=' : ':', line.len);
	if (!p || p == line.ptr)
		return false;
	m->key = kb_doc_trim((struct kb_str){line.ptr, (size_t)(p - line.ptr)});
	m->key = unquote(r, m->key, &quoted);
	*value = kb_doc_trim(
	    (struct kb_str){p + 1, line.len - (size_t)(p - line.ptr) - 1});
	/* a.b = 1 sets a member of a */
	return m->key.len &&
	       (!r->toml || quoted || !memchr(m->key.ptr, '.', m->key.len));
}

void kb_front_read(const struct kb_front *front, struct kb_arena *arena,
		   void (*member)(void *arg, const struct kb_front_member *m),
		   void *arg)
{
	struct reader r = {
	    .text = front->body, .arena = arena, .toml = front->toml};

	assert(front->body.len <= front->size);
	kb_buf_init(&r.buf, 0);
	while (r.pos < r.text.len) {
		struct kb_str line = next_line(r.text, &r.pos), value;
		struct kb_front_member m = {.key = {"", 0}};

		if (r.toml && starts_trimmed(line, "["))
			break;
		if (split(&r, line, &m, &value) &&
		    (r.toml ? toml_value(&r, value, &m)
			    : yaml_value(&r, value, &m)))
			member(arg, &m);
	}
	kb_buf_release(&r.buf);
}
