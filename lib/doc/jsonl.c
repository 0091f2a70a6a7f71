#include "doc/blocks.h"

#include <stdio.h>

#include "doc/log.h"

/* A string or null member; empty when there is none. */
static int string_member(const struct kb_rec *rec, const char *name,
			 struct kb_str *out, bool *has, struct kb_err *err)
{
	struct kb_json val = kb_rec_get(rec, name);

	*out = KB_STR("");
	*has = false;
	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return KB_OK;
	if (!kb_json_str(val, rec->arena, out))
		return kb_err_set(err, KB_EINVAL, "member '%s' is no string",
				  name);
	*has = true;
	return KB_OK;
}

/* What an entry of a log in JSON is read from. */
struct log_entry {
	const char *message;	    /* its member, NULL: it is none */
	char time[KB_LOG_TIME_MAX]; /* empty: none, or under that name */
};

/* A time as text, in seconds or, as systemd writes it, in microseconds. */
static void read_log_time(const struct kb_rec *rec, struct log_entry *log)
{
	static const char *const names[] = {"@timestamp", "timestamp", "ts",
					    "date", "__REALTIME_TIMESTAMP"};

	if (kb_rec_get(rec, "time").type != KB_JSON_NONE)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct kb_json val = kb_rec_get(rec, names[i]);
		struct kb_str text = {val.ptr, val.len};
		char ended[40];
		const char *p = ended;

		if (val.type != KB_JSON_NUMBER &&
		    !kb_json_str(val, rec->arena, &text))
			continue;
		if (text.len == 16 && i == 4)
			text.len = 10;
		/* the number needs something behind it */
		snprintf(ended, sizeof(ended), "%.*s ",
			 (int)(text.len < 38 ? text.len : 38), text.ptr);
		if (kb_log_time(&p, ended + strlen(ended), log->time) &&
		    *log->time)
			return;
	}
}

/* The message of what systemd, Docker and the usual loggers write. */
static bool read_log(struct kb_doc *doc, const struct kb_rec *rec,
		     struct log_entry *log)
{
	static const char *const names[] = {"message", "msg", "MESSAGE", "log",
					    "event"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!kb_json_str(kb_rec_get(rec, names[i]), rec->arena,
				 &doc->text))
			continue;
		log->message = names[i];
		read_log_time(rec, log);
		return true;
	}
	return false;
}

/* Every member that is not the document's own, as it was spelled, and a
 * time when there is one. */
static struct kb_str other_members(const struct kb_rec *rec,
				   const struct log_entry *log)
{
	const char *const own[] = {
	    "id",     "title",	 "text",
	    "vector", "deleted", log->message ? log->message : "id"};
	const struct kb_member *m;
	char *out = NULL, *p = NULL;
	size_t i, k;

	for (i = 0; i < rec->n; i++) {
		m = &rec->members[i];
		for (k = 0; k < sizeof(own) / sizeof(own[0]); k++) {
			if (kb_json_key_is(m->key, own[k]))
				break;
		}
		if (k < sizeof(own) / sizeof(own[0]))
			continue;
		if (!out) {
			/* the members with commas and braces are no longer
			 * than the line they came from, plus two */
			p = out = kb_arena_alloc(
			    rec->arena, rec->line.len + 12 + KB_LOG_TIME_MAX);
			*p++ = '{';
		} else {
			*p++ = ',';
		}
		memcpy(p, m->start, (size_t)(m->end - m->start));
		p += m->end - m->start;
	}
	if (!out)
		return KB_STR("");
	if (*log->time)
		p += sprintf(p, ",\"time\":\"%s\"", log->time);
	*p++ = '}';
	return (struct kb_str){out, (size_t)(p - out)};
}

/* {"s","p","o","doc"}: 1 when it was one. */
static int triple_line(struct kb_doc *doc, const struct kb_rec *rec)
{
	struct kb_json at = kb_rec_get(rec, "doc");
	struct kb_str id;

	if (kb_rec_get(rec, "text").type != KB_JSON_NONE ||
	    !kb_json_str(kb_rec_get(rec, "s"), rec->arena, &doc->triple[0]) ||
	    !kb_json_str(kb_rec_get(rec, "p"), rec->arena, &doc->triple[1]) ||
	    !kb_json_str(kb_rec_get(rec, "o"), rec->arena, &doc->triple[2])) {
		memset(doc->triple, 0, sizeof(doc->triple));
		return 0;
	}
	doc->kind = KB_DOC_TRIPLE;
	if (kb_json_str(at, rec->arena, &id))
		doc->id = id;
	else if (at.type == KB_JSON_NUMBER)
		doc->id = (struct kb_str){at.ptr, at.len};
	else
		doc->id = KB_STR("");
	return 1;
}

static int read_record(struct kb_doc *doc, const struct kb_rec *rec,
		       const struct kb_doc_place *place, struct kb_err *err)
{
	struct log_entry log = {.message = NULL};
	bool has_text = false, has_title = false;
	struct kb_json id = kb_rec_get(rec, "id");
	int rc;

	if (triple_line(doc, rec))
		return KB_OK;
	if (id.type != KB_JSON_NONE && id.type != KB_JSON_NULL &&
	    id.type != KB_JSON_STRING && id.type != KB_JSON_NUMBER)
		return kb_err_set(err, KB_EINVAL,
				  "member 'id' is no string and no number");
	doc->id = kb_rec_id(rec);
	if (kb_rec_get(rec, "deleted").type == KB_JSON_TRUE) {
		doc->kind = KB_DOC_DELETED;
		return doc->id.len ? KB_OK
				   : kb_err_set(err, KB_EINVAL,
						"'deleted' without an 'id'");
	}
	if (!doc->id.len) {
		char *made = kb_arena_printf(rec->arena, "%s#%u", place->name,
					     place->number);

		doc->id = kb_str_of(made);
	}
	rc = string_member(rec, "title", &doc->title, &has_title, err);
	if (rc == KB_OK)
		rc = string_member(rec, "text", &doc->text, &has_text, err);
	if (rc < 0)
		return rc;
	if (!has_text && !has_title && place->log)
		has_text = read_log(doc, rec, &log);
	if (!has_text && !has_title)
		return kb_err_set(err, KB_EINVAL, "no string member 'text'");
	if (doc->text.len > KB_DOC_TEXT_MAX)
		return kb_err_set(err, KB_ELIMIT,
				  "text of %zu bytes, the limit is %zu",
				  doc->text.len, KB_DOC_TEXT_MAX);
	doc->vector = kb_rec_get(rec, "vector");
	doc->meta = other_members(rec, &log);
	kb_doc_triple(kb_rec_get(rec, "triple"), rec->arena, doc->triple);
	return kb_doc_set_valid(doc, kb_rec_get(rec, "valid_from"),
				kb_rec_get(rec, "valid_until"), rec->arena,
				err);
}

int kb_doc_from_json(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str value, const struct kb_doc_place *place,
		     struct kb_err *err)
{
	struct kb_rec rec;
	int rc;

	*doc = (struct kb_doc){
	    .source = kb_arena_copy(arena, kb_str_of(place->name)),
	    .line = place->line,
	    .valid_from = KB_DOC_ALWAYS_FROM,
	    .valid_until = KB_DOC_ALWAYS_UNTIL,
	};
	value = kb_arena_copy(arena, value);
	rc = kb_rec_scan(&rec, arena, value.ptr, value.len, err);
	if (rc == KB_OK)
		rc = read_record(doc, &rec, place, err);
	if (rc < 0)
		return rc;
	kb_doc_find_blocks(doc, arena, place->line, false);
	return KB_OK;
}
