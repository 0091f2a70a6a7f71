/*
 * Files and streams into a writer: crawl, compare with what is remembered,
 * read what changed, cut it into chunks, put it.
 *
 * After a run over files the index equals a new build over them, or what it
 * left is reported through 'problem', by every run. One bad document or file
 * costs itself and is reported so, too; the documents a file had before stay
 * when it can no longer be read.
 */
#ifndef KB_INDEX_INGEST_INGEST_H
#define KB_INDEX_INGEST_INGEST_H

#include "crawl/crawl.h"
#include "doc/chunk.h"
#include "index/write/writer.h"

struct kb_ingest_options {
	struct kb_doc_opts doc;
	struct kb_chunk_opts chunk;
	uint64_t converters; /* hash of the commands that doc.take runs */
	struct kb_crawl_opts crawl; /* note, problem and arg serve here too */
	bool restore;	 /* the documents are those of a dump (dump.h) */
	bool sync;	 /* what is given is all there is: the rest goes */
	uint32_t shard;	 /* only documents whose id falls to this part ... */
	uint32_t shards; /* ... of so many; 0: all */
	/* Called after each document with bytes read and to read (0: not
	 * known); may be NULL. */
	void (*progress)(void *arg, uint64_t docs, uint64_t done, uint64_t all);
	void *progress_arg;
	/* Asked after a document of a file that is new: is it time to commit?
	 * Then what was not read is left to another run, as stats->left says:
	 * files stay as the index has them. NULL: never. */
	bool (*enough)(void *arg);
	void *enough_arg;
};

struct kb_ingest_stats {
	uint64_t files, files_read, files_removed;
	uint64_t problems;
	uint64_t bytes; /* read */
	uint64_t docs;	/* read from them */
	bool left;	/* not all was read: 'enough' said so */
	/* What runs before did, whose rest this one reads. */
	struct kb_writer_stats before;
};

/* A file or directory to read, and how. Borrowed. */
struct kb_ingest_source {
	const char *path; /* as it begins names */
	/* What is particular to it: doc.lines, chunk, shard, crawl with its
	 * 'dir'. */
	struct kb_ingest_options options;
	/* By the index, not by the user of this run: where it is gone, or a
	 * directory without a file, that is a problem, and its documents
	 * stay. */
	bool remembered;
	bool may_be_empty; /* ... but for the latter */
	bool must_hold;	   /* a file, or the run ends: a new build of it */
	bool forgotten;	   /* it is not read, and its documents go */
};

/*
 * Bring the index up to date with files and directories: files under them
 * that are new or changed are read, vanished ones removed. One that does not
 * exist and is not remembered is an error before anything is done. 'options'
 * are those of the run.
 */
int kb_ingest_sources(struct kb_writer *writer,
		      const struct kb_ingest_source *sources, size_t n,
		      const struct kb_ingest_options *options,
		      struct kb_ingest_stats *stats, struct kb_err *err);

/* ... paths, each read with these options. */
int kb_ingest_paths(struct kb_writer *writer, const char *const *paths,
		    size_t n, const struct kb_ingest_options *options,
		    struct kb_ingest_stats *stats, struct kb_err *err);

/* Standard input: JSON lines of documents to add, replace or delete. */
int kb_ingest_stream(struct kb_writer *writer,
		     const struct kb_ingest_options *options,
		     struct kb_ingest_stats *stats, struct kb_err *err);

/* "I/N", 1-based, into the options; NULL is no shard. */
int kb_ingest_shard(struct kb_ingest_options *options, const char *text,
		    struct kb_err *err);

/* What a writer did, which is to be closed, among what was done before. */
void kb_ingest_add_before(struct kb_ingest_stats *stats,
			  const struct kb_writer *writer);
/* One line of what was done. */
void kb_ingest_say(const struct kb_writer *writer,
		   const struct kb_ingest_stats *stats,
		   void (*say)(void *arg, const char *line));
/* The same as members of a JSON object, without the braces. */
void kb_ingest_members(const struct kb_writer *writer,
		       const struct kb_ingest_stats *stats, uint64_t elapsed_ns,
		       struct kb_buf *out);

#endif
