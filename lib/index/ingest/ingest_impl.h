/* A run of ingestion: what its two parts share, documents (ingest.c) and the
 * files they are in (refresh.c). */
#ifndef KB_INDEX_INGEST_INGEST_IMPL_H
#define KB_INDEX_INGEST_INGEST_IMPL_H

#include "index/ingest/content_hash.h"
#include "index/ingest/ingest.h"
#include "index/ingest/sources.h"

struct ingest {
	struct kb_writer *w;
	const struct kb_ingest_options *opt; /* of the run, or of the file */
	struct kb_ingest_stats *stats;
	struct kb_arena arena; /* of the current document */
	struct kb_writer_chunk *chunks;
	size_t cap_chunks;
	int64_t start_ns;
	uint64_t to_read;    /* bytes, when known */
	struct kb_buf *said; /* problems are added to it, unless NULL */
	struct kb_sources_restored restored; /* out of a dump */
	bool stopped; /* it is time to commit: nothing more is read */

	/* of the current file or stream */
	struct kb_str source;
	const char *name;     /* for messages */
	bool renamed;	      /* its documents may have other ids now */
	bool dump_said;	      /* a member that only a dump has */
	uint64_t line_hash;   /* of the current JSON line; 0: none */
	uint64_t line_bytes;  /* of the lines read from it */
	uint64_t n_put;	      /* documents it brought or took away */
	uint64_t n_refused;   /* of its documents */
	uint64_t n_repeats;   /* ids that came before in it */
	uint32_t repeat_line; /* the first of them */
	char repeat_id[KB_QUOTE_MAX];
};

void kb_ingest_problem(struct ingest *in, const char *line);
/* A line that stands for n of them; in 'said' it begins with "N\t". */
void kb_ingest_problems(struct ingest *in, uint64_t n, const char *line);

/* What documents are read with. */
struct kb_content_shape kb_ingest_shape(const struct ingest *in);

/*
 * All documents of a file, or of a descriptor when path is NULL. Bad ones are
 * reported and skipped. KB_EFORMAT, KB_ELIMIT, KB_EINVAL: it cannot be read,
 * or not to its end; KB_ENOENT; anything else ends the run.
 */
int kb_ingest_file(struct ingest *in, int fd, const char *path,
		   const char *name, const struct kb_doc_opts *options,
		   struct kb_err *err);

/* Bring the index up to date with the files of a crawl; from: what each of its
 * roots was crawled for. */
int kb_refresh_files(struct ingest *in, const struct kb_crawl *crawl,
		     const struct kb_ingest_source *const *from,
		     struct kb_err *err);

/* After a stream: what the sources remembered have to know of it. */
int kb_refresh_after_stream(struct ingest *in, struct kb_err *err);

#endif
