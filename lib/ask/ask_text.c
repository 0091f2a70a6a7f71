#include "ask/ask_text.h"

#include "record/error_member.h"
#include "record/hit.h"
#include "record/members.h"

#define GOOD  "\033[32m"
#define DOUBT "\033[33m"
#define PLAIN "\033[0m"

#define QUOTES 16 /* places that are shown */

struct quote {
	int64_t hit, start, end;
};

static struct kb_str string_of(struct kb_json value, struct kb_arena *arena)
{
	struct kb_str text = KB_STR("");

	kb_json_str(value, arena, &text);
	return text;
}

static struct kb_json claims_of(const struct kb_rec *rec)
{
	return kb_json_get(kb_rec_get(rec, "check"), "claims");
}

/* ---- the evidence ---- */

/* The places that claims rest on, each once. */
static size_t read_quotes(const struct kb_rec *rec, struct quote *quotes)
{
	struct kb_json_iter it = kb_json_iter(claims_of(rec));
	size_t n = 0, i;

	while (n < QUOTES && kb_json_next(&it)) {
		struct kb_json at = kb_json_get(it.val, "evidence");
		struct quote q;

		if (!kb_json_int(kb_json_get(at, "hit"), &q.hit) ||
		    !kb_json_int(kb_json_get(at, "start"), &q.start) ||
		    !kb_json_int(kb_json_get(at, "end"), &q.end))
			continue;
		for (i = 0; i < n; i++)
			if (quotes[i].hit == q.hit &&
			    quotes[i].start == q.start)
				break;
		if (i == n)
			quotes[n++] = q;
	}
	return n;
}

static bool find_hit(const struct kb_rec *rec, int64_t place,
		     struct kb_record_hit *hit)
{
	struct kb_hits hits;
	int64_t i = 0;

	kb_hits_open(rec, &hits, NULL);
	while (kb_hits_next(&hits, hit))
		if (++i == place)
			return true;
	return false;
}

static void put_quote(const struct kb_rec *rec,
		      const struct kb_text_style *style, const struct quote *q,
		      bool named, struct kb_buf *out)
{
	struct kb_record_hit hit;
	struct kb_str text;

	if (!find_hit(rec, q->hit, &hit))
		return;
	text = kb_hit_str(&hit, KB_HIT_TEXT, rec->arena);
	if (q->start < 0 || q->start >= q->end || (size_t)q->end > text.len)
		return;
	if (!named) {
		kb_buf_printf(out, "\n[%lld] ", (long long)q->hit);
		kb_hit_put_place(style, &hit, rec->arena, out);
	}
	text =
	    (struct kb_str){text.ptr + q->start, (size_t)(q->end - q->start)};
	kb_buf_add_cstr(out, "    \"");
	kb_text_put_line(style, kb_str_trim(text), out);
	kb_buf_add_cstr(out, "\"\n");
}

static void put_quotes(const struct kb_rec *rec,
		       const struct kb_text_style *style, struct kb_buf *out)
{
	struct quote quotes[QUOTES];
	size_t n = read_quotes(rec, quotes);

	for (size_t i = 0; i < n; i++)
		put_quote(rec, style, &quotes[i],
			  i && quotes[i - 1].hit == quotes[i].hit, out);
}

/* ---- the check ---- */

static void put_coloured(const struct kb_text_style *style, const char *colour,
			 struct kb_str word, struct kb_buf *out)
{
	kb_buf_add_cstr(out, style->colour ? colour : "");
	style->put(out, word);
	kb_buf_add_cstr(out, style->colour ? PLAIN : "");
}

/* What is said and not supported. */
static void put_doubts(const struct kb_rec *rec,
		       const struct kb_text_style *style, struct kb_buf *out)
{
	struct kb_json_iter it = kb_json_iter(claims_of(rec));

	while (kb_json_next(&it)) {
		struct kb_str verdict =
		    string_of(kb_json_get(it.val, "verdict"), rec->arena);
		struct kb_str reason =
		    string_of(kb_json_get(it.val, "reason"), rec->arena);

		if (kb_str_is(verdict, "supported") ||
		    kb_str_is(verdict, "abstain"))
			continue;
		kb_buf_add_cstr(out, "    ");
		put_coloured(style, DOUBT, verdict, out);
		kb_buf_add_cstr(out, ": ");
		kb_text_put_line(
		    style, string_of(kb_json_get(it.val, "text"), rec->arena),
		    out);
		if (reason.len) {
			kb_buf_add_cstr(out, " <");
			kb_text_put_line(style, reason, out);
			kb_buf_add_char(out, '>');
		}
		kb_buf_add_char(out, '\n');
	}
}

static void put_route(const struct kb_rec *rec,
		      const struct kb_text_style *style, struct kb_buf *out)
{
	struct kb_str route = string_of(kb_rec_get(rec, "route"), rec->arena);
	struct kb_json confidence = kb_rec_get(rec, "confidence");
	struct kb_json check = kb_rec_get(rec, "check");
	struct kb_json_iter it = kb_json_iter(kb_json_get(check, "reasons"));

	kb_buf_add_cstr(out, "\n-> ");
	put_coloured(style, kb_str_is(route, "answer") ? GOOD : DOUBT, route,
		     out);
	kb_buf_add_cstr(out, ", confidence ");
	style->put(out, (struct kb_str){confidence.ptr, confidence.len});
	while (kb_json_next(&it)) {
		kb_buf_add_char(out, ' ');
		kb_text_put_line(style, string_of(it.val, rec->arena), out);
	}
	kb_buf_add_char(out, '\n');
}

/* ---- the whole ---- */

/* What the steps say of themselves: another spelling, what was left out. */
static void put_remarks(const struct kb_rec *rec,
			const struct kb_text_style *style, struct kb_buf *out)
{
	struct kb_retrieval how = kb_retrieval_read(rec);
	struct kb_json_iter it = kb_json_iter(kb_generation_read(rec).degraded);

	if (how.corrected.len) {
		kb_buf_add_cstr(out, "(searched for, too) ");
		kb_text_put_line(style, how.corrected, out);
		kb_buf_add_char(out, '\n');
	}
	if (how.degraded.len) {
		kb_buf_add_cstr(out, "(could not be done) ");
		kb_text_put_line(style, how.degraded, out);
		kb_buf_add_char(out, '\n');
	}
	while (kb_json_next(&it)) {
		kb_buf_add_cstr(out, "(degraded) ");
		kb_text_put_line(style, string_of(it.val, rec->arena), out);
		kb_buf_add_char(out, '\n');
	}
}

/* Nothing but "I don't know" has been said. */
static bool abstains(const struct kb_rec *rec)
{
	struct kb_json_iter it = kb_json_iter(claims_of(rec));
	bool any = false;

	while (kb_json_next(&it)) {
		if (!kb_str_is(
			string_of(kb_json_get(it.val, "verdict"), rec->arena),
			"abstain"))
			return false;
		any = true;
	}
	return any;
}

int kb_ask_text(struct kb_rec *rec, const struct kb_text_style *style,
		bool shown, struct kb_buf *out)
{
	struct kb_text_style best = *style;
	struct kb_str answer;

	best.passed = best.last = 0;
	if (kb_error_is_set(rec) || !kb_answer_text(rec, &answer))
		return 0; /* said where errors are said */
	if (!shown)
		style->put(out, answer);
	kb_buf_add_char(out, '\n');
	if (abstains(rec)) {
		best.last = KB_ASK_PASSAGES;
		kb_buf_add_cstr(out, "\nNearest passages:\n");
		kb_record_text(rec, &best, rec->arena, out);
	} else {
		put_quotes(rec, style, out);
		put_doubts(rec, style, out);
		put_remarks(rec, style, out);
	}
	put_route(rec, style, out);
	return best.last;
}
