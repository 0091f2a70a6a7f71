/*
 * Finds the blocks of a text: those of CommonMark (headings, code, lists),
 * and tables; quotes, HTML and rules are paragraphs. Plain text is text
 * without marks. Internal to lib/doc.
 */
#ifndef KB_DOC_BLOCKS_H
#define KB_DOC_BLOCKS_H

#include "doc/doc.h"

/* Bytes of a heading that becomes the title, which every chunk is found by. */
#define KB_DOC_TITLE_MAX 512u

/*
 * Fill doc->blocks (in the arena) from doc->text, which a readable byte
 * follows. 'line' is the source line of the text's first byte; with
 * doc->text_lines the next lines are numbered from there, otherwise every
 * block gets that one. 'markdown' says that indented text is code.
 */
void kb_doc_find_blocks(struct kb_doc *doc, struct kb_arena *arena,
			uint32_t line, bool markdown);

/* The text of the first heading of that level or a higher one, for a title:
 * at most KB_DOC_TITLE_MAX bytes of it. Empty when there is none. */
struct kb_str kb_doc_first_heading(const struct kb_doc *doc, unsigned level);

/* Append a block; *cap is the arena array's room. */
struct kb_block *kb_doc_add_block(struct kb_doc *doc, size_t *cap,
				  struct kb_arena *arena,
				  enum kb_block_type type);

/* |---|:--:| : the line under a table's head. */
bool kb_doc_is_table_rule(struct kb_str line);

/*
 * Put the head of each table that is longer than 'max' tokens before every
 * part of it: the text is written anew, in the arena, and each part becomes
 * a block of about 'target' tokens. A head that is long itself is not
 * repeated.
 */
void kb_doc_repeat_heads(struct kb_doc *doc, struct kb_arena *arena,
			 uint32_t target, uint32_t max);

/* A Markdown file: takes front matter off and reads it, finds title and
 * blocks. 'all' is the whole text, in the arena. */
int kb_doc_read_markdown(struct kb_doc *doc, struct kb_arena *arena,
			 struct kb_str all, struct kb_err *err);

/* An HTML file: text, title and blocks. */
int kb_doc_read_html(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err);

/* A page of a manual, in roff: text, title and blocks. */
int kb_doc_read_roff(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err);

/* Set doc->valid_from and valid_until from their JSON values. */
int kb_doc_set_valid(struct kb_doc *doc, struct kb_json from,
		     struct kb_json until, struct kb_arena *arena,
		     struct kb_err *err);

/* White space cut off both ends. */
struct kb_str kb_doc_trim(struct kb_str s);

#endif
