/* Verification of a whole index. */
#include <stdlib.h>

#include "index/ingest/dump.h"
#include "index/segment_file.h"
#include "posting/postings.h"

static int verify_terms(const struct kb_segment *seg, struct kb_err *err)
{
	const struct kb_dict *d = &seg->file->dict;
	struct kb_section postings = seg->sec[KB_SEC_POSTINGS];
	size_t room = ((size_t)seg->n_chunks + 127) / 128 * 128;
	uint32_t *chunks = kb_reallocarray(NULL, room, sizeof(*chunks));
	uint16_t *freqs = kb_reallocarray(NULL, room, sizeof(*freqs));
	struct kb_dict_cursor c = {.dict = d};
	uint64_t before = 0, total = 0;
	int rc;

	while ((rc = kb_dict_next(&c, postings)) > 0) {
		const struct kb_term_info *info = &c.info;

		if ((c.next > 1 && c.mixed <= before) ||
		    info->count > seg->n_chunks ||
		    !kb_postings_decode(info->ptr, info->size, info->count,
					seg->n_chunks, chunks, freqs)) {
			rc = KB_EFORMAT;
			break;
		}
		before = c.mixed;
		total += info->count;
	}
	if (rc < 0)
		rc = kb_segment_damaged(seg, "a postings list", err);
	if (rc == 0 && total != seg->file->meta.n_postings)
		rc = kb_segment_damaged(seg, "the number of postings", err);
	free(chunks);
	free(freqs);
	return rc;
}

static int verify_docs(const struct kb_segment *seg, struct kb_err *err)
{
	struct kb_stored_reader reader;
	int rc = 0;

	kb_stored_reader_init(&reader, seg);
	for (uint32_t d = 0; d < seg->n_docs && rc == 0; d++) {
		struct kb_stored_doc doc;
		uint32_t first, n;

		if (!kb_segment_doc_chunks(seg, d, &first, &n))
			rc = kb_segment_damaged(seg, "the document table", err);
		else
			rc = kb_stored_read(&reader, d, &doc, err);
		for (uint32_t c = first; rc == 0 && c < first + n; c++)
			if (seg->chunks[c].doc != d ||
			    seg->chunks[c].start > seg->chunks[c].end ||
			    seg->chunks[c].end > doc.text.len)
				rc = kb_segment_damaged(seg, "the chunk table",
							err);
	}
	kb_stored_reader_release(&reader);
	return rc;
}

static int verify_live(const struct kb_segment *seg, struct kb_err *err)
{
	uint64_t length = 0;
	uint32_t n = 0;

	for (uint32_t c = 0; c < seg->n_chunks; c++)
		if (kb_segment_alive(seg, c)) {
			n++;
			length += seg->lengths[c];
		}
	if (n != seg->n_live || length != seg->total_length)
		return kb_segment_damaged(seg, "the number of chunks alive",
					  err);
	return 0;
}

static int verify_segment(const struct kb_segment *seg, struct kb_err *err)
{
	int rc = kb_container_verify(&seg->file->view, seg->file->name, err);

	if (rc == 0 && seg->file->live.ptr)
		rc =
		    kb_container_verify(&seg->file->live, seg->file->name, err);
	if (rc == 0)
		rc = verify_live(seg, err);
	if (rc == 0)
		rc = verify_docs(seg, err);
	if (rc == 0)
		rc = verify_terms(seg, err);
	return rc;
}

int kb_index_verify(const struct kb_index *index, struct kb_err *err)
{
	for (size_t i = 0; i < index->n_segments; i++) {
		int rc = verify_segment(index->segments[i], err);

		if (rc < 0)
			return rc;
	}
	return kb_index_verify_files(index, err);
}
