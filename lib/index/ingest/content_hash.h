/*
 * Hashes that tell whether what was read before is as it was. They alone
 * decide that, so they take the seed of the index (settings.h), which who
 * writes documents does not know.
 */
#ifndef KB_INDEX_INGEST_CONTENT_HASH_H
#define KB_INDEX_INGEST_CONTENT_HASH_H

#include "base/hash.h"
#include "doc/chunk.h"

/* What a document is read with. */
struct kb_content_shape {
	uint64_t seed;
	const struct kb_chunk_opts *chunk;
	bool restore;		/* the document may be a dump's */
	bool lines;		/* plain text is read as a log */
	uint64_t converters;	/* hash of the user's commands; 0: none */
	uint32_t shard, shards; /* the part that is taken; 0 of 0: all */
};

/* Of all that decides what a document is in the index, before the work of
 * cutting it. Never 0. */
uint64_t kb_content_hash_doc(const struct kb_doc *doc,
			     const struct kb_content_shape *shape);

/* Of a JSON line, which is what its document is made of, and its place in the
 * file. Never 0. */
uint64_t kb_content_hash_line(struct kb_str line, uint64_t place,
			      const struct kb_content_shape *shape);

/* Of what it is read with, without the seed: bits that KB_SOURCE_OPTIONS leaves
 * (sources.h). */
uint32_t kb_content_hash_options(const struct kb_content_shape *shape);

/* Of a file's bytes. -1 and errno when it cannot be read. */
int kb_content_hash_file(const char *path, uint64_t seed,
			 struct kb_hash128 *hash);

#endif
