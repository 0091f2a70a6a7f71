/*
 * The dump of an index, and its verification.
 *
 * A dump is one JSON line per document, in the order of the index: id,
 * title, text, the other members as they were, and a member "kb_dump" with
 * what kb-index must know to build the same index again: source and chunks,
 * and in the first line the settings of the index and the user's words.
 */
#ifndef KB_INDEX_INGEST_DUMP_H
#define KB_INDEX_INGEST_DUMP_H

#include "base/buf.h"
#include "index/index.h"
#include "index/write/writer.h"

/* Called with whole lines; a negative code stops. */
struct kb_dump_sink {
	int (*write)(void *arg, struct kb_str lines, struct kb_err *err);
	void *arg;
};

int kb_dump(const struct kb_index *index, const struct kb_dump_sink *sink,
	    struct kb_err *err);

/*
 * Take the member "kb_dump" out of a document's other members, in the arena:
 * a document sets nothing. False when there is none.
 */
bool kb_dump_drop(struct kb_str *meta, struct kb_arena *arena);

/*
 * Let a new index take over the settings in a document's member "kb_dump", if
 * there are any: see kb_writer_adopt(). meta: of the document, as in struct
 * kb_writer_doc.
 */
int kb_dump_adopt(struct kb_writer *writer, struct kb_str meta,
		  struct kb_arena *arena, struct kb_err *err);

/*
 * Take the member "kb_dump" out of doc->meta and give source, chunks
 * and vectors back to doc, in the arena and in *chunks (cap items, grown).
 * A document that has a source, the file of the dump, keeps it and the line.
 * False when there is one that is not of a dump.
 */
bool kb_dump_restore(struct kb_writer_doc *doc, struct kb_arena *arena,
		     struct kb_writer_chunk **chunks, size_t *cap);

/* Read every byte, compare every checksum, follow every table: KB_EFORMAT
 * says what is damaged. */
int kb_index_verify(const struct kb_index *index, struct kb_err *err);

#endif
