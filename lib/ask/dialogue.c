#include "ask/dialogue.h"

#include <stdlib.h>

#include "context/compress.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "record/members.h"
#include "terminal/open_place.h"
#include "json/write.h"

#define LOOK_MS 200 /* at whether the person has given up */

static const char help[] =
    "  /open N   passage N in $EDITOR; without one its place is printed\n"
    "  /more     the next passages that were found\n"
    "  /help     this\n"
    "  /quit     the end, as Ctrl-D\n"
    "Ctrl-C drops a line, or an answer on its way.\n";

struct kb_dialogue {
	struct kb_pipeline *pipeline;
	const struct kb_text_style *style;
	const struct kb_ask_terminal *terminal;
	struct kb_compress_options window;
	struct kb_compressor *compressor;
	char *messages[KB_DIALOGUE_MESSAGES]; /* JSON, oldest first */
	size_t n_messages;
	uint64_t n_questions;
	struct kb_buf line;    /* the last record's */
	struct kb_arena arena; /* of that record */
	struct kb_rec rec;
	bool stream;
	int passed; /* ranks of its hits that were shown */
	bool done;  /* the answer under way */
};

struct kb_dialogue *kb_dialogue_new(struct kb_pipeline *pipeline,
				    const struct kb_text_style *style,
				    const struct kb_ask_terminal *terminal,
				    bool stream)
{
	struct kb_dialogue *d = kb_calloc(1, sizeof(*d));

	d->pipeline = pipeline;
	d->style = style;
	d->terminal = terminal;
	d->stream = stream;
	d->window = (struct kb_compress_options){
	    .budget_tokens = KB_DIALOGUE_TOKENS,
	    .keep_last = 4,
	    .over = KB_OVER_FLAG,
	};
	d->compressor = kb_compressor_new(&d->window);
	kb_buf_init(&d->line, 0);
	kb_arena_init(&d->arena);
	return d;
}

static void forget(struct kb_dialogue *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(d->messages[i]);
	d->n_messages -= n;
	memmove(d->messages, d->messages + n,
		d->n_messages * sizeof(*d->messages));
}

void kb_dialogue_free(struct kb_dialogue *d)
{
	if (!d)
		return;
	forget(d, d->n_messages);
	kb_compressor_free(d->compressor);
	kb_buf_release(&d->line);
	kb_arena_release(&d->arena);
	free(d);
}

/* ---- the record of a question ---- */

static void remember(struct kb_dialogue *d, const char *role,
		     struct kb_str text)
{
	struct kb_buf json;
	struct kb_jw w;

	if (d->n_messages == KB_DIALOGUE_MESSAGES)
		forget(d, 2);
	kb_buf_init(&json, 0);
	kb_jw_init(&w, &json);
	kb_jw_obj(&w);
	kb_jw_key(&w, "role");
	kb_jw_cstr(&w, role);
	kb_jw_key(&w, "content");
	kb_jw_str(&w, text);
	kb_jw_end(&w);
	d->messages[d->n_messages++] = kb_strndup(json.ptr, json.len);
	kb_buf_release(&json);
}

static int make_record(struct kb_dialogue *d, struct kb_str question,
		       struct kb_err *err)
{
	struct kb_jw w;
	int rc;

	kb_buf_reset(&d->line);
	kb_arena_reset(&d->arena);
	kb_jw_init(&w, &d->line);
	kb_jw_obj(&w);
	kb_jw_key(&w, "query");
	kb_jw_str(&w, question);
	if (d->n_messages) {
		kb_jw_key(&w, "messages");
		kb_jw_arr(&w);
		for (size_t i = 0; i < d->n_messages; i++)
			kb_jw_raw(&w, kb_str_of(d->messages[i]));
		kb_jw_end(&w);
	}
	kb_jw_end(&w);
	rc = kb_rec_scan(&d->rec, &d->arena, d->line.ptr, d->line.len, err);
	if (rc || !d->n_messages)
		return rc;
	return kb_compress_apply(d->compressor, &d->rec, &d->arena, err);
}

/* ---- the answer ---- */

static void on_done(struct kb_pipeline_job *job)
{
	struct kb_dialogue *d = job->arg;

	d->done = true;
}

/* Returns 0 also when the person gave up: then it is not done. */
static int work(struct kb_dialogue *d, struct kb_pipeline_worker *worker,
		struct kb_pipeline_job *job, struct kb_err *err)
{
	job->rec = &d->rec;
	job->number = ++d->n_questions;
	job->on_done = on_done;
	job->on_text = d->stream ? d->terminal->on_text : NULL;
	job->arg = d;
	d->done = kb_pipeline_begin(worker, job);
	while (!d->done && !d->terminal->dropped())
		kb_pipeline_wait(d->pipeline, -1, LOOK_MS);
	return d->done ? 0 : kb_pipeline_drop(d->pipeline, err);
}

static void put_understood(struct kb_dialogue *d, struct kb_str question,
			   struct kb_buf *out)
{
	struct kb_str standalone;

	if (!kb_json_str(kb_rec_get(&d->rec, "standalone"), &d->arena,
			 &standalone) ||
	    kb_str_eq(standalone, question))
		return;
	kb_buf_add_cstr(out, "(understood as) ");
	kb_text_put_line(d->style, standalone, out);
	kb_buf_add_char(out, '\n');
}

/* Both turns, or of an answer that was none the question alone. */
static void keep(struct kb_dialogue *d, struct kb_str question, bool human)
{
	struct kb_str answer;

	remember(d, "user", question);
	if (!human && kb_answer_text(&d->rec, &answer))
		remember(d, "assistant", answer);
}

static int ask(struct kb_dialogue *d, struct kb_pipeline_worker *worker,
	       struct kb_str question, struct kb_buf *out, struct kb_err *err)
{
	struct kb_pipeline_job job = {0};
	struct kb_err why;
	bool shown;

	if (make_record(d, question, &why)) {
		d->terminal->say(NULL, why.msg);
		return 0;
	}
	if (work(d, worker, &job, err))
		return err->code;
	shown = d->terminal->was_shown();
	if (!d->done) {
		kb_buf_add_cstr(out, "\n");
		kb_rec_del(&d->rec, "hits");
		return 0;
	}
	if (job.err.code)
		d->terminal->say(NULL, job.err.msg);
	put_understood(d, question, out);
	d->passed = kb_ask_text(&d->rec, d->style, shown, out);
	keep(d, question, job.human);
	return 0;
}

/* ---- commands ---- */

static bool find_hit(struct kb_dialogue *d, int64_t place,
		     struct kb_record_hit *hit, int64_t *n)
{
	struct kb_hits hits;

	*n = 0;
	if (!d->rec.members || kb_hits_open(&d->rec, &hits, NULL))
		return false;
	*n = (int64_t)kb_hits_count(&hits);
	for (int64_t i = 1; kb_hits_next(&hits, hit); i++)
		if (i == place)
			return true;
	return false;
}

static void open_hit(struct kb_dialogue *d, struct kb_str number,
		     struct kb_buf *out)
{
	int64_t place = 0, n, line = 0;
	struct kb_record_hit hit;
	struct kb_str source;
	struct kb_err why;
	bool opened;

	kb_json_int((struct kb_json){KB_JSON_NUMBER, number.ptr, number.len},
		    &place);
	if (!find_hit(d, place, &hit, &n)) {
		kb_buf_printf(out,
			      n ? "/open N: N is 1 to %lld\n"
				: "there are no passages to open\n",
			      (long long)n);
		return;
	}
	source = kb_hit_str(&hit, KB_HIT_SOURCE, &d->arena);
	kb_json_int(hit.at[KB_HIT_LINE], &line);
	source.ptr =
	    kb_arena_printf(&d->arena, "%.*s", (int)source.len, source.ptr);
	if (!source.len)
		kb_buf_add_cstr(out, "the passage is of no file\n");
	else if (kb_open_place(source.ptr, line, &opened, &why))
		d->terminal->say(NULL, why.msg);
	else if (!opened)
		kb_hit_put_place(d->style, &hit, &d->arena, out);
}

static void show_more(struct kb_dialogue *d, struct kb_buf *out)
{
	struct kb_text_style style = *d->style;
	struct kb_record_hit hit;
	int64_t n;

	if (!find_hit(d, d->passed + 1, &hit, &n)) {
		kb_buf_add_cstr(out, n ? "these were all\n"
				       : "there are no passages to show\n");
		return;
	}
	style.passed = d->passed;
	style.last = d->passed += KB_ASK_PASSAGES;
	kb_record_text(&d->rec, &style, &d->arena, out);
}

/* Is the word a command, perhaps shortened? */
static bool is_command(struct kb_str word, const char *name)
{
	return word.len > 1 && word.len <= strlen(name) &&
	       !memcmp(word.ptr, name, word.len);
}

/* False: the end. */
static bool obey(struct kb_dialogue *d, struct kb_str line, struct kb_buf *out)
{
	const char *blank = memchr(line.ptr, ' ', line.len);
	struct kb_str word = line, rest = KB_STR("");

	if (blank) {
		word.len = (size_t)(blank - line.ptr);
		rest = kb_str_trim(kb_str_skip(line, word.len));
	}
	if (is_command(word, "/quit"))
		return false;
	if (is_command(word, "/open"))
		open_hit(d, rest, out);
	else if (is_command(word, "/more"))
		show_more(d, out);
	else if (is_command(word, "/help"))
		kb_buf_add_cstr(out, help);
	else
		d->terminal->say(NULL, "no such command; /help names them");
	return true;
}

int kb_dialogue_turn(struct kb_dialogue *d, struct kb_pipeline_worker *worker,
		     struct kb_str line, struct kb_buf *out, struct kb_err *err)
{
	line = kb_str_trim(line);
	if (line.len && *line.ptr == '/')
		return !obey(d, line, out);
	return ask(d, worker, line, out, err);
}
