/*
 * What an open segment is behind struct kb_segment: its mappings and the
 * parsed heads of its sections. For lib/index only.
 */
#ifndef KB_INDEX_SEGMENT_FILE_H
#define KB_INDEX_SEGMENT_FILE_H

#include "index/segment.h"
#include "posting/dict.h"
#include "store/container.h"
#include "store/frames.h"
#include "store/manifest.h"

/* KB_SEC_META */
struct kb_segment_meta {
	uint32_t n_docs, n_chunks;
	uint64_t total_length; /* of all chunks */
	uint64_t text_bytes;   /* of the documents' texts */
	uint64_t n_postings;
	uint32_t title_weight; /* what a posting's frequency counts a
				  title's occurrence for */
	uint32_t zero;
};

/* KB_SEC_DOCS: n_docs + 1 of them, the last being the ends. */
struct kb_doc_entry {
	uint64_t store;	      /* offset of its record in the text stream */
	uint64_t source;      /* kb_source_hash() of its source */
	uint64_t hash;	      /* of all it was made of */
	uint32_t first_chunk; /* up to the next document's */
	uint32_t zero;
};

/* Sections of a live file (KB_KIND_LIVE). */
enum kb_live_section {
	KB_LIVE_META = 1,   /* struct kb_live_meta */
	KB_LIVE_BITS = 2,   /* u64 words, bit per chunk */
	KB_LIVE_TERMS = 3,  /* u64 keys of terms in dead chunks, sorted */
	KB_LIVE_COUNTS = 4, /* u32 dead chunks that hold each */
};

struct kb_live_meta {
	uint32_t n_chunks, n_live;
	uint64_t total_length; /* of the chunks alive */
};

struct kb_segment_file {
	struct kb_container_view view;
	struct kb_container_view live;
	char name[sizeof(((struct kb_manifest_file *)0)->name)];
	bool mapped;		/* view is unmapped at the close */
	struct kb_peek peek;	/* kb_index_once() */
	struct kb_arena pieces; /* copied through it */
	size_t n_pieces;
	struct kb_segment_meta meta;
	struct kb_dict dict;
	struct kb_dict_text words;
	struct kb_frames frames;
	const struct kb_doc_entry *docs; /* n_docs + 1 */
	const uint32_t *id_offsets;	 /* n_docs + 1 */
	const uint32_t *id_hashes;	 /* sorted */
	const uint32_t *id_docs;	 /* in the order of the hashes */
	const char *id_text;
	size_t id_text_len;
	const unsigned char *dead_terms; /* u64 each */
	const unsigned char *dead_counts;
	size_t n_dead;
};

/* Sections this program understands: 1 to 18, not the reserved ones, 21 and
 * 22. */
#define KB_SEGMENT_KNOWN ((uint32_t)0x67fffe)
#define KB_LIVE_KNOWN	 ((uint32_t)0x1e)

/* Open a segment and its live file, if it has one. */
int kb_segment_open(struct kb_segment **out, int dir,
		    const struct kb_manifest_segment *entry,
		    struct kb_err *err);
/* From memory, which must outlive it; for tests and fuzzing. */
int kb_segment_open_memory(struct kb_segment **out, const void *ptr, size_t len,
			   const void *live, size_t live_len,
			   struct kb_err *err);
void kb_segment_close(struct kb_segment *seg);

/* KB_EFORMAT: its file is damaged, and how. */
int kb_segment_damaged(const struct kb_segment *seg, const char *what,
		       struct kb_err *err);

/* Document of an id, or UINT32_MAX. Dead documents are found too: *from is
 * where to go on (start with 0) when the one found will not do. */
uint32_t kb_segment_find_id(const struct kb_segment *seg, struct kb_str id,
			    uint32_t *from);

/* The bytes at a place of the mapping, or after kb_index_once() perhaps a copy
 * of them, which lives as long as the segment. */
const void *kb_segment_piece(const struct kb_segment *seg, const void *at,
			     size_t len);

/* The id of a document; empty when damaged. */
struct kb_str kb_segment_doc_id(const struct kb_segment *seg, uint32_t doc);

/* First chunk and number of chunks; false when damaged. */
bool kb_segment_doc_chunks(const struct kb_segment *seg, uint32_t doc,
			   uint32_t *first, uint32_t *n);

/* The stored parts of a document. */
struct kb_stored_doc {
	struct kb_str id, title, source, meta, text;
	struct kb_str headings; /* chunk entries point into it */
};

/* Reads documents; one after the other, each frame is unpacked once. */
struct kb_stored_reader {
	const struct kb_segment *seg;
	struct kb_frames_reader frames;
	struct kb_arena frame, joined; /* a frame; what lies in several */
};
void kb_stored_reader_init(struct kb_stored_reader *r,
			   const struct kb_segment *seg);
void kb_stored_reader_release(struct kb_stored_reader *r);

/* What is read lives until the next is. KB_EFORMAT when damaged. */
int kb_stored_read(struct kb_stored_reader *r, uint32_t doc,
		   struct kb_stored_doc *out, struct kb_err *err);

#endif
