/* One message: its headers, and the text of its parts. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/ascii.h"
#include "base/str.h"
#include "convert/mail.h"
#include "convert/mime.h"
#include "doc/blocks.h"
#include "json/write.h"

#define ATTACHMENTS_MAX 100u
#define META_MAX	((size_t)64 << 10) /* bytes of one value */

struct headers {
	struct kb_buf subject, from, to, date, id, reply;
	struct kb_buf type, encoding, disposition;
};

struct message {
	struct kb_arena *arena;
	struct kb_buf text; /* of the parts so far */
	struct kb_buf attachments;
	unsigned n_attachments, n_parts;
	size_t max_text;
	int rc;
	struct kb_err *err;
};

/* ---- headers ---- */

static void headers_init(struct headers *h)
{
	struct kb_buf *all[] = {&h->subject, &h->from,	   &h->to,
				&h->date,    &h->id,	   &h->reply,
				&h->type,    &h->encoding, &h->disposition};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		kb_buf_init(all[i], META_MAX);
}

static void headers_release(struct headers *h)
{
	struct kb_buf *all[] = {&h->subject, &h->from,	   &h->to,
				&h->date,    &h->id,	   &h->reply,
				&h->type,    &h->encoding, &h->disposition};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		kb_buf_release(all[i]);
}

/* Read them: the body is what is left. */
static struct kb_str read_headers(struct headers *h, struct kb_str part)
{
	const struct {
		const char *name;
		struct kb_buf *to;
		bool words;
	} wanted[] = {
	    {"subject", &h->subject, true},
	    {"from", &h->from, true},
	    {"to", &h->to, true},
	    {"date", &h->date, false},
	    {"message-id", &h->id, false},
	    {"in-reply-to", &h->reply, false},
	    {"content-type", &h->type, false},
	    {"content-transfer-encoding", &h->encoding, false},
	    {"content-disposition", &h->disposition, false},
	};
	struct kb_buf value;
	struct kb_str name;

	kb_buf_init(&value, 0);
	while (kb_mime_header(&part, &name, &value)) {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
			if (!kb_str_is_folded(name, wanted[i].name) ||
			    wanted[i].to->len)
				continue;
			if (wanted[i].words)
				kb_mime_words(kb_buf_str(&value), wanted[i].to);
			else
				kb_mime_text((struct kb_str){"", 0},
					     kb_buf_str(&value), wanted[i].to);
		}
	}
	kb_buf_release(&value);
	return part;
}

/* "Wed, 1 May 2024 10:00:00 +0200" as 2024-05-01T08:00:00Z; false: it is no
 * date (RFC 5322, 3.3). */
static bool read_date(struct kb_str s, char out[32])
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char text[128], month[4], zone[8] = "";
	struct tm tm = {0};
	int at = 0, offset = 0;
	const char *found, *p;
	time_t t;

	snprintf(text, sizeof(text), "%.*s", (int)(s.len < 127 ? s.len : 127),
		 s.ptr);
	p = strchr(text, ',');
	p = p ? p + 1 : text;
	if (sscanf(p, "%2d %3[A-Za-z] %4d %2d:%2d%n:%2d%n", &tm.tm_mday, month,
		   &tm.tm_year, &tm.tm_hour, &tm.tm_min, &at, &tm.tm_sec,
		   &at) < 5 ||
	    !at)
		return false;
	for (char *c = month; *c; c++)
		*c = kb_lower(*c);
	found = strstr(months, month);
	if (!found || strlen(month) != 3 || (found - months) % 3)
		return false;
	tm.tm_mon = (int)(found - months) / 3;
	if (tm.tm_year < 100)
		tm.tm_year += tm.tm_year < 50 ? 2000 : 1900;
	tm.tm_year -= 1900;
	if (tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 23 ||
	    tm.tm_min > 59 || tm.tm_sec > 60 || tm.tm_hour < 0 ||
	    tm.tm_min < 0 || tm.tm_sec < 0)
		return false;
	if (sscanf(p + at, " %5[+0-9-]", zone) == 1 && strlen(zone) == 5) {
		offset = (zone[1] - '0') * 600 + (zone[2] - '0') * 60 +
			 (zone[3] - '0') * 10 + (zone[4] - '0');
		if (*zone == '-')
			offset = -offset;
	}
	t = timegm(&tm) - offset * 60;
	return gmtime_r(&t, &tm) &&
	       strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0;
}

/* ---- text ---- */

/* Does the line say that a quotation follows: "On ... wrote:"? */
static bool is_attribution(struct kb_str line)
{
	size_t n = line.len;

	return n && n < 300 &&
	       (kb_ends(line.ptr, n, "wrote:") ||
		kb_ends(line.ptr, n, "schrieb:") ||
		kb_ends(line.ptr, n, "写道：") ||
		kb_ends(line.ptr, n, "写道:"));
}

/* A line above the whole message that is answered. */
static bool is_original(struct kb_str line)
{
	return kb_starts(line.ptr, line.len, "-----") &&
	       (kb_str_has_folded(line, "original message") ||
		kb_str_has(line, KB_STR("原始邮件")));
}

/* Without what it quotes at its end, unless that is all. */
static struct kb_str own_text(struct kb_str text)
{
	struct kb_str rest = text, line;
	size_t own = 0; /* bytes to the end of the last own line */

	while (kb_str_line(&rest, &line)) {
		struct kb_str t = kb_str_trim(line);

		if (own && is_original(t))
			break;
		if (t.len && *t.ptr != '>' && !is_attribution(t))
			own = (size_t)(line.ptr + line.len - text.ptr);
	}
	return own ? (struct kb_str){text.ptr, own} : text;
}

/* Paragraphs whose lines end with a blank go on in the next (RFC 3676). */
static void add_flowed(struct kb_str text, struct kb_buf *out)
{
	struct kb_str line;

	while (kb_str_line(&text, &line)) {
		bool soft;

		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		soft = line.len && line.ptr[line.len - 1] == ' ' &&
		       !kb_str_is(line, "-- ");
		kb_buf_add_str(out, line);
		if (!soft)
			kb_buf_add_char(out, '\n');
	}
}

static void add_text(struct message *m, struct kb_str text)
{
	text = kb_doc_trim(text);
	if (!text.len)
		return;
	if (m->text.len)
		kb_buf_add_cstr(&m->text, "\n\n");
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\r')
			kb_buf_add_char(&m->text, text.ptr[i]);
}

static void add_html(struct message *m, struct kb_str page)
{
	struct kb_doc scratch = {0};

	if (m->rc == 0 && page.len)
		m->rc = kb_doc_read_html(&scratch, m->arena, page,
					 m->max_text * 2, m->err);
	if (m->rc == KB_EIO)
		m->rc = kb_err_set(m->err, KB_EREMOTE,
				   "mail of HTML needs libxml2, of the package "
				   "libxml2");
	if (m->rc == 0)
		add_text(m, scratch.text);
}

static void read_text(struct message *m, const struct headers *h,
		      struct kb_str body, bool html)
{
	struct kb_buf raw, text, charset, flowed;

	kb_buf_init(&raw, m->max_text * 2);
	kb_buf_init(&text, m->max_text * 2);
	kb_buf_init(&charset, 64);
	kb_buf_init(&flowed, 64);
	kb_mime_body(kb_mime_value(kb_buf_str(&h->encoding)), body, &raw);
	kb_mime_parameter(kb_buf_str(&h->type), "charset", &charset);
	kb_mime_text(kb_buf_str(&charset), kb_buf_str(&raw), &text);
	kb_mime_parameter(kb_buf_str(&h->type), "format", &flowed);
	if (html) {
		add_html(m, kb_buf_str(&text));
	} else if (kb_str_is_folded(kb_buf_str(&flowed), "flowed")) {
		kb_buf_reset(&raw);
		add_flowed(kb_buf_str(&text), &raw);
		add_text(m, own_text(kb_buf_str(&raw)));
	} else {
		add_text(m, own_text(kb_buf_str(&text)));
	}
	kb_buf_release(&raw);
	kb_buf_release(&text);
	kb_buf_release(&charset);
	kb_buf_release(&flowed);
}

/* ---- parts ---- */

static void read_part(struct message *m, struct kb_str part, unsigned depth,
		      struct headers *top);

/* A file that is attached: its name, if it has one. */
static void note_attachment(struct message *m, const struct headers *h)
{
	struct kb_buf name;

	kb_buf_init(&name, 1024);
	if (!kb_mime_parameter(kb_buf_str(&h->disposition), "filename", &name))
		kb_mime_parameter(kb_buf_str(&h->type), "name", &name);
	if (name.len && !name.over && m->n_attachments++ < ATTACHMENTS_MAX) {
		if (m->attachments.len)
			kb_buf_add_char(&m->attachments, ',');
		kb_json_quote(&m->attachments, kb_buf_str(&name));
	}
	kb_buf_release(&name);
}

/* Of alternatives the plain text, unless it says nothing; else all. */
static void read_parts(struct message *m, struct kb_str body,
		       struct kb_str boundary, bool alternative, unsigned depth)
{
	struct kb_str part, html = {"", 0};
	size_t before = m->text.len;

	while (kb_mime_part(&body, boundary, &part) &&
	       m->n_parts < KB_MAIL_PARTS) {
		struct headers h;
		bool is_html;

		headers_init(&h);
		read_headers(&h, part);
		is_html = kb_starts_folded(h.type.ptr, h.type.len, "text/html");
		headers_release(&h);
		if (alternative && is_html)
			html = part;
		else if (!alternative || m->text.len == before)
			read_part(m, part, depth + 1, NULL);
	}
	if (html.len && m->text.len == before)
		read_part(m, html, depth + 1, NULL);
}

static void read_body(struct message *m, const struct headers *h,
		      struct kb_str body, unsigned depth)
{
	struct kb_str type = kb_mime_value(kb_buf_str(&h->type));
	bool multipart = kb_starts_folded(type.ptr, type.len, "multipart/");
	struct kb_buf boundary;

	if (kb_starts_folded(h->disposition.ptr, h->disposition.len,
			     "attachment")) {
		note_attachment(m, h);
	} else if (multipart && depth < KB_MAIL_DEPTH) {
		kb_buf_init(&boundary, 256);
		kb_mime_parameter(kb_buf_str(&h->type), "boundary", &boundary);
		read_parts(m, body, kb_buf_str(&boundary),
			   kb_str_is_folded(type, "multipart/alternative"),
			   depth);
		kb_buf_release(&boundary);
	} else if (kb_str_is_folded(type, "message/rfc822") &&
		   depth < KB_MAIL_DEPTH) {
		struct headers inner;

		headers_init(&inner);
		read_part(m, body, depth + 1, &inner);
		headers_release(&inner);
	} else if (kb_str_is_folded(type, "text/html")) {
		read_text(m, h, body, true);
	} else if (!type.len || kb_starts_folded(type.ptr, type.len, "text/")) {
		read_text(m, h, body, false);
	} else {
		note_attachment(m, h);
	}
}

/* 'top': headers of a message, which are wanted: its subject stands above the
 * text of one within another. */
static void read_part(struct message *m, struct kb_str part, unsigned depth,
		      struct headers *top)
{
	struct headers own, *h = top ? top : &own;
	struct kb_str body;

	if (m->n_parts++ >= KB_MAIL_PARTS || m->rc < 0)
		return;
	if (!top)
		headers_init(&own);
	body = read_headers(h, part);
	if (top && depth && h->subject.len)
		add_text(m, kb_buf_str(&h->subject));
	read_body(m, h, body, depth);
	if (!top)
		headers_release(&own);
}

/* ---- the document ---- */

static void put_member(struct kb_jw *w, const char *name, struct kb_str value)
{
	value = kb_doc_trim(value);
	if (!value.len)
		return;
	kb_jw_key(w, name);
	kb_jw_str(w, value);
}

/* "<a@b>" is a@b. */
static struct kb_str message_id(const struct kb_buf *value)
{
	struct kb_str s = kb_doc_trim(kb_buf_str(value));
	const char *end;

	if (!kb_starts(s.ptr, s.len, "<"))
		return s;
	s = kb_str_skip(s, 1);
	end = s.len ? memchr(s.ptr, '>', s.len) : NULL;
	s.len = end ? (size_t)(end - s.ptr) : s.len;
	return s;
}

static void describe(const struct message *m, const struct headers *h,
		     bool truncated, struct kb_doc *doc)
{
	struct kb_buf out;
	struct kb_jw w;
	char date[32];

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	put_member(&w, "from", kb_buf_str(&h->from));
	put_member(&w, "to", kb_buf_str(&h->to));
	if (read_date(kb_buf_str(&h->date), date))
		put_member(&w, "date", kb_str_of(date));
	put_member(&w, "message_id", message_id(&h->id));
	put_member(&w, "reply_to", message_id(&h->reply));
	if (m->attachments.len) {
		kb_jw_key(&w, "attachments");
		kb_jw_arr(&w);
		kb_jw_raw(&w, kb_buf_str(&m->attachments));
		kb_jw_end(&w);
	}
	if (truncated) {
		kb_jw_key(&w, "truncated");
		kb_jw_bool(&w, true);
	}
	kb_jw_end(&w);
	if (out.len > 2)
		doc->meta = kb_arena_copy(m->arena, kb_buf_str(&out));
	kb_buf_release(&out);
}

int kb_mail_read(struct kb_str message, bool truncated, struct kb_arena *arena,
		 struct kb_doc *doc, size_t max_text, struct kb_err *err)
{
	struct message m = {.arena = arena, .max_text = max_text, .err = err};
	struct headers h;
	int rc;

	kb_buf_init(&m.text, max_text);
	kb_buf_init(&m.attachments, 0);
	headers_init(&h);
	read_part(&m, message, 0, &h);
	rc = m.rc;
	if (rc == 0 && m.text.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"has a message larger than the limit of %zu "
				"bytes",
				max_text);
	if (rc == 0 && (m.text.len || h.subject.len)) {
		rc = 1;
		doc->title =
		    kb_arena_copy(arena, kb_doc_trim(kb_buf_str(&h.subject)));
		/* a message of a subject alone says that */
		doc->text = m.text.len
				? kb_arena_copy(arena, kb_buf_str(&m.text))
				: doc->title;
		describe(&m, &h, truncated, doc);
		kb_doc_find_blocks(doc, arena, 0, false);
	}
	headers_release(&h);
	kb_buf_release(&m.text);
	kb_buf_release(&m.attachments);
	return rc;
}
