#include "record/sessions.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "json/write.h"

struct message {
	char *json;
	size_t len;
	double number; /* of its time */
	char *text;    /* of a time that is no number, or NULL */
	size_t place;  /* among the lines */
};

struct session {
	char *id; /* as spelled */
	uint64_t key;
	struct message *items;
	size_t n, cap, bytes;
	struct session *before, *after; /* by the last line, the oldest first */
};

struct kb_sessions {
	const char *by, *time;
	struct kb_map open;  /* key to the session */
	struct kb_map known; /* keys that were taken as whole */
	struct session *oldest, *newest;
	size_t n_open, bytes, n_lines, n_split;
	struct kb_buf record;
	struct kb_arena arena; /* of a line */
};

struct kb_sessions *kb_sessions_new(const char *by, const char *time)
{
	struct kb_sessions *s = kb_calloc(1, sizeof(*s));

	s->by = by;
	s->time = time;
	kb_map_init(&s->open);
	kb_map_init(&s->known);
	kb_buf_init(&s->record, 0);
	kb_arena_init(&s->arena);
	return s;
}

static void free_session(struct session *one)
{
	for (size_t i = 0; i < one->n; i++) {
		free(one->items[i].json);
		free(one->items[i].text);
	}
	free(one->items);
	free(one->id);
	free(one);
}

void kb_sessions_free(struct kb_sessions *s)
{
	if (!s)
		return;
	while (s->oldest) {
		struct session *next = s->oldest->after;

		free_session(s->oldest);
		s->oldest = next;
	}
	kb_map_release(&s->open);
	kb_map_release(&s->known);
	kb_buf_release(&s->record);
	kb_arena_release(&s->arena);
	free(s);
}

/* ---- a line ---- */

static void unlink_session(struct kb_sessions *s, struct session *one)
{
	if (one->before)
		one->before->after = one->after;
	else
		s->oldest = one->after;
	if (one->after)
		one->after->before = one->before;
	else
		s->newest = one->before;
	one->before = one->after = NULL;
}

static void link_newest(struct kb_sessions *s, struct session *one)
{
	one->before = s->newest;
	if (s->newest)
		s->newest->after = one;
	else
		s->oldest = one;
	s->newest = one;
}

static struct session *session_of(struct kb_sessions *s, struct kb_json id,
				  uint64_t key)
{
	uint64_t *place = kb_map_put(&s->open, key, NULL);
	struct session *one = (struct session *)(uintptr_t)*place;

	if (one) {
		unlink_session(s, one);
	} else {
		one = kb_calloc(1, sizeof(*one));
		one->id = kb_strndup(id.ptr, id.len);
		one->key = key;
		*place = (uintptr_t)one;
		s->n_open++;
		if (kb_map_get(&s->known, key))
			s->n_split++;
	}
	link_newest(s, one);
	return one;
}

/* The members that a provider reads. */
static void write_message(const struct kb_rec *rec, struct kb_buf *out)
{
	static const char *const kept[] = {
	    "role",	  "content",	  "name",
	    "tool_calls", "tool_call_id", "function_call",
	    "refusal",	  "audio",	  "reasoning_content"};
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		struct kb_json value = kb_rec_get(rec, kept[i]);

		if (value.type == KB_JSON_NONE)
			continue;
		kb_jw_key(&w, kept[i]);
		kb_jw_raw(&w, (struct kb_str){value.ptr, value.len});
	}
	kb_jw_end(&w);
}

static int check(const struct kb_sessions *s, struct kb_json id,
		 struct kb_json role, struct kb_json time, struct kb_err *err)
{
	const char *missing = NULL;

	if (id.type != KB_JSON_STRING && id.type != KB_JSON_NUMBER)
		missing = s->by;
	else if (role.type != KB_JSON_STRING)
		missing = "role";
	else if (s->time && time.type != KB_JSON_STRING &&
		 time.type != KB_JSON_NUMBER)
		missing = s->time;
	return missing
		   ? kb_err_set(err, KB_EINVAL,
				"a message without '%s', a string or number",
				missing)
		   : 0;
}

static void add_message(struct kb_sessions *s, struct session *one,
			const struct kb_rec *rec, struct kb_json time)
{
	struct message m = {.place = s->n_lines++};
	struct kb_str text;
	struct kb_buf out;

	kb_buf_init(&out, 0);
	write_message(rec, &out);
	m.json = kb_strndup(out.ptr, out.len);
	m.len = out.len;
	kb_buf_release(&out);
	if (kb_json_str(time, &s->arena, &text))
		m.text = kb_strndup(text.ptr, text.len);
	else if (!kb_json_num(time, &m.number))
		m.number = 0;
	kb_grow(&one->items, &one->cap, one->n + 1, sizeof(*one->items));
	one->items[one->n++] = m;
	one->bytes += m.len;
	s->bytes += m.len;
}

int kb_sessions_add(struct kb_sessions *s, struct kb_str line,
		    struct kb_err *err)
{
	struct kb_json id, time = {0};
	struct kb_str text;
	struct kb_rec rec;
	int rc;

	kb_arena_reset(&s->arena);
	rc = kb_rec_scan(&rec, &s->arena, line.ptr, line.len, err);
	if (rc < 0)
		return rc;
	id = kb_rec_get(&rec, s->by);
	if (s->time)
		time = kb_rec_get(&rec, s->time);
	rc = check(s, id, kb_rec_get(&rec, "role"), time, err);
	if (rc < 0)
		return rc;
	/* 7 and "7" are one, as ids are */
	if (!kb_json_str(id, &s->arena, &text))
		text = (struct kb_str){id.ptr, id.len};
	add_message(s, session_of(s, id, kb_xxh64(text.ptr, text.len, 0)), &rec,
		    time);
	return 0;
}

/* ---- a record ---- */

/* Times that are numbers before others; equal ones in the order of lines. */
static int by_time(const void *a, const void *b)
{
	const struct message *x = a, *y = b;
	int c = 0;

	if (!x->text != !y->text)
		return x->text ? 1 : -1;
	if (x->text)
		c = strcmp(x->text, y->text);
	else if (x->number != y->number)
		c = x->number < y->number ? -1 : 1;
	if (c)
		return c;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void write_session(struct kb_sessions *s, struct session *one)
{
	struct kb_jw w;

	if (s->time)
		qsort(one->items, one->n, sizeof(*one->items), by_time);
	s->record.len = 0;
	kb_jw_init(&w, &s->record);
	kb_jw_obj(&w);
	kb_jw_key(&w, "id");
	kb_jw_raw(&w, kb_str_of(one->id));
	kb_jw_key(&w, "messages");
	kb_jw_arr(&w);
	for (size_t i = 0; i < one->n; i++)
		kb_jw_raw(
		    &w, (struct kb_str){one->items[i].json, one->items[i].len});
	kb_jw_end(&w);
	kb_jw_end(&w);
}

bool kb_sessions_next(struct kb_sessions *s, bool end, struct kb_str *record)
{
	struct session *one = s->oldest;

	if (!one || (!end && s->n_open <= KB_SESSIONS_OPEN &&
		     s->bytes <= KB_SESSIONS_BYTES))
		return false;
	unlink_session(s, one);
	*kb_map_put(&s->open, one->key, NULL) = 0;
	s->n_open--;
	s->bytes -= one->bytes;
	write_session(s, one);
	if (s->known.n >= KB_SESSIONS_KNOWN)
		kb_map_clear(&s->known);
	kb_map_put(&s->known, one->key, NULL);
	/* slots of what is gone stay used until a new table */
	if (s->open.n > 64 * KB_SESSIONS_OPEN) {
		kb_map_clear(&s->open);
		for (struct session *o = s->oldest; o; o = o->after)
			*kb_map_put(&s->open, o->key, NULL) = (uintptr_t)o;
	}
	free_session(one);
	*record = kb_buf_str(&s->record);
	return true;
}

size_t kb_sessions_split(const struct kb_sessions *s)
{
	return s->n_split;
}
