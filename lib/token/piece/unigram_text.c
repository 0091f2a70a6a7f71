/*
 * Each character goes through the steps of tokenizer.json, in their order:
 * precompiled normalisation of graphemes (Unicode Annex 29), white space taken
 * off at the ends, runs of blanks collapsed, words parted, blanks marked.
 */
#include "token/piece/unigram_text.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "token/piece/white_space.h"

struct reader {
	const struct kb_unigram_form *form;
	const struct kb_charsmap *charsmap;
	const struct kb_unigram_sink *sink;
	/* the grapheme that has begun */
	char grapheme[KB_CHARSMAP_GRAPHEME];
	size_t len;
	bool longer; /* its characters are taken as they come */
	bool begun;
	uint32_t last;
	utf8proc_int32_t state;
	/* white space that may be the end of the text */
	uint32_t *held;
	size_t n_held, held_cap;
	bool inside; /* something else has come */
	size_t blanks;
	bool in_word;
};

/* ---- words ---- */

static void end_word(struct reader *r)
{
	if (r->in_word)
		r->sink->end(r->sink->arg);
	r->in_word = false;
}

static void mark_words(struct reader *r, uint32_t cp)
{
	const struct kb_unigram_form *form = r->form;
	bool begins = !r->in_word;

	if (form->words && kb_is_white_space(cp)) {
		end_word(r);
		return;
	}
	if (cp == ' ')
		cp = form->mark;
	if (!begins && form->split && cp == form->mark)
		end_word(r);
	/* a word that begins at its mark has it */
	if (begins && form->prepend && cp != form->mark)
		r->sink->put(r->sink->arg, form->mark);
	r->in_word = true;
	r->sink->put(r->sink->arg, cp);
}

/* ---- blanks ---- */

static void end_blanks(struct reader *r)
{
	if (r->blanks > 1)
		mark_words(r, r->form->collapse);
	else if (r->blanks)
		mark_words(r, ' ');
	r->blanks = 0;
}

static void collapse(struct reader *r, uint32_t cp)
{
	if (cp == ' ' && r->form->collapse) {
		r->blanks++;
		return;
	}
	end_blanks(r);
	mark_words(r, cp);
}

static void strip(struct reader *r, uint32_t cp)
{
	const struct kb_unigram_form *form = r->form;

	if (kb_is_white_space(cp)) {
		if (form->strip_left && !r->inside)
			return;
		if (form->strip_right) {
			kb_grow(&r->held, &r->held_cap, r->n_held + 1,
				sizeof(*r->held));
			r->held[r->n_held++] = cp;
			return;
		}
	} else {
		r->inside = true;
	}
	for (size_t i = 0; i < r->n_held; i++)
		collapse(r, r->held[i]);
	r->n_held = 0;
	collapse(r, cp);
}

/* ---- graphemes ---- */

static void put_text(struct reader *r, struct kb_str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t cp;

		at += kb_utf8_next(text.ptr + at, text.len - at, &cp);
		strip(r, cp == KB_UTF8_BAD ? 0xfffd : cp);
	}
}

/* Characters, each alone. */
static void put_each(struct reader *r, struct kb_str text)
{
	struct kb_str to;

	for (size_t at = 0; at < text.len;) {
		size_t n = kb_utf8_len(text.ptr + at, text.len - at);
		struct kb_str one = {text.ptr + at, n};

		put_text(r, kb_charsmap_find(r->charsmap, one, &to) ? to : one);
		at += n;
	}
}

static void end_grapheme(struct reader *r)
{
	struct kb_str text = {r->grapheme, r->len}, to;

	if (text.len && kb_charsmap_find(r->charsmap, text, &to))
		put_text(r, to);
	else
		put_each(r, text);
	r->len = 0;
	r->longer = false;
}

static bool begins_grapheme(struct reader *r, uint32_t cp)
{
	if (r->last < 0x80 && cp < 0x80) {
		r->state = 0;
		return r->last != '\r' || cp != '\n';
	}
	return utf8proc_grapheme_break_stateful(
	    (utf8proc_int32_t)r->last, (utf8proc_int32_t)cp, &r->state);
}

static void normalise(struct reader *r, uint32_t cp)
{
	char bytes[4];
	size_t n = kb_utf8_encode(bytes, cp);

	if (r->begun && begins_grapheme(r, cp))
		end_grapheme(r);
	r->begun = true;
	r->last = cp;
	if (!r->longer && r->len + n > sizeof(r->grapheme)) {
		put_each(r, (struct kb_str){r->grapheme, r->len});
		r->len = 0;
		r->longer = true;
	}
	if (r->longer) {
		put_each(r, (struct kb_str){bytes, n});
	} else {
		memcpy(r->grapheme + r->len, bytes, n);
		r->len += n;
	}
}

void kb_unigram_read(const struct kb_unigram_form *form,
		     const struct kb_charsmap *charsmap, struct kb_str text,
		     const struct kb_unigram_sink *sink)
{
	struct reader r = {.form = form, .charsmap = charsmap, .sink = sink};

	for (size_t at = 0; at < text.len && !*sink->full;) {
		uint32_t cp;

		at += kb_utf8_next(text.ptr + at, text.len - at, &cp);
		if (cp == KB_UTF8_BAD)
			cp = 0xfffd;
		if (charsmap->n_units)
			normalise(&r, cp);
		else
			strip(&r, cp);
	}
	end_grapheme(&r);
	end_blanks(&r);
	end_word(&r);
	free(r.held);
}
