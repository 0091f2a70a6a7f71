#include "doc/doc.h"

#include <assert.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/utf8.h"
#include "doc/blocks.h"
#include "doc/doc_input.h"
#include "doc/encode.h"
#include "doc/html.h"
#include "doc/log.h"
#include "doc/roff/roff.h"

struct kb_doc_reader {
	struct kb_doc_input in;
	char *name;
	enum kb_doc_type type;
	enum kb_encoding encoding;
	size_t max_text;
	bool (*skip)(void *arg, struct kb_str value, uint64_t place);
	void *skip_arg;
	uint32_t line;	 /* number of the last line read */
	uint32_t number; /* of the last JSON value */
	bool lines;	 /* it is a log, also when it is JSON */
	bool values;	 /* JSON, not one value a line */
	struct kb_value_split split;
	struct kb_buf pending; /* log: a line read ahead, and its number */
	uint32_t pending_line;
	bool has_pending;
	bool done;
	struct kb_doc_feed feed; /* KB_DOC_FED */
};

/* ---- what a file is ---- */

/* The first line is one JSON object: JSON lines. A longer line than the
 * sample is believed on its first byte. */
static bool looks_like_jsonl(struct kb_str s)
{
	const char *nl = memchr(s.ptr, '\n', s.len);
	struct kb_json val;

	if (s.ptr[0] != '{')
		return false;
	if (!nl)
		return s.len >= KB_ENC_SAMPLE ||
		       kb_json_check(s.ptr, s.len, &val, NULL) == KB_OK;
	return kb_json_check(s.ptr, (size_t)(nl - s.ptr), &val, NULL) == KB_OK;
}

/*
 * An array of documents, or documents over several lines: the first has a
 * text. Other JSON is a file about something. A longer value than the sample
 * is believed on its first bytes.
 */
static bool looks_like_values(struct kb_str s)
{
	enum kb_input_shape shape = kb_input_shape(s, true);
	struct kb_value_split split = {.array = shape == KB_SHAPE_ARRAY};
	size_t start = 0, at = 0;
	struct kb_json val;
	const char *why;
	char *copy;
	bool yes;

	if (shape != KB_SHAPE_ARRAY && shape != KB_SHAPE_VALUES)
		return false;
	copy = kb_strndup(s.ptr, s.len);
	yes = kb_value_split(&split, copy, s.len, &start, &at, &why) ==
		      KB_SPLIT_VALUE
		  ? kb_json_check(copy + start, at - start, &val, NULL) == 0 &&
			kb_json_get(val, "text").type == KB_JSON_STRING
		  : !why && s.len >= KB_ENC_SAMPLE;
	free(copy);
	return yes;
}

static enum kb_doc_type type_of_content(struct kb_str s)
{
	size_t i;

	s = kb_doc_trim(s);
	if (!s.len)
		return KB_DOC_TEXT;
	if (looks_like_jsonl(s) || looks_like_values(s))
		return KB_DOC_JSONL;
	if (kb_roff_is_page(s))
		return KB_DOC_ROFF;
	if (s.len > 1024)
		s.len = 1024;
	for (i = 0; i + 9 < s.len; i++) {
		if (s.ptr[i] == '<' &&
		    (kb_starts_folded(s.ptr + i, s.len - i, "<!doctype") ||
		     kb_starts_folded(s.ptr + i, s.len - i, "<html")))
			return KB_DOC_HTML;
	}
	return KB_DOC_TEXT;
}

/* ---- opening ---- */

/* Put UTF-8 into the window in place of what the file held. charset names
 * what r->encoding has no member for, or is empty. */
static int convert_input(struct kb_doc_reader *r, const char *charset,
			 struct kb_err *err)
{
	struct kb_buf out;
	int rc;

	rc = kb_doc_input_fill(&r->in, r->max_text + 1, err);
	if (rc < 0)
		return rc;
	if (!r->in.eof)
		return kb_err_set(err, KB_ELIMIT,
				  "'%s': not UTF-8 and larger than the limit "
				  "of %zu bytes for conversion",
				  r->name, r->max_text);
	kb_buf_init(&out, r->max_text * 2);
	rc = *charset
		 ? kb_encoding_convert_named(charset, kb_doc_input_view(&r->in),
					     &out, err)
		 : kb_encoding_convert(r->encoding, kb_doc_input_view(&r->in),
				       &out, err);
	if (rc < 0) {
		kb_buf_release(&out);
		return kb_err_place(err, "'%s'", r->name);
	}
	kb_buf_release(&r->in.win);
	r->in.win = out;
	r->in.pos = 0;
	return KB_OK;
}

/* Sound UTF-8, as far as the sample goes, with more than ASCII in it. */
static bool is_seen_utf8(struct kb_str sample)
{
	size_t i = 0;

	while (i < sample.len && (unsigned char)sample.ptr[i] < 0x80)
		i++;
	return i < sample.len && (sample.len == KB_ENC_SAMPLE ||
				  kb_utf8_valid(sample.ptr, sample.len));
}

/* Does a page say what it is written in? UTF-8 and UTF-16 are seen: what is
 * sound UTF-8 is not what else it says. */
static bool is_declared(struct kb_doc_reader *r,
			char charset[KB_HTML_CHARSET_MAX])
{
	struct kb_str sample = kb_doc_input_view(&r->in);
	enum kb_doc_type type = r->type;

	if (sample.len > KB_ENC_SAMPLE)
		sample.len = KB_ENC_SAMPLE;
	if (type == KB_DOC_AUTO)
		type = type_of_content(sample);
	if (type != KB_DOC_HTML || r->encoding == KB_ENC_UTF16LE ||
	    r->encoding == KB_ENC_UTF16BE ||
	    (r->encoding == KB_ENC_UTF8 && is_seen_utf8(sample)))
		return false;
	return kb_html_charset(sample, charset);
}

static int decode(struct kb_doc_reader *r, struct kb_err *err)
{
	char charset[KB_HTML_CHARSET_MAX] = "";
	const char *why;
	size_t bom;
	int rc;

	r->encoding = kb_encoding_guess(kb_doc_input_view(&r->in), &bom, &why);
	if (r->encoding == KB_ENC_BINARY)
		return kb_err_set(err, KB_EFORMAT, "'%s' is %s", r->name, why);
	r->in.pos += bom;
	if (!bom && is_declared(r, charset)) {
		rc = convert_input(r, charset, err);
		/* a name that nobody knows declares nothing */
		if (rc != KB_EINVAL)
			return rc;
	}
	if (r->encoding == KB_ENC_UNKNOWN)
		return kb_err_set(err, KB_EFORMAT, "'%s' is %s", r->name, why);
	return r->encoding == KB_ENC_UTF8 ? KB_OK : convert_input(r, "", err);
}

/* JSON need not stand one value a line. */
static void find_values(struct kb_doc_reader *r)
{
	enum kb_input_shape shape =
	    kb_input_shape(kb_doc_input_view(&r->in), false);

	r->split.array = shape == KB_SHAPE_ARRAY;
	r->values = shape == KB_SHAPE_ARRAY || shape == KB_SHAPE_VALUES;
}

/* The reader of another format says what is wrong with a file. */
static int fed(const struct kb_doc_reader *r, int rc, struct kb_err *err)
{
	struct kb_err why;

	if (rc >= 0 || rc == KB_EREMOTE || !err)
		return rc;
	why = *err;
	return kb_err_set(err, rc, "'%s' %s", r->name, why.msg);
}

/* Does another reader take it? 1, or 0. */
static int offer(struct kb_doc_reader *r, const char *path,
		 const struct kb_doc_opts *opts, struct kb_err *err)
{
	const struct kb_doc_file file = {.fd = r->in.fd,
					 .path = path,
					 .name = r->name,
					 .sample = kb_doc_input_view(&r->in),
					 .max_text = r->max_text};
	int rc;

	if (!opts || !opts->take || opts->type != KB_DOC_AUTO)
		return 0;
	rc = opts->take(opts->take_arg, &file, &r->feed, err);
	if (rc > 0)
		r->type = KB_DOC_FED;
	return fed(r, rc, err);
}

static int look(struct kb_doc_reader *r, const char *path,
		const struct kb_doc_opts *opts, struct kb_err *err)
{
	int rc;

	rc = kb_doc_input_fill(&r->in, KB_ENC_SAMPLE, err);
	if (rc == 0)
		rc = offer(r, path, opts, err);
	if (rc != 0)
		return rc;
	r->type = opts ? opts->type : KB_DOC_AUTO;
	r->lines = opts && opts->lines;
	if (r->type == KB_DOC_AUTO)
		r->type = kb_doc_type_of_name(r->name);
	rc = decode(r, err);
	if (rc < 0)
		return rc;
	if (r->type == KB_DOC_AUTO)
		r->type = type_of_content(kb_doc_input_view(&r->in));
	if ((r->type == KB_DOC_TEXT || r->type == KB_DOC_CSV) && r->lines)
		r->type = KB_DOC_LOG;
	if (r->type == KB_DOC_JSONL)
		find_values(r);
	return KB_OK;
}

int kb_doc_open(struct kb_doc_reader **out, int fd, const char *path,
		const char *name, const struct kb_doc_opts *opts,
		struct kb_err *err)
{
	struct kb_doc_reader *r = kb_calloc(1, sizeof(*r));
	int rc;

	assert(path || fd >= 0);
	*out = NULL;
	r->name = kb_strdup(name ? name : path ? path : "-");
	r->max_text =
	    opts && opts->max_text_size ? opts->max_text_size : KB_DOC_TEXT_MAX;
	if (opts) {
		r->skip = opts->skip;
		r->skip_arg = opts->skip_arg;
	}
	kb_buf_init(&r->pending, 0);
	rc = kb_doc_input_open(&r->in, fd, path, r->name, err);
	if (rc < 0) {
		free(r->name);
		free(r);
		return rc;
	}
	rc = look(r, path, opts, err);
	if (rc < 0) {
		kb_doc_close(r);
		return rc;
	}
	*out = r;
	return KB_OK;
}

void kb_doc_close(struct kb_doc_reader *r)
{
	if (!r)
		return;
	if (r->feed.close)
		r->feed.close(r->feed.state);
	kb_doc_input_close(&r->in);
	kb_buf_release(&r->pending);
	free(r->name);
	free(r);
}

enum kb_doc_type kb_doc_reader_type(const struct kb_doc_reader *r)
{
	return r->type;
}

/* ---- JSON lines ---- */

/* The next line, or value, and its number in r->line. */
static int next_value(struct kb_doc_reader *r, struct kb_str *value,
		      struct kb_err *err)
{
	int rc;

	if (!r->values) {
		rc = kb_doc_input_line(&r->in, KB_DOC_LINE_MAX, value, err);
		r->line += rc != 0;
		r->number = r->line;
		return rc;
	}
	rc = kb_doc_input_value(&r->in, &r->split, KB_DOC_LINE_MAX, value, err);
	r->number += rc != 0;
	r->line =
	    (uint32_t)(rc == KB_EFORMAT ? r->split.lines + 1 : r->split.line);
	return rc;
}

/* Is it passed over? */
static bool is_skipped(const struct kb_doc_reader *r, struct kb_str value)
{
	uint64_t place = r->line;

	if (r->values)
		place |= (uint64_t)r->number << 32;
	return !kb_doc_trim(value).len ||
	       (r->skip && r->skip(r->skip_arg, value, place));
}

static int next_json(struct kb_doc_reader *r, struct kb_arena *arena,
		     struct kb_doc *doc, struct kb_err *err)
{
	struct kb_doc_place place = {.name = r->name, .log = r->lines};
	struct kb_str value;
	int rc;

	do {
		rc = next_value(r, &value, err);
		if (rc == 0)
			return 0;
	} while (rc > 0 && is_skipped(r, value));
	place.line = r->line;
	place.number = r->number;
	if (rc > 0)
		rc = kb_doc_from_json(doc, arena, value, &place, err);
	if (rc >= 0)
		return 1;
	r->done = rc != KB_EINVAL && rc != KB_ELIMIT;
	return r->done && rc != KB_EFORMAT
		   ? rc
		   : kb_err_place(err, "%s:%u", r->name, r->line);
}

/* ---- whole files ---- */

/* A copy with CRLF and lone CR as newlines and broken UTF-8 repaired. */
static int clean_copy(struct kb_str all, size_t max, struct kb_arena *arena,
		      struct kb_str *out, struct kb_err *err)
{
	struct kb_buf fixed;
	char *copy;
	size_t i, n = 0;
	int rc = KB_OK;

	kb_buf_init(&fixed, max);
	if (!kb_utf8_valid(all.ptr, all.len)) {
		rc = kb_encoding_convert(KB_ENC_UTF8, all, &fixed, err);
		all = kb_buf_str(&fixed);
	}
	if (rc == KB_OK) {
		copy = kb_arena_alloc(arena, all.len + 1);
		for (i = 0; i < all.len; i++) {
			if (all.ptr[i] != '\r')
				copy[n++] = all.ptr[i];
			else if (i + 1 == all.len || all.ptr[i + 1] != '\n')
				copy[n++] = '\n';
		}
		copy[n] = '\0';
		*out = (struct kb_str){copy, n};
	}
	kb_buf_release(&fixed);
	return rc;
}

/* All of the text but the white space around it is one block. */
static void one_block(struct kb_doc *doc, struct kb_arena *arena,
		      enum kb_block_type type)
{
	struct kb_str text = kb_doc_trim(doc->text);
	size_t start = (size_t)(text.ptr - doc->text.ptr), cap = 0;
	struct kb_block *b;

	if (!text.len)
		return;
	b = kb_doc_add_block(doc, &cap, arena, type);
	b->start = (uint32_t)start;
	b->end = (uint32_t)(start + text.len);
	b->line = doc->line;
	for (size_t i = 0; i < start; i++)
		b->line += doc->text.ptr[i] == '\n';
}

static int next_file(struct kb_doc_reader *r, struct kb_arena *arena,
		     struct kb_doc *doc, struct kb_err *err)
{
	struct kb_str all;
	int rc;

	r->done = true;
	rc = kb_doc_input_fill(&r->in, r->max_text + 1, err);
	if (rc < 0)
		return rc;
	all = kb_doc_input_view(&r->in);
	if (all.len > r->max_text)
		return kb_err_set(err, KB_ELIMIT,
				  "'%s' is larger than the limit of %zu bytes "
				  "for one document; --lines reads a log of "
				  "any size",
				  r->name, r->max_text);
	rc = clean_copy(all, r->max_text * 2, arena, &all, err);
	if (rc < 0)
		return kb_err_place(err, "'%s'", r->name);
	doc->id = doc->source;
	doc->line = 1;
	if (r->type == KB_DOC_HTML) {
		rc = kb_doc_read_html(doc, arena, all, r->max_text * 2, err);
	} else if (r->type == KB_DOC_ROFF) {
		rc = kb_doc_read_roff(doc, arena, all, r->max_text * 2, err);
	} else if (r->type == KB_DOC_MARKDOWN) {
		rc = kb_doc_read_markdown(doc, arena, all, err);
	} else {
		doc->text = all;
		doc->text_lines = true;
		if (r->type == KB_DOC_CSV)
			one_block(doc, arena, KB_BLOCK_TABLE);
		else
			kb_doc_find_blocks(doc, arena, 1, false);
	}
	if (rc == KB_EREMOTE)
		return rc; /* a library that all such files need */
	if (rc < 0)
		return kb_err_place(err, "'%s'", r->name);
	if (!doc->id.len)
		doc->id = doc->source;
	if (!doc->title.len)
		doc->title =
		    kb_arena_copy(arena, kb_doc_stem(kb_str_of(r->name)));
	return 1;
}

/* ---- logs ---- */

/* The next line that is not blank, into pending: 1, or 0 at the end. Blank
 * lines before it are counted in *blanks. */
static int read_ahead(struct kb_doc_reader *r, unsigned *blanks,
		      struct kb_err *err)
{
	struct kb_str line;
	int rc;

	*blanks = 0;
	for (;;) {
		rc = kb_doc_input_line(&r->in, KB_DOC_LINE_MAX, &line, err);
		if (rc <= 0)
			return rc;
		r->line++;
		if (kb_doc_trim(line).len)
			break;
		++*blanks;
	}
	kb_buf_reset(&r->pending);
	kb_buf_add_str(&r->pending, line);
	r->pending_line = r->line;
	r->has_pending = true;
	return 1;
}

static int gather_group(struct kb_doc_reader *r, struct kb_buf *group,
			struct kb_log_entry *entry, uint32_t *first,
			struct kb_err *err)
{
	unsigned blanks = 0;
	int rc = 1;

	if (!r->has_pending)
		rc = read_ahead(r, &blanks, err);
	if (rc <= 0)
		return rc;
	*first = r->pending_line;
	blanks = 0;
	kb_log_begin(entry, kb_buf_str(&r->pending));
	do {
		if (group->len)
			kb_buf_add_char(group, '\n');
		while (blanks) {
			kb_buf_add_char(group, '\n');
			blanks--;
		}
		kb_buf_add_str(group, kb_buf_str(&r->pending));
		r->has_pending = false;
		rc = read_ahead(r, &blanks, err);
		if (rc < 0)
			return rc;
	} while (rc > 0 &&
		 group->len + r->pending.len + blanks < KB_DOC_GROUP_MAX &&
		 kb_log_joins(entry, kb_buf_str(&r->pending), blanks));
	return 1;
}

static int next_log(struct kb_doc_reader *r, struct kb_arena *arena,
		    struct kb_doc *doc, struct kb_err *err)
{
	struct kb_log_entry entry;
	struct kb_buf group;
	int rc;

	kb_buf_init(&group, 0);
	rc = gather_group(r, &group, &entry, &doc->line, err);
	if (rc == 1) {
		rc = clean_copy(kb_buf_str(&group), 0, arena, &doc->text, err);
		rc = rc < 0 ? rc : 1;
	}
	kb_buf_release(&group);
	if (rc < 0) {
		r->done = true;
		return kb_err_place(err, "%s:%u", r->name, r->line);
	}
	if (rc == 0)
		return 0;
	doc->text_lines = true;
	doc->id =
	    kb_str_of(kb_arena_printf(arena, "%s:%u", r->name, doc->line));
	if (*entry.time)
		doc->meta = kb_str_of(
		    kb_arena_printf(arena, "{\"time\":\"%s\"}", entry.time));
	/* nothing in a log line is a heading or a list */
	one_block(doc, arena, KB_BLOCK_PARAGRAPH);
	return 1;
}

/* ---- other formats ---- */

static int next_fed(struct kb_doc_reader *r, struct kb_arena *arena,
		    struct kb_doc *doc, struct kb_err *err)
{
	int rc = r->feed.next(r->feed.state, arena, doc, err);

	if (rc <= 0) {
		r->done = true;
		return fed(r, rc, err);
	}
	if (!doc->id.len)
		doc->id = doc->source;
	if (!doc->title.len)
		doc->title =
		    kb_arena_copy(arena, kb_doc_stem(kb_str_of(r->name)));
	return 1;
}

int kb_doc_next(struct kb_doc_reader *r, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err)
{
	if (r->done)
		return 0;
	if (r->type == KB_DOC_JSONL)
		return next_json(r, arena, doc, err);
	*doc = (struct kb_doc){
	    .source = kb_arena_copy(arena, kb_str_of(r->name)),
	    .valid_from = KB_DOC_ALWAYS_FROM,
	    .valid_until = KB_DOC_ALWAYS_UNTIL,
	};
	if (r->type == KB_DOC_LOG)
		return next_log(r, arena, doc, err);
	return r->type == KB_DOC_FED ? next_fed(r, arena, doc, err)
				     : next_file(r, arena, doc, err);
}
