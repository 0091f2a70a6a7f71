/*
 * The text of a page as it is written: Markdown-like, with its blocks.
 *
 * Elements say where blocks, lines, items and cells begin; white space is
 * folded, and what marks inside a line mean (powers, what is struck out,
 * notes, quotations) is kept in writing. Internal to lib/doc.
 */
#ifndef KB_DOC_HTML_TEXT_H
#define KB_DOC_HTML_TEXT_H

#include "base/buf.h"
#include "doc/blocks.h"
#include "doc/boilerplate.h"

#define KB_HTML_LISTS	8
#define KB_HTML_COLUMNS 32 /* of a table in which cells may span others */

struct kb_html_text {
	struct kb_doc *doc;
	struct kb_arena *arena;
	struct kb_buf out;   /* the document's text */
	struct kb_buf title; /* of <title> */
	size_t cap;	     /* of doc->blocks */

	struct kb_block *block; /* open, or NULL */
	bool space;		/* white space is due before the next text */
	bool line_start;	/* nothing written in this line yet */
	bool in_title;
	unsigned heading; /* level, 0 outside headings */
	unsigned pre;	  /* <pre> open */
	unsigned skip;	  /* elements open whose text is dropped */
	char skip_name[16];

	unsigned lists;			 /* <ul>, <ol> open */
	unsigned numbers[KB_HTML_LISTS]; /* next of an <ol>, 0 for <ul> */
	bool marker;			 /* an item begins */

	unsigned tables, cells; /* open; cells so far in the row */
	size_t row_start;	/* of the row in out */
	bool row_text;		/* the row holds some text */
	bool row_data;		/* the row holds a <td> */
	unsigned cell_wide;	/* columns of the open cell; 0: none is open */
	unsigned cell_rows;	/* and its rows */
	size_t cell_start;	/* of its text in out */
	struct {
		unsigned rows; /* that a cell from above goes on for */
		struct kb_str text;
	} spans[KB_HTML_COLUMNS];
	unsigned head_rows; /* rows of <th> that began the table */
	bool head_done;	    /* they are over */

	unsigned struck;  /* <del>, <s> open */
	bool struck_text; /* their opening mark stands in the block */
	size_t raised;	  /* where <sup> began in out, 0: none is open */
	size_t lowered;	  /* the same of <sub> */
	size_t link;	  /* where <a> began, 0: none is open */
	bool raised_link; /* the raised text is one */
	const struct kb_boilerplate *boilerplate;
	size_t next_out;     /* of its elements */
	uint32_t n_opened;   /* elements so far */
	unsigned out_depth;  /* elements open in one that is left out */
	struct kb_str ahead; /* text that is not written yet, */
	uint32_t line;	     /* and the line it ends in */
};

/* Text as a parser tells it (html.h): g is a struct kb_html_text. */
void kb_html_put_text(void *g, struct kb_str t, uint32_t line);
/* The block that is open ends, or the line in it. */
void kb_html_end_block(struct kb_html_text *g);
void kb_html_line_break(struct kb_html_text *g);
/* Called before anything visible is written. */
void kb_html_prepare(struct kb_html_text *g);

/* An element that is more than a way to look; false for all others. */
bool kb_html_open_mark(struct kb_html_text *g, const char *name);
bool kb_html_close_mark(struct kb_html_text *g, const char *name);

/*
 * Elements by their names in HTML, for what is none: a reader of another
 * format says "h2", "p", "table", "td" where its own has the like. 'attributes'
 * as kb_html_events has them. At the end everything that is open is closed.
 */
void kb_html_open(struct kb_html_text *g, const char *name,
		  const char *const *attributes);
void kb_html_close(struct kb_html_text *g, const char *name);
void kb_html_close_all(struct kb_html_text *g);
/* The open cell of a table ends; spans know its text then. */
void kb_html_end_cell(struct kb_html_text *g);
/* The next cell is that above it, which goes on. */
void kb_html_continue_cell(struct kb_html_text *g);

#endif
