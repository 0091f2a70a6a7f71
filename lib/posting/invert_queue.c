#include "posting/invert_queue.h"

#include <stdlib.h>

#include "base/buf.h"

#define BATCHES	    8
#define BATCH_TERMS 32768
#define SENT_BITS   13

/* Terms of one chunk. */
struct run {
	uint32_t chunk, n;
	unsigned weight;
};

struct batch {
	struct kb_job job; /* first */
	struct kb_invert_queue *queue;
	uint64_t keys[BATCH_TERMS];
	size_t n;
	struct run *runs;
	size_t n_runs, cap_runs;
	struct kb_invert_name *names;
	size_t n_names, cap_names;
	struct kb_buf texts;
	size_t bytes; /* held by the inverter after this batch */
};

struct kb_invert_queue {
	/* the adding thread's */
	struct kb_job_queue *jobs;
	struct batch *batches; /* ring */
	uint64_t pushed;
	size_t bytes;  /* held when the current batch came back */
	size_t queued; /* in the batches pushed since */
	uint64_t sent[1u << SENT_BITS];

	/* the job queue's */
	struct kb_invert *invert;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t done; /* batches inverted */
};

static void run_batch(struct kb_job *job);

struct kb_invert_queue *kb_invert_queue_new(struct kb_job_queue *jobs)
{
	struct kb_invert_queue *f = kb_calloc(1, sizeof(*f));

	f->jobs = jobs;
	f->batches = kb_calloc(BATCHES, sizeof(*f->batches));
	for (size_t i = 0; i < BATCHES; i++) {
		f->batches[i].job.run = run_batch;
		f->batches[i].queue = f;
		kb_buf_init(&f->batches[i].texts, 0);
	}
	f->invert = kb_invert_new();
	f->bytes = kb_invert_bytes(f->invert);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	return f;
}

static void wait_for(struct kb_invert_queue *f, uint64_t done)
{
	pthread_mutex_lock(&f->lock);
	while (f->done < done)
		pthread_cond_wait(&f->changed, &f->lock);
	pthread_mutex_unlock(&f->lock);
}

void kb_invert_queue_free(struct kb_invert_queue *f)
{
	if (!f)
		return;
	wait_for(f, f->pushed);
	for (size_t i = 0; i < BATCHES; i++) {
		free(f->batches[i].runs);
		free(f->batches[i].names);
		kb_buf_release(&f->batches[i].texts);
	}
	free(f->batches);
	kb_invert_free(f->invert);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->changed);
	free(f);
}

/* ---- adding ---- */

static size_t batch_bytes(const struct batch *b)
{
	return b->n * sizeof(*b->keys) + b->n_names * sizeof(*b->names) +
	       b->texts.len;
}

/* Push the current batch and take the next, once it is back. */
static void push(struct kb_invert_queue *f)
{
	struct batch *b = &f->batches[f->pushed % BATCHES];

	f->queued += batch_bytes(b);
	kb_job_queue_push(f->jobs, &b->job);
	f->pushed++;
	b = &f->batches[f->pushed % BATCHES];
	if (f->pushed >= BATCHES) {
		wait_for(f, f->pushed - BATCHES + 1);
		f->queued -= batch_bytes(b);
		f->bytes = b->bytes;
	}
	b->n = b->n_runs = b->n_names = 0;
	kb_buf_reset(&b->texts);
}

/* The inverter needs the text of a term once: not of what was sent just
 * now. */
static bool needs_text(struct kb_invert_queue *f, const struct kb_term *t)
{
	uint64_t *sent = &f->sent[t->key & ((1u << SENT_BITS) - 1)];

	if (!t->text_len || *sent == t->key)
		return false;
	*sent = t->key;
	return true;
}

static void add_name(struct batch *b, size_t term, const struct kb_terms *terms,
		     const struct kb_term *t)
{
	kb_grow(&b->names, &b->cap_names, b->n_names + 1, sizeof(*b->names));
	b->names[b->n_names++] = (struct kb_invert_name){
	    (uint32_t)term, t->text_len, (uint32_t)b->texts.len};
	kb_buf_add(&b->texts, terms->text + t->text_off, t->text_len);
}

/* Terms [from..to), for which the current batch has room. */
static void add_keys(struct kb_invert_queue *f, struct batch *b,
		     const struct kb_terms *terms, size_t from, size_t to)
{
	size_t n = b->n;

	for (size_t i = from; i < to; i++, n++) {
		const struct kb_term *t = &terms->items[i];

		b->keys[n] = t->key;
		if (kb_term_class(t->key) > KB_TERM_HAN2 && needs_text(f, t))
			add_name(b, n, terms, t);
	}
	b->n = n;
}

void kb_invert_queue_add(struct kb_invert_queue *f, uint32_t chunk,
			 const struct kb_terms *terms, unsigned weight)
{
	for (size_t i = 0; i < terms->n;) {
		struct batch *b = &f->batches[f->pushed % BATCHES];
		size_t n = terms->n - i;

		if (b->n == BATCH_TERMS) {
			push(f);
			continue;
		}
		if (n > BATCH_TERMS - b->n)
			n = BATCH_TERMS - b->n;
		kb_grow(&b->runs, &b->cap_runs, b->n_runs + 1,
			sizeof(*b->runs));
		b->runs[b->n_runs++] = (struct run){chunk, (uint32_t)n, weight};
		add_keys(f, b, terms, i, i + n);
		i += n;
	}
}

size_t kb_invert_queue_bytes(const struct kb_invert_queue *f)
{
	return f->bytes + f->queued +
	       batch_bytes(&f->batches[f->pushed % BATCHES]);
}

void kb_invert_queue_flush(struct kb_invert_queue *f)
{
	push(f);
}

struct kb_invert *kb_invert_queue_finish(struct kb_invert_queue *f)
{
	wait_for(f, f->pushed);
	return f->invert;
}

/* ---- the inverting thread ---- */

static void run_batch(struct kb_job *job)
{
	struct batch *b = (struct batch *)(void *)job;
	struct kb_invert_queue *f = b->queue;
	struct kb_invert_terms terms = {
	    .keys = b->keys,
	    .names = b->names,
	    .names_end = b->names ? b->names + b->n_names : NULL,
	    .texts = b->texts.ptr,
	};

	for (size_t i = 0; i < b->n_runs; i++) {
		terms.from = terms.to;
		terms.to += b->runs[i].n;
		kb_invert_add(f->invert, b->runs[i].chunk, &terms,
			      b->runs[i].weight);
	}
	b->bytes = kb_invert_bytes(f->invert);
	pthread_mutex_lock(&f->lock);
	f->done++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}
