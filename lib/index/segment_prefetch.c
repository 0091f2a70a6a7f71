/* Reading an index that is not in memory: see kb_index_scatter() and
 * kb_segment_prefetch(), kb_segment_prefetch_term(); and one that is, but once.
 */
#include "base/page_advice.h"

#include "index/index.h"
#include "index/segment_file.h"

/* One call for a file and one for each part of it that is read whole, if it is
 * read: every further one would cut the mapping once more. */
void kb_index_scatter(const struct kb_index *index)
{
	static const int whole[] = {KB_SEC_LENGTHS, KB_SEC_KEYWORDS,
				    KB_SEC_NUMBERS};

	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_segment *seg = index->segments[i];

		kb_pages_random(seg->file->view.ptr, seg->file->view.len);
		for (size_t j = 0; j < sizeof(whole) / sizeof(*whole); j++)
			kb_pages_normal(seg->sec[whole[j]].ptr,
					seg->sec[whole[j]].len);
	}
}

#define PIECE_MAX  4096 /* bytes; of more a copy costs what a fault does */
#define PIECES_MAX 1024 /* of a segment; then it was not but once */

const void *kb_segment_piece(const struct kb_segment *seg, const void *at,
			     size_t len)
{
	struct kb_segment_file *f = seg->file;

	if (f->peek.fd < 0 || !len || len > PIECE_MAX ||
	    f->n_pieces == PIECES_MAX)
		return at;
	f->n_pieces++;
	return kb_peek(&f->peek, at, len, kb_arena_alloc(&f->pieces, len));
}

void kb_segment_prefetch_term(const struct kb_segment *seg, uint64_t key,
			      int step)
{
	kb_dict_prefetch(&seg->file->dict, key, step);
}

void kb_segment_prefetch(const struct kb_segment *seg, uint32_t chunk, int step)
{
	const struct kb_segment_file *f = seg->file;
	struct kb_str id;
	uint32_t doc;

	if (chunk >= seg->n_chunks)
		return;
	if (step == 0) {
		kb_pages_prefetch(&seg->chunks[chunk], sizeof(*seg->chunks));
		if (seg->sketches)
			kb_pages_prefetch(&seg->sketches[chunk],
					  sizeof(*seg->sketches));
		return;
	}
	doc = seg->chunks[chunk].doc;
	if (doc >= seg->n_docs)
		return;
	if (step == 1) {
		kb_pages_prefetch(&f->docs[doc], 2 * sizeof(*f->docs));
		kb_pages_prefetch(&f->id_offsets[doc], 2 * sizeof(uint32_t));
		kb_frames_prefetch_index(&f->frames);
		return;
	}
	id = kb_segment_doc_id(seg, doc);
	kb_pages_prefetch(id.ptr, id.len);
	kb_frames_prefetch(&f->frames, f->docs[doc].store);
}
