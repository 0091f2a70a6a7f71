/*
 * A segment: one immutable file that holds some documents and everything
 * that is searched about them. kb-index-format(5) describes every byte.
 *
 * A document is what the user gave (an id, a title, a text, other members).
 * It is cut into chunks; the chunk is what is searched and returned. Chunks
 * are numbered 0..n_chunks-1 in a segment, in the order of their documents,
 * and postings, vectors and graph all speak of that number ('chunk').
 *
 * The file is a header, aligned sections and a section table with type,
 * offset, length, CRC32C and a required/optional flag. Opening maps the
 * file and checks header, table and lengths; nothing else is read. A reader
 * skips an optional section of a type it does not know and refuses a
 * required one. Each section's content belongs to the module named beside
 * its type, which must bounds-check every offset it follows: a flipped bit
 * may give a wrong answer or an error, never a crash.
 */
#ifndef KB_INDEX_SEGMENT_H
#define KB_INDEX_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "posting/dict.h"
#include "posting/term_sketch.h"
#include "store/sections.h"

/* KB_SEC_CHUNKS */
struct kb_chunk_entry {
	uint32_t doc;	     /* document number in this segment */
	uint32_t start, end; /* bytes of the document's stored text */
	uint32_t line;	     /* 1-based line of 'start' in the source, 0 none */
	uint32_t heading;    /* offset of the heading path in the doc's
				heading text, len in heading_len */
	uint32_t heading_len;
};

struct kb_segment {
	struct kb_section sec[KB_SEC_MAX];
	uint32_t n_docs, n_chunks;
	const uint64_t *live;  /* bit per chunk; NULL when all are alive */
	uint32_t n_live;       /* chunks alive */
	uint64_t total_length; /* sum of lengths of the chunks alive */
	const struct kb_chunk_entry *chunks;   /* = sec[KB_SEC_CHUNKS] */
	const uint16_t *lengths;	       /* = sec[KB_SEC_LENGTHS] */
	const struct kb_term_sketch *sketches; /* of each chunk; NULL where an
						  older program wrote it */
	struct kb_segment_file *file;	       /* mapping, name; segment.c */
};

static inline bool kb_segment_alive(const struct kb_segment *seg,
				    uint32_t chunk)
{
	return !seg->live || (seg->live[chunk / 64] >> (chunk % 64) & 1);
}

/* What is stored about one chunk and its document; strings live in the
 * arena given to kb_segment_fetch(), or in the mapping. */
struct kb_passage {
	struct kb_str id; /* the document's */
	struct kb_str title;
	struct kb_str heading; /* "Returns > Electronics", may be empty */
	struct kb_str text;    /* of this chunk */
	struct kb_str source;  /* path it came from, may be empty */
	struct kb_str meta;    /* JSON object of the other members, or empty */
	uint32_t chunk_no;     /* 0-based within the document */
	uint32_t n_chunks;     /* of the document */
	uint32_t line, start, end;
};

/*
 * Begin to read what kb_segment_fetch() of a chunk will need, in
 * KB_PREFETCH_STEPS steps: each reads what the one before asked for, so do a
 * step for all the chunks before the next one.
 */
#define KB_PREFETCH_STEPS 3
void kb_segment_prefetch(const struct kb_segment *seg, uint32_t chunk,
			 int step);

/* Read one chunk's stored text. KB_EFORMAT when the frame is damaged. */
int kb_segment_fetch(const struct kb_segment *seg, uint32_t chunk,
		     struct kb_arena *arena, struct kb_passage *out,
		     struct kb_err *err);

/* The sketch of a chunk's title and text, borrowed; NULL when the segment has
 * none. */
const struct kb_term_sketch *kb_segment_sketch(const struct kb_segment *seg,
					       uint32_t chunk);

/* The id of the chunk's document without touching the text store. */
struct kb_str kb_segment_id(const struct kb_segment *seg, uint32_t chunk);

/*
 * A term of the segment: false when it does not hold it. info->df_live is what
 * the dictionary says less what the segment's deletions took away.
 */
bool kb_segment_find_term(const struct kb_segment *seg, uint64_t key,
			  struct kb_term_info *info);

/* Begin to read what kb_segment_find_term() will need: kb_dict_prefetch(). */
void kb_segment_prefetch_term(const struct kb_segment *seg, uint64_t key,
			      int step);

/* The words of the segment: kb_dict_text_words(). */
void kb_segment_words(const struct kb_segment *seg, struct kb_str from,
		      bool (*fn)(void *arg, struct kb_str text, uint64_t key),
		      void *arg);

#endif
