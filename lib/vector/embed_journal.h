/*
 * What an embedder answered in a run that has not committed: vectors by the
 * texts that they are of, appended to a file in the index's directory as they
 * come, and found again by the run itself where a text comes twice. A run that
 * is interrupted leaves the file, and the next one asks for none of them again;
 * a commit, after which the index has them, deletes it.
 *
 * Little-endian: "KBEMBED1", u64 seed, u64 model, u32 dimension n, u32 0; then
 * rows: u64 hash of the text with the seed, n float32, u64 hash of what is
 * before it in the row. A row that was cut short or damaged ends the file, and
 * is written over. One journal belongs to one writer, which holds the lock of
 * the index; calls are not to overlap.
 */
#ifndef KB_VECTOR_EMBED_JOURNAL_H
#define KB_VECTOR_EMBED_JOURNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct kb_embed_journal;

/*
 * Look at the journal in a directory, of the model in a slot (vector_rows.h);
 * nothing is made before the first answer.
 * What is of another model is not found, and goes with the first answer.
 * KB_EFORMAT when a file of that name is none of ours.
 */
int kb_embed_journal_open(struct kb_embed_journal **out, const char *directory,
			  size_t slot, uint64_t model, struct kb_err *err);
/* The file stays. NULL is allowed. */
void kb_embed_journal_close(struct kb_embed_journal *j);
/* The file goes, the journal is empty. */
void kb_embed_journal_drop(struct kb_embed_journal *j);

/* The vector of a text, of *dim floats in the arena; NULL when there is none
 * or it cannot be read. */
const float *kb_embed_journal_find(struct kb_embed_journal *j,
				   struct kb_str text, struct kb_arena *arena,
				   size_t *dim);

/* Vectors of n texts, dim floats each, all of one dimension. On disk when this
 * returns 0, as far as a process that dies is concerned. */
int kb_embed_journal_add(struct kb_embed_journal *j, const struct kb_str *texts,
			 size_t n, const float *x, size_t dim,
			 struct kb_err *err);

#endif
