#include "context/compress_write.h"

#include "context/append.h"
#include "context/compress_explain.h"
#include "context/shorten.h"

static struct kb_str written(struct kb_compress_job *job, struct kb_buf *out)
{
	struct kb_str json = kb_arena_copy(job->arena, kb_buf_str(out));

	kb_buf_release(out);
	return json;
}

static void write_messages(struct kb_compress_job *job, struct kb_rec *rec)
{
	bool summary_due = job->summary.len > 0;
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_arr(&w);
	for (size_t i = 0; i < job->convo.n; i++) {
		const struct kb_turn *t = &job->convo.turns[i];

		if (summary_due && t->role != KB_ROLE_SYSTEM) {
			kb_jw_obj(&w);
			kb_jw_key(&w, "role");
			kb_jw_cstr(&w, "user");
			kb_jw_key(&w, "content");
			kb_jw_str(&w, job->summary);
			kb_jw_end(&w);
			summary_due = false;
		}
		if (job->dropped[i])
			continue;
		if (job->shortened[i].len)
			kb_shortened_write(t, job->shortened[i], &w);
		else
			kb_jw_raw(&w, (struct kb_str){t->raw.ptr, t->raw.len});
	}
	kb_jw_end(&w);
	kb_rec_set(rec, "messages", written(job, &out));
}

static void write_threads(const struct kb_compress_job *job, struct kb_jw *w)
{
	const struct kb_threads *threads = job->threads;

	kb_jw_arr(w);
	for (size_t t = 0; t < threads->n; t++) {
		kb_jw_obj(w);
		kb_jw_key(w, "id");
		kb_jw_int(w, (int64_t)t + 1);
		kb_jw_key(w, "label");
		kb_jw_str(w, threads->items[t].label);
		if (threads->by_intents) {
			kb_jw_key(w, "intent");
			kb_jw_str(w, threads->items[t].intent_name);
			kb_jw_key(w, "open");
			kb_jw_bool(w, t == threads->open);
		}
		kb_jw_key(w, "turns");
		kb_jw_arr(w);
		for (size_t i = 0; i < job->convo.n; i++)
			if (threads->of_turn[i] == t)
				kb_jw_int(w, (int64_t)i);
		kb_jw_end(w);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

/* The places in 'messages' of what is gone, and of what is shorter. */
static void write_places(const struct kb_compress_job *job, struct kb_jw *w)
{
	kb_jw_key(w, "dropped");
	kb_jw_arr(w);
	for (size_t i = 0; i < job->convo.n; i++)
		if (job->dropped[i])
			kb_jw_int(w, (int64_t)i);
	kb_jw_end(w);
	if (!job->n_shortened)
		return;
	kb_jw_key(w, "shortened");
	kb_jw_arr(w);
	for (size_t i = 0; i < job->convo.n; i++)
		if (job->shortened[i].len)
			kb_jw_int(w, (int64_t)i);
	kb_jw_end(w);
}

/* Where the next turns are only added, and where they will be cut again. */
static void write_frozen(const struct kb_compress_job *job, struct kb_jw *w)
{
	size_t high, low;

	kb_append_marks(job, &high, &low);
	kb_jw_key(w, "frozen");
	kb_jw_obj(w);
	kb_jw_count(w, "cuts", job->frozen.cuts);
	if (job->frozen.cuts)
		kb_jw_count(w, "turn", job->frozen.turn);
	kb_jw_count(w, "low", low);
	kb_jw_count(w, "high", high);
	kb_jw_end(w);
}

static void write_compression(struct kb_compress_job *job, struct kb_rec *rec)
{
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "tokens_before");
	kb_jw_int(&w, (int64_t)job->before);
	kb_jw_key(&w, "tokens_after");
	kb_jw_int(&w, (int64_t)job->after);
	kb_jw_key(&w, "exact");
	kb_jw_bool(&w, job->exact);
	kb_jw_key(&w, "tokenizer");
	kb_jw_cstr(&w, job->tokenizer);
	if (job->over) {
		kb_jw_key(&w, "over");
		kb_jw_bool(&w, true);
	}
	if (job->options->append_only)
		write_frozen(job, &w);
	if (job->state) {
		kb_jw_key(&w, "state");
		kb_state_write(job->state, job->threads->by_intents, &w);
		kb_jw_key(&w, "threads");
		write_threads(job, &w);
	}
	write_places(job, &w);
	kb_jw_key(&w, "summary");
	if (job->summary.len)
		kb_jw_str(&w, job->summary);
	else
		kb_jw_null(&w);
	if (job->options->summarizer && job->summary.len) {
		kb_jw_key(&w, "summary_by");
		kb_jw_cstr(&w, job->written ? "command" : "extract");
	}
	if (job->degraded) {
		kb_jw_key(&w, "degraded");
		kb_jw_cstr(&w, job->degraded);
	}
	if (job->options->explain) {
		kb_jw_key(&w, "explain");
		kb_explain_write(job, &w);
	}
	kb_jw_end(&w);
	kb_rec_set(rec, "compression", written(job, &out));
}

void kb_compress_write(struct kb_compress_job *job, struct kb_rec *rec)
{
	if (job->n_dropped || job->n_shortened)
		write_messages(job, rec);
	if (job->convo.n)
		write_compression(job, rec);
	if (job->standalone.text.len)
		kb_rec_set_str(rec, "standalone", job->standalone.text);
}
