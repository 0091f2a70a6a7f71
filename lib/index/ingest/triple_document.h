/*
 * A JSON line that is only a triple, {"s","p","o","doc"}, as a document.
 */
#ifndef KB_INDEX_INGEST_TRIPLE_DOCUMENT_H
#define KB_INDEX_INGEST_TRIPLE_DOCUMENT_H

#include "doc/doc.h"
#include "index/write/writer.h"

/*
 * Give out its id, text and other members, in the arena: a text that says the
 * triple, the members "triple" and "doc", and an id made of the triple and the
 * document it belongs to. What else out holds stays.
 */
void kb_triple_document(const struct kb_doc *doc, struct kb_arena *arena,
			struct kb_writer_doc *out);

#endif
