/*
 * Reasoning that a model writes into its answer, between <think> and
 * </think> (or <thinking>), told apart from the answer.
 *
 * A pair of tags counts wherever it stands, but for one behind a back quote,
 * which speaks of the tag. An opening tag without its end counts at the
 * beginning of the text or of a line: the text was cut there. A closing tag
 * alone, at the beginning or the end of a line, ends reasoning whose opening
 * tag stood in the prompt.
 *
 * The text may come in pieces: hand in all of it that is there, again and
 * again, with 'more' until its end. Time is linear in the whole.
 */
#ifndef KB_RECORD_REASONING_H
#define KB_RECORD_REASONING_H

#include "base/arena.h"
#include "base/buf.h"

enum kb_reasoning_kind {
	KB_REASONING_ANSWER,
	KB_REASONING_THOUGHT,
	KB_REASONING_TAG,
	KB_REASONING_RECALL, /* a tag: all before it was reasoning */
};

struct kb_reasoning_span {
	enum kb_reasoning_kind kind;
	size_t start, end; /* bytes of the text */
};

/* Zero it to begin. */
struct kb_reasoning {
	size_t pos;	/* up to here spans were given */
	size_t scanned; /* up to here there is no closing tag */
	int inside;	/* 1-based number of the open tag, 0: none */
	bool any_text;	/* something but blanks stood in the answer */
	bool any_tag;
};

/* The next span of text; false when it is to be called again with more of
 * it, or at the end. */
bool kb_reasoning_next(struct kb_reasoning *r, struct kb_str text, bool more,
		       struct kb_reasoning_span *span);

/* text with a blank for every byte of reasoning and of tags, so that places
 * in it stay; text itself when it has none. */
struct kb_str kb_reasoning_blanked(struct kb_str text, struct kb_arena *arena);

#endif
