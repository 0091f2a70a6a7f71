/*
 * Sealing a segment: postings, dictionary and tables.
 *
 * The terms are cut into stripes of about equal work, which two threads
 * encode; the stripes are written in their order, so the file does not
 * depend on who did which.
 */
#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"
#include "index/write/build.h"
#include "posting/postings.h"

#define STRIPE_TERMS  8192
#define STRIPES_AHEAD 64 /* encoded, not yet written */
#define WRITE_SIZE    ((size_t)1 << 18)

/* Encoded lists and what the dictionary says of them. */
struct stripe {
	struct kb_dict_item *items;
	struct kb_dict_word *words;
	size_t n, cap, n_words, cap_words;
	uint64_t n_postings;
	struct kb_buf buf;
	bool done;
};

static void encode_list(const struct kb_build *b, struct stripe *s,
			const struct kb_invert_list *list)
{
	size_t start = s->buf.len;
	struct kb_dict_item *item;

	if (!list->n)
		return;
	kb_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	kb_postings_encode(&s->buf, list->chunks, list->freqs, list->n,
			   b->lengths);
	item = &s->items[s->n++];
	*item = (struct kb_dict_item){.mixed = list->mixed, .count = list->n};
	item->list = s->buf.len - start;
	if (list->n == 1) {
		item->one_size = (uint32_t)item->list;
		memcpy(&item->list, s->buf.ptr + start, item->one_size);
		s->buf.len = start;
	}
	s->n_postings += list->n;
	if (list->text.len && list->text.len <= KB_DICT_TEXT_MAX) {
		kb_grow(&s->words, &s->cap_words, s->n_words + 1,
			sizeof(*s->words));
		s->words[s->n_words++] =
		    (struct kb_dict_word){list->text, list->key};
	}
}

static void release_stripe(struct stripe *s)
{
	free(s->items);
	free(s->words);
	kb_buf_release(&s->buf);
	*s = (struct stripe){0};
}

/* The whole segment's. */
struct totals {
	struct kb_dict_item *items;
	struct kb_dict_word *words;
	size_t n, cap, n_words, cap_words;
};

static void write_stripe(struct kb_build *b, struct totals *t, struct stripe *s)
{
	kb_grow(&t->items, &t->cap, t->n + s->n, sizeof(*t->items));
	if (s->n)
		memcpy(t->items + t->n, s->items, s->n * sizeof(*t->items));
	t->n += s->n;
	kb_grow(&t->words, &t->cap_words, t->n_words + s->n_words,
		sizeof(*t->words));
	if (s->n_words)
		memcpy(t->words + t->n_words, s->words,
		       s->n_words * sizeof(*t->words));
	t->n_words += s->n_words;
	kb_container_add(&b->out, s->buf.ptr, s->buf.len);
	b->meta.n_postings += s->n_postings;
	release_stripe(s);
}

/* ---- two threads ---- */

struct encoder {
	const struct kb_build *build;
	const struct kb_build_terms *terms;
	struct stripe *stripes; /* ring of STRIPES_AHEAD */
	uint32_t n_stripes;
	uint32_t next;	  /* stripe to encode */
	uint32_t written; /* stripes written so far */
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static void encode_stripe(const struct encoder *e, uint32_t i,
			  struct kb_invert_room *room)
{
	struct stripe *s = &e->stripes[i % STRIPES_AHEAD];
	uint32_t from = i * STRIPE_TERMS, to = from + STRIPE_TERMS;
	struct kb_invert_list list;

	if (to > e->terms->n)
		to = e->terms->n;
	for (uint32_t k = from; k < to; k++) {
		e->terms->at(e->terms, k, room, &list);
		encode_list(e->build, s, &list);
	}
}

/* Encode the next stripe; false when there is none, or no room for it. */
static bool encode_next(struct encoder *e, struct kb_invert_room *room,
			bool wait)
{
	uint32_t i;

	pthread_mutex_lock(&e->lock);
	while (wait && e->next < e->n_stripes &&
	       e->next - e->written >= STRIPES_AHEAD)
		pthread_cond_wait(&e->changed, &e->lock);
	i = e->next;
	if (i == e->n_stripes || i - e->written >= STRIPES_AHEAD) {
		pthread_mutex_unlock(&e->lock);
		return false;
	}
	e->next++;
	pthread_mutex_unlock(&e->lock);
	encode_stripe(e, i, room);
	pthread_mutex_lock(&e->lock);
	e->stripes[i % STRIPES_AHEAD].done = true;
	pthread_cond_broadcast(&e->changed);
	pthread_mutex_unlock(&e->lock);
	return true;
}

static void *help(void *arg)
{
	struct kb_invert_room room = {0};

	while (encode_next(arg, &room, true))
		;
	kb_invert_room_release(&room);
	return NULL;
}

/* Write stripes in order, encoding while the next one is not ready. */
static void write_in_order(struct kb_build *b, struct encoder *e,
			   struct totals *t)
{
	struct kb_invert_room room = {0};

	for (uint32_t i = 0; i < e->n_stripes; i++) {
		struct stripe *s = &e->stripes[i % STRIPES_AHEAD];

		for (;;) {
			bool done;

			pthread_mutex_lock(&e->lock);
			done = s->done;
			while (!done &&
			       (e->next == e->n_stripes ||
				e->next - e->written >= STRIPES_AHEAD)) {
				pthread_cond_wait(&e->changed, &e->lock);
				done = s->done;
			}
			pthread_mutex_unlock(&e->lock);
			if (done)
				break;
			encode_next(e, &room, false);
		}
		write_stripe(b, t, s);
		pthread_mutex_lock(&e->lock);
		e->written = i + 1;
		pthread_cond_broadcast(&e->changed);
		pthread_mutex_unlock(&e->lock);
	}
	kb_invert_room_release(&room);
}

static void encode_numbered(struct kb_build *b,
			    const struct kb_build_terms *terms,
			    struct totals *t)
{
	struct encoder e = {.build = b, .terms = terms};
	pthread_t helper;
	bool helped;

	e.n_stripes = (terms->n + STRIPE_TERMS - 1) / STRIPE_TERMS;
	e.stripes = kb_calloc(STRIPES_AHEAD, sizeof(*e.stripes));
	pthread_mutex_init(&e.lock, NULL);
	pthread_cond_init(&e.changed, NULL);
	helped = b->jobs->threaded && e.n_stripes > 4 &&
		 pthread_create(&helper, NULL, help, &e) == 0;
	write_in_order(b, &e, t);
	if (helped)
		pthread_join(helper, NULL);
	pthread_mutex_destroy(&e.lock);
	pthread_cond_destroy(&e.changed);
	free(e.stripes);
}

/* ---- one thread ---- */

static void encode_streamed(struct kb_build *b, struct kb_build_terms *terms,
			    struct totals *t)
{
	struct stripe s = {0};
	struct kb_invert_list list;

	while (terms->next(terms, &list)) {
		encode_list(b, &s, &list);
		if (s.buf.len >= WRITE_SIZE)
			write_stripe(b, t, &s);
	}
	write_stripe(b, t, &s);
}

static void write_terms(struct kb_build *b, struct kb_build_terms *terms)
{
	struct totals t = {0};
	uint64_t end;

	kb_container_begin(&b->out, KB_SEC_POSTINGS, true);
	if (terms->at)
		encode_numbered(b, terms, &t);
	else
		encode_streamed(b, terms, &t);
	end = kb_container_pos(&b->out);
	kb_container_end(&b->out);
	kb_dict_write(&b->out, t.items, (uint32_t)t.n, end);
	kb_dict_text_write(&b->out, t.words, t.n_words);
	free(t.items);
	free(t.words);
}

/* ---- tables ---- */

struct id_order {
	uint32_t hash, doc;
};

static int by_hash(const void *a, const void *b)
{
	const struct id_order *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->doc > y->doc) - (x->doc < y->doc);
}

static void write_ids(struct kb_build *b)
{
	struct id_order *order =
	    kb_reallocarray(NULL, b->n_docs + 1, sizeof(*order));
	uint64_t n = b->n_docs;
	uint32_t zero = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct kb_str id = kb_build_id(b, i);

		order[i].hash = (uint32_t)(kb_hash64(id.ptr, id.len, 0) >> 32);
		order[i].doc = i;
	}
	qsort(order, n, sizeof(*order), by_hash);
	kb_container_begin(&b->out, KB_SEC_IDS, true);
	kb_container_add(&b->out, &n, 8);
	kb_container_add(&b->out, &zero, 4);
	kb_container_add(&b->out, b->id_ends, n * 4);
	for (uint64_t i = 0; i < n; i++)
		kb_container_add(&b->out, &order[i].hash, 4);
	for (uint64_t i = 0; i < n; i++)
		kb_container_add(&b->out, &order[i].doc, 4);
	kb_container_add(&b->out, b->ids.ptr, b->ids.len);
	kb_container_end(&b->out);
	free(order);
}

static void write_tables(struct kb_build *b)
{
	kb_container_put(&b->out, KB_SEC_LENGTHS, true, b->lengths,
			 b->n_chunks * sizeof(*b->lengths));
	if (!b->no_sketches)
		kb_container_put(&b->out, KB_SEC_SKETCHES, false, b->sketches,
				 b->n_chunks * sizeof(*b->sketches));
	kb_container_put(&b->out, KB_SEC_CHUNKS, true, b->chunks,
			 b->n_chunks * sizeof(*b->chunks));
	kb_grow(&b->docs, &b->cap_docs, b->n_docs + 1, sizeof(*b->docs));
	b->docs[b->n_docs] = (struct kb_doc_entry){
	    .store = b->raw_done, .first_chunk = (uint32_t)b->n_chunks};
	kb_container_put(&b->out, KB_SEC_DOCS, true, b->docs,
			 (b->n_docs + 1) * sizeof(*b->docs));
}

void kb_build_seal(struct kb_build *b, struct kb_build_terms *terms)
{
	assert(!terms->next != !terms->at);
	assert(b->n_docs <= UINT32_MAX && b->n_chunks <= UINT32_MAX);
	b->meta.n_docs = (uint32_t)b->n_docs;
	b->meta.n_chunks = (uint32_t)b->n_chunks;
	b->meta.title_weight = b->title_weight;
	kb_build_finish_store(b);
	write_terms(b, terms);
	write_tables(b);
	write_ids(b);
	kb_columns_out_write(b->columns, b->meta.n_docs, &b->out);
}
