#include "index/ingest/content_hash.h"

#include "index/ingest/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Goes up with what files become: their documents, text, or terms. What was
 * read before is read again then. */
#define READING_VERSION 2u

static uint64_t hash_options(const struct kb_content_shape *shape)
{
	const uint64_t options[] = {
	    READING_VERSION,
	    shape->chunk->target_tokens,
	    shape->chunk->max_tokens,
	    shape->restore,
	    shape->lines ^ shape->converters,
	    (uint64_t)shape->shard << 32 | shape->shards,
	};

	return kb_xxh64(options, sizeof(options), 0);
}

uint32_t kb_content_hash_options(const struct kb_content_shape *shape)
{
	return (uint32_t)hash_options(shape) & KB_SOURCE_OPTIONS;
}

uint64_t kb_content_hash_doc(const struct kb_doc *doc,
			     const struct kb_content_shape *shape)
{
	const uint64_t first[] = {
	    hash_options(shape),
	    doc->line,
	    doc->kind,
	};
	uint64_t hash = kb_xxh64(first, sizeof(first), shape->seed);

	hash = kb_xxh64_part(hash, doc->title.ptr, doc->title.len);
	hash = kb_xxh64_part(hash, doc->text.ptr, doc->text.len);
	hash = kb_xxh64_part(hash, doc->meta.ptr, doc->meta.len);
	hash = kb_xxh64_part(hash, doc->vector.ptr, doc->vector.len);
	for (int i = 0; i < 3; i++)
		hash =
		    kb_xxh64_part(hash, doc->triple[i].ptr, doc->triple[i].len);
	for (size_t i = 0; i < doc->n_blocks; i++) {
		const struct kb_block *b = &doc->blocks[i];
		const uint32_t place[] = {b->start, b->end, b->line, b->type,
					  b->level};

		hash = kb_xxh64(place, sizeof(place), hash);
	}
	return hash | 1;
}

uint64_t kb_content_hash_line(struct kb_str line, uint64_t place,
			      const struct kb_content_shape *shape)
{
	const uint64_t first[] = {hash_options(shape), place};

	/* a line is not a document that hashes the same */
	return kb_xxh64(line.ptr, line.len,
			kb_xxh64(first, sizeof(first), shape->seed + 1)) |
	       1;
}

int kb_content_hash_file(const char *path, uint64_t seed,
			 struct kb_hash128 *hash)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct kb_xxh128_stream *stream;
	char buf[1 << 16];
	ssize_t n = 0;
	int code;

	if (fd < 0)
		return -1;
	stream = kb_xxh128_begin(seed);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		kb_xxh128_add(stream, buf, (size_t)n);
	code = errno;
	*hash = kb_xxh128_end(stream);
	close(fd);
	errno = code;
	return n < 0 ? -1 : 0;
}
