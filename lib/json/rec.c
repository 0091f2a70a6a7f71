#include "json/rec.h"

#include <assert.h>

#include "json/scan.h"
#include "json/write.h"

static int scan_error(const struct kb_json_scan *scan, const char *line,
		      struct kb_err *err)
{
	return kb_err_set(err, scan->code, "byte %zu: %s",
			  (size_t)(scan->at - line) + 1, scan->what);
}

static int refuse(const char *line, const char *at, const char *what,
		  struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL, "byte %zu: %s",
			  (size_t)(at - line) + 1, what);
}

static enum kb_json_type type_of(char first)
{
	switch (first) {
	case '{':
		return KB_JSON_OBJECT;
	case '[':
		return KB_JSON_ARRAY;
	case '"':
		return KB_JSON_STRING;
	case 't':
		return KB_JSON_TRUE;
	case 'f':
		return KB_JSON_FALSE;
	case 'n':
		return KB_JSON_NULL;
	default:
		return KB_JSON_NUMBER;
	}
}

static struct kb_json span(const char *start, const char *end)
{
	return (struct kb_json){type_of(*start), start, (size_t)(end - start)};
}

static struct kb_member *add_member(struct kb_rec *rec)
{
	struct kb_member *member;

	kb_arena_grow(rec->arena, &rec->members, &rec->cap, rec->n, rec->n + 1,
		      sizeof(*rec->members));
	member = &rec->members[rec->n++];
	*member = (struct kb_member){0};
	return member;
}

int kb_rec_scan(struct kb_rec *rec, struct kb_arena *arena, const char *line,
		size_t len, struct kb_err *err)
{
	const char *end = len ? line + len : line; /* NULL + 0 is not C */
	const char *p = kb_json_skip_space(line, end);
	struct kb_json_scan scan;

	assert(arena);
	assert(line || !len);
	*rec = (struct kb_rec){.line = {line, len}, .arena = arena};
	if (p == end || *p != '{')
		return refuse(line, p, "not a JSON object", err);
	p = kb_json_skip_space(p + 1, end);
	if (p < end && *p == '}')
		goto closed;
	for (;;) {
		struct kb_member *m = add_member(rec);

		if (p == end || *p != '"')
			return refuse(line, p, "no member name", err);
		m->start = p;
		p = kb_json_skip_string(&scan, p, end, &m->escaped);
		if (!p)
			return scan_error(&scan, line, err);
		m->key =
		    (struct kb_str){m->start + 1, (size_t)(p - m->start) - 2};
		p = kb_json_skip_space(p, end);
		if (p == end || *p != ':')
			return refuse(line, p, "no ':' after a member name",
				      err);
		m->value = kb_json_skip_space(p + 1, end);
		p = kb_json_skip_value(&scan, m->value, end);
		if (!p)
			return scan_error(&scan, line, err);
		m->end = p;
		m->val = span(m->value, p);
		p = kb_json_skip_space(p, end);
		if (p < end && *p == '}')
			break;
		if (p == end || *p != ',')
			return refuse(line, p, "no ',' or '}' after a member",
				      err);
		p = kb_json_skip_space(p + 1, end);
	}
closed:
	rec->n_read = rec->n;
	p = kb_json_skip_space(p + 1, end);
	if (p != end)
		return refuse(line, p, "text after the object", err);
	return 0;
}

static bool key_is(const struct kb_member *m, const char *name, size_t len)
{
	if (!m->escaped)
		return m->key.len == len && !memcmp(m->key.ptr, name, len);
	return kb_json_key_is(m->key, name);
}

/* The last member of that name before number 'end'. */
static struct kb_member *find_before(const struct kb_rec *rec, size_t end,
				     const char *name)
{
	size_t len = strlen(name);

	while (end-- > 0) {
		struct kb_member *m = &rec->members[end];

		if (!m->dropped && key_is(m, name, len))
			return m;
	}
	return NULL;
}

static struct kb_member *find(const struct kb_rec *rec, const char *name)
{
	return find_before(rec, rec->n, name);
}

/* Drop what has the name before number 'end', in one pass: a record may hold
 * a name a million times. */
static void drop_before(struct kb_rec *rec, size_t end, const char *name)
{
	struct kb_member *m;

	while ((m = find_before(rec, end, name))) {
		m->dropped = true;
		rec->changed = true;
		end = (size_t)(m - rec->members);
	}
}

struct kb_json kb_rec_get(const struct kb_rec *rec, const char *name)
{
	const struct kb_member *m = find(rec, name);

	return m ? m->val : (struct kb_json){0};
}

void kb_rec_del(struct kb_rec *rec, const char *name)
{
	drop_before(rec, rec->n, name);
}

void kb_rec_set(struct kb_rec *rec, const char *name, struct kb_str json)
{
	struct kb_member *m = find(rec, name);

	assert(json.len);
	if (m) {
		drop_before(rec, (size_t)(m - rec->members), name);
	} else {
		m = add_member(rec);
		m->key = kb_str_of(name);
	}
	m->val = span(json.ptr, json.ptr + json.len);
	m->is_new = true;
	rec->changed = true;
}

void kb_rec_set_str(struct kb_rec *rec, const char *name, struct kb_str text)
{
	struct kb_buf buf;

	kb_buf_init(&buf, 0);
	kb_json_quote(&buf, text);
	kb_rec_set(rec, name, kb_arena_copy(rec->arena, kb_buf_str(&buf)));
	kb_buf_release(&buf);
}

/* A member with the bytes that stood before it, or a comma when those
 * belonged to the record's first member. */
static void write_member(const struct kb_rec *rec, size_t i, bool first,
			 struct kb_buf *out)
{
	const struct kb_member *m = &rec->members[i];
	const char *before;

	if (m->end) {
		before = i ? rec->members[i - 1].end : NULL;
		if (!first && before)
			kb_buf_add(out, before, (size_t)(m->start - before));
		if (m->is_new)
			kb_buf_add(out, m->start,
				   (size_t)(m->value - m->start));
		else
			kb_buf_add(out, m->start, (size_t)(m->end - m->start));
	} else {
		if (!first)
			kb_buf_add_char(out, ',');
		kb_buf_add_char(out, '"');
		kb_buf_add_str(out, m->key);
		kb_buf_add(out, "\":", 2);
	}
	if (m->is_new)
		kb_buf_add(out, m->val.ptr, m->val.len);
}

void kb_rec_write(const struct kb_rec *rec, struct kb_buf *out)
{
	const char *line = rec->line.ptr, *end = line + rec->line.len;
	const char *head = kb_json_skip_space(line, end) + 1, *tail = head;
	bool first = true;

	assert(rec->n_read <= rec->n);
	if (!rec->changed) {
		kb_buf_add_str(out, rec->line);
		return;
	}
	if (rec->n_read) {
		head = rec->members[0].start;
		tail = rec->members[rec->n_read - 1].end;
	}
	kb_buf_add(out, line, (size_t)(head - line));
	for (size_t i = 0; i < rec->n; i++) {
		if (rec->members[i].dropped)
			continue;
		write_member(rec, i, first, out);
		first = false;
	}
	kb_buf_add(out, tail, (size_t)(end - tail));
}

struct kb_str kb_rec_id(const struct kb_rec *rec)
{
	struct kb_json id = kb_rec_get(rec, "id");
	struct kb_str text = {0};

	if (id.type == KB_JSON_NUMBER)
		return (struct kb_str){id.ptr, id.len};
	kb_json_str(id, rec->arena, &text);
	return text;
}

int kb_json_check(const char *text, size_t len, struct kb_json *val,
		  struct kb_err *err)
{
	const char *end = len ? text + len : text;
	const char *start = kb_json_skip_space(text, end), *p;
	struct kb_json_scan scan;

	assert(text || !len);
	assert(val);
	p = kb_json_skip_value(&scan, start, end);
	if (!p)
		return scan_error(&scan, text, err);
	if (kb_json_skip_space(p, end) != end)
		return refuse(text, p, "text after the value", err);
	*val = span(start, p);
	return 0;
}

/* ---- walking values whose grammar has been checked ---- */

struct kb_json_iter kb_json_iter(struct kb_json val)
{
	struct kb_json_iter it = {0};

	if (val.type != KB_JSON_ARRAY && val.type != KB_JSON_OBJECT)
		return it;
	it.object = val.type == KB_JSON_OBJECT;
	it.pos = val.ptr + 1;
	it.end = val.ptr + val.len - 1;
	return it;
}

/* The first byte of the next element, whose key is read; NULL at the end. An
 * element never begins with a bracket that closes: where the end is not known
 * beforehand (kb_json_enter), that is where it is. */
static const char *next_start(struct kb_json_iter *it)
{
	const char *p = kb_json_skip_space(it->pos, it->end), *start;

	if (p < it->end && *p == ',')
		p = kb_json_skip_space(p + 1, it->end);
	it->pos = p;
	if (p >= it->end || *p == '}' || *p == ']')
		return NULL;
	if (!it->object)
		return p;
	start = p;
	p = kb_json_pass_string(p, it->end, &it->escaped);
	it->key = (struct kb_str){start + 1, (size_t)(p - start) - 2};
	p = kb_json_skip_space(p, it->end);
	if (p < it->end) /* the colon */
		p = kb_json_skip_space(p + 1, it->end);
	return p < it->end ? p : NULL;
}

bool kb_json_next(struct kb_json_iter *it)
{
	const char *start = next_start(it);

	if (!start)
		return false;
	it->pos = kb_json_pass_value(start, it->end);
	it->val = span(start, it->pos);
	return true;
}

bool kb_json_enter(struct kb_json_iter *it, struct kb_json_iter *inner)
{
	const char *start = next_start(it);

	*inner = (struct kb_json_iter){0};
	if (!start)
		return false;
	it->pos = start;
	it->val = span(start, start);
	if (it->val.type == KB_JSON_ARRAY || it->val.type == KB_JSON_OBJECT) {
		inner->pos = start + 1;
		inner->end = it->end;
		inner->object = it->val.type == KB_JSON_OBJECT;
		return true;
	}
	it->pos = kb_json_pass_value(start, it->end);
	it->val.len = (size_t)(it->pos - start);
	return true;
}

void kb_json_leave(struct kb_json_iter *it, struct kb_json_iter *inner)
{
	if (it->val.len)
		return;
	while (kb_json_next(inner))
		;
	it->pos = inner->pos < it->end ? inner->pos + 1 : it->end;
	it->val.len = (size_t)(it->pos - it->val.ptr);
}

struct kb_json kb_json_get(struct kb_json object, const char *name)
{
	struct kb_json_iter it = kb_json_iter(object);
	struct kb_json found = {0};

	if (object.type != KB_JSON_OBJECT)
		return found;
	while (kb_json_next(&it))
		if (kb_json_key_is(it.key, name))
			found = it.val;
	return found;
}

size_t kb_json_count(struct kb_json val)
{
	struct kb_json_iter it = kb_json_iter(val);
	size_t n = 0;

	while (kb_json_next(&it))
		n++;
	return n;
}
