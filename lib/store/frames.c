#include "store/frames.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
/* For training with chosen parameters: to search them, as the plain function
 * does, costs twice the time, and finds worse ones on a sample. */
#define ZDICT_STATIC_LINKING_ONLY
#define ZSTD_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>

#include "base/page_advice.h"

struct kb_frames_out {
	ZSTD_CCtx *cctx;
	ZSTD_CDict *cdict; /* NULL without a dictionary */
};

struct kb_frames_out *kb_frames_out_new(const void *dict, size_t dict_len)
{
	struct kb_frames_out *out = kb_calloc(1, sizeof(*out));

	out->cctx = ZSTD_createCCtx();
	if (!out->cctx)
		kb_oom();
	if (dict_len) {
		out->cdict = ZSTD_createCDict(dict, dict_len, KB_FRAME_LEVEL);
		if (!out->cdict)
			kb_oom();
		ZSTD_CCtx_refCDict(out->cctx, out->cdict);
	} else {
		ZSTD_CCtx_setParameter(out->cctx, ZSTD_c_compressionLevel,
				       KB_FRAME_LEVEL);
	}
	ZSTD_CCtx_setParameter(out->cctx, ZSTD_c_checksumFlag, 1);
	return out;
}

void kb_frames_out_free(struct kb_frames_out *out)
{
	if (!out)
		return;
	ZSTD_freeCCtx(out->cctx);
	ZSTD_freeCDict(out->cdict);
	free(out);
}

void kb_frames_pack(struct kb_frames_out *out, const void *raw, size_t len,
		    struct kb_buf *packed)
{
	size_t bound = ZSTD_compressBound(len);
	size_t n;

	kb_buf_reserve(packed, bound);
	n = ZSTD_compress2(out->cctx, packed->ptr + packed->len, bound, raw,
			   len);
	/* With room for the bound only exhausted memory is left to fail. */
	if (ZSTD_isError(n))
		kb_oom();
	packed->len += n;
}

void kb_frames_train(struct kb_buf *dict, const void *samples,
		     const size_t *sizes, unsigned n)
{
	/* Segments of 200 bytes, counted by the 8-byte words in them. */
	ZDICT_fastCover_params_t params = {
	    .k = 200, .d = 8, .f = 20, .accel = 1, .splitPoint = 1.0};
	size_t total = 0, size, len;

	kb_buf_reset(dict);
	for (unsigned i = 0; i < n; i++)
		total += sizes[i];
	size = total / KB_FRAME_DICT_SHARE;
	if (size < KB_FRAME_DICT_MIN)
		return;
	if (size > KB_FRAME_DICT)
		size = KB_FRAME_DICT;
	kb_buf_reserve(dict, size);
	len = ZDICT_trainFromBuffer_fastCover(dict->ptr, size, samples, sizes,
					      n, params);
	if (!ZDICT_isError(len))
		dict->len = len;
}

/* ---- decoders ---- */

/*
 * A frame's matches lie mostly in the dictionary. zstd copies those by a call
 * each, unless the dictionary stands right before the output: then they are
 * matches like any other, and a frame takes a third less time. The copy
 * costs what it saves in some fifty frames, so a decoder first works without.
 */
#define FRAMES_BEFORE_COPY 100
#define COPIES_MAX	   16 /* in the process, about 600 KB each */

struct decoder {
	ZSTD_DCtx *dctx;
	unsigned frames;   /* decoded, until there is a window */
	char *window;	   /* the dictionary, and KB_FRAME_MAX bytes */
	ZSTD_DDict *ddict; /* of the dictionary there */
};

static atomic_uint copies;

static struct decoder *new_decoder(void)
{
	struct decoder *d = kb_calloc(1, sizeof(*d));

	d->dctx = ZSTD_createDCtx();
	if (!d->dctx)
		kb_oom();
	return d;
}

static void free_decoder(struct decoder *d)
{
	if (!d)
		return;
	if (d->window)
		atomic_fetch_sub(&copies, 1);
	ZSTD_freeDCtx(d->dctx);
	ZSTD_freeDDict(d->ddict);
	free(d->window);
	free(d);
}

static struct decoder *take_decoder(struct kb_frames *f)
{
	struct decoder *d = NULL;

	for (size_t i = 0; i < KB_FRAME_SPARES && !d; i++)
		if (atomic_load_explicit(&f->spares[i], memory_order_relaxed))
			d = atomic_exchange(&f->spares[i], NULL);
	return d ? d : new_decoder();
}

static void give_decoder(struct kb_frames *f, struct decoder *d)
{
	for (size_t i = 0; i < KB_FRAME_SPARES && d; i++)
		if (!atomic_load_explicit(&f->spares[i], memory_order_relaxed))
			d = atomic_exchange(&f->spares[i], d);
	free_decoder(d);
}

/* Its own copy of the dictionary, once that pays. */
static void copy_dict(const struct kb_frames *f, struct decoder *d)
{
	if (!f->dict_len || d->frames++ != FRAMES_BEFORE_COPY)
		return;
	if (atomic_fetch_add(&copies, 1) >= COPIES_MAX) {
		atomic_fetch_sub(&copies, 1);
		return;
	}
	d->window = kb_malloc(f->dict_len + KB_FRAME_MAX);
	memcpy(d->window, f->dict, f->dict_len);
	d->ddict = ZSTD_createDDict_byReference(d->window, f->dict_len);
	if (!d->ddict)
		kb_oom();
}

/* ---- reading ---- */

int kb_frames_open(struct kb_frames *f, const void *packed, size_t packed_len,
		   const void *index, size_t index_len, const void *dict,
		   size_t dict_len, struct kb_err *err)
{
	f->packed = packed;
	f->packed_len = packed_len;
	f->refs = index;
	f->dict = dict;
	f->dict_len = dict_len;
	atomic_init(&f->ddict, NULL);
	for (size_t i = 0; i < KB_FRAME_SPARES; i++)
		atomic_init(&f->spares[i], NULL);
	if (index_len < sizeof(*f->refs) || index_len % sizeof(*f->refs))
		return kb_err_set(err, KB_EFORMAT,
				  "the frame index has %zu bytes", index_len);
	f->n = index_len / sizeof(*f->refs) - 1;
	return 0;
}

void kb_frames_close(struct kb_frames *f)
{
	for (size_t i = 0; i < KB_FRAME_SPARES; i++)
		free_decoder(atomic_exchange(&f->spares[i], NULL));
	ZSTD_freeDDict(atomic_exchange(&f->ddict, NULL));
}

/* The first thread that needs it makes it; a second that made one at the
 * same time throws its own away. */
static const ZSTD_DDict *ddict_of(struct kb_frames *f)
{
	void *have = atomic_load(&f->ddict);
	ZSTD_DDict *made;

	if (have || !f->dict_len)
		return have;
	/* by reference: a copy would touch every page of it */
	made = ZSTD_createDDict_byReference(f->dict, f->dict_len);
	if (!made)
		return NULL;
	if (atomic_compare_exchange_strong(&f->ddict, &have, made))
		return made;
	ZSTD_freeDDict(made);
	return have;
}

static int bad_frame(size_t frame, struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT,
			  "text frame %zu is damaged; run kb-index --rebuild",
			  frame);
}

/* Length of the decoded frame, or a code of zstd's for an error. */
static size_t decode(const struct kb_frames *f, struct decoder *d,
		     const ZSTD_DDict *ddict, const unsigned char *packed,
		     size_t packed_len, char *raw, size_t len)
{
	size_t n;

	copy_dict(f, d);
	if (d->window) {
		char *behind = d->window + f->dict_len;

		n = ZSTD_decompress_usingDDict(d->dctx, behind, len, packed,
					       packed_len, d->ddict);
		if (n == len)
			memcpy(raw, behind, len);
		return n;
	}
	if (ddict)
		return ZSTD_decompress_usingDDict(d->dctx, raw, len, packed,
						  packed_len, ddict);
	return ZSTD_decompressDCtx(d->dctx, raw, len, packed, packed_len);
}

static int load_frame(struct kb_frames_reader *r, size_t frame,
		      struct kb_err *err)
{
	struct kb_frames *f = r->frames;
	const struct kb_frame_ref *a = &f->refs[frame], *b = a + 1;
	const ZSTD_DDict *ddict = ddict_of(f);
	struct decoder *d;
	size_t len, n;

	assert(frame < f->n);
	r->raw = NULL;
	if (a->packed > b->packed || b->packed > f->packed_len ||
	    a->raw >= b->raw || b->raw - a->raw > KB_FRAME_MAX)
		return bad_frame(frame, err);
	if (f->dict_len && !ddict)
		return bad_frame(frame, err);
	len = (size_t)(b->raw - a->raw);
	if (r->kept)
		kb_arena_reset(r->kept);
	r->raw = kb_arena_alloc(r->kept ? r->kept : r->arena, len);
	d = take_decoder(f);
	n = decode(f, d, ddict, f->packed + a->packed, b->packed - a->packed,
		   r->raw, len);
	give_decoder(f, d);
	if (ZSTD_isError(n) || n != len) {
		r->raw = NULL;
		return bad_frame(frame, err);
	}
	r->frame = frame;
	r->raw_len = len;
	return 0;
}

/* The frame that holds a byte of the stream. */
static size_t find_frame(const struct kb_frames *f, uint64_t offset)
{
	size_t lo = 0, hi = f->n;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->refs[mid].raw <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

void kb_frames_prefetch_index(const struct kb_frames *f)
{
	kb_pages_prefetch(f->refs, (f->n + 1) * sizeof(*f->refs));
	kb_pages_prefetch(f->dict, f->dict_len);
}

void kb_frames_prefetch(const struct kb_frames *f, uint64_t offset)
{
	size_t frame = f->n ? find_frame(f, offset) : 0;

	if (frame < f->n && f->refs[frame].packed < f->packed_len &&
	    f->refs[frame + 1].packed > f->refs[frame].packed &&
	    f->refs[frame + 1].packed - f->refs[frame].packed <= KB_FRAME_MAX)
		kb_pages_prefetch(f->packed + f->refs[frame].packed,
				  (size_t)(f->refs[frame + 1].packed -
					   f->refs[frame].packed));
}

/* Make the frame that holds offset the kept one. */
static int seek_frame(struct kb_frames_reader *r, uint64_t offset,
		      struct kb_err *err)
{
	const struct kb_frames *f = r->frames;
	size_t frame;

	if (!f->n)
		return bad_frame(0, err);
	frame = find_frame(f, offset);
	if (offset < f->refs[frame].raw || offset >= f->refs[frame + 1].raw)
		return bad_frame(frame, err);
	if (r->raw && r->frame == frame)
		return 0;
	return load_frame(r, frame, err);
}

int kb_frames_read(struct kb_frames_reader *r, uint64_t offset, size_t len,
		   struct kb_str *out, struct kb_err *err)
{
	uint64_t end = r->frames->refs[r->frames->n].raw;
	char *dst = NULL;
	size_t got = 0;

	assert(r->kept || r->arena);
	*out = (struct kb_str){"", 0};
	if (!len)
		return 0;
	if (offset > end || len > end - offset)
		return kb_err_set(err, KB_EFORMAT,
				  "a document lies outside the text; run "
				  "kb-index --rebuild");
	while (got < len) {
		size_t at, n;
		int rc = seek_frame(r, offset + got, err);

		if (rc < 0)
			return rc;
		at = (size_t)(offset + got - r->frames->refs[r->frame].raw);
		n = r->raw_len - at;
		if (n > len - got)
			n = len - got;
		if (n == len) {
			*out = (struct kb_str){r->raw + at, len};
			return 0;
		}
		if (!dst)
			dst = kb_arena_alloc(r->arena, len);
		memcpy(dst + got, r->raw + at, n);
		got += n;
	}
	*out = (struct kb_str){dst, len};
	return 0;
}
