/* One document of an index, or one passage of it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "index/ingest/index_look.h"
#include "index/segment_file.h"
#include "json/write.h"

struct shown {
	const struct kb_segment *seg;
	uint32_t doc, first, n; /* its chunks */
	bool passage;		/* only 'number' of them */
	uint32_t number;
};

/* The document that is alive. */
static bool find(const struct kb_index *index, struct kb_str id,
		 struct shown *out)
{
	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_segment *seg = index->segments[i];
		uint32_t from = 0, doc;

		while ((doc = kb_segment_find_id(seg, id, &from)) !=
		       UINT32_MAX) {
			*out = (struct shown){.seg = seg, .doc = doc};
			if (kb_segment_doc_chunks(seg, doc, &out->first,
						  &out->n) &&
			    kb_segment_alive(seg, out->first))
				return true;
		}
	}
	return false;
}

/* "id#3", where there is no document of just this id. */
static bool find_passage(const struct kb_index *index, const char *id,
			 struct shown *out)
{
	const char *mark = strrchr(id, '#');
	char *end;
	unsigned long n;

	if (!mark || mark[1] < '0' || mark[1] > '9')
		return false;
	n = strtoul(mark + 1, &end, 10);
	if (*end || !find(index, (struct kb_str){id, (size_t)(mark - id)}, out))
		return false;
	out->passage = true;
	out->number = n < out->n ? (uint32_t)n : UINT32_MAX;
	return true;
}

static struct kb_str heading(const struct kb_chunk_entry *e,
			     const struct kb_stored_doc *doc)
{
	if (e->heading > doc->headings.len ||
	    e->heading_len > doc->headings.len - e->heading)
		return (struct kb_str){"", 0};
	return (struct kb_str){doc->headings.ptr + e->heading, e->heading_len};
}

static struct kb_str text_of(const struct kb_chunk_entry *e,
			     const struct kb_stored_doc *doc)
{
	if (e->start > e->end || e->end > doc->text.len)
		return (struct kb_str){"", 0};
	return (struct kb_str){doc->text.ptr + e->start, e->end - e->start};
}

static void put_place(struct kb_jw *w, const struct kb_chunk_entry *e,
		      const struct kb_stored_doc *doc, uint32_t number)
{
	struct kb_str path = heading(e, doc);

	kb_jw_count(w, "chunk", number);
	if (path.len) {
		kb_jw_key(w, "heading");
		kb_jw_str(w, path);
	}
	if (e->line)
		kb_jw_count(w, "line", e->line);
	kb_jw_count(w, "start", e->start);
	kb_jw_count(w, "end", e->end);
}

static void put_json(const struct shown *s, const struct kb_stored_doc *doc,
		     struct kb_buf *out)
{
	const struct kb_chunk_entry *chunks = &s->seg->chunks[s->first];
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "id");
	kb_jw_str(&w, doc->id);
	kb_jw_key(&w, "title");
	kb_jw_str(&w, doc->title);
	if (doc->source.len) {
		kb_jw_key(&w, "source");
		kb_jw_str(&w, doc->source);
	}
	if (doc->meta.len > 2) {
		kb_jw_key(&w, "meta");
		kb_jw_raw(&w, doc->meta);
	}
	if (s->passage) {
		put_place(&w, &chunks[s->number], doc, s->number);
	} else {
		kb_jw_key(&w, "passages");
		kb_jw_arr(&w);
		for (uint32_t i = 0; i < s->n; i++) {
			kb_jw_obj(&w);
			put_place(&w, &chunks[i], doc, i);
			kb_jw_end(&w);
		}
		kb_jw_end(&w);
	}
	kb_jw_key(&w, "text");
	kb_jw_str(&w,
		  s->passage ? text_of(&chunks[s->number], doc) : doc->text);
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

/* Lines stay lines. */
static void put_lines(struct kb_str text, struct kb_buf *out)
{
	struct kb_str line;

	while (kb_str_line(&text, &line)) {
		kb_visible_add(out, line, KB_UTF8_MARK);
		kb_buf_add_char(out, '\n');
	}
}

static void put_text(const struct shown *s, const struct kb_stored_doc *doc,
		     struct kb_buf *out)
{
	const struct kb_chunk_entry *chunks = &s->seg->chunks[s->first];
	uint32_t from = s->passage ? s->number : 0;
	uint32_t end = s->passage ? s->number + 1 : s->n;

	put_lines(doc->title.len ? doc->title : doc->id, out);
	if (doc->source.len)
		put_lines(doc->source, out);
	for (uint32_t i = from; i < end; i++) {
		struct kb_str path = heading(&chunks[i], doc);

		kb_buf_add_cstr(out, "\n#");
		kb_buf_printf(out, "%u", i);
		if (chunks[i].line)
			kb_buf_printf(out, "  line %u", chunks[i].line);
		if (path.len) {
			kb_buf_add_cstr(out, "  ");
			kb_visible_add(out, path, KB_UTF8_MARK);
		}
		kb_buf_add_char(out, '\n');
		put_lines(text_of(&chunks[i], doc), out);
	}
}

static int write_doc(const struct shown *s, int form,
		     const struct kb_dump_sink *sink, struct kb_err *err)
{
	struct kb_stored_reader reader;
	struct kb_stored_doc doc;
	struct kb_buf out;
	int rc;

	kb_buf_init(&out, 0);
	kb_stored_reader_init(&reader, s->seg);
	rc = kb_stored_read(&reader, s->doc, &doc, err);
	if (rc == 0) {
		if (form == KB_LOOK_JSON)
			put_json(s, &doc, &out);
		else
			put_text(s, &doc, &out);
		rc = sink->write(sink->arg, kb_buf_str(&out), err);
	}
	kb_stored_reader_release(&reader);
	kb_buf_release(&out);
	return rc;
}

int kb_index_show(const struct kb_index *index, const char *id, int form,
		  const struct kb_dump_sink *sink, struct kb_err *err)
{
	char quote[KB_QUOTE_MAX];
	struct shown s;

	if (form == KB_LOOK_TSV)
		return kb_err_set(err, KB_EINVAL,
				  "--show writes json or text, not tsv");
	kb_err_quote(quote, id, strlen(id));
	if (!find(index, kb_str_of(id), &s) && !find_passage(index, id, &s))
		return kb_err_set(err, KB_ENOENT,
				  "'%s' holds no document '%s'; kb-index "
				  "--list shows their ids",
				  index->path, quote);
	if (s.passage && s.number == UINT32_MAX)
		return kb_err_set(err, KB_ENOENT,
				  "there is no passage '%s': the document has "
				  "%u, from #0 on",
				  quote, s.n);
	return write_doc(&s, form, sink, err);
}
