#include "token/piece/wordpiece.h"

#include <utf8proc.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "token/piece/white_space.h"
#include "token/piece/wordpiece_table.h"

#define PARTS 32 /* code points that one can be decomposed into */

/* ---- classes of characters ---- */

static bool in_ranges(const struct kb_wordpiece_range *ranges, size_t n,
		      uint32_t cp)
{
	size_t from = 0;

	while (n) {
		size_t half = n / 2;

		if (ranges[from + half].last < cp) {
			from += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	/* the first range that does not end before cp; the last one of a
	 * table ends the plane, or cp is behind all */
	return ranges[from].first <= cp && cp <= ranges[from].last;
}

#define IN(table, cp)                                                       \
	((cp) <= kb_wordpiece_##table[kb_wordpiece_##table##_n - 1].last && \
	 in_ranges(kb_wordpiece_##table, kb_wordpiece_##table##_n, cp))

static bool is_removed(uint32_t cp)
{
	if (cp < 0x80)
		return (cp < ' ' && cp != '\t' && cp != '\n' && cp != '\r') ||
		       cp == 0x7f;
	return IN(removed, cp);
}

static bool is_punctuation(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= 33 && cp <= 47) || (cp >= 58 && cp <= 64) ||
		       (cp >= 91 && cp <= 96) || (cp >= 123 && cp <= 126);
	return IN(punctuation, cp);
}

/* The blocks that the models were trained with, gaps and all. */
static bool is_chinese(uint32_t cp)
{
	return cp >= 0x3400 &&
	       ((cp >= 0x4e00 && cp <= 0x9fff) || cp <= 0x4dbf ||
		(cp >= 0xf900 && cp <= 0xfaff) ||
		(cp >= 0x20000 && cp <= 0x2a6df) ||
		(cp >= 0x2a700 && cp <= 0x2b73f) ||
		(cp >= 0x2b740 && cp <= 0x2b81f) ||
		(cp >= 0x2b920 && cp <= 0x2ceaf) ||
		(cp >= 0x2f800 && cp <= 0x2fa1f));
}

/* ---- a word, and the tokens that come of it ---- */

struct word {
	uint32_t cps[KB_WORDPIECE_CHARS];
	size_t n;
	size_t run;  /* where the marks at its end begin */
	bool longer; /* than the model takes */
};

struct encoder {
	const struct kb_wordpiece *wp;
	struct word word;
	uint32_t *ids;
	size_t n, max;
	bool full; /* a token found no room */
};

static void emit(struct encoder *e, uint32_t id)
{
	if (e->n == e->max) {
		e->full = true;
		return;
	}
	if (e->ids)
		e->ids[e->n] = id;
	e->n++;
}

uint32_t kb_wordpiece_hash(struct kb_str token, bool inside)
{
	return (uint32_t)kb_hash64(token.ptr, token.len, inside);
}

static bool is_token(const struct kb_wordpiece *wp, uint32_t id,
		     struct kb_str piece, size_t skip)
{
	uint32_t from = wp->offsets[id], to = wp->offsets[id + 1];

	return to - from == piece.len + skip &&
	       !memcmp(wp->bytes + from + skip, piece.ptr, piece.len);
}

static bool find(const struct kb_wordpiece *wp, struct kb_str piece,
		 bool inside, uint32_t *id)
{
	uint32_t mask = wp->n_slots - 1;
	uint32_t at = kb_wordpiece_hash(piece, inside) & mask;

	for (uint32_t i = 0; i <= mask; i++) {
		uint32_t slot = wp->slots[(at + i) & mask];

		if (!slot)
			return false;
		*id = slot - 1;
		/* what stands for no token is damage, and matches nothing */
		if (*id < wp->n &&
		    is_token(wp, *id, piece, inside ? wp->prefix_len : 0))
			return true;
	}
	return false;
}

/* The longest pieces from the left on; a word with a part that is none is
 * unknown as a whole. */
static size_t cut(const struct kb_wordpiece *wp, const char *text,
		  const uint16_t *ends, size_t n, uint32_t *pieces)
{
	size_t from = 0, found = 0;

	while (from < n) {
		size_t start = from ? ends[from - 1] : 0, to = n;
		uint32_t id = 0;

		while (to > from && ends[to - 1] - start > wp->longest)
			to--;
		while (to > from &&
		       !find(wp,
			     (struct kb_str){text + start,
					     (size_t)ends[to - 1] - start},
			     from > 0, &id))
			to--;
		if (to == from)
			return 0;
		pieces[found++] = id;
		from = to;
	}
	return found;
}

static void end_word(struct encoder *e)
{
	char text[4 * KB_WORDPIECE_CHARS];
	uint16_t ends[KB_WORDPIECE_CHARS];
	uint32_t pieces[KB_WORDPIECE_CHARS];
	struct word *w = &e->word;
	size_t len = 0, n = 0;

	if (!w->n)
		return;
	for (size_t i = 0; i < w->n; i++) {
		len += kb_utf8_encode(text + len, w->cps[i]);
		ends[i] = (uint16_t)len;
	}
	if (!w->longer)
		n = cut(e->wp, text, ends, w->n, pieces);
	for (size_t i = 0; i < n; i++)
		emit(e, pieces[i]);
	if (!n)
		emit(e, e->wp->unknown);
	w->n = w->run = 0;
	w->longer = false;
}

/* ---- from text to words ---- */

static unsigned class_of(uint32_t cp)
{
	if (cp < 0x300)
		return 0;
	return (unsigned)utf8proc_get_property((utf8proc_int32_t)cp)
	    ->combining_class;
}

/*
 * Marks that stay stand in their canonical order (Unicode 3.11, D108), where
 * 'run' is what came since the last character that is none.
 */
static void append(struct encoder *e, uint32_t cp, unsigned class)
{
	struct word *w = &e->word;
	size_t at = w->n;

	if (w->n >= e->wp->word_chars) {
		w->longer = true;
		return;
	}
	for (; class && at > w->run && class_of(w->cps[at - 1]) > class; at--)
		w->cps[at] = w->cps[at - 1];
	w->cps[at] = cp;
	w->n++;
	if (!class)
		w->run = w->n;
}

static void take(struct encoder *e, uint32_t cp, unsigned class)
{
	if (kb_is_white_space(cp)) {
		end_word(e);
	} else if (is_punctuation(cp)) {
		end_word(e);
		append(e, cp, 0);
		end_word(e);
	} else {
		append(e, cp, class);
	}
}

static void take_lowered(struct encoder *e, uint32_t cp, unsigned class)
{
	if (!e->wp->lower) {
		take(e, cp, class);
	} else if (cp == 0x130) { /* the one that becomes two (SpecialCasing) */
		take(e, 'i', 0);
		take(e, 0x307, class);
	} else {
		utf8proc_int32_t low = utf8proc_tolower((utf8proc_int32_t)cp);

		take(e, (uint32_t)low, class);
	}
}

static void take_stripped(struct encoder *e, uint32_t cp)
{
	utf8proc_int32_t parts[PARTS];
	int last = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char(
	    (utf8proc_int32_t)cp, parts, PARTS,
	    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &last);

	for (utf8proc_ssize_t i = 0; i < n && i < PARTS; i++) {
		uint32_t part = (uint32_t)parts[i];
		unsigned class = class_of(part);

		if (part >= 0x80 && IN(marks, part)) {
			if (!class)
				e->word.run = e->word.n;
			continue;
		}
		take_lowered(e, part, class);
	}
}

static void take_char(struct encoder *e, uint32_t cp)
{
	bool apart = e->wp->chinese && is_chinese(cp);

	if (e->wp->clean && is_removed(cp))
		return;
	if (apart)
		end_word(e);
	if (cp < 0x80)
		take(e, e->wp->lower ? (uint32_t)kb_lower((char)cp) : cp, 0);
	else if (e->wp->strip)
		take_stripped(e, cp);
	else
		take_lowered(e, cp, 0);
	if (apart)
		end_word(e);
}

size_t kb_wordpiece_encode(const struct kb_wordpiece *wp, struct kb_str text,
			   uint32_t *ids, size_t max, bool *rest)
{
	struct encoder e = {.wp = wp, .ids = ids, .max = max};

	for (size_t at = 0; at < text.len && !e.full;) {
		uint32_t cp;

		at += kb_utf8_next(text.ptr + at, text.len - at, &cp);
		take_char(&e, cp == KB_UTF8_BAD ? 0xfffd : cp);
	}
	end_word(&e);
	if (rest)
		*rest = e.full;
	return e.n;
}

/* ---- opening ---- */

static int damaged(const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT, "the vocabulary is damaged: %s",
			  what);
}

static bool good_head(const struct kb_wordpiece_head *h)
{
	return h->n && h->n <= KB_WORDPIECE_TOKENS && h->n_slots &&
	       !(h->n_slots & (h->n_slots - 1)) &&
	       h->n_slots <= 8 * KB_WORDPIECE_TOKENS && h->unknown < h->n &&
	       h->cls < h->n && h->sep < h->n &&
	       h->longest <= KB_WORDPIECE_BYTES &&
	       h->prefix_len <= KB_WORDPIECE_BYTES && h->word_chars &&
	       h->word_chars <= KB_WORDPIECE_CHARS;
}

int kb_wordpiece_open(struct kb_wordpiece *wp, const void *ptr, size_t len,
		      struct kb_err *err)
{
	struct kb_wordpiece_head h;
	const uint32_t *numbers = ptr;
	size_t n_numbers;

	if (len < sizeof(h))
		return damaged("cut short", err);
	memcpy(&h, ptr, sizeof(h));
	if (memcmp(h.magic, KB_WORDPIECE_MAGIC, sizeof(h.magic)) != 0)
		return damaged("it is none", err);
	if (!good_head(&h))
		return damaged("a number is out of its range", err);
	n_numbers = sizeof(h) / 4 + h.n + 1 + h.n_slots;
	if ((len - sizeof(h)) / 4 < (size_t)h.n + 1 + h.n_slots ||
	    len - n_numbers * 4 < h.n_bytes)
		return damaged("cut short", err);
	*wp = (struct kb_wordpiece){
	    .offsets = numbers + sizeof(h) / 4,
	    .slots = numbers + sizeof(h) / 4 + h.n + 1,
	    .bytes = (const char *)(numbers + n_numbers),
	    .n = h.n,
	    .n_slots = h.n_slots,
	    .unknown = h.unknown,
	    .cls = h.cls,
	    .sep = h.sep,
	    .word_chars = h.word_chars,
	    .longest = h.longest,
	    .prefix_len = h.prefix_len,
	    .clean = h.clean,
	    .chinese = h.chinese,
	    .strip = h.strip,
	    .lower = h.lower,
	};
	for (uint32_t i = 0; i < h.n; i++)
		if (wp->offsets[i] > wp->offsets[i + 1])
			return damaged("offsets", err);
	if (wp->offsets[0] || wp->offsets[h.n] > h.n_bytes)
		return damaged("offsets", err);
	return 0;
}
