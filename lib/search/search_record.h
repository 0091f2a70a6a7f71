/*
 * Between the record and the search: which question a record asks, and what
 * a record's hits look like in other formats than JSON.
 */
#ifndef KB_SEARCH_SEARCH_RECORD_H
#define KB_SEARCH_SEARCH_RECORD_H

#include "search/search.h"

/*
 * The request of a record: its question (record/question.h), with 'rewrites',
 * 'hyde' and 'vectors', and the turns before it. KB_EINVAL when it asks
 * nothing, or a member of its has another type.
 */
int kb_request_read(const struct kb_rec *rec, struct kb_arena *arena,
		    struct kb_request *request, struct kb_err *err);

/*
 * The words of a command line, INDEX [QUESTION]...: the question with blanks
 * between them, NULL when there is none; the caller frees it in any case. With
 * KB_INDEX in the environment the first word is an index only when it ends in
 * ".kb" or is a directory; else KB_INDEX is the index, and all words are the
 * question. KB_EINVAL: no index, or a question that says nothing.
 */
int kb_request_words(char *const *words, int n, const char **index,
		     char **question, struct kb_err *err);

/*
 * Search, and set 'hits' and 'retrieval'; *found says whether there are hits.
 * Only what is set lives in the record's arena: many records wait for their
 * turn to be written, and what a search needs beside is large.
 */
int kb_record_search(struct kb_rec *rec, struct kb_search *s,
		     const struct kb_request *request, bool *found,
		     struct kb_err *err);

/* For people: rank, score, title, place and a snippet around the words of
 * the question, which are marked when colour is set. Text of documents goes
 * through put(). */
struct kb_text_style {
	bool colour;
	void (*put)(struct kb_buf *out, struct kb_str text);
	struct kb_analyzer *analyzer;
	struct kb_terms *terms; /* scratch */
	int passed, last;	/* ranks to be shown: behind passed, up to last;
				   last 0: all */
};
void kb_record_text(const struct kb_rec *rec, const struct kb_text_style *style,
		    struct kb_arena *arena, struct kb_buf *out);

/*
 * For editors: "SOURCE:LINE:TEXT" for each hit, TEXT the line of the passage
 * that has most of the question's words and LINE its number in the source, if
 * the source (its first 64 MB) still has it there, else that of the passage.
 * Where a source has no lines its part stands there, as in a place; a hit
 * without a source has its document's id alone.
 */
void kb_record_grep(const struct kb_rec *rec, const struct kb_text_style *style,
		    struct kb_arena *arena, struct kb_buf *out);

/* Title and place of a hit, "TITLE  SOURCE:LINE", and a line break. */
struct kb_record_hit;
void kb_hit_put_place(const struct kb_text_style *style,
		      const struct kb_record_hit *hit, struct kb_arena *arena,
		      struct kb_buf *out);
/* Text in one line: breaks in it become blanks. */
void kb_text_put_line(const struct kb_text_style *style, struct kb_str text,
		      struct kb_buf *out);

/*
 * The record in a format other than JSON: 1 for people, 2 "ID Q0 DOC RANK
 * SCORE kb-search" a line, each document once, blanks in ids as '_', 3 just
 * the documents' ids, one a line, 4 for editors.
 */
void kb_record_print(const struct kb_rec *rec, struct kb_str id, int format,
		     const struct kb_text_style *style, struct kb_arena *arena,
		     struct kb_buf *out);

#endif
