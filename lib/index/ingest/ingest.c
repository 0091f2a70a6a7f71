#include "index/ingest/ingest.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/visible.h"
#include "index/ingest/dump.h"
#include "index/ingest/ingest_impl.h"
#include "index/ingest/triple_document.h"
#include "store/directory.h"

/* Documents refused in one file of which each is said; the others are counted,
 * so that the wrong file does not fill a mailbox. */
#define REFUSED_SHOWN 20

void kb_ingest_problems(struct ingest *in, uint64_t n, const char *line)
{
	in->stats->problems += n;
	if (in->said) {
		if (n > 1)
			kb_buf_printf(in->said, "%llu\t",
				      (unsigned long long)n);
		kb_buf_add_cstr(in->said, line);
		kb_buf_add_char(in->said, '\n');
	}
	if (in->opt->crawl.problem)
		in->opt->crawl.problem(in->opt->crawl.arg, line);
}

void kb_ingest_problem(struct ingest *in, const char *line)
{
	kb_ingest_problems(in, 1, line);
}

/* With the name of the file, in which nothing may end the line. */
static void begin_line(struct kb_buf *line, const struct ingest *in)
{
	kb_buf_init(line, 0);
	kb_visible_add(line, kb_str_of(in->name), KB_UTF8_MARK);
}

/* ---- documents ---- */

static bool other_shard(const struct ingest *in, struct kb_str id)
{
	return in->opt->shards &&
	       kb_mix64(kb_hash64(id.ptr, id.len, 7)) % in->opt->shards !=
		   in->opt->shard;
}

static void cut(struct ingest *in, struct kb_doc *doc,
		struct kb_writer_doc *out)
{
	struct kb_chunk *chunks;
	size_t n = kb_chunk_doc(doc, &in->opt->chunk, &in->arena, &chunks);

	kb_grow(&in->chunks, &in->cap_chunks, n, sizeof(*in->chunks));
	for (size_t i = 0; i < n; i++)
		in->chunks[i] =
		    (struct kb_writer_chunk){chunks[i].start, chunks[i].end,
					     chunks[i].line, chunks[i].heading};
	out->chunks = in->chunks;
	out->n_chunks = n;
	out->text = doc->text;
}

/* A line that is only a triple becomes a document that says it. */
static void spell_triple(struct ingest *in, const struct kb_doc *doc,
			 struct kb_writer_doc *out)
{
	kb_triple_document(doc, &in->arena, out);
	kb_grow(&in->chunks, &in->cap_chunks, 1, sizeof(*in->chunks));
	*in->chunks = (struct kb_writer_chunk){
	    0, (uint32_t)out->text.len, doc->line, {"", 0}};
	out->chunks = in->chunks;
	out->n_chunks = 1;
}

struct kb_content_shape kb_ingest_shape(const struct ingest *in)
{
	return (struct kb_content_shape){
	    .seed = kb_writer_settings(in->w)->hash_seed,
	    .chunk = &in->opt->chunk,
	    .restore = in->opt->restore,
	    .lines = in->opt->doc.lines,
	    .converters = in->opt->converters,
	    .shard = in->opt->shard,
	    .shards = in->opt->shards,
	};
}

static void count_document(struct ingest *in)
{
	in->stats->docs++;
	if (in->opt->progress)
		in->opt->progress(in->opt->progress_arg, in->stats->docs,
				  in->stats->bytes + in->line_bytes,
				  in->to_read);
}

/* A JSON line is what its document is made of: one that is known needs no
 * decoding. But that a member "kb_dump" is left out is said by every run that
 * reads the file. */
static bool is_known(void *arg, struct kb_str line, uint64_t place)
{
	struct ingest *in = arg;
	const struct kb_content_shape shape = kb_ingest_shape(in);

	in->line_bytes += line.len + 1;
	in->line_hash = kb_content_hash_line(line, place, &shape);
	count_document(in);
	if (!in->opt->restore && !in->dump_said &&
	    kb_str_has(line, KB_STR("kb_dump")))
		return false;
	return !in->renamed &&
	       kb_writer_keep_hash(in->w, in->source, in->line_hash);
}

/* What a dump says of the document, whose text was read as 'text': the
 * chunks are of that one. Its source is to be remembered. */
static int restore(struct ingest *in, struct kb_str text,
		   struct kb_writer_doc *out, struct kb_err *err)
{
	struct kb_str file = out->source, meta = out->meta;

	if (!kb_dump_restore(out, &in->arena, &in->chunks, &in->cap_chunks))
		return kb_err_set(err, KB_EINVAL,
				  "member 'kb_dump' is not of a dump");
	if (out->meta.ptr != meta.ptr)
		out->text = text;
	if (out->source.len && !file.len)
		kb_sources_restore(&in->restored, out->source);
	return 0;
}

/* Said once a source: the others of a dump are alike. */
static void dropped_dump(struct ingest *in)
{
	struct kb_buf line;

	if (in->dump_said)
		return;
	in->dump_said = true;
	begin_line(&line, in);
	kb_buf_add_cstr(&line, ": 'kb_dump' is left out of the documents; to "
			       "build an index from a dump give --restore");
	kb_ingest_problem(in, line.ptr);
	kb_buf_release(&line);
}

/* A stream does not stand for the files: one that holds what it removes has
 * it still. */
static int take_away(struct ingest *in, const struct kb_doc *doc,
		     struct kb_str source, struct kb_err *err)
{
	char id[KB_QUOTE_MAX], file[KB_QUOTE_MAX];
	struct kb_buf line;
	const char *from;
	int rc = kb_writer_delete(in->w, doc->id, source, &from, err);

	in->n_put += rc == 0;
	if (rc < 0 || !from || !*from || source.len || !in->opt->crawl.note)
		return rc;
	begin_line(&line, in);
	kb_buf_printf(&line,
		      ":%u: '%s' is removed, and comes back with the next "
		      "refresh unless it goes from '%s'",
		      doc->line, kb_err_quote(id, doc->id.ptr, doc->id.len),
		      kb_err_quote(file, from, strlen(from)));
	in->opt->crawl.note(in->opt->crawl.arg, line.ptr);
	kb_buf_release(&line);
	return 0;
}

/* Put it, and note whether it took the place of one before it in the file. A
 * triple that comes twice says the same. */
static int put_counted(struct ingest *in, const struct kb_doc *doc,
		       const struct kb_writer_doc *out, struct kb_err *err)
{
	const struct kb_writer_stats *stats = kb_writer_stats(in->w);
	uint64_t before = stats->superseded;
	int rc = kb_writer_put(in->w, out, err);

	in->n_put += rc == 0;
	if (stats->superseded == before || doc->kind == KB_DOC_TRIPLE)
		return rc;
	if (!in->n_repeats++) {
		in->repeat_line = doc->line;
		kb_err_quote(in->repeat_id, out->id.ptr, out->id.len);
	}
	return rc;
}

static int put(struct ingest *in, struct kb_doc *doc, struct kb_str source,
	       struct kb_err *err)
{
	struct kb_writer_doc out = {
	    .id = doc->id,
	    .title = doc->title,
	    .text = doc->text,
	    .source = source,
	    .meta = doc->meta,
	    .vector = {doc->vector.ptr, doc->vector.len},
	};
	const struct kb_content_shape shape = kb_ingest_shape(in);
	struct kb_str text = doc->text;
	bool kept = false;
	int rc = 0;

	memcpy(out.triple, doc->triple, sizeof(out.triple));
	if (in->opt->restore)
		rc = kb_dump_adopt(in->w, doc->meta, &in->arena, err);
	else if (kb_dump_drop(&out.meta, &in->arena))
		dropped_dump(in);
	if (rc < 0)
		return rc;
	if (other_shard(in, doc->id))
		return 0;
	if (doc->kind == KB_DOC_DELETED)
		return take_away(in, doc, source, err);
	out.hash =
	    in->line_hash ? in->line_hash : kb_content_hash_doc(doc, &shape);
	if (doc->kind == KB_DOC_PLAIN)
		rc = kb_writer_keep(in->w, &out, &kept, err);
	if (rc < 0 || kept)
		return rc;
	if (doc->kind == KB_DOC_TRIPLE)
		spell_triple(in, doc, &out);
	else
		cut(in, doc, &out);
	if (in->opt->restore)
		rc = restore(in, text, &out, err);
	return rc < 0 ? rc : put_counted(in, doc, &out, err);
}

/* The next document: 1 when there was one, which may have been refused. */
static int put_next(struct ingest *in, struct kb_doc_reader *reader,
		    struct kb_err *err)
{
	bool lines = kb_doc_reader_type(reader) == KB_DOC_JSONL;
	struct kb_doc doc;
	int rc;

	kb_arena_reset(&in->arena);
	rc = kb_doc_next(reader, &in->arena, &doc, err);
	if (rc <= 0 && !(lines && (rc == KB_EINVAL || rc == KB_ELIMIT)))
		return rc;
	if (rc > 0) {
		if (!in->line_hash)
			count_document(in);
		rc = put(in, &doc, in->source, err);
		if (rc != KB_EINVAL && rc != KB_ELIMIT)
			return rc < 0 ? rc : 1;
		if (lines || kb_doc_reader_type(reader) == KB_DOC_LOG)
			kb_err_place(err, "%s:%u", in->name, doc.line);
		else
			kb_err_place(err, "'%s'", in->name);
	}
	if (in->n_refused++ < REFUSED_SHOWN)
		kb_ingest_problem(in, err->msg);
	return 1;
}

/* Those that were not said. */
static void say_refused(struct ingest *in)
{
	uint64_t n = in->n_refused - REFUSED_SHOWN;
	struct kb_buf line;

	begin_line(&line, in);
	kb_buf_printf(&line, ": %llu more documents or lines were refused",
		      (unsigned long long)n);
	kb_ingest_problems(in, n, line.ptr);
	kb_buf_release(&line);
}

/* Said once a file, for it may hold the history of a few documents. */
static void say_repeats(struct ingest *in)
{
	struct kb_buf line;

	begin_line(&line, in);
	kb_buf_printf(&line,
		      ":%u: id '%s' came before in this file, whose last "
		      "document of an id stays",
		      in->repeat_line, in->repeat_id);
	if (in->n_repeats > 1)
		kb_buf_printf(&line, "; so it is %llu times",
			      (unsigned long long)in->n_repeats);
	kb_ingest_problem(in, line.ptr);
	kb_buf_release(&line);
}

/* Each run has something to add, so that the last one comes. */
static bool is_enough(const struct ingest *in)
{
	return in->opt->enough && kb_writer_stats(in->w)->added &&
	       in->opt->enough(in->opt->enough_arg);
}

int kb_ingest_file(struct ingest *in, int fd, const char *path,
		   const char *name, const struct kb_doc_opts *options,
		   struct kb_err *err)
{
	struct kb_doc_opts opts = *options;
	struct kb_doc_reader *reader;
	int rc;

	assert(path ? *path == '/' : fd >= 0);
	opts.skip = is_known;
	opts.skip_arg = in;
	in->source = path ? kb_str_of(path) : (struct kb_str){"", 0};
	in->name = name;
	in->dump_said = false;
	in->line_hash = 0;
	in->line_bytes = 0;
	in->n_put = 0;
	in->n_refused = in->n_repeats = 0;
	rc = kb_doc_open(&reader, fd, path, name, &opts, err);
	if (rc < 0)
		return rc;
	do {
		rc = put_next(in, reader, err);
		in->stopped = rc > 0 && path && is_enough(in);
	} while (rc > 0 && !in->stopped);
	kb_doc_close(reader);
	rc = rc > 0 ? 0 : rc;
	if (in->n_refused > REFUSED_SHOWN)
		say_refused(in);
	if (path && in->n_repeats)
		say_repeats(in);
	return rc;
}

/* ---- runs ---- */

static void begin(struct ingest *in, struct kb_writer *w,
		  const struct kb_ingest_options *options,
		  struct kb_ingest_stats *stats)
{
	assert(options->shards ? options->shard < options->shards : true);
	*in = (struct ingest){.w = w, .opt = options, .stats = stats};
	in->start_ns = kb_clock_wall_ns();
	kb_arena_init(&in->arena);
	kb_sources_restored_init(&in->restored);
}

static void end(struct ingest *in)
{
	kb_sources_restored_release(&in->restored);
	kb_arena_release(&in->arena);
	free(in->chunks);
}

/* Is the directory the index that is written, or another one? */
static bool is_index(void *writer, int dirfd)
{
	struct stat own, st;

	return (!fstat(dirfd, &st) && !stat(kb_writer_path(writer), &own) &&
		st.st_dev == own.st_dev && st.st_ino == own.st_ino) ||
	       kb_directory_is_index(dirfd);
}

/* A path that is an index, or a file of one, holds no documents. */
static int refuse_index(struct kb_writer *writer, const char *path,
			const char *given, struct kb_err *err)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? kb_strndup(path, (size_t)(slash - path) + 1)
			     : kb_strdup(".");
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool index;

	if (fd < 0 && errno == ENOTDIR)
		fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	index = fd >= 0 && is_index(writer, fd);
	if (fd >= 0)
		close(fd);
	free(parent);
	return index ? kb_err_set(err, KB_EINVAL,
				  "'%s' is an index or a file of one, not "
				  "documents; are the arguments swapped?",
				  given)
		     : 0;
}

/* A remembered one that is gone is a problem of the run, not its end. */
static int crawl_gone(struct ingest *in, const struct kb_ingest_source *source,
		      int rc, const struct kb_err *err)
{
	struct kb_buf line;

	if (!source->remembered || (rc != KB_ENOENT && rc != KB_EIO))
		return rc;
	kb_buf_init(&line, 0);
	kb_buf_printf(&line,
		      "%s; its documents stay as they were (--forget=PATH "
		      "removes them)",
		      err->msg);
	kb_ingest_problem(in, line.ptr);
	kb_buf_release(&line);
	return 0;
}

/* Into the crawl, and into 'from' if it became a root of it. */
static int crawl_source(struct ingest *in, struct kb_crawl *crawl,
			const struct kb_ingest_source *source,
			const struct kb_ingest_source **from,
			struct kb_err *err)
{
	struct kb_crawl_opts how = source->options.crawl;
	size_t n = crawl->n_roots, files = crawl->n;
	struct kb_err why = {0};
	char *path;
	int rc;

	if (source->forgotten) {
		kb_crawl_add_nothing(crawl, source->path, &how);
		from[n] = source;
		return 0;
	}
	how.avoid = is_index;
	how.avoid_arg = in->w;
	path = kb_crawl_absolute(how.dir, source->path);
	rc = refuse_index(in->w, path, source->path, &why);
	free(path);
	if (rc == 0)
		rc = kb_crawl_add(crawl, source->path, &how, &why);
	if (rc == 0 && source->must_hold && crawl->n == files)
		rc = kb_err_set(&why, KB_EINVAL,
				"'%s' is empty (is it mounted? --forget=PATH "
				"or --allow-delete goes on without it)",
				source->path);
	if (rc < 0) {
		if (err)
			*err = why;
		return crawl_gone(in, source, rc, &why);
	}
	from[n] = source;
	return 0;
}

int kb_ingest_sources(struct kb_writer *writer,
		      const struct kb_ingest_source *sources, size_t n,
		      const struct kb_ingest_options *options,
		      struct kb_ingest_stats *stats, struct kb_err *err)
{
	const struct kb_ingest_source **from = kb_calloc(n, sizeof(*from));
	struct kb_crawl crawl;
	struct ingest in;
	int rc = 0;

	begin(&in, writer, options, stats);
	kb_crawl_init(&crawl);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = crawl_source(&in, &crawl, &sources[i], from, err);
	if (rc == 0) {
		kb_crawl_finish(&crawl);
		stats->files += crawl.n;
		stats->problems += crawl.n_problems;
		if (options->sync && !crawl.n_problems)
			kb_writer_renew_source(writer, (struct kb_str){"", 0},
					       KB_RENEW);
		rc = kb_refresh_files(&in, &crawl, from, err);
	}
	kb_crawl_release(&crawl);
	free(from);
	end(&in);
	return rc;
}

int kb_ingest_paths(struct kb_writer *writer, const char *const *paths,
		    size_t n, const struct kb_ingest_options *options,
		    struct kb_ingest_stats *stats, struct kb_err *err)
{
	struct kb_ingest_source *sources = kb_calloc(n, sizeof(*sources));
	int rc;

	for (size_t i = 0; i < n; i++)
		sources[i] = (struct kb_ingest_source){.path = paths[i],
						       .options = *options};
	rc = kb_ingest_sources(writer, sources, n, options, stats, err);
	free(sources);
	return rc;
}

int kb_ingest_stream(struct kb_writer *writer,
		     const struct kb_ingest_options *options,
		     struct kb_ingest_stats *stats, struct kb_err *err)
{
	struct kb_doc_opts doc = options->doc;
	struct ingest in;
	int rc;

	begin(&in, writer, options, stats);
	if (doc.type == KB_DOC_AUTO)
		doc.type = KB_DOC_JSONL;
	if (options->sync)
		kb_writer_renew_all(writer);
	rc = kb_ingest_file(&in, STDIN_FILENO, NULL, "standard input", &doc,
			    err);
	if (rc == 0)
		rc = kb_refresh_after_stream(&in, err);
	stats->bytes += in.line_bytes;
	end(&in);
	return rc;
}

int kb_ingest_shard(struct kb_ingest_options *options, const char *text,
		    struct kb_err *err)
{
	unsigned i, n;
	char more;

	if (!text)
		return 0;
	if (sscanf(text, "%u/%u%c", &i, &n, &more) != 2 || !i || i > n ||
	    n > 100000)
		return kb_err_set(err, KB_EINVAL,
				  "--shard '%s' is not I/N with I from 1 to N",
				  text);
	options->shard = i - 1;
	options->shards = n;
	return 0;
}
