/*
 * The dictionary of a segment: from a term's key to its postings, and the
 * texts of its words.
 *
 * KB_SEC_DICT holds the terms in the order of kb_mix64(key), which spreads
 * them evenly: the top bits of the mixed key are a bucket number, and a
 * lookup scans one bucket of about eight entries. The mixing is a
 * bijection, so an entry keeps only the bits that the bucket does not say.
 * An entry is that rest, the offset of the postings and the count in one
 * byte; a count of 255 or more stands before the postings as a u32. The
 * postings have the order of the entries, so the next entry's offset ends
 * a list.
 *
 * KB_SEC_DICT_TEXT holds the texts of word-like terms in byte order, front
 * coded in blocks of 16.
 */
#ifndef KB_INDEX_DICT_H
#define KB_INDEX_DICT_H

#include "index/index.h"
#include "store/container.h"

#define KB_DICT_COUNT_ESCAPE 255
#define KB_DICT_TEXT_BLOCK   16
#define KB_DICT_TEXT_MAX     1024 /* bytes of one word's text */

/* Parsed when the segment is opened; lengths are checked there. */
struct kb_dict {
	const unsigned char *buckets; /* u32 each, 2^bits + 1 */
	const unsigned char *entries;
	uint32_t n;
	unsigned bits, rest_bytes, offset_bytes, stride;
};

struct kb_dict_text {
	const unsigned char *offsets; /* u32 each, n_blocks + 1 */
	const unsigned char *data;
	size_t data_len;
	uint32_t n, n_blocks;
};

bool kb_dict_parse(struct kb_dict *d, struct kb_section sec);
bool kb_dict_text_parse(struct kb_dict_text *t, struct kb_section sec);

/* Walks the entries in order: start with {.dict = d}. */
struct kb_dict_cursor {
	const struct kb_dict *dict;
	uint32_t next; /* entry that comes next */
	size_t bucket; /* that it stands in, or one before */
	uint64_t mixed;
	struct kb_term_info info;
};

/* To the next entry: 1; 0 at the end; KB_EFORMAT when damaged. */
int kb_dict_next(struct kb_dict_cursor *c, struct kb_section postings);

bool kb_dict_lookup(const struct kb_dict *d, struct kb_section postings,
		    uint64_t key, struct kb_term_info *info);

/* The inverse of kb_mix64(). */
uint64_t kb_dict_unmix(uint64_t mixed);

/* ---- writing ---- */

struct kb_dict_item {
	uint64_t mixed;	 /* kb_mix64(key), ascending */
	uint64_t offset; /* of the list (of its u32 count when escaped) */
	uint32_t count;
};

/* end is the length of the postings section. */
void kb_dict_write(struct kb_container *out, const struct kb_dict_item *items,
		   uint32_t n, uint64_t end);

struct kb_dict_word {
	struct kb_str text;
	uint64_t key;
};

/* Sorts words by text and key and writes each once. */
void kb_dict_text_write(struct kb_container *out, struct kb_dict_word *words,
			size_t n);

#endif
