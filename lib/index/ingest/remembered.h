/*
 * What an index remembers of how it is refreshed: the files and directories
 * that were given, with what each is read with, and of commands only that
 * there were some. It is a global file of the generation (writer.h) with one
 * section: strings that each end with a NUL, "name=value", which
 * kb-index-format(5) lists.
 *
 * A source is known by its path made absolute; of those given twice the last
 * counts.
 */
#ifndef KB_INDEX_INGEST_REMEMBERED_H
#define KB_INDEX_INGEST_REMEMBERED_H

#include "base/map.h"
#include "doc/chunk.h"
#include "index/write/writer.h"

#define KB_REMEMBERED_SLOT     "refresh"
#define KB_REMEMBERED_KNOWN    0x2u  /* sections */
#define KB_REMEMBERED_MAX      10000 /* sources */
#define KB_REMEMBERED_PATTERNS 64    /* of each kind, of a source */
#define KB_REMEMBERED_NOT      SIZE_MAX

/* Patterns, borrowed or in the arena of who remembers them. */
struct kb_pattern_list {
	const char *const *items;
	size_t n;
};

struct kb_remembered_source {
	const char *path; /* as given, as names of its files begin */
	const char *dir;  /* what it was relative to, absolute */
	struct kb_pattern_list include, exclude;
	bool gitignore, lines;
	struct kb_chunk_opts chunk;
	uint32_t shard, shards; /* as in kb_ingest_options */
};

struct kb_remembered {
	struct kb_remembered_source *sources;
	size_t n, cap;
	struct kb_pattern_list converters; /* files that --convert names */
	uint64_t commands;		   /* hash of those; 0: none */
	uint64_t embed_command;		   /* hash of --embed-cmd; 0: none */
	struct kb_map places;  /* hash of an absolute path -> in sources */
	struct kb_arena arena; /* owns every string */
};

void kb_remembered_init(struct kb_remembered *r);
void kb_remembered_release(struct kb_remembered *r);

/* Read into an empty one. What makes no sense is passed over; KB_ELIMIT past
 * the limits above. */
int kb_remembered_parse(struct kb_remembered *r, struct kb_str text,
			struct kb_err *err);
void kb_remembered_format(const struct kb_remembered *r, struct kb_buf *out);

/* The place of a path made absolute, or KB_REMEMBERED_NOT. */
size_t kb_remembered_find(const struct kb_remembered *r, const char *absolute);
/* Add a source, which is copied, or replace the one of its path. False when
 * there are KB_REMEMBERED_MAX. */
bool kb_remembered_put(struct kb_remembered *r,
		       const struct kb_remembered_source *source);
void kb_remembered_remove(struct kb_remembered *r, size_t place);
/* The patterns of commands such as --convert has, which are copied. */
void kb_remembered_set_converters(struct kb_remembered *r,
				  const char *const *commands, size_t n,
				  uint64_t hash);
bool kb_remembered_equal(const struct kb_remembered_source *a,
			 const struct kb_remembered_source *b);

/* Of the generation that a writer started from, also when it is rebuilt. */
int kb_remembered_load(struct kb_remembered *r, struct kb_writer *writer,
		       struct kb_err *err);
/* Into the generation to be, if that has not the same. */
int kb_remembered_save(const struct kb_remembered *r, struct kb_writer *writer,
		       struct kb_err *err);
/* Of an index. */
int kb_remembered_of(struct kb_remembered *r, const struct kb_index *index,
		     struct kb_err *err);

#endif
