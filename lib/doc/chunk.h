/*
 * Chunks: the pieces of a document that are searched and returned.
 *
 * Paragraphs under one heading are grouped until they hold about
 * target_tokens base tokens (a CJK character or a word counts one, counted
 * cheaply, not by the analyser). A heading starts a new chunk, save right
 * behind another heading. Tables, lists and code stay whole when they
 * fit in max_tokens; longer ones are cut between rows, items or lines (a
 * table's head is repeated before each part, in the text), and longer
 * paragraphs at sentence ends, then at spaces, then between
 * characters: no chunk is longer than max_tokens.
 *
 * Chunks are spans of the document's text in ascending order, without
 * overlap, trimmed of white space. Together they hold every byte that is
 * not white space, save that a document without text has one empty chunk
 * (its title and id are still to be found).
 */
#ifndef KB_DOC_CHUNK_H
#define KB_DOC_CHUNK_H

#include "doc/doc.h"

#define KB_CHUNK_TARGET_TOKENS 400
#define KB_CHUNK_MAX_TOKENS    800

struct kb_chunk {
	uint32_t start, end;   /* bytes of doc->text */
	uint32_t line;	       /* 1-based source line of start, 0 unknown */
	uint32_t tokens;       /* by the cheap count */
	struct kb_str heading; /* "Returns > Electronics", may be empty;
				  chunks of one section share its bytes */
};

struct kb_chunk_opts {
	uint32_t target_tokens; /* 0: KB_CHUNK_TARGET_TOKENS, or max_tokens
				   when that is given and smaller */
	uint32_t max_tokens;	/* 0: KB_CHUNK_MAX_TOKENS, or target_tokens
				   when that is larger */
};

/*
 * Cut doc, whose text and blocks are others afterwards when a table's head
 * had to be repeated. *chunks (n of them, at least one) live in the arena, as
 * do the headings. opts may be NULL. A document that is no KB_DOC_PLAIN has
 * none.
 */
size_t kb_chunk_doc(struct kb_doc *doc, const struct kb_chunk_opts *opts,
		    struct kb_arena *arena, struct kb_chunk **chunks);

/* The cheap count: CJK characters, and runs of other letters and digits; at
 * least one for every 16 bytes. */
uint32_t kb_chunk_tokens(const char *text, size_t len);

#endif
