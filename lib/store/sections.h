/*
 * The sections of a segment file: their types, and the span of one.
 *
 * The container (container.h) knows types as numbers; the content of each
 * belongs to the module named beside it, which checks every offset it follows.
 * kb-index-format(5) describes every byte.
 */
#ifndef KB_STORE_SECTIONS_H
#define KB_STORE_SECTIONS_H

#include <stddef.h>

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
	KB_SEC_SKETCHES = 22, /* segment: struct kb_term_sketch of each chunk */
	/* vector: the same three of a second model */
	KB_SEC_VECTORS_2 = 23,
	KB_SEC_CODES_2 = 24,
	KB_SEC_TEXT_HASHES_2 = 25,
	KB_SEC_MAX = 32,
};

/* Models that a segment may hold vectors of, each in sections of its own. */
#define KB_VECTOR_SLOTS 2

struct kb_section {
	const unsigned char *ptr; /* NULL when the segment has none */
	size_t len;
};

#endif
