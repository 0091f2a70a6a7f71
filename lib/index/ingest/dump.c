#include "index/ingest/dump.h"

#include "index/segment_file.h"
#include "index/user_words.h"
#include "vector/vector_dump.h"
#include "vector/vector_rows.h"
#include "json/rec.h"
#include "json/write.h"

#define MEMBER	   "kb_dump"
#define LINES_SIZE ((size_t)1 << 18)

/* A segment and what its documents are written with. */
struct source {
	const struct kb_segment *seg;
	struct kb_vec_dump_source vectors[KB_VECTOR_SLOTS];
};

static void put_chunks(struct kb_jw *w, const struct kb_segment *seg,
		       uint32_t first, uint32_t n,
		       const struct kb_stored_doc *doc)
{
	kb_jw_key(w, "chunks");
	kb_jw_arr(w);
	for (uint32_t c = first; c < first + n; c++) {
		const struct kb_chunk_entry *e = &seg->chunks[c];

		kb_jw_arr(w);
		kb_jw_int(w, e->start);
		kb_jw_int(w, e->end);
		kb_jw_int(w, e->line);
		if (e->heading_len && e->heading <= doc->headings.len &&
		    e->heading_len <= doc->headings.len - e->heading)
			kb_jw_str(
			    w, (struct kb_str){doc->headings.ptr + e->heading,
					       e->heading_len});
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

/* Before the first document: what the index was made with. The model of the
 * vectors comes with them, and what was learnt is learnt anew. */
static void put_settings(struct kb_jw *w, const struct kb_index *index)
{
	struct kb_settings settings = index->settings;
	struct kb_str rest = kb_user_words(index), word;
	struct kb_buf json = {0};

	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		settings.vectors[i].known = false;
		settings.statics[i].chunks = 0;
	}
	settings.learnt = 0;
	settings.hash_seed = 0;
	settings.analysis = 0;
	kb_settings_write(&settings, &json);
	kb_jw_key(w, "settings");
	kb_jw_raw(w, kb_buf_str(&json));
	kb_buf_release(&json);
	if (!rest.len)
		return;
	kb_jw_key(w, "words");
	kb_jw_arr(w);
	while (kb_str_line(&rest, &word))
		kb_jw_str(w, word);
	kb_jw_end(w);
}

/* settings: the index whose settings the line holds, or NULL */
static void put_doc(struct kb_buf *out, const struct source *from,
		    const struct kb_index *settings, uint32_t first, uint32_t n,
		    const struct kb_stored_doc *doc)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "id");
	kb_jw_str(&w, doc->id);
	kb_jw_key(&w, "title");
	kb_jw_str(&w, doc->title);
	kb_jw_key(&w, "text");
	kb_jw_str(&w, doc->text);
	kb_jw_key(&w, MEMBER);
	kb_jw_obj(&w);
	if (settings)
		put_settings(&w, settings);
	if (doc->source.len) {
		kb_jw_key(&w, "source");
		kb_jw_str(&w, doc->source);
	}
	put_chunks(&w, from->seg, first, n, doc);
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		kb_vec_dump_put(&w, i, &from->vectors[i], first, n);
	kb_jw_end(&w);
	kb_jw_end(&w);
	if (doc->meta.len > 2) {
		/* the members between the braces, byte for byte */
		out->len--;
		kb_buf_add_char(out, ',');
		kb_buf_add(out, doc->meta.ptr + 1, doc->meta.len - 1);
	}
	kb_buf_add_char(out, '\n');
}

static int open_vectors(const struct kb_index *index, struct source *from,
			struct kb_err *err)
{
	const struct kb_settings *s = &index->settings;
	int rc = 0;

	for (size_t i = 0; i < KB_VECTOR_SLOTS && rc == 0; i++) {
		struct kb_vec_dump_source *v = &from->vectors[i];

		v->model = s->vectors[i].model;
		v->language = s->vectors[i].language;
		v->prefix = s->prefixes[i].passage;
		v->input_type = s->prefixes[i].passage_type;
		rc = kb_vec_rows_open(from->seg->sec, i, &v->view, &v->hashes,
				      err);
	}
	return rc;
}

/* *settings: as of put_doc(), NULL once they are written. */
static int dump_segment(const struct kb_index *index, size_t no,
			const struct kb_index **settings, struct kb_buf *buf,
			const struct kb_dump_sink *sink, struct kb_err *err)
{
	const struct kb_segment *seg = index->segments[no];
	struct source from = {.seg = seg};
	struct kb_stored_reader reader;
	int rc = open_vectors(index, &from, err);

	kb_stored_reader_init(&reader, seg);
	for (uint32_t d = 0; d < seg->n_docs && rc == 0; d++) {
		struct kb_stored_doc doc;
		uint32_t first, n;

		if (!kb_segment_doc_chunks(seg, d, &first, &n) ||
		    !kb_segment_alive(seg, first))
			continue;
		rc = kb_stored_read(&reader, d, &doc, err);
		if (rc < 0)
			break;
		put_doc(buf, &from, *settings, first, n, &doc);
		*settings = NULL;
		if (buf->len < LINES_SIZE)
			continue;
		rc = sink->write(sink->arg, kb_buf_str(buf), err);
		kb_buf_reset(buf);
	}
	kb_stored_reader_release(&reader);
	return rc;
}

int kb_dump(const struct kb_index *index, const struct kb_dump_sink *sink,
	    struct kb_err *err)
{
	const struct kb_index *settings = index;
	struct kb_buf buf;
	int rc = 0;

	kb_buf_init(&buf, 0);
	for (size_t i = 0; i < index->n_segments && rc == 0; i++)
		rc = dump_segment(index, i, &settings, &buf, sink, err);
	if (rc == 0 && buf.len)
		rc = sink->write(sink->arg, kb_buf_str(&buf), err);
	kb_buf_release(&buf);
	return rc;
}

/* ---- restoring ---- */

static bool take_number(struct kb_json_iter *it, uint32_t *out)
{
	int64_t v;

	if (!kb_json_next(it) || !kb_json_int(it->val, &v) || v < 0 ||
	    v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool take_chunk(struct kb_json val, struct kb_arena *arena,
		       struct kb_writer_chunk *c)
{
	struct kb_json_iter it = kb_json_iter(val);

	*c = (struct kb_writer_chunk){0};
	if (val.type != KB_JSON_ARRAY || !take_number(&it, &c->start) ||
	    !take_number(&it, &c->end) || !take_number(&it, &c->line))
		return false;
	return !kb_json_next(&it) || kb_json_str(it.val, arena, &c->heading);
}

/* The other members of a document scanned; the dump's is NONE when they do
 * not hold it. */
static struct kb_json find_dump(struct kb_str meta, struct kb_arena *arena,
				struct kb_rec *rec)
{
	if (!meta.len || !memmem(meta.ptr, meta.len, MEMBER, strlen(MEMBER)) ||
	    kb_rec_scan(rec, arena, meta.ptr, meta.len, NULL) < 0)
		return (struct kb_json){KB_JSON_NONE, NULL, 0};
	return kb_rec_get(rec, MEMBER);
}

/* The members without the dump's, in the arena; empty when that was all. */
static struct kb_str without_dump(struct kb_rec *rec, struct kb_arena *arena)
{
	struct kb_str meta = {"", 0};
	struct kb_buf out;

	kb_rec_del(rec, MEMBER);
	kb_buf_init(&out, 0);
	kb_rec_write(rec, &out);
	if (out.len > 2)
		meta = kb_arena_copy(arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return meta;
}

bool kb_dump_drop(struct kb_str *meta, struct kb_arena *arena)
{
	struct kb_rec rec;

	if (find_dump(*meta, arena, &rec).type == KB_JSON_NONE)
		return false;
	*meta = without_dump(&rec, arena);
	return true;
}

int kb_dump_adopt(struct kb_writer *writer, struct kb_str meta,
		  struct kb_arena *arena, struct kb_err *err)
{
	struct kb_rec rec;
	struct kb_json dump = find_dump(meta, arena, &rec);

	if (kb_json_get(dump, "settings").type != KB_JSON_OBJECT)
		return 0;
	return kb_writer_adopt(writer, kb_json_get(dump, "settings"),
			       kb_json_get(dump, "words"), arena, err);
}

bool kb_dump_restore(struct kb_writer_doc *doc, struct kb_arena *arena,
		     struct kb_writer_chunk **chunks, size_t *cap)
{
	uint32_t line = doc->n_chunks ? doc->chunks->line : 0;
	bool file = doc->source.len > 0;
	struct kb_rec rec;
	struct kb_json dump = find_dump(doc->meta, arena, &rec), val;
	struct kb_json_iter it;
	size_t n = 0;

	if (dump.type == KB_JSON_NONE)
		return true;
	val = kb_json_get(dump, "source");
	if (!file && val.type != KB_JSON_NONE &&
	    !kb_json_str(val, arena, &doc->source))
		return false;
	it = kb_json_iter(kb_json_get(dump, "chunks"));
	while (kb_json_next(&it)) {
		kb_grow(chunks, cap, n + 1, sizeof(**chunks));
		if (!take_chunk(it.val, arena, &(*chunks)[n]))
			return false;
		if (file)
			(*chunks)[n].line = line;
		n++;
	}
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		if (!kb_vec_dump_read(kb_json_get(dump, kb_vec_dump_names[i]),
				      arena, &doc->vectors[i]))
			return false;
	doc->chunks = *chunks;
	doc->n_chunks = n;
	doc->meta = without_dump(&rec, arena);
	return n > 0;
}
