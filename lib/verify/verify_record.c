#include "verify/verify_record.h"

#include <math.h>

#include "base/hash.h"
#include "record/error_member.h"
#include "record/hit.h"
#include "record/members.h"
#include "record/question.h"
#include "record/reasoning.h"
#include "relevance/respell.h"
#include "verify/check_parts.h"
#include "verify/report.h"
#include "json/write.h"

static struct kb_str string(struct kb_json val, struct kb_arena *arena)
{
	struct kb_str s = {"", 0};

	kb_json_str(val, arena, &s);
	return s;
}

struct sources {
	struct kb_verify_source *items;
	size_t n, n_hits;
};

static int read_hits(const struct kb_rec *rec, size_t room,
		     struct kb_arena *arena, struct sources *out,
		     struct kb_err *err)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	int rc = kb_hits_open(rec, &hits, err);

	out->items = kb_arena_calloc(arena, kb_hits_count(&hits) + room + 1,
				     sizeof(*out->items));
	while (kb_hits_next(&hits, &hit)) {
		struct kb_verify_source *s = &out->items[out->n++];

		s->doc = kb_hit_doc(&hit, arena);
		s->title = kb_hit_str(&hit, KB_HIT_TITLE, arena);
		s->heading = kb_hit_str(&hit, KB_HIT_HEADING, arena);
		s->text = kb_hit_str(&hit, KB_HIT_TEXT, arena);
	}
	out->n_hits = out->n;
	return rc;
}

/* The first of the members that is a string, "" when none is. */
static struct kb_str first_string(struct kb_json object,
				  const char *const *names, size_t n,
				  struct kb_arena *arena)
{
	struct kb_str s = {"", 0};

	for (size_t i = 0; i < n && !s.len; i++)
		s = string(kb_json_get(object, names[i]), arena);
	return s;
}

static struct kb_verify_source read_passage(struct kb_json val,
					    struct kb_arena *arena)
{
	static const char *const texts[] = {"text", "content", "page_content"};
	static const char *const docs[] = {"doc", "id"};

	if (val.type != KB_JSON_OBJECT)
		return (struct kb_verify_source){.doc = {"", 0},
						 .title = {"", 0},
						 .heading = {"", 0},
						 .text = string(val, arena)};
	return (struct kb_verify_source){
	    .doc = first_string(val, docs, 2, arena),
	    .title = string(kb_json_get(val, "title"), arena),
	    .heading = string(kb_json_get(val, "heading"), arena),
	    .text = first_string(val, texts, 3, arena),
	};
}

static int read_member(const struct kb_rec *rec, const char *name, size_t room,
		       struct kb_arena *arena, struct sources *out,
		       struct kb_err *err)
{
	struct kb_json val = kb_rec_get(rec, name);
	struct kb_json_iter it = kb_json_iter(val);
	size_t n = val.type == KB_JSON_ARRAY ? kb_json_count(val) : 1;

	out->items = kb_arena_calloc(arena, n + room + 1, sizeof(*out->items));
	if (val.type == KB_JSON_STRING)
		out->items[out->n++] = read_passage(val, arena);
	else if (val.type != KB_JSON_ARRAY && val.type > KB_JSON_NULL)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' is neither a string nor an array",
				  name);
	while (val.type == KB_JSON_ARRAY && kb_json_next(&it))
		out->items[out->n++] = read_passage(it.val, arena);
	out->n_hits = out->n;
	return 0;
}

/* Passages of the index near question and answer, but those that are hits
 * already. */
static int fetch(const struct kb_verify_options *options,
		 struct kb_arena *arena, struct kb_str question,
		 struct kb_str answer, struct sources *out, struct kb_err *err)
{
	struct kb_request request = {0};
	struct kb_result result;
	int rc;

	request.query = kb_str_of(kb_arena_printf(
	    arena, "%.*s %.*s",
	    (int)(question.len < 65535 ? question.len : 65535), question.ptr,
	    (int)(answer.len < 2000 ? answer.len : 2000), answer.ptr));
	rc = kb_search_run(options->search, &request, arena, &result, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < result.n && i < options->fetch; i++) {
		const struct kb_passage *p = &result.hits[i].passage;
		bool known = false;

		for (size_t k = 0; k < out->n_hits; k++)
			known |= kb_str_eq(out->items[k].doc, p->id) &&
				 kb_str_eq(out->items[k].text, p->text);
		if (!known)
			out->items[out->n++] = (struct kb_verify_source){
			    .doc = p->id,
			    .title = p->title,
			    .heading = p->heading,
			    .text = p->text,
			    .fetched = true,
			};
	}
	return 0;
}

static void set_route(struct kb_rec *rec, double confidence, bool human)
{
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_fixed(&w, confidence, 4);
	kb_rec_set(rec, "confidence",
		   kb_arena_copy(rec->arena, kb_buf_str(&out)));
	kb_buf_release(&out);
	kb_rec_set_str(rec, "route",
		       human ? KB_STR("human") : KB_STR("answer"));
}

static bool note_low(struct kb_report *r, double stage, double threshold,
		     struct kb_str code)
{
	bool low = stage >= 0 && stage < threshold;

	if (low)
		kb_report_reason(r, code);
	return low;
}

/* The codes for what the answer is as a whole; false when it says nothing
 * that could be right. */
static bool note_answer(struct kb_report *r)
{
	const struct kb_check *check = r->check;

	if (!check->n_claims ||
	    (!check->n_checked && !check->n_abstained && !check->unchecked)) {
		kb_report_reason(r, KB_STR("no-claim"));
		return false;
	}
	if (check->n_abstained)
		kb_report_reason(r, KB_STR("abstain"));
	if (check->needless)
		kb_report_reason(r, KB_STR("needless-refusal"));
	if (check->unchecked)
		kb_report_reason(r, KB_STR("unchecked"));
	if (check->n_checked && r->stages.truncated)
		kb_report_reason(r, KB_STR("truncated"));
	return check->n_checked > 0;
}

/* The confidence, with the codes for what lowered it. */
static void rate(struct kb_report *r, const struct kb_verify_options *options,
		 struct kb_verified *out)
{
	double threshold = options->threshold, p;

	kb_record_measure(r->check, &r->stages, &out->signals);
	out->score = kb_record_rate(options->record, &out->signals);
	p = out->score.confidence;
	out->scored = true;
	out->human = !(p >= threshold);
	r->signals = &out->signals;
	r->score = out->score;
	if (!note_answer(r))
		return;
	if (r->check->missing.certain)
		kb_report_missing(r, &r->check->missing);
	if (p >= threshold)
		return;
	note_low(r, r->stages.retrieval, threshold, KB_STR("low-retrieval"));
	note_low(r, r->stages.generation, threshold, KB_STR("low-generation"));
	if (note_low(r, r->stages.relevance, threshold,
		     KB_STR("low-relevance")))
		kb_report_missing(r, &r->check->missing);
}

/* What a passage is called: its headings begin with its title, or are of it. */
static struct kb_str title_of(const struct kb_verify_source *s,
			      struct kb_arena *arena)
{
	if (!s->heading.len)
		return s->title;
	if (s->heading.len >= s->title.len &&
	    !memcmp(s->heading.ptr, s->title.ptr, s->title.len))
		return s->heading;
	return kb_str_of(kb_arena_printf(arena, "%.*s\n%.*s", (int)s->title.len,
					 s->title.ptr, (int)s->heading.len,
					 s->heading.ptr));
}

static struct kb_check_passage *passages_of(const struct sources *sources,
					    struct kb_arena *arena)
{
	struct kb_check_passage *p =
	    kb_arena_calloc(arena, sources->n + 1, sizeof(*p));

	for (size_t i = 0; i < sources->n; i++)
		p[i] = (struct kb_check_passage){
		    title_of(&sources->items[i], arena),
		    sources->items[i].text};
	return p;
}

static void set_check(struct kb_rec *rec, const struct kb_report *report)
{
	struct kb_buf out;

	kb_buf_init(&out, 0);
	kb_report_write(report, &out);
	kb_rec_set(rec, "check", kb_arena_copy(rec->arena, kb_buf_str(&out)));
	kb_buf_release(&out);
}

/* Question, answer and passages of the record. */
static int read_input(struct kb_rec *rec,
		      const struct kb_verify_options *options,
		      struct kb_arena *arena, struct kb_question *question,
		      struct kb_str *answer, struct sources *sources,
		      struct kb_err *err)
{
	size_t room = options->search ? options->fetch : 0;
	int rc;

	if (!kb_answer_text(rec, answer))
		return kb_err_set(err, KB_EINVAL, "no string member 'answer'");
	/* What a model thought is no claim of its. */
	*answer = kb_reasoning_blanked(*answer, arena);
	rc = kb_question_read(rec, arena, question, err);
	if (rc == 0 && options->evidence)
		rc = read_member(rec, options->evidence, room, arena, sources,
				 err);
	else if (rc == 0)
		rc = read_hits(rec, room, arena, sources, err);
	if (rc == 0 && options->search)
		rc = fetch(options, arena, question->text, *answer, sources,
			   err);
	return rc;
}

/* A hash of what the record is about: its question, else its evidence. */
static uint64_t about(struct kb_str question, struct kb_str answer,
		      const struct sources *sources)
{
	struct kb_str text = question;

	if (!text.len)
		text = sources->n ? sources->items[0].text : answer;
	return kb_xxh64(text.ptr, text.len, 0);
}

/* The question as the hits spell it. */
static struct kb_str respelled(struct kb_str question,
			       const struct kb_check_passage *hits, size_t n,
			       struct kb_arena *arena)
{
	struct kb_spellings spellings = {.n = 0};

	for (size_t i = 0; i < n; i++)
		kb_spellings_add(&spellings, hits[i].title, hits[i].text);
	return kb_respell(question, &spellings, arena);
}

int kb_verify_record(struct kb_checker *checker, struct kb_rec *rec,
		     const struct kb_verify_options *options,
		     struct kb_verified *out, struct kb_err *err)
{
	struct sources sources = {0};
	struct kb_question question;
	struct kb_generation generation;
	struct kb_str answer;
	struct kb_check check;
	struct kb_report report = {.check = &check, .arena = &checker->arena};
	struct kb_check_passage *passages = NULL;
	int rc = 0;

	*out = (struct kb_verified){.human = true};
	/* Records wait for their turn to be written; what was needed to judge
	 * them does not. */
	kb_arena_reset(&checker->arena);
	if (!kb_error_is_set(rec))
		rc = read_input(rec, options, &checker->arena, &question,
				&answer, &sources, err);
	if (rc == 0 && !kb_error_is_set(rec))
		passages = passages_of(&sources, &checker->arena);
	if (passages)
		question.text = respelled(question.text, passages,
					  sources.n_hits, &checker->arena);
	if (passages)
		rc = kb_check_question(
		    checker, question.text, answer, passages, sources.n,
		    sources.n_hits,
		    options->search ? &kb_search_base(options->search)->scope
				    : NULL,
		    &checker->arena, &check, err);
	if (rc < 0 || kb_error_is_set(rec)) {
		set_route(rec, 0, true);
		return rc;
	}
	report.degraded = kb_judge_run(options->judge, question.text, passages,
				       sources.n, &checker->arena, &check);
	generation = kb_generation_read(rec);
	report.answer = answer;
	report.sources = sources.items;
	report.explain = options->explain;
	report.stages = (struct kb_stages){
	    .retrieval = kb_retrieval_read(rec).confidence,
	    .generation = generation.confidence,
	    .facts = check.n_checked ? check.p : -1,
	    .relevance = kb_str_is(generation.provider, "local")
			     ? kb_score_relevance_local(check.relevance,
							generation.confidence)
			     : check.relevance,
	    .truncated = kb_str_is(generation.finish, "length"),
	};
	kb_report_claims(&report);
	rate(&report, options, out);
	out->question = about(question.text, answer, &sources);
	set_check(rec, &report);
	set_route(rec, out->score.confidence, out->human);
	return 0;
}

/* ---- in other forms ---- */

static void put_field(struct kb_buf *out, struct kb_str text)
{
	static const char escaped[] = "\t\n\r\\", letters[] = "tnr\\";

	for (size_t i = 0; i < text.len; i++) {
		const char *at = memchr(escaped, text.ptr[i], 4);

		if (at)
			kb_buf_add_char(out, '\\');
		kb_buf_add_char(out, at ? letters[at - escaped] : text.ptr[i]);
	}
}

void kb_verify_tsv(const struct kb_rec *rec, struct kb_str id,
		   struct kb_buf *out)
{
	struct kb_json confidence = kb_rec_get(rec, "confidence");
	struct kb_json_iter it =
	    kb_json_iter(kb_json_get(kb_rec_get(rec, "check"), "reasons"));
	bool first = true;

	put_field(out, id);
	kb_buf_printf(out, "\t%.*s\t", (int)confidence.len, confidence.ptr);
	put_field(out, string(kb_rec_get(rec, "route"), rec->arena));
	kb_buf_add_char(out, '\t');
	for (; kb_json_next(&it); first = false) {
		if (!first)
			kb_buf_add_char(out, ' ');
		put_field(out, string(it.val, rec->arena));
	}
	kb_buf_add_char(out, '\n');
}

void kb_verify_claims(const struct kb_rec *rec, struct kb_str id,
		      struct kb_buf *out)
{
	struct kb_json own = kb_rec_get(rec, "id");
	struct kb_json_iter it =
	    kb_json_iter(kb_json_get(kb_rec_get(rec, "check"), "claims"));
	struct kb_jw w;

	if (own.type != KB_JSON_STRING && own.type != KB_JSON_NUMBER)
		own = (struct kb_json){.ptr = id.ptr, .len = id.len};
	while (kb_json_next(&it)) {
		struct kb_json_iter members = kb_json_iter(it.val);

		kb_jw_init(&w, out);
		kb_jw_obj(&w);
		kb_jw_key(&w, "id");
		kb_jw_raw(&w, (struct kb_str){own.ptr, own.len});
		while (kb_json_next(&members)) {
			kb_jw_key_raw(&w, members.key);
			kb_jw_raw(&w, (struct kb_str){members.val.ptr,
						      members.val.len});
		}
		kb_jw_end(&w);
		kb_buf_add_char(out, '\n');
	}
}

/* ---- for people ---- */

#define GOOD  "\033[32m"
#define BAD   "\033[31m"
#define DOUBT "\033[33m"
#define BOLD  "\033[1m"
#define PLAIN "\033[0m"

/* The word in its colour, filled up to columns. */
static void put_word(const struct kb_verify_style *style, const char *colour,
		     struct kb_str word, int columns, struct kb_buf *out)
{
	kb_buf_add_cstr(out, style->colour ? colour : "");
	kb_buf_printf(out, "%-*.*s", columns, (int)word.len, word.ptr);
	kb_buf_add_cstr(out, style->colour ? PLAIN : "");
}

static const char *colour_of(struct kb_str verdict)
{
	if (kb_str_is(verdict, "supported"))
		return GOOD;
	if (kb_str_is(verdict, "contradicted") ||
	    kb_str_is(verdict, "dangling") || kb_str_is(verdict, "unsupported"))
		return BAD;
	return DOUBT;
}

static void put_claim(struct kb_json claim, const struct kb_rec *rec,
		      const struct kb_verify_style *style, struct kb_buf *out)
{
	struct kb_str verdict =
	    string(kb_json_get(claim, "verdict"), rec->arena);
	struct kb_str reason = string(kb_json_get(claim, "reason"), rec->arena);
	struct kb_json evidence = kb_json_get(claim, "evidence");
	struct kb_json hit = kb_json_get(evidence, "hit");

	kb_buf_add_cstr(out, "  ");
	put_word(style, colour_of(verdict), verdict, 12, out);
	kb_buf_add_char(out, ' ');
	style->put(out, string(kb_json_get(claim, "text"), rec->arena));
	if (hit.type == KB_JSON_NUMBER)
		kb_buf_printf(out, " (hit %.*s)", (int)hit.len, hit.ptr);
	if (reason.len) {
		kb_buf_add_cstr(out, " <");
		style->put(out, reason);
		kb_buf_add_char(out, '>');
	}
	kb_buf_add_char(out, '\n');
}

void kb_verify_print(const struct kb_rec *rec,
		     const struct kb_verify_style *style, struct kb_buf *out)
{
	struct kb_json check = kb_rec_get(rec, "check");
	struct kb_json confidence = kb_rec_get(rec, "confidence");
	struct kb_json_iter it = kb_json_iter(kb_json_get(check, "claims"));
	struct kb_str route = string(kb_rec_get(rec, "route"), rec->arena);
	struct kb_question question;

	kb_question_read(rec, rec->arena, &question, NULL);
	kb_buf_add_cstr(out, style->colour ? BOLD "Q " : "Q ");
	style->put(out, question.text);
	kb_buf_add_cstr(out, style->colour ? PLAIN "\nA " : "\nA ");
	style->put(out, string(kb_rec_get(rec, "answer"), rec->arena));
	kb_buf_add_char(out, '\n');
	while (kb_json_next(&it))
		put_claim(it.val, rec, style, out);
	kb_buf_add_cstr(out, "  -> ");
	put_word(style, kb_str_is(route, "answer") ? GOOD : DOUBT, route, 0,
		 out);
	kb_buf_printf(out, ", confidence %.*s", (int)confidence.len,
		      confidence.ptr);
	it = kb_json_iter(kb_json_get(check, "reasons"));
	while (kb_json_next(&it)) {
		kb_buf_add_char(out, ' ');
		style->put(out, string(it.val, rec->arena));
	}
	kb_buf_add_cstr(out, "\n\n");
}
