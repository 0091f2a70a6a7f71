/*
 * What became of each message, and why: as a member for programs, as lines for
 * people.
 */
#ifndef KB_CONTEXT_COMPRESS_EXPLAIN_H
#define KB_CONTEXT_COMPRESS_EXPLAIN_H

#include "context/compress_job.h"

/*
 * Append an array with an object for each message: turn, role, fate (kept,
 * shortened, dropped), why (fits, pin, question, novelty, prior, budget), of a
 * pin which (system, asked, demanded, last, tool), tokens, text (its first
 * KB_EXPLAIN_BYTES), and where turns competed what each has above the mean one:
 * question, novelty, prior.
 */
void kb_explain_write(const struct kb_compress_job *job, struct kb_jw *w);

#define KB_EXPLAIN_BYTES 80

/* A record for people: its tokens, and a line a message: those of
 * compression.explain where it is, else those that stay. text: what appends a
 * document's text so that it steers no terminal. id: of the record. */
void kb_compress_print(const struct kb_rec *rec, struct kb_str id,
		       void (*text)(struct kb_buf *out, struct kb_str text),
		       struct kb_buf *out);

#endif
