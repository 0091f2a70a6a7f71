/*
 * Footnotes and endnotes of a Word document (ECMA-376, part 1: 17.11): their
 * texts by id, and those that were referred to and wait to be written.
 */
#ifndef KB_CONVERT_OFFICE_WORD_NOTES_H
#define KB_CONVERT_OFFICE_WORD_NOTES_H

#include "base/arena.h"
#include "base/map.h"
#include "convert/office/zip.h"

#define KB_WORD_NOTES_MAX ((size_t)16 << 20) /* bytes of all notes */
#define KB_WORD_NOTE_MARK 16u

struct kb_word_notes {
	struct kb_map texts; /* hash of kind and id -> place in text */
	struct kb_buf text;  /* each note with a NUL behind it */
	struct kb_buf due;   /* notes to be written, each with a NUL */
	size_t next;	     /* of them */
	unsigned n;	     /* that were referred to */
};

int kb_word_notes_read(struct kb_word_notes *notes, struct kb_zip *zip,
		       struct kb_str directory, struct kb_arena *arena,
		       struct kb_err *err);
void kb_word_notes_release(struct kb_word_notes *notes);

/* A reference: the mark to write ("[3]") where it stands; false when there is
 * no such note. */
bool kb_word_notes_refer(struct kb_word_notes *notes, const char *id, bool end,
			 char mark[KB_WORD_NOTE_MARK]);
/* The next note that is due, behind its mark; borrowed until the next
 * reference. */
bool kb_word_notes_take(struct kb_word_notes *notes, struct kb_str *text);

#endif
