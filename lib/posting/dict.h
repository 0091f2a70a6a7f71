/*
 * The dictionary of a segment: from a term's key to its postings, and the
 * texts of its words.
 *
 * KB_SEC_DICT holds the terms in the order of kb_dict_mix(key), which
 * spreads them evenly: the top bits of the mixed key are a bucket number,
 * and a lookup reads through one bucket of about twelve entries. The mixing
 * is a bijection, so an entry keeps only the bits that the bucket does not
 * say, fewer of a narrow key than of a wide one (mix.h).
 *
 * The postings have the order of the entries. A bucket says where its first
 * list begins and an entry how long its list is, except that one posting
 * alone stands in the entry.
 *
 * KB_SEC_DICT_TEXT holds the texts of word-like terms in byte order, front
 * coded in blocks of 16.
 */
#ifndef KB_POSTING_DICT_H
#define KB_POSTING_DICT_H

#include "base/page_advice.h"
#include "posting/term_order.h"
#include "store/container.h"
#include "store/sections.h"

#define KB_DICT_TEXT_BLOCK 16
#define KB_DICT_TEXT_MAX   1024 /* bytes of one word's text */

/* What a dictionary says of a term. */
struct kb_term_info {
	const unsigned char *ptr; /* the postings, in the mapping */
	size_t size;		  /* bytes of them */
	uint32_t count;	  /* chunks in the postings, dead ones included */
	uint32_t df_live; /* chunks alive that hold the term; set by
			     kb_segment_find_term() */
};

/* Parsed when the segment is opened; lengths are checked there. */
struct kb_dict {
	const unsigned char *buckets; /* 2^bits + 1: entries, postings */
	const unsigned char *entries;
	size_t entries_len;
	uint32_t n;
	unsigned bits, offset_bytes;
};

/* What is left of a bucket: entries, and their lists. */
struct kb_dict_bucket {
	const unsigned char *p, *end;
	const unsigned char *list, *list_end;
};

struct kb_dict_text {
	const unsigned char *offsets; /* u32 each, n_blocks + 1 */
	const unsigned char *data;
	size_t data_len;
	uint32_t n, n_blocks;
};

bool kb_dict_parse(struct kb_dict *d, struct kb_section sec);
bool kb_dict_text_parse(struct kb_dict_text *t, struct kb_section sec);

/*
 * Words in byte order, from the first not before 'from' on. fn gets the
 * normalised text and the term's key (class WORD, EXACT or CODE; Han terms are
 * not listed); it returns false to stop.
 */
void kb_dict_text_words(const struct kb_dict_text *t, struct kb_str from,
			bool (*fn)(void *arg, struct kb_str text, uint64_t key),
			void *arg);

/* Walks the entries in order: start with {.dict = d}. */
struct kb_dict_cursor {
	const struct kb_dict *dict;
	struct kb_dict_bucket bucket;
	size_t n_buckets; /* opened so far */
	uint32_t next;	  /* entry that comes next */
	uint64_t mixed;
	struct kb_term_info info;
};

/* To the next entry: 1; 0 at the end; KB_EFORMAT when damaged. */
int kb_dict_next(struct kb_dict_cursor *c, struct kb_section postings);

bool kb_dict_lookup(const struct kb_dict *d, struct kb_section postings,
		    const struct kb_peek *peek, uint64_t key,
		    struct kb_term_info *info);

/* Begin to read what a lookup of the key needs, in KB_DICT_STEPS steps, each
 * to be done for all keys and segments before the next one: step 0, where its
 * bucket is; step 1, the bucket, once that has been read. */
#define KB_DICT_STEPS 2
void kb_dict_prefetch(const struct kb_dict *d, uint64_t key, int step);

/* ---- writing ---- */

struct kb_dict_item {
	uint64_t mixed; /* kb_dict_mix(key), ascending */
	uint32_t count;
	uint32_t one_size; /* of one posting: its bytes, and they are */
	uint64_t list;	   /* here; else the size of the list */
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
