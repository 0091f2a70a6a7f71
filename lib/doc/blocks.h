/*
 * Finds the blocks of Markdown-like text: headings (#, and underlined),
 * fenced code, tables, lists, paragraphs. Plain text is text without marks.
 * Internal to lib/doc.
 */
#ifndef KB_DOC_BLOCKS_H
#define KB_DOC_BLOCKS_H

#include "doc/doc.h"

/*
 * Fill doc->blocks (in the arena) from doc->text. 'line' is the source line
 * of the text's first byte; with 'follow' the lines of the text are those
 * of the source, otherwise every block gets that one.
 */
void kb_doc_find_blocks(struct kb_doc *doc, struct kb_arena *arena,
			uint32_t line, bool follow);

/* Append a block; *cap is the arena array's room. */
struct kb_block *kb_doc_add_block(struct kb_doc *doc, size_t *cap,
				  struct kb_arena *arena,
				  enum kb_block_type type);

/* A Markdown file: takes front matter off and reads it, finds title and
 * blocks. 'all' is the whole text, in the arena. */
int kb_doc_read_markdown(struct kb_doc *doc, struct kb_arena *arena,
			 struct kb_str all, struct kb_err *err);

/* An HTML file: text, title and blocks. */
int kb_doc_read_html(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err);

/* True when the line begins like a log record: with a time, perhaps behind
 * a level or a bracket. */
bool kb_doc_log_stamp(struct kb_str line);

/* True when the line goes on with a record without stamp: indented, or a
 * stack trace's "Caused by:". */
bool kb_doc_log_continues(struct kb_str line);

/* Set doc->valid_from and valid_until from their JSON values. */
int kb_doc_set_valid(struct kb_doc *doc, struct kb_json from,
		     struct kb_json until, struct kb_arena *arena,
		     struct kb_err *err);

/* White space cut off both ends. */
struct kb_str kb_doc_trim(struct kb_str s);

#endif
