/* Counts, sizes, settings and sources of an index. */
#include "index/ingest/index_look.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "crawl/crawl.h"
#include "index/ingest/remembered.h"
#include "index/segment_file.h"
#include "json/write.h"

static void info_segment(struct kb_jw *w, const struct kb_segment *seg)
{
	const struct kb_segment_file *f = seg->file;

	kb_jw_obj(w);
	kb_jw_key(w, "file");
	kb_jw_cstr(w, f->name);
	kb_jw_key(w, "bytes");
	kb_jw_int(w, (int64_t)f->view.len);
	kb_jw_key(w, "documents");
	kb_jw_int(w, seg->n_docs);
	kb_jw_key(w, "chunks");
	kb_jw_int(w, seg->n_chunks);
	kb_jw_key(w, "alive");
	kb_jw_int(w, seg->n_live);
	kb_jw_key(w, "terms");
	kb_jw_int(w, f->dict.n);
	kb_jw_key(w, "postings");
	kb_jw_int(w, (int64_t)f->meta.n_postings);
	kb_jw_key(w, "text_bytes");
	kb_jw_int(w, (int64_t)f->meta.text_bytes);
	kb_jw_key(w, "sections");
	kb_jw_obj(w);
	for (unsigned i = 0; i < KB_SEC_MAX; i++) {
		char name[16];

		if (!seg->sec[i].ptr)
			continue;
		snprintf(name, sizeof(name), "%u", i);
		kb_jw_key(w, name);
		kb_jw_int(w, (int64_t)seg->sec[i].len);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}

static void put_list(struct kb_jw *w, const char *name,
		     const struct kb_pattern_list *list)
{
	if (!list->n)
		return;
	kb_jw_key(w, name);
	kb_jw_arr(w);
	for (size_t i = 0; i < list->n; i++)
		kb_jw_cstr(w, list->items[i]);
	kb_jw_end(w);
}

static void put_flag(struct kb_jw *w, const char *name, bool yes)
{
	if (!yes)
		return;
	kb_jw_key(w, name);
	kb_jw_bool(w, true);
}

static void info_source(struct kb_jw *w, const struct kb_remembered_source *s)
{
	kb_jw_obj(w);
	kb_jw_key(w, "path");
	kb_jw_cstr(w, s->path);
	kb_jw_key(w, "dir");
	kb_jw_cstr(w, s->dir);
	put_list(w, "include", &s->include);
	put_list(w, "exclude", &s->exclude);
	put_flag(w, "gitignore", s->gitignore);
	put_flag(w, "lines", s->lines);
	if (s->chunk.target_tokens)
		kb_jw_count(w, "chunk_target", s->chunk.target_tokens);
	if (s->chunk.max_tokens)
		kb_jw_count(w, "chunk_max", s->chunk.max_tokens);
	if (s->shards) {
		kb_jw_count(w, "shard", s->shard + 1);
		kb_jw_count(w, "shards", s->shards);
	}
	kb_jw_end(w);
}

/* What a refresh reads. Damaged, it is none. */
static void info_remembered(struct kb_jw *w, const struct kb_index *index)
{
	struct kb_remembered r;

	kb_remembered_init(&r);
	if (kb_remembered_of(&r, index, NULL) == 0) {
		kb_jw_key(w, "sources");
		kb_jw_arr(w);
		for (size_t i = 0; i < r.n; i++)
			info_source(w, &r.sources[i]);
		kb_jw_end(w);
		put_list(w, "convert", &r.converters);
	}
	kb_remembered_release(&r);
}

/* What is counted over all segments. */
struct totals {
	uint64_t bytes, docs, text_bytes;
};

static struct totals count(const struct kb_index *index)
{
	struct totals t = {0};

	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_segment *seg = index->segments[i];
		uint32_t first, n;

		t.bytes += seg->file->view.len + seg->file->live.len;
		t.text_bytes += seg->file->meta.text_bytes;
		for (uint32_t d = 0; d < seg->n_docs; d++)
			t.docs += kb_segment_doc_chunks(seg, d, &first, &n) &&
				  kb_segment_alive(seg, first);
	}
	return t;
}

static void info_json(const struct kb_index *index, struct kb_buf *out)
{
	struct totals t = count(index);
	struct kb_buf settings = {0};
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "index");
	kb_jw_cstr(&w, index->path);
	kb_jw_key(&w, "generation");
	kb_jw_int(&w, (int64_t)index->generation);
	kb_jw_key(&w, "commit");
	kb_jw_cstr(&w, index->commit);
	kb_jw_key(&w, "documents");
	kb_jw_int(&w, (int64_t)t.docs);
	kb_jw_key(&w, "chunks");
	kb_jw_int(&w, (int64_t)index->n_chunks);
	kb_jw_key(&w, "bytes");
	kb_jw_int(&w, (int64_t)t.bytes);
	kb_jw_key(&w, "settings");
	kb_settings_write(&index->settings, &settings);
	kb_jw_raw(&w, kb_buf_str(&settings));
	kb_buf_release(&settings);
	info_remembered(&w, index);
	kb_jw_key(&w, "segments");
	kb_jw_arr(&w);
	for (size_t i = 0; i < index->n_segments; i++)
		info_segment(&w, index->segments[i]);
	kb_jw_end(&w);
	kb_jw_end(&w);
	kb_buf_add_char(out, '\n');
}

/* ---- for people ---- */

static void put_name(struct kb_buf *out, const char *name)
{
	kb_buf_printf(out, "%-10s ", name);
}

static void put_visible(struct kb_buf *out, const char *text)
{
	kb_visible_add(out, kb_str_of(text), KB_UTF8_MARK);
}

static void text_patterns(struct kb_buf *out, const char *name,
			  const struct kb_pattern_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		kb_buf_printf(out, " --%s=", name);
		put_visible(out, list->items[i]);
	}
}

static void text_source(struct kb_buf *out,
			const struct kb_remembered_source *s)
{
	char *absolute = kb_crawl_absolute(s->dir, s->path);

	put_name(out, "source");
	put_visible(out, absolute);
	text_patterns(out, "include", &s->include);
	text_patterns(out, "exclude", &s->exclude);
	kb_buf_add_cstr(out, s->gitignore ? " --gitignore" : "");
	kb_buf_add_cstr(out, s->lines ? " --lines" : "");
	if (s->chunk.target_tokens)
		kb_buf_printf(out, " --chunk-target=%u",
			      s->chunk.target_tokens);
	if (s->chunk.max_tokens)
		kb_buf_printf(out, " --chunk-max=%u", s->chunk.max_tokens);
	if (s->shards)
		kb_buf_printf(out, " --shard=%u/%u", s->shard + 1, s->shards);
	kb_buf_add_char(out, '\n');
	free(absolute);
}

static void text_remembered(struct kb_buf *out, const struct kb_index *index)
{
	struct kb_remembered r;

	kb_remembered_init(&r);
	if (kb_remembered_of(&r, index, NULL) == 0)
		for (size_t i = 0; i < r.n; i++)
			text_source(out, &r.sources[i]);
	for (size_t i = 0; i < r.converters.n; i++) {
		put_name(out, "convert");
		put_visible(out, r.converters.items[i]);
		kb_buf_add_char(out, '\n');
	}
	kb_remembered_release(&r);
}

static void text_columns(struct kb_buf *out, const char *name,
			 const struct kb_column_list *list)
{
	if (!list->n)
		return;
	put_name(out, name);
	for (size_t i = 0; i < list->n; i++) {
		kb_buf_add_cstr(out, i ? "," : "");
		kb_visible_add(out, list->names[i], KB_UTF8_MARK);
	}
	kb_buf_add_char(out, '\n');
}

static void info_text(const struct kb_index *index, struct kb_buf *out)
{
	const struct kb_settings *s = &index->settings;
	struct totals t = count(index);

	put_name(out, "index");
	put_visible(out, index->path);
	kb_buf_add_char(out, '\n');
	put_name(out, "documents");
	kb_buf_printf(out, "%llu in %llu passages\n",
		      (unsigned long long)t.docs,
		      (unsigned long long)index->n_chunks);
	put_name(out, "size");
	kb_buf_printf(out, "%.1f MB for %.1f MB of text, %zu segments\n",
		      (double)t.bytes / 1e6, (double)t.text_bytes / 1e6,
		      index->n_segments);
	put_name(out, "generation");
	kb_buf_printf(out, "%llu, commit %s\n",
		      (unsigned long long)index->generation, index->commit);
	text_columns(out, "keyword", &s->keywords);
	text_columns(out, "numeric", &s->numerics);
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++) {
		if (!s->vectors[i].known)
			continue;
		put_name(out, "vectors");
		kb_buf_printf(out, "%zu dimensions, ", s->vectors[i].dim);
		if (s->vectors[i].model.len)
			kb_visible_add(out, s->vectors[i].model, KB_UTF8_MARK);
		else
			kb_buf_add_cstr(out, "the documents' own");
		kb_buf_add_char(out, '\n');
	}
	text_remembered(out, index);
}

static void tell(const struct kb_index *index, int form, struct kb_buf *out)
{
	if (form == KB_LOOK_TEXT)
		info_text(index, out);
	else
		info_json(index, out);
}

int kb_index_look(char *const *operands, size_t n, const struct kb_look *look,
		  const struct kb_dump_sink *sink, struct kb_err *err)
{
	struct kb_index *index;
	struct kb_buf out;
	int rc;

	if (n > 1)
		return kb_err_set(err, KB_EINVAL,
				  "--verify, --info, --list, --show and --dump "
				  "look into one index and read no '%s'",
				  operands[1]);
	rc = kb_index_open(&index, operands[0], err);
	if (rc < 0)
		return rc;
	kb_buf_init(&out, 0);
	if (look->verify)
		rc = kb_index_verify(index, err);
	if (rc == 0 && look->info) {
		tell(index, look->form, &out);
		rc = sink->write(sink->arg, kb_buf_str(&out), err);
	}
	if (rc == 0 && look->list)
		rc = kb_index_list(index, look->form, sink, err);
	if (rc == 0 && look->show)
		rc = kb_index_show(index, look->show, look->form, sink, err);
	if (rc == 0 && look->dump)
		rc = kb_dump(index, sink, err);
	kb_buf_release(&out);
	kb_index_close(index);
	return rc;
}
