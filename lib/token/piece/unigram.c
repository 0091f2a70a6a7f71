#include "token/piece/unigram.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"

/* ---- the trie ---- */

/* The child of a node by a byte; false: there is none. A node's children
 * stand together, by their bytes. */
static bool step(const struct kb_unigram *u, uint32_t *node, uint8_t byte)
{
	uint32_t from = u->first[*node], to = u->first[*node + 1];

	if (from > to || to > u->n_nodes)
		return false;
	while (from < to) {
		uint32_t half = from + (to - from) / 2;

		if (u->labels[half] < byte)
			from = half + 1;
		else
			to = half;
	}
	if (from >= u->first[*node + 1] || u->labels[from] != byte)
		return false;
	*node = from;
	return true;
}

static bool step_all(const struct kb_unigram *u, uint32_t *node,
		     const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!step(u, node, (uint8_t)bytes[i]))
			return false;
	return true;
}

/* ---- the best path ---- */

/* A border between characters, and the best way to it. */
struct border {
	double score;
	uint32_t id, from; /* the last token, and where it begins */
	uint32_t cp;	   /* before the border */
	bool reached, unknown;
};

/* A piece that may go on. */
struct open_piece {
	uint32_t node, from;
};

struct encoder {
	const struct kb_unigram *u;
	struct border *borders;
	size_t n, cap;
	struct open_piece *open;
	size_t n_open, open_cap;
	bool in_unknown; /* the last token was */
	uint32_t *ids;
	size_t n_ids, max;
	bool full;
};

static void emit(struct encoder *e, uint32_t id)
{
	if (e->n_ids == e->max) {
		e->full = true;
		return;
	}
	if (e->ids)
		e->ids[e->n_ids] = id;
	e->n_ids++;
}

static void emit_unknown(struct encoder *e, uint32_t cp)
{
	char bytes[4];
	size_t n = kb_utf8_encode(bytes, cp);

	for (size_t i = 0; e->u->byte_id && i < n; i++)
		emit(e, e->u->byte_id[(uint8_t)bytes[i]]);
	if (!e->u->byte_id && !e->in_unknown)
		emit(e, e->u->unknown);
	e->in_unknown = true;
}

/*
 * No piece goes beyond the last border, so every way leads over it: its tokens
 * are known. The sum of scores goes on, as it would without: what is added in
 * another order is rounded another way.
 */
static void settle(struct encoder *e)
{
	uint32_t at = (uint32_t)e->n - 1, next = 0;

	/* turn the way round: 'from' leads forward then */
	while (at) {
		uint32_t from = e->borders[at].from;

		e->borders[at].from = next;
		next = at;
		at = from;
	}
	for (at = next; at; at = e->borders[at].from) {
		const struct border *b = &e->borders[at];

		if (b->unknown) {
			emit_unknown(e, b->cp);
			continue;
		}
		e->in_unknown = false;
		emit(e, b->id);
	}
	e->borders[0] = e->borders[e->n - 1];
	e->n = 1;
}

static void reach(struct encoder *e, uint32_t from, uint32_t id, double score,
		  bool unknown)
{
	struct border *to = &e->borders[e->n - 1];

	score += e->borders[from].score;
	if (to->reached && score <= to->score)
		return;
	to->score = score;
	to->id = id;
	to->from = from;
	to->unknown = unknown;
	to->reached = true;
}

/* Pieces that go on with the character, those that began first foremost. */
static void put(void *arg, uint32_t cp)
{
	struct encoder *e = arg;
	const struct kb_unigram *u = e->u;
	uint32_t from = (uint32_t)e->n - 1;
	bool alone = false;
	size_t n_open = 0;
	char bytes[4];
	size_t len = kb_utf8_encode(bytes, cp);

	if (e->full)
		return;
	kb_grow(&e->borders, &e->cap, e->n + 1, sizeof(*e->borders));
	kb_grow(&e->open, &e->open_cap, e->n_open + 1, sizeof(*e->open));
	e->borders[e->n++] = (struct border){.cp = cp};
	e->open[e->n_open++] = (struct open_piece){0, from};
	for (size_t i = 0; i < e->n_open; i++) {
		struct open_piece piece = e->open[i];
		uint32_t id;

		if (!step_all(u, &piece.node, bytes, len))
			continue;
		e->open[n_open] = piece;
		n_open += u->first[piece.node] < u->first[piece.node + 1];
		id = u->ids[piece.node];
		if (!id || id > u->n)
			continue;
		reach(e, piece.from, id - 1, u->scores[id - 1], false);
		alone |= piece.from == from;
	}
	if (!alone)
		reach(e, from, u->unknown, u->unknown_score, true);
	e->n_open = n_open;
	if (!n_open)
		settle(e);
}

static void end_word(void *arg)
{
	struct encoder *e = arg;

	settle(e);
	e->borders[0] = (struct border){.reached = true};
	e->n_open = 0;
	e->in_unknown = false;
}

size_t kb_unigram_encode(const struct kb_unigram *u, struct kb_str text,
			 uint32_t *ids, size_t max, bool *rest)
{
	struct encoder e = {.u = u, .ids = ids, .max = max};
	const struct kb_unigram_sink sink = {&e, put, end_word, &e.full};

	kb_grow(&e.borders, &e.cap, 1, sizeof(*e.borders));
	e.borders[e.n++] = (struct border){.reached = true};
	kb_unigram_read(&u->form, &u->charsmap, text, &sink);
	free(e.borders);
	free(e.open);
	if (rest)
		*rest = e.full;
	return e.n_ids;
}

/* ---- opening ---- */

static int damaged(const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_EFORMAT, "the vocabulary is damaged: %s",
			  what);
}

static bool is_id(const struct kb_unigram_head *h, uint32_t id)
{
	return id < h->n || id == KB_UNIGRAM_NONE;
}

static bool good_head(const struct kb_unigram_head *h)
{
	return h->n && h->n <= KB_UNIGRAM_TOKENS && h->n_nodes &&
	       h->n_nodes <= KB_UNIGRAM_NODES &&
	       (!h->n_byte_ids || h->n_byte_ids == 256) && h->unknown < h->n &&
	       is_id(h, h->cls) && is_id(h, h->sep) && h->between <= 2 &&
	       h->form.mark && h->form.mark < 0x110000 &&
	       h->form.collapse < 0x110000;
}

static int take_byte_ids(struct kb_unigram *u, const uint32_t *ids,
			 struct kb_err *err)
{
	for (size_t i = 0; i < 256; i++)
		if (ids[i] >= u->n)
			return damaged("the id of a byte", err);
	u->byte_id = ids;
	return 0;
}

int kb_unigram_open(struct kb_unigram *u, const void *ptr, size_t len,
		    struct kb_err *err)
{
	struct kb_unigram_head h;
	const char *at = ptr;
	size_t charsmap, size;

	if (len < sizeof(h))
		return damaged("cut short", err);
	memcpy(&h, ptr, sizeof(h));
	if (memcmp(h.magic, KB_UNIGRAM_MAGIC, sizeof(h.magic)) != 0)
		return damaged("it is none", err);
	if (!good_head(&h))
		return damaged("a number is out of its range", err);
	charsmap = ((size_t)h.charsmap_len + 3) / 4 * 4;
	size = sizeof(h) + h.n * sizeof(*u->scores) +
	       (2 * (size_t)h.n_nodes + 1 + h.n_byte_ids) * 4 + charsmap +
	       h.n_nodes;
	if (len < size)
		return damaged("cut short", err);
	*u = (struct kb_unigram){.form = h.form,
				 .n = h.n,
				 .n_nodes = h.n_nodes,
				 .unknown = h.unknown,
				 .cls = h.cls,
				 .sep = h.sep,
				 .between = h.between,
				 .unknown_score = h.unknown_score};
	u->scores = (const void *)(at += sizeof(h));
	u->first = (const void *)(at += h.n * sizeof(*u->scores));
	u->ids = u->first + h.n_nodes + 1;
	at = (const char *)(u->ids + h.n_nodes);
	if (h.n_byte_ids && take_byte_ids(u, (const void *)at, err))
		return KB_EFORMAT;
	at += h.n_byte_ids * sizeof(uint32_t);
	u->labels = (const uint8_t *)at + charsmap;
	return kb_charsmap_open(&u->charsmap,
				(struct kb_str){at, h.charsmap_len}, err);
}
