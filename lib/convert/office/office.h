/*
 * Documents of Office files: Word, Excel and PowerPoint of 2007 and later
 * (ECMA-376), OpenDocument (OASIS), e-books (EPUB).
 *
 * Text, headings with their levels, lists with their numbers, tables (cells
 * that span others repeat what they say), footnotes (behind the paragraph they
 * belong to). Left out are what is deleted or hidden, headers and footers of
 * pages, comments, pictures, tables of contents. A workbook has a document for
 * each sheet, a presentation one for each slide, a book one for each chapter;
 * a member of meta ("sheet", "slide", "chapter") says which.
 */
#ifndef KB_CONVERT_OFFICE_OFFICE_H
#define KB_CONVERT_OFFICE_OFFICE_H

#include "convert/office/zip.h"
#include "doc/doc.h"

struct kb_office {
	struct kb_zip *zip;
	const char *name;      /* of the file */
	size_t max_text;       /* bytes of a document's */
	struct kb_str title;   /* of the file; may be empty */
	struct kb_str meta;    /* members of an object, without its braces */
	struct kb_arena arena; /* of the file */
};

/*
 * One reader of a format: begin() once, then next() for each document: 1, or
 * 0 at the end; end() in any case. The message of an error has no name of the
 * file. 'state' is what begin() made.
 */
struct kb_office_format {
	int (*begin)(struct kb_office *office, void **state,
		     struct kb_err *err);
	int (*next)(struct kb_office *office, void *state,
		    struct kb_arena *arena, struct kb_doc *doc,
		    struct kb_err *err);
	void (*end)(void *state);
};

extern const struct kb_office_format kb_office_word, kb_office_excel,
    kb_office_slides, kb_office_odf, kb_office_epub;

/* Title, author and time of change out of a part that names them as Dublin
 * Core does; without the part, nothing. */
int kb_office_properties(struct kb_office *office, const char *part,
			 struct kb_err *err);

/* Set title and meta of a document, with a member more ("sheet") when 'name' is
 * given: a string, or a number when 'value' is empty. */
void kb_office_describe(const struct kb_office *office, struct kb_arena *arena,
			struct kb_doc *doc, const char *name,
			struct kb_str value, unsigned number);

/* The part that the relation of that kind ("officeDocument") of a part names,
 * in the arena; empty: there is none. 'part' is "" for the archive itself. */
int kb_office_related(struct kb_office *office, const char *part,
		      const char *kind, struct kb_str *target,
		      struct kb_err *err);

/* The same for all relations: called with their ids. */
int kb_office_relations(struct kb_office *office, struct kb_str part,
			void (*each)(void *arg, const char *id,
				     const char *kind, struct kb_str target),
			void *arg, struct kb_err *err);

#endif
