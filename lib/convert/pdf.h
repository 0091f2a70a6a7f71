/*
 * PDF, by pdftotext and pdfinfo of poppler: a document for each page with
 * text, "file.pdf:p12", whose meta has its number as "page".
 */
#ifndef KB_CONVERT_PDF_H
#define KB_CONVERT_PDF_H

#include "convert/child_cache.h"
#include "doc/doc.h"

#define KB_PDF_TEXT_MAX ((size_t)256 << 20) /* bytes, of all its pages */

/* As kb_doc_opts.take; the file has a path. KB_EREMOTE without the programs. */
int kb_pdf_take(struct kb_child_cache *cache, const struct kb_doc_file *file,
		int timeout_ms, struct kb_doc_feed *feed, struct kb_err *err);

#endif
