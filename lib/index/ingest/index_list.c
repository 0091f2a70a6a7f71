/* The documents of an index, a line each. */
#include <stdio.h>
#include <time.h>

#include "base/hash.h"
#include "base/visible.h"
#include "index/ingest/index_look.h"
#include "index/segment_file.h"
#include "json/write.h"

#define LINES_SIZE ((size_t)1 << 16)

struct listing {
	int form;
	struct kb_container_view view;
	struct kb_sources sources;
	struct kb_map places; /* hash of a path -> in sources */
	struct kb_buf out;
	const struct kb_dump_sink *sink;
};

/* What a line says of a document. */
struct entry {
	const struct kb_stored_doc *doc;
	uint32_t passages;
	int64_t mtime_ns; /* 0: not known */
};

static int flush(struct listing *l, size_t keep, struct kb_err *err)
{
	int rc;

	if (l->out.len <= keep)
		return 0;
	rc = l->sink->write(l->sink->arg, kb_buf_str(&l->out), err);
	kb_buf_reset(&l->out);
	return rc;
}

static void format_time(int64_t ns, bool brief, char text[32])
{
	time_t s = (time_t)(ns / 1000000000);
	struct tm tm;
	size_t n = 0;

	if (ns && gmtime_r(&s, &tm))
		n = brief ? strftime(text, 32, "%Y-%m-%d %H:%M", &tm)
			  : strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	text[n] = '\0';
}

/* 999, 1.2K, 34M: rounded down. */
static void format_size(uint64_t bytes, char *text, size_t size)
{
	const char *unit = "KMGT";
	uint64_t tenths = bytes * 10 / 1024;

	if (bytes < 1000) {
		snprintf(text, size, "%llu", (unsigned long long)bytes);
		return;
	}
	while (tenths >= 10000 && unit[1]) {
		tenths /= 1024;
		unit++;
	}
	if (tenths < 100)
		snprintf(text, size, "%llu.%llu%c",
			 (unsigned long long)tenths / 10,
			 (unsigned long long)tenths % 10, *unit);
	else
		snprintf(text, size, "%llu%c", (unsigned long long)tenths / 10,
			 *unit);
}

/* A field of a table: nothing in it ends the field or the line. */
static void put_field(struct kb_buf *out, struct kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		kb_buf_add_char(
		    out, strchr("\t\n\r", text.ptr[i]) ? ' ' : text.ptr[i]);
}

static void put_json(struct listing *l, const struct entry *e)
{
	char date[32];
	struct kb_jw w;

	kb_jw_init(&w, &l->out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "id");
	kb_jw_str(&w, e->doc->id);
	kb_jw_key(&w, "title");
	kb_jw_str(&w, e->doc->title);
	if (e->doc->source.len) {
		kb_jw_key(&w, "source");
		kb_jw_str(&w, e->doc->source);
	}
	kb_jw_count(&w, "bytes", e->doc->text.len);
	kb_jw_count(&w, "passages", e->passages);
	format_time(e->mtime_ns, false, date);
	if (*date) {
		kb_jw_key(&w, "modified");
		kb_jw_cstr(&w, date);
	}
	kb_jw_end(&w);
	kb_buf_add_char(&l->out, '\n');
}

static void put_tsv(struct listing *l, const struct entry *e)
{
	char date[32];

	format_time(e->mtime_ns, false, date);
	put_field(&l->out, e->doc->id);
	kb_buf_printf(&l->out, "\t%zu\t%u\t%s\t", e->doc->text.len, e->passages,
		      date);
	put_field(&l->out, e->doc->source);
	kb_buf_add_char(&l->out, '\t');
	put_field(&l->out, e->doc->title);
	kb_buf_add_char(&l->out, '\n');
}

static void put_text(struct listing *l, const struct entry *e)
{
	char date[32], size[32];

	format_time(e->mtime_ns, true, date);
	format_size(e->doc->text.len, size, sizeof(size));
	kb_buf_printf(&l->out, "%-16s %6s %8u  ", date, size, e->passages);
	kb_visible_add(&l->out, e->doc->id, KB_UTF8_MARK);
	if (e->doc->title.len && !kb_str_eq(e->doc->title, e->doc->id)) {
		kb_buf_add_cstr(&l->out, "  ");
		kb_visible_add(&l->out, e->doc->title, KB_UTF8_MARK);
	}
	kb_buf_add_char(&l->out, '\n');
}

static void put_entry(struct listing *l, const struct entry *e)
{
	if (l->form == KB_LOOK_JSON)
		put_json(l, e);
	else if (l->form == KB_LOOK_TSV)
		put_tsv(l, e);
	else
		put_text(l, e);
}

static int list_segment(struct listing *l, const struct kb_segment *seg,
			struct kb_err *err)
{
	struct kb_stored_reader reader;
	int rc = 0;

	kb_stored_reader_init(&reader, seg);
	for (uint32_t d = 0; d < seg->n_docs && rc == 0; d++) {
		struct kb_stored_doc doc;
		struct entry e = {.doc = &doc};
		const uint64_t *place;
		uint32_t first;

		if (!kb_segment_doc_chunks(seg, d, &first, &e.passages) ||
		    !kb_segment_alive(seg, first))
			continue;
		rc = kb_stored_read(&reader, d, &doc, err);
		if (rc < 0)
			break;
		place = kb_map_get(&l->places,
				   kb_xxh64(doc.source.ptr, doc.source.len, 0));
		if (place && doc.source.len)
			e.mtime_ns = l->sources.entries[*place].mtime_ns;
		put_entry(l, &e);
		rc = flush(l, LINES_SIZE, err);
	}
	kb_stored_reader_release(&reader);
	return rc;
}

/* ---- what was refused ---- */

static void put_problem(struct listing *l, struct kb_str path,
			struct kb_str line)
{
	struct kb_jw w;

	if (l->form == KB_LOOK_TEXT) {
		kb_buf_add_cstr(&l->out, "problem: ");
		kb_visible_add(&l->out, line, KB_UTF8_MARK);
		kb_buf_add_char(&l->out, '\n');
		return;
	}
	if (l->form == KB_LOOK_TSV) {
		kb_buf_add_cstr(&l->out, "\t\t\t\t");
		put_field(&l->out, path);
		kb_buf_add_char(&l->out, '\t');
		put_field(&l->out, line);
		kb_buf_add_char(&l->out, '\n');
		return;
	}
	kb_jw_init(&w, &l->out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "source");
	kb_jw_str(&w, path);
	kb_jw_key(&w, "problem");
	kb_jw_str(&w, line);
	kb_jw_end(&w);
	kb_buf_add_char(&l->out, '\n');
}

/* A line may begin with how many it stands for, and a tab. */
static struct kb_str without_count(struct kb_str line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] >= '0' && line.ptr[n] <= '9')
		n++;
	return n && n < line.len && line.ptr[n] == '\t'
		   ? kb_str_skip(line, n + 1)
		   : line;
}

static int list_problems(struct listing *l, struct kb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < l->sources.n && rc == 0; i++) {
		struct kb_str said = kb_sources_get(&l->sources, i).said, line;

		while (kb_str_line(&said, &line))
			put_problem(l, kb_sources_path(&l->sources, i),
				    without_count(line));
		rc = flush(l, LINES_SIZE, err);
	}
	return rc;
}

static int open_sources(struct listing *l, const struct kb_index *index,
			struct kb_err *err)
{
	int rc = kb_index_map_sources(index, KB_SOURCES_KNOWN, &l->view, err);

	if (rc == 0 && l->view.ptr)
		rc = kb_sources_parse(&l->sources, &l->view, err);
	for (size_t i = 0; i < l->sources.n && rc == 0; i++) {
		struct kb_str path = kb_sources_path(&l->sources, i);

		*kb_map_put(&l->places, kb_xxh64(path.ptr, path.len, 0), NULL) =
		    i;
	}
	return rc;
}

int kb_index_list(const struct kb_index *index, int form,
		  const struct kb_dump_sink *sink, struct kb_err *err)
{
	struct listing l = {.form = form, .sink = sink};
	int rc;

	kb_map_init(&l.places);
	kb_buf_init(&l.out, 0);
	rc = open_sources(&l, index, err);
	if (form == KB_LOOK_TEXT)
		kb_buf_printf(&l.out, "%-16s %6s %8s  %s\n", "modified", "size",
			      "passages", "document");
	for (size_t i = 0; i < index->n_segments && rc == 0; i++)
		rc = list_segment(&l, index->segments[i], err);
	if (rc == 0)
		rc = list_problems(&l, err);
	if (rc == 0)
		rc = flush(&l, 0, err);
	kb_buf_release(&l.out);
	kb_map_release(&l.places);
	kb_container_unmap(&l.view);
	return rc;
}
