#include "ask/ask_run.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void fill_setup(struct kb_ask_run *run, struct kb_ask_options *options)
{
	struct kb_base_options *base = &options->setup.base;

	assert(options->n_indexes < KB_ASK_INDEXES);
	for (size_t i = 0; i < options->n_indexes; i++)
		run->paths[i + 1] = options->indexes[i];
	base->paths = run->paths;
	base->n_paths = options->n_indexes + 1;
	base->now = time(NULL);
	base->once = run->question && options->jobs < 2;
	kb_prompt_surroundings(&options->setup.prompt);
	run->options = options;
	run->style = (struct kb_text_style){.put = options->terminal.put,
					    .analyzer = kb_analyzer_new(),
					    .terms = &run->terms};
}

/* What is shown as it comes is asked for one by one: a question of the command
 * line, or of a prompt. Records are shown whole, below their question. */
static void fill_session(const struct kb_ask_run *run,
			 struct kb_ask_options *options)
{
	struct kb_session_options *session = &options->setup.session;
	bool looked_at = isatty(STDOUT_FILENO);

	session->timeout_ms = (int64_t)(options->timeout_s * 1000);
	session->stream = options->stream >= 0
			      ? options->stream
			      : looked_at && (run->question || isatty(0));
	if (options->jobs)
		session->in_flight = options->jobs;
	if (session->stream && looked_at)
		session->in_flight = 1;
}

int kb_ask_run_open(struct kb_ask_run *run, struct kb_ask_options *options,
		    char *const *words, int n_words, struct kb_err *err)
{
	int rc;

	*run = (struct kb_ask_run){0};
	rc = kb_request_words(words, n_words, &run->paths[0], &run->question,
			      err);
	if (!rc)
		rc = kb_search_choose_legs(&options->setup.search, NULL, err);
	if (rc)
		return rc;
	fill_setup(run, options);
	fill_session(run, options);
	rc = kb_pipeline_open(&run->pipeline, &options->setup,
			      options->terminal.say, NULL, err);
	if (!rc && kb_pipeline_is_remote(run->pipeline))
		rc = kb_ask_worker_open(run, &run->worker, err);
	return rc;
}

void kb_ask_run_close(struct kb_ask_run *run)
{
	kb_dialogue_free(run->dialogue);
	kb_pipeline_worker_close(run->worker);
	kb_pipeline_close(run->pipeline);
	kb_analyzer_free(run->style.analyzer);
	kb_terms_release(&run->terms);
	free(run->question);
}

int kb_ask_worker_open(struct kb_ask_run *run, struct kb_pipeline_worker **out,
		       struct kb_err *err)
{
	return kb_pipeline_worker_open(out, run->pipeline, err);
}

struct kb_pipeline_job *kb_ask_job(struct kb_ask_run *run, struct kb_rec *rec,
				   uint64_t number,
				   void (*on_done)(struct kb_pipeline_job *job),
				   void *arg)
{
	struct kb_pipeline_job *job =
	    kb_arena_calloc(rec->arena, 1, sizeof(*job));

	job->rec = rec;
	job->number = number;
	job->on_done = on_done;
	if (run->options->setup.session.stream)
		job->on_text = run->options->terminal.on_text;
	job->arg = arg;
	return job;
}

bool kb_ask_begin(struct kb_ask_run *run, struct kb_pipeline_worker *worker,
		  struct kb_pipeline_job *job)
{
	return kb_pipeline_begin(worker ? worker : run->worker, job);
}

/* Of many records each says what it was asked. */
static void put_question(const struct kb_ask_run *run, const struct kb_rec *rec,
			 struct kb_buf *out)
{
	struct kb_question question;

	if (kb_question_read(rec, rec->arena, &question, NULL) < 0)
		return;
	kb_buf_add_cstr(out, run->style.colour ? "\033[1m" : "");
	kb_text_put_line(&run->style, question.text, out);
	kb_buf_add_cstr(out, run->style.colour ? "\033[0m\n" : "\n");
}

void kb_ask_print(struct kb_ask_run *run, struct kb_rec *rec, bool colour,
		  struct kb_buf *out)
{
	bool shown = run->options->terminal.was_shown();

	run->style.colour = colour;
	if (!run->question && !shown)
		put_question(run, rec, out);
	kb_ask_text(rec, &run->style, shown, out);
	kb_buf_add_cstr(out, run->question ? "" : "\n");
}

int kb_ask_turn(struct kb_ask_run *run, struct kb_pipeline_worker *worker,
		struct kb_str line, bool colour, struct kb_buf *out,
		struct kb_err *err)
{
	run->style.colour = colour;
	if (!run->dialogue)
		run->dialogue = kb_dialogue_new(
		    run->pipeline, &run->style, &run->options->terminal,
		    run->options->setup.session.stream);
	return kb_dialogue_turn(run->dialogue, worker ? worker : run->worker,
				line, out, err);
}
