/* Vectors' part in building an index: see legs.h. */
#include <stdlib.h>

#include "base/hash.h"
#include "index/write/writer_legs.h"
#include "text/lang.h"
#include "vector/embed_journal.h"
#include "vector/embed_pool.h"
#include "vector/vector_dump.h"
#include "vector/vector_json.h"
#include "vector/vector_rows.h"

/* A chunk that waits for its vector. */
struct waiting {
	uint32_t chunk;
	struct kb_str text; /* in texts */
	uint64_t hash;
	const struct kb_vec_view *view; /* where it is known, or NULL */
	size_t row;
	const float *left; /* by a run before; in texts, or NULL */
	size_t left_dim;
};

/* Chunks in a row, and the texts of those that must be asked for. */
struct batch {
	struct waiting waiting[KB_EMBED_BATCH];
	size_t n;
	struct kb_arena texts;
	struct kb_embed_batch asked;
	struct batch *next;
};

struct state {
	struct kb_vector_leg *leg;
	struct kb_writer *writer;
	struct kb_vec_rows rows;
	struct kb_arena arena;
	struct batch *filling;	    /* NULL: none */
	struct batch *sent, **last; /* oldest first */
	size_t n_sent;
};

static const struct kb_embed_prefixes *prefixes_of(const struct state *s)
{
	return &kb_writer_settings(s->writer)->prefixes[s->leg->slot];
}

static uint64_t hash_text(const struct state *s, struct kb_str text)
{
	const struct kb_settings *settings = kb_writer_settings(s->writer);
	struct kb_str type = prefixes_of(s)->passage_type;

	/* the same text of another type has another vector */
	return kb_vec_text_hash(
	    text, settings->hash_seed ^
		      (type.len ? kb_hash64(type.ptr, type.len, 0) : 0));
}

/* A passage's text as the model gets it; in the arena, or the text itself. */
static struct kb_str prefixed(const struct state *s, struct kb_str text,
			      struct kb_arena *arena)
{
	struct kb_str prefix = prefixes_of(s)->passage;

	return prefix.len ? kb_arena_join(arena, prefix, text) : text;
}

uint64_t kb_vector_model_id(struct kb_str name)
{
	return kb_hash64(name.ptr, name.len, 0);
}

/* What the index already says about its vectors. */
static int take_settings(struct kb_vector_leg *leg,
			 const struct kb_vector_settings *vectors,
			 struct kb_err *err)
{
	struct kb_str model = vectors->model;
	char quoted[KB_QUOTE_MAX];

	if (!vectors->known)
		return 0;
	if (leg->model.len && !kb_str_eq(leg->model, model))
		return kb_err_set(err, KB_EINVAL,
				  "the index has vectors of model '%s'; "
				  "use --rebuild for another",
				  kb_err_quote(quoted, model.ptr, model.len));
	leg->dim = vectors->dim;
	if (vectors->language.len)
		leg->language = vectors->language;
	if (!leg->model.len && model.len) {
		leg->adopted = kb_strndup(model.ptr, model.len);
		leg->model = kb_str_of(leg->adopted);
	}
	return 0;
}

/* What was embedded before, the first time a leg needs it. */
static int open_known(struct kb_vector_leg *leg, const struct kb_index *index,
		      struct kb_err *err)
{
	uint64_t model = kb_vector_model_id(leg->model);
	int rc = 0;

	if (!index)
		index = leg->old;
	if (leg->known || !leg->embedder || !index)
		return 0;
	leg->known = kb_calloc(1, sizeof(*leg->known));
	kb_vec_known_init(leg->known, index->n_segments * KB_VECTOR_SLOTS);
	/* another run may have had the model in another slot */
	for (size_t i = 0; i < index->n_segments * KB_VECTOR_SLOTS && rc == 0;
	     i++)
		rc = kb_vec_known_add(leg->known,
				      index->segments[i / KB_VECTOR_SLOTS]->sec,
				      i % KB_VECTOR_SLOTS, model, err);
	return rc;
}

static int begin(void *arg, struct kb_writer *writer,
		 const struct kb_index *index, void **out, struct kb_err *err)
{
	struct kb_vector_leg *leg = arg;
	struct state *s = kb_calloc(1, sizeof(*s));
	int rc;

	kb_arena_init(&s->arena);
	s->last = &s->sent;
	s->leg = leg;
	s->writer = writer;
	rc = take_settings(leg, &kb_writer_settings(writer)->vectors[leg->slot],
			   err);
	kb_vec_rows_init(&s->rows, kb_vector_model_id(leg->model));
	if (!rc)
		rc = open_known(leg, index, err);
	*out = s;
	return rc;
}

static void keep_settings(struct state *s, size_t dim)
{
	struct kb_settings *settings = kb_writer_settings(s->writer);

	s->leg->dim = dim;
	settings->vectors[s->leg->slot] = (struct kb_vector_settings){
	    .known = true,
	    .model = kb_settings_copy(settings, s->leg->model),
	    .dim = dim,
	    .embed = s->leg->embedder || s->leg->embed,
	    .language = kb_settings_copy(settings, s->leg->language),
	};
}

/* All vectors of an index have one dimension, that of the first. */
static int check_dim(struct state *s, size_t dim, struct kb_err *err)
{
	if (!s->leg->dim)
		keep_settings(s, dim);
	return s->leg->dim == dim
		   ? 0
		   : kb_err_set(err, KB_EINVAL,
				"vector of %zu dimensions in an index of %zu",
				dim, s->leg->dim);
}

/* ---- embedding ---- */

/* The embedder changed its mind: no document's fault. */
static int check_embedded(const struct kb_vector_leg *leg, size_t dim,
			  struct kb_err *err)
{
	if (!leg->dim || leg->dim == dim)
		return 0;
	return kb_err_set(err, KB_EREMOTE,
			  "embedder: %zu dimensions, and the index has vectors "
			  "of %zu by this model; make a new index",
			  dim, leg->dim);
}

/* Vectors that came, which are paid for from then on; in a pool's thread. */
static int answered(void *arg, const struct kb_embed_batch *asked,
		    struct kb_err *err)
{
	struct kb_vector_leg *leg = arg;
	int rc = check_embedded(leg, asked->dim, err);

	pthread_mutex_lock(&leg->lock);
	leg->embedded += rc ? 0 : asked->n;
	if (rc)
		kb_embed_journal_drop(leg->journal);
	else
		rc = kb_embed_journal_add(leg->journal, asked->texts, asked->n,
					  asked->x, asked->dim, err);
	pthread_mutex_unlock(&leg->lock);
	return rc;
}

static int add_row(struct state *s, const struct waiting *w, const float *x,
		   size_t dim, struct kb_err *err)
{
	int rc = check_dim(s, w->view ? w->view->dim : dim, err);

	if (rc)
		return rc;
	return w->view
		   ? kb_vec_rows_copy(&s->rows, w->chunk, w->view, w->row,
				      w->hash, err)
		   : kb_vec_rows_add(&s->rows, w->chunk, x, dim, w->hash, err);
}

static void free_batch(struct batch *b)
{
	if (!b)
		return;
	kb_arena_release(&b->texts);
	kb_arena_release(&b->asked.arena);
	free(b);
}

/* Send what waits to the embedder, if some of it must be asked for. */
static void send_batch(struct state *s)
{
	struct batch *b = s->filling;
	struct kb_embed_batch *asked = &b->asked;

	for (size_t i = 0; i < b->n; i++)
		if (!b->waiting[i].view && !b->waiting[i].left)
			asked->texts[asked->n++] = b->waiting[i].text;
	pthread_mutex_lock(&s->leg->lock);
	s->leg->reused += b->n - asked->n;
	pthread_mutex_unlock(&s->leg->lock);
	asked->input_type = prefixes_of(s)->passage_type;
	if (asked->n)
		kb_embed_pool_send(s->leg->pool, asked);
	s->filling = NULL;
	*s->last = b;
	s->last = &b->next;
	s->n_sent++;
}

static struct batch *oldest(struct state *s, int *rc)
{
	struct batch *b = s->sent;

	*rc = b->asked.n ? kb_embed_pool_wait(s->leg->pool, &b->asked) : 0;
	s->sent = b->next;
	if (!b->next)
		s->last = &s->sent;
	s->n_sent--;
	return b;
}

/* The rows of the oldest batch, in the order of its chunks. */
static int settle(struct state *s, struct kb_err *err)
{
	size_t at = 0;
	int rc;
	struct batch *b = oldest(s, &rc);
	const struct kb_embed_batch *asked = &b->asked;

	if (rc && err)
		*err = asked->err;
	for (size_t i = 0; i < b->n && !rc; i++) {
		const struct waiting *w = &b->waiting[i];

		if (w->left)
			rc = add_row(s, w, w->left, w->left_dim, err);
		else if (w->view)
			rc = add_row(s, w, NULL, 0, err);
		else
			rc = add_row(s, w, asked->x + at++ * asked->dim,
				     asked->dim, err);
	}
	free_batch(b);
	return rc;
}

/* All that was sent, and what waits. */
static int flush(struct state *s, struct kb_err *err)
{
	int rc = 0;

	if (s->filling)
		send_batch(s);
	while (s->sent && !rc)
		rc = settle(s, err);
	return rc;
}

/* What an interrupted run had of a text, if it goes with the index. */
static const float *find_left(struct state *s, struct kb_str text, size_t *dim)
{
	const float *x;

	pthread_mutex_lock(&s->leg->lock);
	x = kb_embed_journal_find(s->leg->journal, text, &s->filling->texts,
				  dim);
	pthread_mutex_unlock(&s->leg->lock);
	return x && (!s->leg->dim || s->leg->dim == *dim) ? x : NULL;
}

static struct batch *new_batch(void)
{
	struct batch *b = kb_calloc(1, sizeof(*b));

	kb_arena_init(&b->texts);
	kb_arena_init(&b->asked.arena);
	return b;
}

static bool batch_has(const struct batch *b, uint64_t hash)
{
	for (size_t i = 0; b && i < b->n; i++)
		if (b->waiting[i].hash == hash)
			return true;
	return false;
}

/* A text that is on its way is answered before it would be asked for again:
 * then the journal has it. */
static int wait_for_same(struct state *s, uint64_t hash, struct kb_err *err)
{
	bool same = batch_has(s->filling, hash);

	for (const struct batch *b = s->sent; b && !same; b = b->next)
		same = batch_has(b, hash);
	return same ? flush(s, err) : 0;
}

/* The embedder is kept busy: one batch more than it has in flight waits. */
static int wait_for(struct state *s, const struct kb_leg_chunk *chunk,
		    struct kb_err *err)
{
	struct batch *b;
	struct waiting *w;
	struct kb_str text;
	uint64_t hash;
	int rc;

	kb_arena_reset(&s->arena);
	hash = hash_text(s, prefixed(s, chunk->text, &s->arena));
	rc = wait_for_same(s, hash, err);
	if (rc)
		return rc;
	b = s->filling ? s->filling : new_batch();
	w = &b->waiting[b->n];
	text = prefixed(s, chunk->text, &b->texts);
	s->filling = b;
	*w = (struct waiting){.chunk = chunk->chunk, .hash = hash};
	if (s->leg->known)
		w->view = kb_vec_known_find(s->leg->known, w->hash, &w->row);
	if (!w->view)
		w->left = find_left(s, text, &w->left_dim);
	if (!w->view && !w->left)
		w->text = text.ptr == chunk->text.ptr
			      ? kb_arena_copy(&b->texts, text)
			      : text;
	b->n++;
	/* The first one goes at once: it tells the dimension, which has to be
	 * set in this thread. */
	if (!s->leg->dim)
		return flush(s, err);
	if (b->n < KB_EMBED_BATCH)
		return 0;
	send_batch(s);
	while (s->n_sent > kb_embed_pool_jobs(s->leg->pool) && !rc)
		rc = settle(s, err);
	return rc;
}

/* Is a text the leg's to embed? */
static bool is_of_language(const struct kb_vector_leg *leg, struct kb_str text)
{
	return !leg->language.len ||
	       kb_str_is(leg->language,
			 kb_lang_code(kb_lang_main(text.ptr, text.len)));
}

static int embed(struct state *s, const struct kb_leg_chunk *chunk,
		 struct kb_err *err)
{
	return s->leg->embedder && is_of_language(s->leg, chunk->text)
		   ? wait_for(s, chunk, err)
		   : 0;
}

/* ---- from a dump ---- */

/* Is a dump's model the index's, and what stood before its texts? An index
 * without vectors takes the model over; prefixes came with the settings. */
static bool is_ours(struct state *s, const struct kb_vec_dump *dump)
{
	const struct kb_embed_prefixes *ours = prefixes_of(s);
	struct kb_vector_leg *leg = s->leg;

	if (!leg->dim && !leg->embedder && !leg->model.len && dump->model.len) {
		leg->adopted = kb_strndup(dump->model.ptr, dump->model.len);
		leg->model = kb_str_of(leg->adopted);
		leg->embed = dump->embed;
		leg->language = kb_settings_copy(kb_writer_settings(s->writer),
						 dump->language);
		s->rows.b.model = kb_vector_model_id(leg->model);
	}
	return kb_str_eq(leg->model, dump->model) &&
	       (!dump->embed ||
		(kb_str_eq(ours->passage, dump->prefix) &&
		 kb_str_eq(ours->passage_type, dump->input_type)));
}

static int add_dumped(struct state *s, const struct kb_leg_chunk *chunk,
		      struct kb_err *err)
{
	const struct kb_vec_dump *dump = chunk->document->vectors[s->leg->slot];
	char ours[KB_QUOTE_MAX], theirs[KB_QUOTE_MAX];
	struct kb_str model = s->leg->model;
	struct kb_vec_view view;
	int rc = 0;

	if (!is_ours(s, dump))
		return s->leg->embedder
			   ? embed(s, chunk, err)
			   : kb_err_set(
				 err, KB_EINVAL,
				 "vectors of model '%s' in an index of '%s'",
				 kb_err_quote(theirs, dump->model.ptr,
					      dump->model.len),
				 kb_err_quote(ours, model.ptr, model.len));
	if (!kb_vec_dump_row(dump, chunk->chunk_no, s->rows.b.model, &view))
		return 0;
	rc = flush(s, err);
	if (!rc)
		rc = check_dim(s, view.dim, err);
	return rc ? rc
		  : kb_vec_rows_copy(
			&s->rows, chunk->chunk, &view, 0,
			dump->embed
			    ? hash_text(s, prefixed(s, chunk->text, &s->arena))
			    : 0,
			err);
}

static int add(void *arg, const struct kb_leg_chunk *chunk, struct kb_err *err)
{
	struct state *s = arg;
	struct kb_str text = chunk->document->vector;
	struct kb_json val;
	size_t dim;
	float *x;
	int rc;

	if (chunk->document->vectors[s->leg->slot])
		return add_dumped(s, chunk, err);
	if (!text.len)
		return embed(s, chunk, err);
	/* a document brings what the first model would have made */
	if (chunk->chunk_no || s->leg->slot)
		return 0;
	rc = flush(s, err);
	kb_arena_reset(&s->arena);
	if (!rc)
		rc = kb_json_check(text.ptr, text.len, &val, err);
	if (!rc)
		rc = kb_vec_from_json(val, &s->arena, &x, &dim, err);
	if (!rc)
		rc = check_dim(s, dim, err);
	return rc ? rc
		  : kb_vec_rows_add(&s->rows, chunk->chunk, x, dim, 0, err);
}

static void abandon(void *arg)
{
	struct state *s = arg;
	int rc;

	/* what was asked for is paid for: its answers go into the journal */
	while (s->sent)
		free_batch(oldest(s, &rc));
	free_batch(s->filling);
	kb_vec_rows_release(&s->rows);
	kb_arena_release(&s->arena);
	free(s);
}

static int finish(void *arg, struct kb_container *out, uint32_t n_chunks,
		  struct kb_err *err)
{
	struct state *s = arg;
	int rc = flush(s, err);

	(void)n_chunks;
	if (!rc)
		kb_vec_rows_put(&s->rows, s->leg->slot, out);
	abandon(s);
	return rc;
}

/* Rows of one old segment in the order of their new chunks (merging keeps
 * the order within a segment). */
static int merge_rows(struct kb_vec_rows *rows, size_t slot,
		      const struct kb_leg_input *in, struct kb_err *err)
{
	struct kb_vec_view view;
	const uint64_t *hashes;
	int rc = kb_vec_rows_open(in->segment->sec, slot, &view, &hashes, err);

	if (!rc && !rows->b.n)
		rows->b.model = view.model;
	for (size_t i = 0; i < view.n && !rc; i++) {
		uint32_t chunk = view.rows[i];

		if (chunk < in->segment->n_chunks &&
		    in->new_chunk[chunk] != KB_CHUNK_GONE)
			rc = kb_vec_rows_copy(rows, in->new_chunk[chunk], &view,
					      i, hashes ? hashes[i] : 0, err);
	}
	return rc;
}

static int merge(void *arg, struct kb_writer *writer,
		 const struct kb_leg_input *inputs, size_t n, uint32_t n_chunks,
		 struct kb_container *out, struct kb_err *err)
{
	const struct kb_vector_leg *leg = arg;
	struct kb_vec_rows rows;
	int rc = 0;

	(void)writer;
	(void)n_chunks;
	kb_vec_rows_init(&rows, 0);
	for (size_t i = 0; i < n && !rc; i++)
		rc = merge_rows(&rows, leg->slot, &inputs[i], err);
	if (!rc)
		kb_vec_rows_put(&rows, leg->slot, out);
	kb_vec_rows_release(&rows);
	return rc;
}

void kb_vector_leg_embed(struct kb_vector_leg *leg,
			 struct kb_embedder *embedder, size_t jobs)
{
	leg->embedder = embedder;
	if (embedder && !jobs)
		jobs = kb_embedder_jobs(embedder);
	leg->pool =
	    embedder ? kb_embed_pool_new(embedder, jobs, answered, leg) : NULL;
}

void kb_vector_leg_release(struct kb_vector_leg *leg)
{
	kb_embed_pool_free(leg->pool);
	leg->pool = NULL;
	if (leg->known)
		kb_vec_known_release(leg->known);
	kb_embed_journal_close(leg->journal);
	leg->journal = NULL;
	free(leg->known);
	free(leg->adopted);
	leg->known = NULL;
	leg->adopted = NULL;
}

const struct kb_leg_ops kb_vector_leg = {
    .name = "vector",
    .begin = begin,
    .add = add,
    .finish = finish,
    .abandon = abandon,
    .merge = merge,
};
