/* Reading an index that is not in memory: see kb_index_scatter() and
 * kb_segment_want(), kb_dict_want(). */
#include "base/pages.h"

#include "index/segment_file.h"

void kb_index_scatter(const struct kb_index *index)
{
	static const int scattered[] = {
	    KB_SEC_DICT,	KB_SEC_DICT_TEXT,  KB_SEC_POSTINGS,
	    KB_SEC_CHUNKS,	KB_SEC_DOCS,	   KB_SEC_IDS,
	    KB_SEC_STORE,	KB_SEC_ENTITIES,   KB_SEC_EDGES,
	    KB_SEC_STORE_INDEX, KB_SEC_STORE_DICT, KB_SEC_VECTORS,
	    KB_SEC_CODES,	KB_SEC_WORDVEC,
	};

	for (size_t i = 0; i < index->n_segments; i++) {
		const struct kb_section *sec = index->segments[i]->sec;
		size_t n = sizeof(scattered) / sizeof(*scattered);

		for (size_t j = 0; j < n; j++)
			kb_pages_random(sec[scattered[j]].ptr,
					sec[scattered[j]].len);
	}
}

void kb_dict_want(const struct kb_segment *seg, uint64_t key, int step)
{
	kb_dict_ahead(&seg->file->dict, key, step);
}

void kb_segment_want(const struct kb_segment *seg, uint32_t chunk, int step)
{
	const struct kb_segment_file *f = seg->file;
	struct kb_str id;
	uint32_t doc;

	if (chunk >= seg->n_chunks)
		return;
	if (step == 0) {
		kb_pages_want(&seg->chunks[chunk], sizeof(*seg->chunks));
		return;
	}
	doc = seg->chunks[chunk].doc;
	if (doc >= seg->n_docs)
		return;
	if (step == 1) {
		kb_pages_want(&f->docs[doc], 2 * sizeof(*f->docs));
		kb_pages_want(&f->id_offsets[doc], 2 * sizeof(uint32_t));
		kb_frames_want_index(&f->frames);
		return;
	}
	id = kb_segment_doc_id(seg, doc);
	kb_pages_want(id.ptr, id.len);
	kb_frames_want(&f->frames, f->docs[doc].store);
}
