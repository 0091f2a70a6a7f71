/*
 * Compressed text with random access: a byte stream cut into zstd frames.
 *
 * Each frame holds at most KB_FRAME_TARGET bytes, is compressed on its own
 * with a dictionary trained on the first text, and carries zstd's checksum. A
 * hit costs the decoding of a whole frame, so they are small; the large
 * dictionary makes up for what that loses. The frame index tells where each
 * begins, in the stream and in the compressed bytes; its last entry holds the
 * two totals.
 */
#ifndef KB_STORE_FRAMES_H
#define KB_STORE_FRAMES_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define KB_FRAME_TARGET 4096
#define KB_FRAME_MAX	65536 /* a reader refuses a larger one */
#define KB_FRAME_LEVEL	4
#define KB_FRAME_SPARES 8 /* decoders kept: as many threads share none */

/* Bytes of a trained dictionary: a share of the text it is made of. */
#define KB_FRAME_DICT	    524288
#define KB_FRAME_DICT_MIN   16384 /* of less text it is not worth its place */
#define KB_FRAME_DICT_SHARE 16

struct kb_frame_ref {
	uint64_t packed; /* offset in the compressed bytes */
	uint64_t raw;	 /* offset in the stream */
};

/* ---- writing ---- */

struct kb_frames_out;

/* dict may be empty; it is copied. */
struct kb_frames_out *kb_frames_out_new(const void *dict, size_t dict_len);
void kb_frames_out_free(struct kb_frames_out *out);

/* Append one compressed frame of raw (at most KB_FRAME_MAX bytes). */
void kb_frames_pack(struct kb_frames_out *out, const void *raw, size_t len,
		    struct kb_buf *packed);

/* Train a dictionary from sample text, sizes[i] bytes each, into dict;
 * leaves it empty when the samples are too few. Deterministic. */
void kb_frames_train(struct kb_buf *dict, const void *samples,
		     const size_t *sizes, unsigned n);

/* ---- reading ---- */

/* Borrowed views of the three sections; may be used by several threads. */
struct kb_frames {
	const unsigned char *packed;
	size_t packed_len;
	const struct kb_frame_ref *refs; /* n + 1 */
	size_t n;
	const unsigned char *dict;
	size_t dict_len;
	_Atomic(void *) ddict;			 /* made when first needed */
	_Atomic(void *) spares[KB_FRAME_SPARES]; /* decoders nobody uses */
};

/* index is the frame index section. KB_EFORMAT when the sizes cannot be. */
int kb_frames_open(struct kb_frames *f, const void *packed, size_t packed_len,
		   const void *index, size_t index_len, const void *dict,
		   size_t dict_len, struct kb_err *err);
void kb_frames_close(struct kb_frames *f);

/* Begin to read index and dictionary, and the frame that holds a byte of the
 * stream. */
void kb_frames_prefetch_index(const struct kb_frames *f);
void kb_frames_prefetch(const struct kb_frames *f, uint64_t offset);

/* Reads nearby spans of one stream; keeps the last frame. */
struct kb_frames_reader {
	struct kb_frames *frames;
	struct kb_arena *arena; /* what is read lives here */
	size_t frame;		/* number of the frame kept */
	char *raw;		/* NULL when none is */
	size_t raw_len;
	/* NULL, or for the frame kept and nothing else: what is read may then
	 * live until the next is read only, while arena may be reset */
	struct kb_arena *kept;
};

/* len bytes from offset on; KB_EFORMAT when damaged or outside. */
int kb_frames_read(struct kb_frames_reader *r, uint64_t offset, size_t len,
		   struct kb_str *out, struct kb_err *err);

#endif
