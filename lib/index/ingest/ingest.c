#include "index/ingest/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "index/ingest/content_hash.h"
#include "index/ingest/dump.h"
#include "index/ingest/sources.h"
#include "index/ingest/triple_document.h"
#include "store/directory.h"

/* A file changed within this time before the run may change again without
 * its time telling: the coarsest granularity of a file system in use. */
#define RACY_NS INT64_C(2000000000)

struct ingest {
	struct kb_writer *w;
	const struct kb_ingest_options *opt;
	struct kb_ingest_stats *stats;
	struct kb_arena arena; /* of the current document */
	struct kb_writer_chunk *chunks;
	size_t cap_chunks;
	int64_t start_ns;
	struct kb_str source; /* the current file or stream */
	const char *name;     /* and for messages */
	uint64_t line_hash;   /* of the current JSON line; 0: none */
	uint64_t line_bytes;  /* of the lines read from it */
	struct kb_sources_restored restored; /* out of a dump */
	uint64_t to_read;		     /* bytes, when known */
	bool dump_said; /* of this file: a member that only a dump has */
};

static void problem(struct ingest *in, const char *line)
{
	in->stats->problems++;
	if (in->opt->crawl.problem)
		in->opt->crawl.problem(in->opt->crawl.arg, line);
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

static struct kb_content_shape shape_of(const struct ingest *in)
{
	return (struct kb_content_shape){
	    .seed = kb_writer_settings(in->w)->hash_seed,
	    .chunk = &in->opt->chunk,
	    .restore = in->opt->restore,
	    .lines = in->opt->doc.lines,
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
 * decoding. */
static bool is_known(void *arg, struct kb_str line, uint64_t place)
{
	struct ingest *in = arg;
	const struct kb_content_shape shape = shape_of(in);

	in->line_bytes += line.len + 1;
	in->line_hash = kb_content_hash_line(line, place, &shape);
	count_document(in);
	return kb_writer_keep_hash(in->w, in->source, in->line_hash);
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
	kb_buf_init(&line, 0);
	kb_buf_printf(&line,
		      "%s: 'kb_dump' is left out of the documents; to build an "
		      "index from a dump give --restore",
		      in->name);
	problem(in, line.ptr);
	kb_buf_release(&line);
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
	const struct kb_content_shape shape = shape_of(in);
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
		return kb_writer_delete(in->w, doc->id, NULL, err);
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
	return rc < 0 ? rc : kb_writer_put(in->w, &out, err);
}

static int put_next(struct ingest *in, struct kb_doc_reader *reader,
		    struct kb_err *err)
{
	struct kb_doc doc;
	int rc;

	kb_arena_reset(&in->arena);
	rc = kb_doc_next(reader, &in->arena, &doc, err);
	if (rc <= 0)
		return rc;
	if (!in->line_hash)
		count_document(in);
	rc = put(in, &doc, in->source, err);
	if (rc != KB_EINVAL && rc != KB_ELIMIT)
		return rc < 0 ? rc : 1;
	if (kb_doc_reader_type(reader) == KB_DOC_JSONL ||
	    kb_doc_reader_type(reader) == KB_DOC_LOG)
		return kb_err_place(err, "%s:%u", in->name, doc.line);
	return kb_err_place(err, "'%s'", in->name);
}

/* All documents of a file, or of a descriptor when path is NULL. Bad ones
 * are reported and skipped. */
static int put_all(struct ingest *in, int fd, const char *path,
		   const char *name, const struct kb_doc_opts *options,
		   struct kb_err *err)
{
	struct kb_doc_opts opts = *options;
	struct kb_doc_reader *reader;
	int rc;

	opts.skip = is_known;
	opts.skip_arg = in;
	in->source = path ? kb_str_of(path) : (struct kb_str){"", 0};
	in->name = name;
	in->dump_said = false;
	in->line_hash = 0;
	in->line_bytes = 0;
	rc = kb_doc_open(&reader, fd, path, name, &opts, err);
	if (rc < 0)
		return rc;
	do {
		rc = put_next(in, reader, err);
		if (rc == KB_EINVAL || rc == KB_ELIMIT) {
			problem(in, err->msg);
			rc = 1;
		}
	} while (rc > 0);
	kb_doc_close(reader);
	return rc;
}

/* ---- files ---- */

/* Was it read with the options of this run? */
static bool same_options(const struct ingest *in,
			 const struct kb_source_entry *e)
{
	const struct kb_content_shape shape = shape_of(in);

	return (e->flags & KB_SOURCE_OPTIONS) ==
	       kb_content_hash_options(&shape);
}

static bool same_stat(const struct kb_source_entry *e,
		      const struct kb_crawl_file *f)
{
	return e && !(e->flags & KB_SOURCE_RACY) && e->dev == f->dev &&
	       e->ino == f->ino && e->size == f->size &&
	       e->mtime_ns == f->mtime_ns;
}

static struct kb_source_entry entry_of(const struct ingest *in,
				       const struct kb_crawl_file *f,
				       struct kb_hash128 hash)
{
	const struct kb_content_shape shape = shape_of(in);
	uint32_t flags = kb_content_hash_options(&shape);

	if (f->mtime_ns >= in->start_ns - RACY_NS)
		flags |= KB_SOURCE_RACY;
	return (struct kb_source_entry){
	    .dev = f->dev,
	    .ino = f->ino,
	    .size = f->size,
	    .mtime_ns = f->mtime_ns,
	    .hash = hash.low,
	    .hash_high = hash.high,
	    .flags = flags,
	};
}

/* Files to read, marked by the first pass. */
struct plan {
	bool *read;
	struct kb_hash128 *hashes;
	size_t at; /* in the sources remembered */
};

/* Decide for one file whether it is to be read. */
static void compare(struct ingest *in, const struct kb_sources *old,
		    const struct kb_crawl_file *f, size_t i, struct plan *plan,
		    struct kb_sources_out *out)
{
	struct kb_str path = kb_str_of(f->path);
	const struct kb_source_entry *e = kb_sources_find(old, path, &plan->at);
	struct kb_source_entry now;

	if (same_stat(e, f) && same_options(in, e)) {
		kb_sources_out_add(out, path, e);
		return;
	}
	out->changed = true;
	if (kb_content_hash_file(f->path, shape_of(in).seed, &plan->hashes[i]) <
	    0) {
		struct kb_err err;

		kb_err_sys(&err, "cannot read '%s'", f->name);
		problem(in, err.msg);
		if (e)
			kb_sources_out_add(out, path, e);
		return;
	}
	if (e && same_options(in, e) && e->hash == plan->hashes[i].low &&
	    e->hash_high == plan->hashes[i].high && e->size == f->size) {
		now = entry_of(in, f, plan->hashes[i]);
		kb_sources_out_add(out, path, &now);
		return;
	}
	plan->read[i] = true;
	in->to_read += f->size;
	kb_writer_renew_source(in->w, path);
}

/* Read one file that is new or changed. What cannot be read keeps the
 * documents it had, if it was known. */
static int read_file(struct ingest *in, const struct kb_crawl_file *f,
		     struct kb_hash128 hash, struct kb_sources_out *out,
		     struct kb_err *err)
{
	struct kb_source_entry now = entry_of(in, f, hash);
	struct kb_str path = kb_str_of(f->path);
	int rc = put_all(in, -1, f->path, f->name, &in->opt->doc, err);

	in->stats->files_read++;
	in->stats->bytes += f->size;
	if (rc == KB_EFORMAT || rc == KB_ELIMIT || rc == KB_EINVAL) {
		/* Remembered, so that an unchanged one is reported once only.
		 */
		problem(in, err->msg);
		rc = 0;
	}
	if (rc == KB_ENOENT) {
		problem(in, err->msg);
		return 0;
	}
	kb_sources_out_add(out, path, &now);
	return rc;
}

static bool is_under(struct kb_str path, const char *root)
{
	size_t len = strlen(root);

	if (path.len < len || memcmp(path.ptr, root, len))
		return false;
	return path.len == len || path.ptr[len] == '/' ||
	       (len && root[len - 1] == '/');
}

static bool is_covered(const struct kb_crawl *crawl, struct kb_str path)
{
	for (size_t i = 0; i < crawl->n_roots; i++)
		if (is_under(path, crawl->roots[i]))
			return true;
	return false;
}

/* Whether the crawl found the path. Both lists are in the order of paths and
 * *at goes along; asked for ascending paths. */
static bool was_crawled(const struct kb_crawl *crawl, struct kb_str path,
			size_t *at)
{
	for (; *at < crawl->n; ++*at) {
		int c = kb_str_cmp(kb_str_of(crawl->files[*at].path), path);

		if (c >= 0)
			return c == 0;
	}
	return false;
}

/* Sources that are known and were not found: vanished, or not asked for. A
 * crawl with a directory that could not be read removes nothing. */
static void drop_vanished(struct ingest *in, const struct kb_sources *old,
			  const struct kb_crawl *crawl,
			  struct kb_sources_out *out)
{
	size_t at = 0;

	for (size_t i = 0; i < old->n; i++) {
		struct kb_str path = kb_sources_path(old, i);

		if (was_crawled(crawl, path, &at))
			continue;
		if (crawl->n_problems ||
		    (!in->opt->sync && !is_covered(crawl, path))) {
			kb_sources_out_add(out, path, &old->entries[i]);
			continue;
		}
		out->changed = true;
		in->stats->files_removed++;
		kb_writer_renew_source(in->w, path);
	}
}

static int ingest_files(struct ingest *in, const struct kb_crawl *crawl,
			struct kb_err *err)
{
	struct plan plan = {kb_calloc(crawl->n, sizeof(bool)),
			    kb_calloc(crawl->n, sizeof(struct kb_hash128)), 0};
	struct kb_sources_out out;
	struct kb_sources old;
	int rc;

	kb_sources_out_init(&out);
	rc = kb_sources_open(&old, in->w, err);
	if (rc == 0) {
		for (size_t i = 0; i < crawl->n; i++)
			compare(in, &old, &crawl->files[i], i, &plan, &out);
		drop_vanished(in, &old, crawl, &out);
	}
	for (size_t i = 0; rc == 0 && i < crawl->n; i++)
		if (plan.read[i])
			rc = read_file(in, &crawl->files[i], plan.hashes[i],
				       &out, err);
	if (rc == 0 && out.changed)
		rc = kb_sources_out_write(&out, in->w, err);
	kb_sources_out_release(&out);
	free(plan.read);
	free(plan.hashes);
	return rc;
}

static void begin(struct ingest *in, struct kb_writer *w,
		  const struct kb_ingest_options *options,
		  struct kb_ingest_stats *stats)
{
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
			struct kb_err *err)
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
				  path)
		     : 0;
}

int kb_ingest_paths(struct kb_writer *writer, const char *const *paths,
		    size_t n, const struct kb_ingest_options *options,
		    struct kb_ingest_stats *stats, struct kb_err *err)
{
	struct kb_crawl_opts how = options->crawl;
	struct kb_crawl crawl;
	struct ingest in;
	int rc = 0;

	begin(&in, writer, options, stats);
	how.avoid = is_index;
	how.avoid_arg = writer;
	kb_crawl_init(&crawl);
	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = refuse_index(writer, paths[i], err);
		if (rc == 0)
			rc = kb_crawl_add(&crawl, paths[i], &how, err);
	}
	if (rc == 0) {
		kb_crawl_finish(&crawl);
		stats->files += crawl.n;
		stats->problems += crawl.n_problems;
		if (options->sync && !crawl.n_problems)
			kb_writer_renew_source(writer, (struct kb_str){"", 0});
		rc = ingest_files(&in, &crawl, err);
	}
	kb_crawl_release(&crawl);
	end(&in);
	return rc;
}

int kb_ingest_stream(struct kb_writer *writer, int fd,
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
	rc = put_all(&in, fd, NULL, "standard input", &doc, err);
	if (rc == 0)
		rc = kb_sources_restored_write(&in.restored, writer, err);
	stats->bytes += in.line_bytes;
	end(&in);
	return rc;
}

int kb_ingest(struct kb_writer *writer, const char *const *paths, size_t n,
	      const struct kb_ingest_options *options,
	      struct kb_ingest_stats *stats, struct kb_err *err)
{
	if (!n || (n == 1 && !strcmp(*paths, "-")))
		return kb_ingest_stream(writer, STDIN_FILENO, options, stats,
					err);
	return kb_ingest_paths(writer, paths, n, options, stats, err);
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
