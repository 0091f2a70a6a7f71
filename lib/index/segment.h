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

enum kb_section_type {
	KB_SEC_META = 1,      /* segment: counts */
	KB_SEC_DICT = 2,      /* dict: term key -> postings place */
	KB_SEC_DICT_TEXT = 3, /* dict: word texts, sorted, front coded */
	KB_SEC_POSTINGS = 4,  /* postings: blocks of 128 chunks */
	KB_SEC_LENGTHS = 5,   /* segment: u16 length of every chunk */
	KB_SEC_CHUNKS = 6,    /* segment: struct kb_chunk_entry each */
	KB_SEC_DOCS = 7,      /* segment: struct kb_doc_entry each */
	KB_SEC_IDS = 8,	      /* segment: id texts, and their hash order */
	KB_SEC_STORE = 9,     /* docstore: zstd frames of document text */
	KB_SEC_STORE_INDEX = 10,
	KB_SEC_STORE_DICT = 11,
	KB_SEC_KEYWORDS = 12, /* columns: keyword members */
	KB_SEC_NUMBERS = 13,  /* columns: numeric members */
	KB_SEC_VECTORS = 14,  /* vector: int8 vectors of the model */
	KB_SEC_CODES = 15,    /* vector: rotated 1-bit codes */
	KB_SEC_ENTITIES = 16, /* graph: entity table */
	KB_SEC_EDGES = 17,    /* graph: entity - chunk - entity edges */
	KB_SEC_WORDVEC = 18,  /* vector: int8 chunk vectors, built-in model */
	KB_SEC_SPARSE = 19,   /* reserved: learned sparse vectors */
	KB_SEC_LATE = 20,     /* reserved: late-interaction vectors */
	KB_SEC_TEXT_HASHES = 21, /* vector: u64 hash of each text */
	KB_SEC_MAX = 32,
};

struct kb_section {
	const unsigned char *ptr; /* NULL when the segment has none */
	size_t len;
};

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
	const struct kb_chunk_entry *chunks; /* = sec[KB_SEC_CHUNKS] */
	const uint16_t *lengths;	     /* = sec[KB_SEC_LENGTHS] */
	struct kb_segment_file *file;	     /* mapping, name; segment.c */
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
 * Begin to read what kb_segment_fetch() of a chunk will need, in KB_WANT_STEPS
 * steps: each reads what the one before asked for, so do a step for all the
 * chunks before the next one.
 */
#define KB_WANT_STEPS 3
void kb_segment_want(const struct kb_segment *seg, uint32_t chunk, int step);

/* Read one chunk's stored text. KB_EFORMAT when the frame is damaged. */
int kb_segment_fetch(const struct kb_segment *seg, uint32_t chunk,
		     struct kb_arena *arena, struct kb_passage *out,
		     struct kb_err *err);

/* The id of the chunk's document without touching the text store. */
struct kb_str kb_segment_id(const struct kb_segment *seg, uint32_t chunk);

#endif
